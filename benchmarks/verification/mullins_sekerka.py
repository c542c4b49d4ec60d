# SPDX-License-Identifier: MIT
"""Rung 8: growth of a small sinusoidal perturbation of a front fed by diffusion.

Source: linear stability (Mullins and Sekerka, J. Appl. Phys. 35 (1964) 444) of a flat front that
grows at V(c), with curvature, V_n = V(c) - Gamma K, Gamma = L_sigma kappa_0, and quasi-steady
diffusion with the gradient G = c_Li V/D ahead of it. Here Li+ also diffuses within the deposit, as
in the model of Chen et al. 2025, so the perturbation of c decays on both sides. With
T = tanh(q d), K = coth(q L) for a deposit of thickness d and a gap L to the counter electrode,

    sigma(q) = [V_c G K - Gamma q^2 (K + T)] / [(K + T) + c_Li V_c/(D q)],   V_c = dV/dc.

T = 0, K = 1 is the one-sided case, (V_c G - Gamma q^2)/(1 + c_Li V_c/(D q)); here T and K are near
1, and the cutoff is at q_c = sqrt(V_c G/2 Gamma), lower by sqrt(2).

Checked: growth rates for five wavenumbers, from the first cosine mode of the deposit (bound 5 %),
and the sign change at the cutoff (bound 5 %). V_c is that of the travelling wave; V, d and L are
those of the run at the time. What is left out is of the order of V/(D q) and c_Li V_c l/D, each
a few per cent at most.
The sign change is found by a secant between 0.9 and 1.2 q_c, for the formula and the run alike. The
rates at these two, small differences of two terms, are themselves off by 6 %: outside the bound.
"""

from __future__ import annotations

from math import exp, pi

import numpy as np

from benchmarks.verification import cells, common
from benchmarks.verification.common import LENGTH, TIME, Result, Row, Run
from solver.laws.front_speed import planar_front_speed

C0 = 1000.0
ETA = -0.05
"""Overpotential [V]; it makes the equilibrium concentration exp(F eta/RT) c0."""
F_RT = 96500.0 / (8.314 * 297.15)
ORDER = 0.1
"""Drive b per unit of c/c0."""
C_LI, D = 20.0, 480.0
"""c_Li/c0, and diffusivity in L_sigma W l^2."""
DRIVE = 0.05
DEPOSIT, GAP = 100.0, 100.0
"""Thickness of the deposit and distance to the counter electrode [l]."""
GAMMA = 2.0
"""L_sigma kappa_0 in L_sigma W l^2."""
AMPLITUDE = 0.2
"""Of the perturbation at the start [l]; q times it is small."""
START, END, DT = 6.0, 18.0, 0.5
"""Window of the measurement and time step [1/(L_sigma W)]."""
WAVENUMBERS, ABOUT_CUTOFF = (0.3, 0.45, 0.6, 0.75, 1.4), (0.9, 1.2)
"""In units of the two-sided cutoff; between the last two the sign of the rate is sought."""


def slope_of_speed(V: float) -> float:
    """V_c = dV/dc at speed V, from the travelling wave [L_sigma W l per c0]."""
    b = V / 6
    for _ in range(20):
        b *= V / planar_front_speed(b)
    step = 1e-3 * b
    return ORDER * (planar_front_speed(b + step) - planar_front_speed(b - step)) / (2 * step)


def predicted(q: float, V: float, deposit: float, gap: float) -> float:
    """Growth rate [L_sigma W] for a wavenumber [1/l], speed [L_sigma W l] and distances [l]."""
    behind, ahead = np.tanh(q * deposit), 1 / np.tanh(q * gap)
    V_c, G = slope_of_speed(V), C_LI * V / D
    gain = V_c * G * ahead - GAMMA * q**2 * (ahead + behind)
    return gain / (ahead + behind + C_LI * V_c / (D * q))


def measured(q: float) -> tuple[float, float]:
    """Return the predicted and the measured growth rate [L_sigma W] for a wavenumber [1/l]."""
    run = _front(q)
    wave = np.cos(q * run.x / LENGTH)
    width = run.config.width / LENGTH
    times, logs, fronts = [], [], []
    for t in run.march(DT * TIME, round(END / DT)):
        times.append(t / TIME)
        mode = 2 * run.integral(run.state.xi.x.array * wave) / (width * LENGTH**2)
        logs.append(np.log(mode))
        fronts.append(run.integral(run.state.xi.x.array) / (width * LENGTH**2))
    V = common.slope(times, fronts, START)
    middle = np.interp((START + END) / 2, times, fronts)
    expected = predicted(q, V, middle, DEPOSIT + GAP - middle)
    return expected, common.slope(times, logs, START)


def _front(q: float) -> Run:
    """The front with its perturbation, and the diffusion field that belongs to both."""
    cathodic = exp(-0.5 * F_RT * ETA)
    V = planar_front_speed(DRIVE)
    G, c_front = C_LI * V / D, exp(F_RT * ETA) + DRIVE / ORDER
    width = pi / q
    config = common.config(
        width,
        DEPOSIT + GAP,
        0.4,
        layer={"D": D * LENGTH**2 / TIME, "c0": C0, "sigma_ion": 1e9},
        lithium={"c_Li": C_LI * C0, "sigma_metal": 1e9},
        phase_field={"L_eta": ORDER / (cathodic * TIME)},
        kinetics={"overpotential": "applied", "alpha": 0.5},
        boundary={"phi_anode": ETA, "phi_counter": ETA, "c_counter": C0 * (c_front + G * GAP)},
    )
    rows = cells.graded(DEPOSIT + GAP, 0.4, (DEPOSIT - 10, DEPOSIT + 22), 0.1, 8.0)
    run = Run(config, cells.grid(width, 24, rows))
    x, y = run.x / LENGTH, run.y / LENGTH - DEPOSIT
    behind, ahead = np.tanh(q * DEPOSIT), 1 / np.tanh(q * GAP)
    answer = G * ahead + C_LI * GAMMA * q**2 / (D * q)
    answer /= ahead + behind + C_LI * slope_of_speed(V) / (D * q)
    front = AMPLITUDE * np.cos(q * x)
    below = answer * np.cosh(q * (y + DEPOSIT)) / np.cosh(q * DEPOSIT)
    above = (answer - G) * np.sinh(q * (GAP - y)) / np.sinh(q * GAP)
    s = run.state
    s.xi.x.array[:] = 1 / (1 + np.exp(np.clip(y - front, -30, 30)))
    # G ln(1 + e^y) has the slope 0 behind the diffuse front and G ahead of it.
    base = c_front + G * np.logaddexp(0, y - front)
    shift = front * np.where(y < front, below, above + G)
    s.c.x.array[:] = C0 * (base + shift)
    on_counter = run.model.equations["c"].held()
    s.c.x.array[on_counter] = C0 * (c_front + G * GAP)
    s.phi.x.array[:] = ETA
    run.start()
    return run


def rung() -> Result:
    """Run the rung."""
    V = planar_front_speed(DRIVE)
    cutoff = (slope_of_speed(V) * C_LI * V / D / (2 * GAMMA)) ** 0.5
    rows, source = [], "linear stability"
    for share in WAVENUMBERS:
        expected, got = measured(share * cutoff)
        quantity = f"sigma(q = {share:g} q_c) [1000 L W]"
        rows.append(Row("Mullins-Sekerka", quantity, 1e3 * expected, 1e3 * got, 0.05, source))
    rates = np.array([measured(share * cutoff) for share in ABOUT_CUTOFF])
    low, high = ABOUT_CUTOFF
    zeros = low + (high - low) * rates[0] / (rates[0] - rates[1])
    rows.append(Row("Mullins-Sekerka", "sign change at q/q_c", *zeros, 0.05, source))
    return Result(rows)
