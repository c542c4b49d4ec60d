# SPDX-License-Identifier: MIT
"""A cell of two layers with a sharp front's fields, read through a thick one."""

from __future__ import annotations

import numpy as np

from solver.laws.front import from_psi

QUANTITATIVE = (
    "kinetics.interface=quantitative", "mesh.size_min=0.4 um", "mesh.size_max=0.4 um",
    "phase_field.omega=6", "phase_field.delta=0.05",
    "boundary.anode_course=[[0, -0.1], [10, -0.05]]",
)  # fmt: skip
RT_F = 8.314 * 297.15 / 96500
WIDE = np.sqrt(0.95)
"""What the anisotropy of the cell makes of the width of a front across it."""
K_0 = 6 * 0.5 * np.sqrt(7e-10 / 30e5)
"""6 L_eta l of Table S1 [m/s]."""
K_A = K_0 * np.exp(-0.1 / 2 / RT_F)


def planar(cell, at, field=1e4, sign=1):
    """Fill the cell with a sharp front's fields, read as functions of L; returns its speeds.

    Returns:
        Height above the front [m], and the speed at which the layer of a node makes it move [m/s].
    """
    y = cell.V.tabulate_dof_coordinates()[:, 1]
    length, s = 0.4e-6, cell.state
    above = y - at
    s.xi.x.array[:] = from_psi(-above / length)
    L = length * np.logaddexp(0, above / length)
    s.phi.x.array[:] = -0.1 + field * L
    lower = y < 5e-6
    c0, D = np.where(lower, 1000, 800), np.where(lower, 1e-11, 2e-11)
    V = WIDE * (K_0 * np.exp(0.1 / 2 / RT_F) / c0 * 150 - K_A)
    z = field * L / RT_F
    beta, g = np.exp(-z), np.where(z < 1e-6, 1 - z / 2, -np.expm1(-z) / z)
    s.c.x.array[:] = 150 * beta + 7.64e4 * V / D * L * g
    return above, V


def off_the_border(cell):
    """Nodes that belong to one layer alone."""
    return np.abs(cell.V.tabulate_dof_coordinates()[:, 1] - 5e-6) > 1e-7
