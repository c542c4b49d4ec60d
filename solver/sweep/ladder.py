# SPDX-License-Identifier: MIT
"""Which runs show what the numbers of a config tend to; nothing is started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.base import physics
from solver.base.errors import InputError
from solver.base.units import si_text
from solver.cell.geometry import cell_geometry
from solver.input import loading
from solver.input.run_config import RunConfig
from solver.sweep.plan import Run, Sweep
from solver.sweep.refining import FINER, Study

MOST_LEVELS = 6
RATIOS = (1.2, 4.0)
"""Between these a level differs enough, and not too much, from the one before."""


@dataclass(frozen=True)
class Plan:
    """The runs of a study of one config.

    Attributes:
        sweep: The levels, from the coarsest, and then the checks.
        levels: How many of its runs are levels.
        ratio: Of the sizes of neighbouring levels.
    """

    sweep: Sweep
    levels: int
    ratio: float

    @property
    def study(self) -> Study:
        """How configs of this physics are refined."""
        return physics.of(self.config).load("study")

    @property
    def config(self) -> RunConfig:
        """The config itself, which the coarsest level runs."""
        return self.sweep.runs[0].config

    @property
    def ladder(self) -> tuple[Run, ...]:
        """The levels."""
        return self.sweep.runs[: self.levels]


def plan(
    base: Path, text: str, overrides: Sequence[str], folder: Path, levels: int, ratio: float
) -> Plan:
    """Say which runs show what the numbers of a config tend to; nothing is started.

    Args:
        base: File of the config.
        text: Its text.
        overrides: Arguments of `--set` for all runs.
        folder: Where the run folders go.
        levels: Number of sizes.
        ratio: Of neighbouring sizes.

    Raises:
        InputError: The config, or one of the refined ones, cannot be used.
    """
    if not 2 <= levels <= MOST_LEVELS:
        raise InputError(f"levels {levels}: must be from 2 to {MOST_LEVELS}.")
    if not RATIOS[0] <= ratio <= RATIOS[1]:
        raise InputError(f"ratio {ratio:g}: must be from {RATIOS[0]:g} to {RATIOS[1]:g}.")
    config = loading.parse(text, list(overrides), name=str(base))
    study, found = physics.of(config).load("study"), []
    for level in range(levels):
        changes = study.level(config, ratio**level) if level else {}
        size = study.of(config) / ratio**level
        found.append((f"level{level}", {study.size: si_text(size, "m")}, changes))
    for check in study.checks(config):
        found.append((check.folder, {check.name: f"{FINER:g} times finer"}, check.changes))
    runs = []
    for number, (name, values, changes) in enumerate(found):
        sets = (*overrides, *(f"{key}={value!r}" for key, value in changes.items()))
        refined = loading.parse(text, list(sets), name=f"{base} ({name})")
        try:
            cell_geometry(refined)
        except InputError as error:  # the mesh is too large
            raise InputError(f"{base} ({name}): {error}") from None
        runs.append(Run(number, folder / name, values, sets, refined))
    return Plan(Sweep(config.title, base, folder, tuple(runs)), levels, ratio)
