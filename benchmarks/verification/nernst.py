# SPDX-License-Identifier: MIT
"""Rung 3: the front rests at the Nernst potential.

Source: B = 0 in the Butler-Volmer factor at F eta/RT = ln(c/c0), whatever alpha is.

Checked at c = c0/2, with the local overpotential and alpha = 0.3: the speed at the Nernst
potential is below 1e-4 of the kinetic speed at -0.10 V and c = c0; 1 mV below it the deposit
grows and 1 mV above it dissolves, each with the speed of the travelling wave (bound 1 %).
"""

from __future__ import annotations

import math

from benchmarks.verification import common
from benchmarks.verification.common import LENGTH, TIME, Result, Row, Run
from solver.laws.front_speed import planar_front_speed

L_ETA, ALPHA, RATIO = 0.5, 0.3, 0.5
F_RT = 96500.0 / (8.314 * 297.15)
NERNST = math.log(RATIO) / F_RT
"""Potential of rest [V]."""
HEIGHT, WIDTH, DURATION, STEPS = 20.0, 2.0, 150.0, 150
"""Cell [l], time [1/(L_sigma W)] and its steps."""


def drive(c_ratio: float, eta: float) -> float:
    """Return b = -L_eta B/(L_sigma W)."""
    B = math.exp((1 - ALPHA) * F_RT * eta) - c_ratio * math.exp(-ALPHA * F_RT * eta)
    return -L_ETA * B * TIME


def speed(eta: float) -> float:
    """Return the measured speed of the front at an overpotential, in units of L_sigma W l."""
    config = common.config(
        WIDTH,
        HEIGHT,
        0.25,
        phase_field={"L_eta": L_ETA},
        kinetics={"alpha": ALPHA},
        boundary={"phi_anode": eta, "phi_counter": eta, "c_counter": RATIO * 1000.0},
        nuclei={"film": HEIGHT / 2 * LENGTH},
    )
    run = Run(config)
    run.state.c.x.array[:] = RATIO * config.layers[0].c0
    run.start()
    times, heights = [], []
    for t in run.march(DURATION / STEPS * TIME, STEPS):
        times.append(t / TIME)
        heights.append(run.integral(run.state.xi.x.array) / (WIDTH * LENGTH**2))
    return common.slope(times, heights, 0.2 * DURATION)


def rung() -> Result:
    """Run the rung."""
    kinetic = planar_front_speed(drive(1.0, -0.1))
    at_rest = speed(NERNST) / kinetic
    rows = [Row("Nernst rest", "V/V_kinetic at rest", 0, at_rest, 1e-4, "B = 0", 1)]
    for name, shift in (("1 mV below", -1e-3), ("1 mV above", 1e-3)):
        expected = planar_front_speed(drive(RATIO, NERNST + shift))
        rows.append(Row("Nernst rest", f"V {name}", expected, speed(NERNST + shift), 0.01, "ODE"))
    return Result(rows)
