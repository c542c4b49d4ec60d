# SPDX-License-Identifier: MIT
"""Rung 7: equilibrium shape of an anisotropic deposit.

Source: with f_grad = kappa(theta)/2 |grad xi|^2 a flat interface has the energy
gamma(theta) = sqrt(2 kappa(theta) W)/6. At given area the least energy has Wulff's shape, the
envelope with gamma as support function (Wulff, Z. Kristallogr. 34 (1901) 449),

    (x, y) = s [gamma n + gamma' t],   n = (cos theta, sin theta), t = (-sin theta, cos theta),

convex as long as the stiffness gamma + gamma'' is positive. It is for kappa/kappa_0 =
1 + 0.1 cos 4 theta, with its least value on the axes.

Growth at a given drive has no stable equilibrium: a deposit of critical size grows or shrinks. So
the area is held, by the uniform concentration that this takes, put in the place of the program's
transport; the phase field is the program's own.

Checked: the contour xi = 1/2 of a quarter deposit, started as a disk, at rest: its radii on the
axis and on the diagonal, and its largest radial distance from Wulff's shape of the same area
(bound 1 %).
"""

from __future__ import annotations

from math import pi

import numpy as np

from benchmarks.verification import common
from benchmarks.verification.common import LENGTH, TIME, Result, Row, Run
from benchmarks.verification.stages import StandIn
from solver.equations.observe import Observer
from solver.laws import energy
from solver.laws.front import psi

RADIUS, SIDE = 20.0, 30.0
"""Radius at the start and side of the cell [l]."""
SIZE = 0.4
"""Element size [l]."""
DELTA, L_ETA = 0.1, 0.3 / TIME
END, STEPS = 250.0, 500
"""Time to come to rest [1/(L_sigma W)], and its steps."""


class HeldArea(StandIn):
    """Takes the place of the concentration's update: uniform c that keeps the deposit's area."""

    def __init__(self, run: Run):
        self.run, self.c0 = run, run.config.layers[0].c0
        self.area = run.integral(run.state.xi.x.array)

    def solve(self, stage, pass_number: int) -> float:
        """Newton step for c; overpotential 0, so that dxi/dc is tau L_eta h'/c0 at the nodes."""
        run, s = self.run, self.run.state
        excess = run.integral(s.xi.x.array) - self.area
        answer = stage.tau * L_ETA * energy.dh(s.xi.x.array) / self.c0
        change = -excess / run.integral(answer)
        s.c.x.array[:] = s.c.x.array.mean() + change
        self.deposit = run.model.deposit(stage.base, float(stage.closing))
        return float(np.abs(change * answer).max())  # what it makes of xi


def shape() -> tuple[np.ndarray, np.ndarray, float]:
    """Return polar angles and radii [l] of the contour at rest, and the area [l^2]."""
    config = common.config(
        SIDE,
        SIDE,
        SIZE,
        phase_field={"L_eta": L_ETA, "delta": DELTA, "omega": 4},
        kinetics={"overpotential": "applied"},
        solver={"pass_tolerance": 1e-4, "max_passes": 60},
        time={"scheme": "backward_euler"},  # the way to rest does not matter
    )
    run = Run(config)
    run.set_disk(RADIUS)
    run.state.c.x.array[:] = config.layers[0].c0
    run.scheme.updates["c"] = HeldArea(run)
    run.start()
    for _ in run.march(END / STEPS * TIME, STEPS):
        pass
    a, b = Observer(run.model).edges
    level = psi(run.state.xi.x.array)
    crossed = (level[a] > 0) != (level[b] > 0)
    a, b = a[crossed], b[crossed]
    share = level[a] / (level[a] - level[b])
    x, y = (f[a] + share * (f[b] - f[a]) for f in (run.x, run.y))
    order = np.argsort(np.arctan2(y, x))
    x, y = x[order] / LENGTH, y[order] / LENGTH
    # Not the integral of xi: that of a disk exceeds pi R^2 by pi^3 l^2/3.
    area = np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2
    return np.arctan2(y, x), np.hypot(x, y), float(area)


def wulff(angles: np.ndarray, area: float) -> np.ndarray:
    """Return radii of Wulff's shape at polar angles; `area` is that of a quarter."""
    theta = np.linspace(0, pi / 2, 20001)
    kappa = 1 + DELTA * np.cos(4 * theta)
    gamma = np.sqrt(kappa)
    slope = -2 * DELTA * np.sin(4 * theta) / gamma
    x = gamma * np.cos(theta) - slope * np.sin(theta)
    y = gamma * np.sin(theta) + slope * np.cos(theta)
    unit_area = np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2
    radius = np.interp(angles, np.arctan2(y, x), np.hypot(x, y))
    return radius * (area / unit_area) ** 0.5


def rung() -> Result:
    """Run the rung."""
    angles, radii, area = shape()
    ratio = radii / wulff(angles, area)
    rows = []
    for name, angle in (("axis", 0.0), ("diagonal", pi / 4)):
        near = np.abs(angles - angle) < 0.05
        expected = wulff(np.array([angle]), area)[0]
        got = expected * ratio[near].mean()
        rows.append(Row("Wulff shape", f"R on the {name} [l]", expected, got, 0.01, "Wulff 1901"))
    distance = np.abs(ratio - 1).max()
    rows.append(
        Row("Wulff shape", "largest distance / R", 0, distance, 0.01, "Wulff 1901", scale=1)
    )
    return Result(rows)
