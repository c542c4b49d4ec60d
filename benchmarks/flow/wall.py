# SPDX-License-Identifier: MIT
"""Lithium that a stiff wall presses, with and without creep: the pressure in it, and a picture.

That of its inside: in the interface deposit and electrolyte share a strain, and what flows there is
pressed by what does not.

docker/run python3 -m benchmarks.flow.wall docs/figures/pushed_wall.png      # a minute
"""

from __future__ import annotations

import sys
from math import sqrt
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np

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
SHOTS = 50


class Pressed(NamedTuple):
    """What a run has shown, and the closed forms of it.

    Attributes:
        t: Times [s].
        pressure: Inside of the film [MPa].
        rise: Of the pressure of elastic lithium [MPa/s].
        end: Where the pressure ends in what flows [MPa]; 0 for elastic lithium.
        speed: Of the wall [nm/s].
    """

    t: np.ndarray
    pressure: np.ndarray
    rise: float
    end: float
    speed: float

    @property
    def closed(self) -> np.ndarray:
        """The closed form at the times [MPa]."""
        return 0 * self.t + self.end if self.end else self.rise * self.t


def pressed(current: float, flow: str) -> Pressed:
    """A run at the speed of a current [mA/cm^2], to the same place of the wall at all of them."""
    changes = {
        "lithium.flow": flow,
        "mechanics.push_speed": 1.356e-9 * current,
        "time.end": 5 / current,
        "time.dt_max": 0.05 / current,
        "time.dt_initial": 0.05 / current,
        "output.snapshots": SHOTS,
    }
    config = solver.load(PRESET, set=changes)
    run = solver.simulate(config, FOLDER / f"{flow}_{current:g}", force=True)
    t = np.linspace(0, config.time.end, SHOTS + 1)
    lithium, law = config.lithium, flow_law(config)
    rate = config.mechanics.push_speed / config.width
    rise = (1 + lithium.nu) / 3 * lithium.E / (1 - lithium.nu**2) * rate
    end = 0.0 if law is None else law.stress(2 / sqrt(3) * rate) / sqrt(3)
    pressure = np.array([inside(run.fields(time), config) for time in t])
    return Pressed(t, pressure, rise * 1e-6, end * 1e-6, config.mechanics.push_speed * 1e9)


def inside(fields: solver.Fields, config: solver.Config) -> float:
    """Mean pressure of the lower half of the film [MPa]."""
    height = fields.points[fields.triangles].mean(axis=1)[:, 1]
    return float(fields["pressure"][height < 0.5e6 * config.nuclei.film].mean()) * 1e-6


def beside(ax, found: Pressed, scale: float, **look) -> None:
    """Draw a pressure and its closed form, over the time times a scale."""
    ax.plot(scale * found.t, found.pressure, **look)
    ax.plot(scale * found.t, found.closed, ":", color="0.2", linewidth=1)


def draw(elastic: Pressed, creeping: dict[float, Pressed], path: str) -> None:
    """Elastic and creeping lithium at one speed, and at all of them over the way of the wall."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), layout="tight")
    colours = dict(zip(creeping, COLOURS, strict=True))
    beside(left, elastic, 1.0, color=ELASTIC, label="elastic")
    beside(left, creeping[1.0], 1.0, color=colours[1.0], label="creeping")
    beside(right, elastic, elastic.speed, color=ELASTIC, label="elastic")
    for current, found in creeping.items():
        label = f"creeping, {current:g} mA/cm²"
        beside(right, found, found.speed, color=colours[current], label=label)
    for ax in (left, right):
        ax.legend(frameon=False)
        ax.set(xlim=(0, None), ylim=(0, None))
        ax.spines[["top", "right"]].set_visible(False)
    left.set(xlabel="time (s)", ylabel="pressure in lithium (MPa)", title="as fast as 1 mA/cm²")
    right.set(xlabel="way of the wall (nm)", ylim=(0, 0.8), title="at three speeds")
    figure.savefig(path, dpi=150)


def told(name: str, found: Pressed) -> None:
    """Print the pressure at the end beside the closed form."""
    last, expected = found.pressure[-1], found.closed[-1]
    off = last / expected - 1
    print(f"| {name} | {found.t[-1]:g} s | {last:.5f} | {expected:.5f} | {off:+.1e} |")


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
