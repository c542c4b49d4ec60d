# SPDX-License-Identifier: MIT
"""Lithium that a stiff wall presses, with and without creep: the pressure in it, and a picture.

docker/run python3 -m benchmarks.flow.wall docs/figures/pushed_wall.png      # a minute
"""

from __future__ import annotations

import sys
from math import sqrt
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import solver
from solver.input.mechanics import flow_law

ROOT = Path(__file__).parents[2]
PRESET, FOLDER = ROOT / "configs" / "pushed_wall.yaml", Path("results/pushed_wall")
CURRENTS = (0.1, 1.0, 10.0)
"""What would plate as fast as the wall comes [mA/cm^2]."""
COLOURS = ("#e0bb2f", "#c1440e", "#20304a")
ELASTIC = "#3b6ea5"


def pressed(current: float, flow: str) -> tuple[solver.Run, solver.Config]:
    """A run at the speed of a current [mA/cm^2], to the same place of the wall at all of them."""
    changes = {
        "lithium.flow": flow,
        "mechanics.push_speed": 1.356e-9 * current,
        "time.end": 5 / current,
        "time.dt_max": 0.05 / current,
        "time.dt_initial": 0.05 / current,
    }
    config = solver.load(PRESET, set=changes)
    return solver.simulate(config, FOLDER / f"{flow}_{current:g}", force=True), config


def closed(config: solver.Config) -> tuple[float, float]:
    """Rise of the pressure in elastic lithium [MPa/s], and where it ends in what flows [MPa]."""
    lithium, rate = config.lithium, config.mechanics.push_speed / config.width
    rise = (1 + lithium.nu) / 3 * lithium.E / (1 - lithium.nu**2) * rate
    law = flow_law(config)
    return rise * 1e-6, 0.0 if law is None else law.stress(2 / sqrt(3) * rate) / sqrt(3) * 1e-6


def main() -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), layout="tight")
    run, config = pressed(1.0, "none")
    t, p = run.scalars.t_s, run.scalars.lithium_pressure_max_MPa
    rise, _ = closed(config)
    print(f"elastic: {p.iloc[-1]:.5f} MPa at {t.iloc[-1]:g} s, closed form {rise * t.iloc[-1]:.5f}")
    left.plot(t, p, color=ELASTIC, label="elastic")
    left.plot(t, rise * t, ":", color="0.2", linewidth=1)
    right.plot(t * config.mechanics.push_speed * 1e9, p, color=ELASTIC, label="elastic")
    for current, colour in zip(CURRENTS, COLOURS, strict=True):
        run, config = pressed(current, "norton")
        t, p = run.scalars.t_s, run.scalars.lithium_pressure_max_MPa
        _, end = closed(config)
        print(f"creep, {current:g} mA/cm2: {p.iloc[-1]:.5f} MPa at the end, closed form {end:.5f}")
        if current == 1:
            left.plot(t, p, color=colour, label="creeping")
            left.axhline(end, linestyle=":", color="0.2", linewidth=1, label="closed forms")
        right.plot(t * config.mechanics.push_speed * 1e9, p, color=colour,
                   label=f"as fast as {current:g} mA/cm²")  # fmt: skip
        right.axhline(end, linestyle=":", color="0.2", linewidth=1)
    left.set(xlabel="time (s)", ylabel="pressure in lithium (MPa)", xlim=(0, None), ylim=(0, None),
             title="a wall at 1.36 nm/s")  # fmt: skip
    right.set(xlabel="way of the wall (nm)", xlim=(0, None), ylim=(0, 1), title="at three speeds")
    for ax in (left, right):
        ax.legend(frameon=False)
        ax.spines[["top", "right"]].set_visible(False)
    if len(sys.argv) > 1:
        figure.savefig(sys.argv[1], dpi=150)


if __name__ == "__main__":
    main()
