# SPDX-License-Identifier: MIT
"""The terms of ion transport against its equations, written out with numbers."""

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from dolfinx import fem, mesh

from solver.cell import domain
from solver.equations.ions_model import IonModel
from solver.input import loading
from solver.terms import ions
from tests.small_cell import vector

TEXT = """
title: what a config makes of its numbers
physics: transport
width: 40 um
species: [{name: Li, charge: 1}, {name: A, charge: -1}]
layers: [{name: one, thickness: 40 um, epsilon_r: 10, c0: {Li: 500, A: 300}, c_im: 200,
          D: {Li: 1e-10, A: 1e-10}}]
mesh: {columns: 2, size_min: 20 um, size_max: 20 um}
boundary: {anode: {phi: 0.02 V, c: {A: 300}}, counter: {current: 10 A/m^2}}
"""


def test_concentrations_and_their_charge():
    c = [float(ions.concentration(0.3, 0.7, z, 500.0)) for z in (1, -2)]
    assert c == pytest.approx([500 * np.exp(-0.4), 500 * np.exp(1.7)])
    rho = ions.charge_density((5.0, 3.0), (1, -2), 0.5)
    assert rho == pytest.approx(5 - 6 - 0.5)
    assert ions.neutrality(rho, 2.0, 0.25) == pytest.approx(-1.5 / 2)


def test_rate_and_inflow():
    assert ions.storage(7.0, 4.0, 0.5, 2.0, 0.25) == pytest.approx(3)
    assert ions.inflow(3.0, 2.0, 0.25) == pytest.approx(-1.5), "what comes in adds to c"


def test_flux_and_displacement_of_linear_potentials():
    """Their work on x is D c mu' and eps psi', and less the charge times the mean of x."""
    V = fem.functionspace(mesh.create_unit_square(MPI.COMM_SELF, 2, 2), ("Lagrange", 1))
    x = V.tabulate_dof_coordinates()[:, 0]
    f, v = fem.Function(V), ufl.TestFunction(V)
    f.x.array[:] = 3 * x
    numbers = (fem.Constant(V.mesh, value) for value in (5.0, 0.2, 4.0))
    c, D, rho = numbers
    assert x @ vector(ions.transport(c, f, v, D, ufl.dx)) == pytest.approx(0.2 * 5 * 3)
    assert x @ vector(ions.poisson(f, rho, v, D, ufl.dx)) == pytest.approx(0.2 * 3 - 4 / 2)


def test_permittivity_current_and_held_values_of_a_config():
    config = loading.parse(TEXT)
    model = IonModel(config, domain.build(config, MPI.COMM_SELF))
    RT_F = 8.314 * 297.15 / 96500
    assert model.permittivity.x.array == pytest.approx(8.8541878128e-12 * 10 * RT_F / 96500)
    assert model.total.amount == pytest.approx(10 * 40e-6 / 96500)
    model.initialise()  # with what is held at the anode
    at_anode = [held.form for held in model.held if held.side == "anode"]
    assert len(at_anode) == 2
    for form in at_anode:
        assert np.abs(vector(form)).max() < 1e-15
