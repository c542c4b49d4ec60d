# SPDX-License-Identifier: MIT
"""Rung 6: what transport lets the deposit grow.

**Sand's time.** Source: a constant flux J out of a half space depletes its surface as
c0 - 2 J sqrt(t/(pi D)), to nothing at t_S = pi D c0^2/(4 J^2) (Sand, Philos. Mag. 1 (1901) 45).
Checked (2 %): a film whose profile is made to move at the speed J/c_Li draws Li+ by the program's
own Nernst-Planck update; the film is thin (8 l) beside the diffusion length sqrt(D t_S) = 4000 l.

**Migration.** Source: ahead of a front in a uniform field phi', in its own frame, steady transport
takes in (V + D F/(RT) phi') c0, and a front that leaves no Li+ behind uses V c_Li:

    V = D c0 F/(RT) phi' / (c_Li - c0),

whatever the kinetics are. Checked (2 %): the four equations (without mechanics) through the split
scheme, 1 V over 500 l, conduction so good that the field stays uniform, c_Li = 76.4 c0.
"""

from __future__ import annotations

from contextlib import suppress
from math import pi, sqrt

import numpy as np

from benchmarks.verification import cells, common
from benchmarks.verification.common import LENGTH, TIME, Result, Row, Run
from benchmarks.verification.stages import Stages, StandIn
from solver.base.errors import StageRejected
from solver.cell import initial

C0 = 1000.0
DEPTH, FILM = 4000.0, 8.0
"""Diffusion length at Sand's time, and thickness of the film [l]."""
SAND = TIME
"""Sand's time [s]; any will do."""


class MovingFilm(Stages):
    """Takes the place of the phase field's update: the equilibrium profile at a given speed."""

    def __init__(self, run: Run, speed: float):
        super().__init__(run)
        self.speed, self.roots, self.lows = speed, [], []
        self.inner.updates["xi"] = _Film(self)

    def read(self, tau: float) -> None:
        """Take the lowest concentration."""
        self.roots.append(sqrt(self.time / SAND))
        self.lows.append(self.run.state.c.x.array.min() / C0)


class _Film(StandIn):
    def __init__(self, film: MovingFilm):
        self.film = film

    def solve(self, stage, pass_number: int) -> float:
        run, shift = self.film.run, self.film.speed * self.film.time
        gone = initial.distance(run.x, run.y - shift, run.config.nuclei, run.config.width)
        run.state.xi.x.array[:] = initial.phase_field(gone, LENGTH)
        return 0.0


def sand_time() -> float:
    """Return the time at which the front has no Li+ left, in units of the expected one."""
    D = (DEPTH * LENGTH) ** 2 / SAND
    c_Li = 1e3 * C0
    speed = sqrt(pi * D * C0**2 / (4 * SAND)) / c_Li
    height = 8 * DEPTH
    config = common.config(
        1.0,
        height,
        0.5,
        layer={"D": D, "c0": C0, "sigma_ion": 1e9},
        lithium={"c_Li": c_Li, "sigma_metal": 1e9},
        nuclei={"film": FILM * LENGTH},
        time={"scheme": "backward_euler"},
    )
    run = Run(
        config, cells.grid(1.0, 2, cells.graded(height, 0.5, (0.0, 16.0), 0.05, 0.02 * DEPTH))
    )
    run.state.c.x.array[:] = C0
    film = MovingFilm(run, speed)
    run.start()
    with suppress(StageRejected):  # once c is negative: the time has passed
        film.march(SAND / 400, 800)
    roots, lows = film.roots, film.lows
    fall, start = np.polyfit(roots[len(roots) // 2 :], lows[len(roots) // 2 :], 1)
    return (start / -fall) ** 2


def migration_speed() -> tuple[float, float]:
    """Return the expected and the measured speed [m/s]."""
    U, height, D, c_Li = 1.0, 500.0, 1e-11, 7.64e4
    config = common.config(
        0.5,
        height,
        0.25,
        layer={"D": D, "c0": C0, "sigma_ion": 1e3},
        lithium={"c_Li": c_Li, "sigma_metal": 1e7},
        # Slow enough for c to stay above c_Li V l/D, what it changes by across the interface.
        phase_field={"L_eta": 0.1},
        boundary={"phi_anode": -0.1, "phi_counter": U - 0.1},
        nuclei={"film": 10.0 * LENGTH},
    )
    run = Run(config, cells.grid(0.5, 2, cells.graded(height, 0.25, (0.0, 22.0), 0.05, 10.0)))
    run.scheme.settle()
    run.start()
    far = (run.y > 100 * LENGTH) & (run.y < 400 * LENGTH)
    times, fronts, fields = [], [], []
    for t in run.adapt(3.0, 0.02):
        times.append(t)
        fronts.append(run.integral(run.state.xi.x.array) / config.width)
        fields.append(np.polyfit(run.y[far], run.state.phi.x.array[far], 1)[0])
    late = np.array(times) > 1.5
    field = np.array(fields)[late].mean()
    expected = D * C0 * run.model.numbers.F_RT * field / (c_Li - C0)
    return expected, common.slope(times, fronts, 1.5)


def rung() -> Result:
    """Run the rung."""
    expected, got = migration_speed()
    return Result(
        [
            Row("Sand's time", "t/t_S of depletion", 1, sand_time(), 0.02, "Sand 1901"),
            Row("migration", "V [nm/s]", expected * 1e9, got * 1e9, 0.02, "balance in the front"),
        ]
    )
