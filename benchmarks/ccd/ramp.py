# SPDX-License-Identifier: MIT
"""Ramp the current of cells until they short: the critical current density with its resolution.

    docker/run python3 -m benchmarks.ccd.ramp                       # all of configs/ccd, both modes
    docker/run python3 -m benchmarks.ccd.ramp lpsc sandwich         # some of them

Half cycles of the same time are those of the configs; of the same capacity, 1.5 mAh/cm2.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import solver
from solver.base.errors import SolverError
from solver.input import electrochemistry

CONFIGS = Path(__file__).parents[2] / "configs" / "ccd"
NAMES = ("lpsc", "sandwich", "composite", "llzo")
MA_CM2, MAH_CM2, UM = 10.0, 36000.0, 1e6
RAMP = "protocol.steps.0.ramp"
CAPACITY = {f"{RAMP}.mode": "capacity", f"{RAMP}.half_cycle": "1.5 mAh/cm2"}
"""What makes half cycles of the same capacity."""


@dataclass(frozen=True)
class Outcome:
    """How a ramp ended.

    Attributes:
        name: Of the run.
        reason: In the words of the run.
        current: Of its last cycle [mA/cm^2].
        step: Of the ramp [mA/cm^2].
        half_cycle: What its half cycles have in common.
        filling: From which current on a flat front fills the gap in a half cycle [mA/cm^2];
            infinite where half cycles have the same capacity and that is less than the gap.
        plated: In the last half cycle [mAh/cm^2].
        tip: Height of the tip at the end [um].
        mean: Mean height of the front at the end [um].
        voltage: At the end [V].
        gain: What the height of the tip over the mean front rose by in the last full plating.
    """

    name: str
    reason: str
    current: float
    step: float
    half_cycle: str
    filling: float
    plated: float
    tip: float
    mean: float
    voltage: float
    gain: float

    @property
    def critical(self) -> str:
        """The critical current density with its resolution: it lies within the step below."""
        if self.reason.startswith("short circuit"):
            return f"{self.current - self.step:g} to {self.current:g}"
        return f"above {self.current - (self.reason != 'end of the protocol') * self.step:g}"

    @property
    def ending(self) -> str:
        """Why it ended, in short."""
        return self.reason.partition(",")[0]


def ramp(name: str, config: solver.Config, folder: Path) -> Outcome:
    """Run a config whose protocol is one ramp, and read how it ended."""
    try:
        solver.simulate(config, folder, progress=False, force=True)
        reason = solver.open_run(folder).exit_reason
    except SolverError:
        reason = "no solution at this interface length"
    return read(name, config, folder, reason)


def read(name: str, config: solver.Config, folder: Path, reason: str) -> Outcome:
    """Read how a ramp ended from its folder."""
    rows, asked = solver.open_run(folder).scalars, config.protocol.steps[0].ramp
    cycle, last = int(rows.cycle.iloc[-1]), rows.iloc[-1]
    charge = config.constants.F * config.lithium.c_Li
    room = (electrochemistry.touching(config) - config.nuclei.film) * charge
    if asked.mode == "time":
        filling = room / asked.half_cycle
    else:
        filling = 0.0 if asked.half_cycle > room else float("inf")
    return Outcome(
        name,
        reason,
        asked.currents[cycle - 1] / MA_CM2,
        asked.step / MA_CM2,
        f"{asked.half_cycle / 60:g} min"
        if asked.mode == "time"
        else f"{asked.half_cycle / MAH_CM2:g} mAh/cm2",
        filling / MA_CM2,
        last.capacity_mAh_per_cm2,
        last.tip_um,
        last.front_mean_um,
        last.cell_voltage_V,
        gain(rows),
    )


def gain(rows) -> float:
    """What the height of the tip over the mean front rose by in the last full plating."""
    plating = rows.cell_current_A_per_m2 > 1
    # A plating ends where what has passed begins anew.
    runs = (plating != plating.shift()).cumsum()
    found = [part for _, part in rows.groupby(runs) if plating[part.index[0]]]
    full = found[-2] if len(found) > 1 else found[-1]
    before = rows.loc[max(full.index[0] - 1, 0)]
    after = full.iloc[-1]
    return (after.tip_um - after.front_mean_um) / (before.tip_um - before.front_mean_um)


HEAD = (
    "cell", "half cycles", "critical current (mA/cm2)", "ended by", "flat front fills the gap from",
    "tip, mean at the end (um)", "U at the end (V)", "gain of the tip",
)  # fmt: skip


def line(found: Outcome) -> str:
    """A line of the table."""
    filling = "never" if found.filling == float("inf") else f"{found.filling:.0f} mA/cm2"
    cells = (
        found.name, found.half_cycle, found.critical, found.ending, filling,
        f"{found.tip:.1f}, {found.mean:.1f}", f"{found.voltage:.3f}", f"{found.gain:.2f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def main(names: list[str]) -> None:
    """Run the ramps and print the table."""
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
    for name in names or NAMES:
        base = solver.load(CONFIGS / f"{name}.yaml")
        for mode, changes in (("time", {}), ("capacity", CAPACITY)):
            found = ramp(name, base.with_(changes), Path("results/ccd") / f"{name}_{mode}")
            print(line(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
