# SPDX-License-Identifier: MIT
r"""Rung 1: speed of the planar front.

Source: the travelling wave xi(y - V t) of

    xi_t = 2 xi_yy - 2 xi (1-xi)(1-2 xi) + 30 b xi^2 (1-xi)^2,   b = -L_eta B/(L_sigma W)

(lengths in l, times in 1/(L_sigma W)). The speeds below were found by shooting in the phase plane,
independently of `solver.laws.front_speed` (collocation), and confirmed there by an explicit
finite-difference run.

Checked: the speed of a film on a strip of unstructured triangles, at element size l/4 and five
drives (bound 1 %), half of it where c_half = c0, and the order of its error in h (l/h = 2, 4, 8;
2 within 0.1).
c and phi are held by what growth takes from them: next to nothing (c_Li -> 0), with the same
potential on both electrodes.
"""

from __future__ import annotations

import math

from benchmarks.verification import common
from benchmarks.verification.common import LENGTH, TIME, Curve, Result, Row, Run
from solver.laws.front_speed import planar_front_speed

SPEEDS = {0.1: 0.588689, 0.2: 1.123966, 0.4606: 2.230119, 1.0: 3.791124, 2.0: 5.733458}
"""Drive b -> speed in units of L_sigma W l."""
C0 = 1000.0
"""Concentration c0 [mol/m^3]."""
HALVED = 0.1
"""Drive at which the front is also slowed down by `kinetics.c_half`: dxi/dt is then the same at
every point but for a factor, and so is the speed."""
ETA = -0.1
"""Overpotential [V]."""
SETTLING, WAY = 5.0, 6.0
"""Time for the profile to settle [1/(L_sigma W)], and way over which the speed is taken [l]."""
MARGIN = 9.0
"""Distance kept from both ends [l]; the profile falls off as exp(-distance)."""
WIDTH = 2.0
"""Width of the strip [l]."""


def speed(
    b: float,
    h: float,
    way_per_step: float = 0.05,
    scheme: str = "sdirk2",
    c_half: float = 0.0,
    delta: float = 0.0,
) -> float:
    """Return the measured speed of the front in units of L_sigma W l.

    Args:
        b: Drive.
        h: Element size [l].
        way_per_step: Way of the front in one time step [l].
        scheme: Time scheme.
        c_half: Concentration that halves the growth [mol/m^3].
        delta: Strength of the anisotropy.
    """
    V = planar_front_speed(b) / (1 + c_half / C0)
    duration = SETTLING + WAY / V
    run = Run(_config(b, h, 2 * MARGIN + V * duration, scheme, c_half, delta))
    run.state.c.x.array[:] = run.config.layers[0].c0
    run.start()
    dt = way_per_step / V
    times, heights = [], []
    for t in run.march(dt * TIME, math.ceil(duration / dt)):
        times.append(t / TIME)
        heights.append(run.integral(run.state.xi.x.array) / (WIDTH * LENGTH**2))
    return common.slope(times, heights, times[-1] - WAY / V)


def _config(b: float, h: float, height: float, scheme: str, c_half: float, delta: float):
    F_RT = 96500.0 / (8.314 * 297.15)
    B = math.exp(0.5 * F_RT * ETA) - math.exp(-0.5 * F_RT * ETA)
    return common.config(
        WIDTH,
        height,
        h,
        phase_field={"L_eta": b / (TIME * abs(B)), "delta": delta},
        kinetics={"overpotential": "applied", "alpha": 0.5, "c_half": c_half},
        boundary={"phi_anode": ETA, "phi_counter": ETA},
        nuclei={"film": MARGIN * LENGTH},
        time={"scheme": scheme},
    )


def convergence(b: float, sizes=(0.5, 0.25, 0.125), way_per_step: float = 0.05) -> Curve:
    """Return the relative errors of the speed over the element size."""
    errors = tuple(abs(speed(b, h, way_per_step) / SPEEDS[b] - 1) for h in sizes)
    return Curve(f"planar front, b = {b:g}", tuple(sizes), errors, 2.0)


def rung() -> Result:
    """Run the rung."""
    rows = []
    for b, expected in SPEEDS.items():
        source = "ODE by shooting"
        got = planar_front_speed(b)
        rows.append(Row("planar front", f"front_speed({b:g})", expected, got, 1e-6, source))
        got = speed(b, 0.25)
        rows.append(Row("planar front", f"V(b = {b:g}), l/h = 4", expected, got, 0.01, source))
    got = speed(HALVED, 0.25, c_half=C0)
    rows.append(
        Row("planar front", "V with c_half = c0, l/h = 4", SPEEDS[HALVED] / 2, got, 0.01, "c = c0")
    )
    curves = tuple(convergence(b) for b in (0.1, 0.4606))
    for curve in curves:
        order = common.order(curve.steps, curve.errors)
        rows.append(Row("planar front", f"order in h, {curve.label[14:]}", 2, order, 0.1, "P1", 1))
    return Result(rows, curves)
