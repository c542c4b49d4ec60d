# SPDX-License-Identifier: MIT
"""What a run will cost: nodes, memory, steps, wall time. Estimates before the run."""

from __future__ import annotations

from dataclasses import dataclass

from solver.cell.geometry import cell_geometry
from solver.check.groups import Groups
from solver.check.protocol import STARTING_STEPS, time_steps
from solver.input.config import Config
from solver.input.resolution import resolution

MEMORY_PER_NODE = 9e3
"""Bytes; measured by benchmarks/cost."""

TIME_PER_NODE_AND_STEP = 33e-6
"""Seconds on one core; measured by benchmarks/cost."""

TRAVEL_PER_STEP = 1.8
"""Way of the tip per error-controlled step at `TOLERANCE`, in interface lengths."""

TOLERANCE = 0.16
"""Steps go with the square root of `time.tolerance`."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Estimated size of a run.

    Attributes:
        nodes: Mesh nodes, averaged over the run.
        nodes_end: The same at its end: a mesh that follows the front grows with it.
        memory: All ranks together [B].
        steps: Accepted time steps.
        seconds: Wall time on one core [s].
    """

    nodes: float
    nodes_end: float
    memory: float
    steps: float
    seconds: float


def cost(config: Config, groups: Groups) -> Cost:
    """Estimate what a run costs from its mesh and the way of its tips."""
    way = max(0.0, groups.tip_end - config.nuclei.top)
    way = min(way, groups.speed_tip * config.time.end)
    nodes = nodes_end = cell_geometry(config).expected_nodes()
    if config.adapt.enabled:
        flanks = 0.0
        if config.potential.carrier == "ions":
            # Each finger has two, half as long on average as at the end.
            flanks = 2 * way * config.width / max(groups.wavelength, groups.interface.length)
        nodes += resolution(config).front_nodes(config.width + flanks / 2)
        nodes_end += resolution(config).front_nodes(config.width + flanks)
    travel = TRAVEL_PER_STEP * groups.interface.length * (config.time.tolerance / TOLERANCE) ** 0.5
    longest = config.time.dt_max * groups.speed_tip
    steps = STARTING_STEPS + way / min(travel, longest or travel)
    if config.protocol is not None:
        steps = time_steps(config, travel)
    seconds = TIME_PER_NODE_AND_STEP * nodes * steps
    return Cost(nodes, nodes_end, MEMORY_PER_NODE * nodes_end, steps, seconds)


def text(estimate: Cost) -> str:
    """Write an estimate in one line."""
    hours = estimate.seconds / 3600
    duration = f"{hours:.2g} h" if hours >= 1 else f"{estimate.seconds / 60:.2g} min"
    growing = (
        f" ({estimate.nodes_end:,.0f} at the end)" if estimate.nodes_end > estimate.nodes else ""
    )
    return (
        f"{estimate.nodes:,.0f} nodes{growing}, {estimate.memory / 1e9:.2g} GB, "
        f"{estimate.steps:,.0f} steps, {duration} on one core"
    )
