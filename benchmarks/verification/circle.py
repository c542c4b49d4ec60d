# SPDX-License-Identifier: MIT
"""Rung 4: a circle shrinks by its curvature.

Source: without drive the sharp front obeys V_n = -L_sigma kappa_0 K, so that a disk shrinks as

    R^2 = R0^2 - 2 L_sigma kappa_0 t,

and its area falls at the constant rate 2 pi L_sigma kappa_0 (Allen and Cahn 1979).

Checked: the rate of a quarter disk (L_eta = 0, isotropic), R from 20 l to 12 l, element size l/2
and l/4; bound 1 % at l/4. The finite interface itself contributes of the order of (l/R)^2.
"""

from __future__ import annotations

from math import pi

from benchmarks.verification import common
from benchmarks.verification.common import LENGTH, TIME, Result, Row, Run

START, END, SIDE = 20.0, 12.0, 28.0
"""Radius at the start and the end, side of the cell [l]."""
RATE = 2.0
"""L_sigma kappa_0 in units of L_sigma W l^2."""


def shrinkage(h: float) -> float:
    """Return the measured -dR^2/dt in units of L_sigma W l^2, at element size h [l]."""
    config = common.config(
        SIDE,
        SIDE,
        h,
    )
    run = Run(config)
    run.set_disk(START)
    run.start()
    duration = (START**2 - END**2) / (2 * RATE)
    times, squares = [], []
    for t in run.march(duration / 40 * TIME, 40):
        area = run.integral(run.state.xi.x.array) / LENGTH**2
        times.append(t / TIME)
        squares.append(4 / pi * area)
    return -common.slope(times, squares, 0.1 * duration)


def rung() -> Result:
    """Run the rung."""
    source = "R^2 = R0^2 - 2 L kappa t"
    return Result(
        [
            Row(
                "shrinking circle",
                f"-dR^2/dt, l/h = {1 / h:g}",
                2 * RATE,
                shrinkage(h),
                bound,
                source,
            )
            for h, bound in ((0.5, 0.03), (0.25, 0.01))
        ]
    )
