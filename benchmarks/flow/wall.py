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


def beside(ax, result: tuple[solver.Run, solver.Config], over: str, **look) -> None:
    """Draw the pressure of a run and its closed form, over the time or the way of the wall."""
    run, config = result
    t, p = run.scalars.t_s, run.scalars.lithium_pressure_max_MPa
    scale = 1.0 if over == "time" else config.mechanics.push_speed * 1e9
    rise, end = closed(config)
    ax.plot(scale * t, p, **look)
    ax.plot(scale * t, 0 * t + end if end else rise * t, ":", color="0.2", linewidth=1)


def draw(elastic, creeping, path: str) -> None:
    """Elastic and creeping lithium at one speed, and at all of them."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), layout="tight")
    for ax, over, shown in ((left, "time", (1.0,)), (right, "way", CURRENTS)):
        beside(ax, elastic, over, color=ELASTIC, label="elastic")
        for current, colour in zip(CURRENTS, COLOURS, strict=True):
            if current in shown:
                label = f"creeping, {current:g} mA/cm²"
                beside(ax, creeping[current], over, color=colour, label=label)
        ax.legend(frameon=False)
        ax.set(xlim=(0, None), ylim=(0, None))
        ax.spines[["top", "right"]].set_visible(False)
    left.set(xlabel="time (s)", ylabel="pressure in lithium (MPa)", title="as fast as 1 mA/cm²")
    right.set(xlabel="way of the wall (nm)", ylim=(0, 1), title="closer, at three speeds")
    figure.savefig(path, dpi=150)


def told(name: str, result: tuple[solver.Run, solver.Config]) -> None:
    """Print the pressure at the end beside the closed form."""
    run, config = result
    last, (rise, end) = run.scalars.iloc[-1], closed(config)
    expected, found = end or rise * last.t_s, last.lithium_pressure_max_MPa
    off = found / expected - 1
    print(f"| {name} | {last.t_s:g} s | {found:.5f} | {expected:.5f} | {off:+.1e} |")


if __name__ == "__main__":
    print("| lithium | after | pressure in it (MPa) | closed form | off by |")
    print("|---|---|---|---|---|")
    elastic = pressed(1.0, "none")
    told("elastic, 1 mA/cm2", elastic)
    creeping = {}
    for current in CURRENTS:
        creeping[current] = pressed(current, "norton")
        told(f"creeping, {current:g} mA/cm2", creeping[current])
    if len(sys.argv) > 1:
        draw(elastic, creeping, sys.argv[1])
