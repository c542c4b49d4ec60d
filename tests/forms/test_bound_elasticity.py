# SPDX-License-Identifier: MIT
"""Elasticity bound to the reaction, where the tail of a front divides both."""

from __future__ import annotations

import numpy as np
import pytest
import ufl

from solver.terms import mechanics
from tests.forms.sharp_front import K_0, QUANTITATIVE, RT_F, WIDE, off_the_border, planar
from tests.small_cell import build, vector

LENGTH = 0.4e-6
MOBILITY = K_0 / (6 * LENGTH) / (8.314 * 297.15 * 7.64e4)
"""L_eta/(RT c_Li) [m^3/J/s]."""


@pytest.fixture(scope="module")
def cell():
    cell = build(*QUANTITATIVE, "mechanics.driving=thermodynamic")[0]
    planar(cell, 2.5e-6)
    cell.begin_step(0.0, 0.1, cell.base())
    random = np.random.default_rng(1)
    cell.state.u.x.array[:] = random.uniform(-1e-9, 1e-9, len(cell.state.u.x.array))
    return cell


def test_a_front_moves_by_all_of_a_term_beside_its_reaction(cell):
    """Its tail divides its whole speed by 1 + WIDE a, which that of the reaction has in it."""
    k = cell.coefficients.kinetics
    D = np.where(cell.V.tabulate_dof_coordinates()[:, 1] < 5e-6, 1e-11, 2e-11)
    c0 = np.where(D < 1.5e-11, 1000, 800)
    a = 5 / 6 * LENGTH * 7.64e4 / D * K_0 * np.exp(0.1 / 2 / RT_F) / c0
    seen = off_the_border(cell) & k.normal.x.array.reshape(-1, 2).any(axis=1)
    assert seen.sum() > 20 and (1 + a).min() > 1.3
    assert (k.beside() * (1 + WIDE * a))[seen] == pytest.approx(WIDE, rel=1e-9)


def test_nodes_and_forms_have_its_mobility(cell):
    k, xi, s = cell.coefficients.kinetics, cell.equations["xi"], cell.state
    energy = mechanics.elastic_energy(s.u, s.xi, cell.coefficients.elasticity) * cell.dx
    expected = MOBILITY * k.beside() * vector(ufl.derivative(energy, s.xi, cell.v))
    tolerance = {"abs": 1e-9 * abs(expected).max()}
    form = xi.elastic_driving_form(s.u, s.xi, cell.v)
    assert vector(form) == pytest.approx(expected, **tolerance)
    gradient = k.gradient_energy.forces(s.xi.x.array)
    assert xi.forces()() - gradient == pytest.approx(expected, **tolerance)


def test_u_is_solved_for_as_often_as_that_asks(cell):
    """Layer B has the larger energy: 50 GPa and a strain of 1e-3."""
    expected = MOBILITY * 50e9 * 1e-3**2 * 15 / 8
    assert cell.equations["u"].driving_rate() == pytest.approx(expected, rel=1e-6)
