# SPDX-License-Identifier: MIT
"""What a config asks of the machine that it is to run on, and of linear triangles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from math import ceil

from solver.base import launch
from solver.base.units import si_text
from solver.check.cost import Cost, cost
from solver.check.groups import Groups, groups
from solver.input.config import Config

SURELY = 10.0
"""Times the machine's memory that no estimate is wrong by, nor a job of a few machines has."""
SNAPSHOT_PER_NODE = 20.0
"""Bytes of all fields at one time; of the quickstart's files."""
MANY = 10.0
"""Snapshots per step in time that a run takes without them, from which on they make it long."""
LOCKING = 0.49
"""Poisson's ratio from which linear triangles are too stiff by more than some per cent: their error
grows as 1/(1 - 2 nu)."""


def memory() -> float:
    """Memory of this machine [B]."""
    return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")


def _there() -> tuple[float, str]:
    """Memory of the machines that this job has, taken as alike [B], and who has it, in words."""
    machines = launch.machines()
    whole = machines * memory()
    has = f"have {_gigabytes(whole)} together"
    return whole, f"these {machines} machines {has}" if machines > 1 else (
        f"this machine has {_gigabytes(whole)}"
    )


def _gigabytes(size: float) -> str:
    return f"{size / 1e9:.3g} GB"


def obstacle(config: Config) -> str | None:
    """Say in one sentence that no machines like those of this job hold a run, if so."""
    estimate, (there, who) = cost(config, groups(config)), _there()
    if estimate.memory < SURELY * there:
        return None
    return (
        f"cannot run: {estimate.nodes_end:,.0f} nodes need about {_gigabytes(estimate.memory)}, "
        f"and {who}; raise mesh.size_min and mesh.size_max, make the cell smaller than "
        f"{si_text(config.width, 'm')} x {si_text(config.cell_height, 'm')}, or start it on "
        f"{ceil(estimate.memory / memory())} machines like this one."
    )


def judgements(config: Config, g: Groups) -> Iterator[str]:
    """Yield a sentence for everything that is near a limit."""
    estimate, (there, who) = cost(config, g), _there()
    if there < estimate.memory < SURELY * there:
        yield (
            f"the run needs about {_gigabytes(estimate.memory)} at its end, and {who}: use "
            f"{ceil(estimate.memory / memory())} of them, or larger elements."
        )
    yield from _snapshots(config, estimate)
    if config.mechanics.enabled and config.solver.degree == 1:
        named = {f"{config.parts_key}.{i}.nu": layer.nu for i, layer in enumerate(config.parts)}
        for key, nu in (named | {"lithium.nu": config.lithium.nu}).items():
            if nu > LOCKING:
                yield (
                    f"{key} {nu:.7g} is that of a liquid: linear triangles lock above {LOCKING:g}, "
                    "and stresses are those of a much stiffer solid."
                )


def _snapshots(config: Config, estimate: Cost) -> Iterator[str]:
    """A run lands on the time of every snapshot; in a protocol they are at ends of its steps."""
    count, steps = config.output.snapshots, estimate.steps
    if config.protocol is None and count > MANY * steps:
        disk = count * estimate.nodes * SNAPSHOT_PER_NODE
        yield (
            f"output.snapshots {count:,}: a step in time ends at each of them, up to time.end, "
            f"where {steps:,.0f} steps would do, and they may take {_gigabytes(disk)}."
        )
