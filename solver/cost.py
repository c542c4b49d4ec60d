# SPDX-License-Identifier: MIT
"""What a run will cost: nodes, memory, steps, wall time. Estimates before the run."""

from __future__ import annotations

from dataclasses import dataclass

from solver.config import Config
from solver.geometry import cell_geometry
from solver.groups import Groups
from solver.resolution import resolution

MEMORY_PER_NODE = 9e3
"""Bytes; measured by benchmarks/cost."""

TIME_PER_NODE_AND_STEP = 33e-6
"""Seconds on one core; measured by benchmarks/cost."""

TRAVEL_PER_STEP = 1.8
"""Way of the tip per error-controlled step, in interface lengths."""

STARTING_STEPS = 15
"""Steps from dt_initial to the step that the front allows."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Estimated size of a run.

    Attributes:
        nodes: Mesh nodes, averaged over the run.
        memory: All ranks together [B].
        steps: Accepted time steps.
        seconds: Wall time on one core [s].
    """

    nodes: float
    memory: float
    steps: float
    seconds: float


def cost(config: Config, groups: Groups) -> Cost:
    """Estimate what a run costs from its mesh and the way of its tips."""
    way = max(0.0, groups.tip_end - config.nuclei.top)
    way = min(way, groups.speed_tip * config.time.end)
    nodes = cell_geometry(config).expected_nodes()
    if config.adapt.enabled:
        # Each finger has two flanks, half as long as its way on average.
        front = config.width + way * config.width / max(groups.wavelength, groups.interface.length)
        nodes += resolution(config).front_nodes(front)
    steps = STARTING_STEPS + way / (TRAVEL_PER_STEP * groups.interface.length)
    return Cost(nodes, MEMORY_PER_NODE * nodes, steps, TIME_PER_NODE_AND_STEP * nodes * steps)
