# SPDX-License-Identifier: MIT
"""A circle without reaction shrinks by its curvature, whatever the sharpening flux does.

    docker/run python3 -m benchmarks.thin_front.circle

The sharp front: d(R^2)/dt = -2 chi Gamma. Without a reaction chi is 1 and the flux has no mobility:
both are set to those of a front at 0.10 V.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.thin_front import sharp
from benchmarks.verification import common
from benchmarks.verification.common import Run
from solver.equations.thin_front import SHARPENING
from solver.input import loading
from solver.laws import thin_front

UM = 1e-6
START, SIDE, END = 5.0, 8.0, 1000.0
"""Radius at the start, side of the quarter cell [um], time [s]."""
STEPS = 50
LENGTHS = 0.44, 0.22
"""Interface lengths [um]."""
K_C = sharp.K_0 * np.exp(-sharp.ALPHA * sharp.F_RT * sharp.PHI_M)
"""dV/dc_s at 0.10 V [um/s per c0]."""
SPEED = 0.02
"""Speed of a front that the flux is strong enough for [um/s]."""
CONFIG = """
title: circle
width: 8 um
layers: [{name: electrolyte, thickness: 8 um}]
lithium: {c_Li: 1e-9}
boundary: {phi_anode: 0, phi_counter: 0}
phase_field: {L_eta: 0, delta: 0}
kinetics: {interface: quantitative}
mechanics: {enabled: false}
nuclei: {film: 0, count: 0}
solver: {pass_tolerance: 1e-5}
"""


def ratio(length: float, strength: float) -> float:
    """d(R^2)/dt over -2 chi Gamma.

    Args:
        length: Interface length [um].
        strength: Mobility of the flux, in units of what the program gives a front with `SPEED`.
    """
    size = f"{length / 2} um"
    more = [
        f"phase_field.interface_length={length} um",
        f"mesh.size_min={size}",
        f"mesh.size_max={size}",
    ]
    run = Run(loading.parse(CONFIG, more))
    kinetics = run.model.coefficients.kinetics
    chi = thin_front.capillary_factor(K_C, sharp.C_LI / sharp.D, length)
    kinetics.chi_L_sigma.x.array[:] *= chi
    kinetics._nodal_chi_L_sigma *= chi
    find = kinetics._find_front
    # The flux is as strong as the fastest piece of front wants it.
    kinetics._find_front = lambda xi: (find(xi)[0], strength * SPEED * UM)
    distance = np.hypot(run.x, run.y) / UM - START
    run.state.xi.x.array[:] = 0.5 * (1 - np.tanh(distance / (2 * length)))
    run.start()
    times, squares = [], []
    for t in run.march(END / STEPS, STEPS):
        times.append(t)
        squares.append(4 / np.pi * run.integral(run.state.xi.x.array) / UM**2)
    return -common.slope(times, squares, 0.1 * END) / (2 * chi * sharp.GAMMA)


def main() -> int:
    """Print the table."""
    print("| M | " + " | ".join(f"l = {length} um" for length in LENGTHS) + " |\n|---|---|---|")
    for strength in (0.0, 1.0, 4.0):
        cells = " | ".join(f"{ratio(length, strength):.4f}" for length in LENGTHS)
        print(f"| {strength * SHARPENING:g} V l | {cells} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
