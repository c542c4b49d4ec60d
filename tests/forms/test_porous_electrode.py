# SPDX-License-Identifier: MIT
"""The resistance of a porous electrode by the terms of the front: a ladder of two potentials.

Ions and electrons conduct side by side and react everywhere (Newman and Tobias, J. Electrochem.
Soc. 109 (1962) 1183). The front's reaction is xi (1 - xi)/l times the current density of the law at
phi_l - phi_s; where xi is 1/2 throughout, that is a reaction of the area a = 1/(4 l) per volume, no
electrolyte stands between a node and its front, and (1 - xi) sigma_ion is uniform. So the terms of
conduction, of the law, of the front's weight and of the charge it takes are those of a cell, signs
and factors included. What keeps a front thin, finds its normal or moves it has no part in this.
"""

from functools import partial
from math import cosh, sinh, sqrt

import numpy as np
import pytest
import ufl
from mpi4py import MPI
from scipy.sparse.linalg import spsolve

import dolfinx.mesh
from dolfinx import fem

from solver.laws.electrode import Electrode
from solver.terms import phase_field, potential

SIGMA_L, SIGMA_S, THICK, CHARGE, F_RT = 0.565, 0.05, 20e-6, 96500 * 7.64e4, 96500 / 8.314 / 297.15
AREA, I_0 = 1e6, 338.0
"""Reacting area per volume [1/m], and exchange current density [A/m^2]."""


def ladder() -> float:
    """Resistance from the ions on one side to the electrons on the other [ohm m^2]."""
    nu = THICK * sqrt(AREA * I_0 * F_RT * (1 / SIGMA_L + 1 / SIGMA_S))
    ratios = SIGMA_S / SIGMA_L + SIGMA_L / SIGMA_S
    spread = (2 + ratios * cosh(nu)) / (nu * sinh(nu))
    return THICK / (SIGMA_L + SIGMA_S) * (1 + spread)


def assembled(cells: int) -> float:
    """The same of the terms on so many cells."""
    mesh = dolfinx.mesh.create_interval(MPI.COMM_SELF, cells, (0.0, THICK))
    V = fem.functionspace(mesh, ("Lagrange", 1, (2,)))
    y, v = fem.Function(V), ufl.TestFunction(V)
    number = partial(fem.Constant, mesh)
    one, lumped = (
        ufl.dx(metadata={"quadrature_rule": rule, "quadrature_degree": 1})
        for rule in ("default", "vertex")
    )
    xi, length, tau, charge = map(number, (0.5, 0.25 / AREA, 1.0, CHARGE))
    law = Electrode(I_0, 0.5, F_RT).mapped(number)
    speed = law.current(y[0] - y[1]) / charge
    ions = ufl.grad(y[0])
    form = potential.conduction_of_ions(ions, xi, v[0], number(2 * SIGMA_L), one)
    form += potential.conduction_in_series(y[1], xi, v[1], number(SIGMA_S), number(SIGMA_S), one)
    # What the front takes from the ions the electrons get.
    grown = -phase_field.travel(xi, speed, 1.0, length, 1.0) * tau
    form += potential.charge_source(grown, tau, v[0] - v[1], charge, lumped)
    A = fem.assemble_matrix(fem.form(ufl.derivative(form, y, ufl.TrialFunction(V)))).to_scipy()
    x = V.tabulate_dof_coordinates()[:, 0]
    entering = np.zeros(2 * len(x))
    entering[2 * np.argmin(x)] = 1.0
    free, found = np.arange(2 * len(x)) != 2 * np.argmax(x) + 1, np.zeros(2 * len(x))
    found[free] = spsolve(A.tocsc()[free][:, free], entering[free])
    return found[2 * np.argmin(x)]


def test_the_resistance_of_a_porous_electrode():
    """6.70615e-5 ohm m2, at order 2."""
    assert ladder() == pytest.approx(6.70615e-5, rel=1e-6)
    found = np.array([assembled(cells) for cells in (50, 100, 200)])
    errors = found / ladder() - 1
    assert np.log2(errors[:-1] / errors[1:]) == pytest.approx([2, 2], abs=0.05)
    assert (4 * found[-1] - found[-2]) / 3 == pytest.approx(6.70615e-5, rel=1e-5)
