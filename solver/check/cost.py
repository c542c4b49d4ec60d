# SPDX-License-Identifier: MIT
"""What a run will cost: nodes, memory, steps, wall time. Estimates before the run."""

from __future__ import annotations

from dataclasses import dataclass

from solver.cell import expected
from solver.cell.geometry import cell_geometry
from solver.cell.notches import AHEAD
from solver.check import pressed
from solver.check.groups import Groups
from solver.check.protocol import STARTING_STEPS, time_steps
from solver.input.config import Config

MEMORY_PER_NODE = 9e3
"""Bytes; measured by benchmarks/cost."""

TIME_PER_NODE_AND_STEP = 33e-6
"""Seconds on one core; measured by benchmarks/cost."""

TIME_PER_NODE_AND_ROUND = 30e-6
"""Seconds on one core of a turn of displacement and damage."""
RESTING, RUNNING = 5, 15
"""Turns in a step in which a notch rests, and in one in which a crack runs on until it waits for a
new mesh. All three of `configs/notch_plating.yaml`."""

TRAVEL_PER_STEP = 1.8
"""Way of the tip per error-controlled step at `TOLERANCE`, in interface lengths."""

TOLERANCE = 0.16
"""Steps go with the square root of `time.tolerance`."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Estimated size of a run.

    Attributes:
        nodes_start: Mesh nodes at the start.
        nodes: The same, averaged over the run; without a crack's, which is through in a few steps.
        nodes_end: The same at its end: a mesh that follows the front grows with it.
        flat: Whether fingers may grow that are not counted.
        memory: All ranks together [B].
        steps: Accepted time steps.
        seconds: Wall time on one core [s].
    """

    nodes_start: float
    nodes: float
    nodes_end: float
    flat: bool
    memory: float
    steps: float
    seconds: float


def cost(config: Config, groups: Groups) -> Cost:
    """Estimate what a run costs from its mesh and the way of its tips."""
    way = max(0.0, groups.tip_end - config.nuclei.top)
    way = min(way, groups.speed_tip * config.time.end)
    start = cell_geometry(config).expected_nodes()
    if config.adapt.enabled:
        start += expected.along_the_front(config) + expected.along_boundaries(config)
    fingers = 0.0
    if _has_fingers(config) and not config.is_cell:
        fingers = expected.of_fingers(config, way, groups.wavelength)
    crack, through = _of_crack(config)
    mean = start + fingers / 2  # they grow from nothing
    travel = TRAVEL_PER_STEP * groups.interface.length * (config.time.tolerance / TOLERANCE) ** 0.5
    longest = config.time.dt_max * groups.speed_tip
    steps = STARTING_STEPS + way / min(travel, longest or travel)
    if config.protocol is not None:
        steps = time_steps(config, travel)
    seconds = TIME_PER_NODE_AND_STEP * mean * steps
    if config.fracture is not None:
        turns = RESTING * mean * steps + RUNNING * (start + crack / 2) * through
        seconds += TIME_PER_NODE_AND_ROUND * turns
    steps += through
    # What becomes of a ripple in a cell depends on its whole protocol.
    flat = _has_fingers(config) and config.is_cell and groups.wavelength < config.width
    end = start + fingers + crack
    return Cost(start, mean, end, flat, MEMORY_PER_NODE * end, steps, seconds)


def _of_crack(config: Config) -> tuple[float, float]:
    """Nodes that a crack adds which runs through to the counter electrode, and its steps.

    None on a mesh that does not follow it: there it stops where triangles are coarse.
    """
    if config.fracture is None or not config.adaptive:
        return 0.0, 0.0
    if (found := pressed.when_it_runs(config)) is None:
        return 0.0, 0.0
    notch, _ = found
    ends = (notch.notch.x, notch.notch.y), notch.notch.end
    x, y = max(ends, key=lambda point: point[1])
    more = expected.along_the_front(config, [((x, y), (x, config.cell_height))])
    way = (config.cell_height - y) / config.fracture.length
    return more - expected.along_the_front(config), way / AHEAD


def _has_fingers(config: Config) -> bool:
    """Whether a mesh has to follow fingers: half-disks grow to them where Li+ are fed to tips."""
    fed_by_ions = config.potential.carrier == "ions"
    return config.adapt.enabled and config.nuclei.has_disks and fed_by_ions


def text(estimate: Cost) -> str:
    """Write an estimate in one line."""
    hours = estimate.seconds / 3600
    minutes = f"{estimate.seconds:.2g} s" if estimate.seconds < 60 else f"{60 * hours:.2g} min"
    duration = f"{hours:.2g} h" if hours >= 1 else minutes
    growing = ""
    if estimate.nodes_end > estimate.nodes_start:
        growing = f" at the start and {_rounded(estimate.nodes_end)} at the end"
    elif estimate.flat:
        growing = " while the front stays flat"
    return (
        f"{_rounded(estimate.nodes_start)} nodes{growing}, {estimate.memory / 1e9:.2g} GB, "
        f"{estimate.steps:,.0f} steps, {duration} on one core"
    )


def _rounded(count: float) -> str:
    """A number of nodes to three digits, which an estimate has at most."""
    return f"{float(f'{count:.3g}'):,.0f}"
