# SPDX-License-Identifier: MIT
"""What a step takes from its front: its place, normal, speed and curvature."""

from __future__ import annotations

import numpy as np
import pytest

from solver.equations.thin_front import BAND, SHARPENING, TAIL, NodalFront
from solver.laws import thin_front
from solver.laws.front import from_psi
from tests.forms.sharp_front import K_0, QUANTITATIVE, RT_F, WIDE, off_the_border, planar
from tests.small_cell import build


@pytest.fixture(scope="module")
def cell():
    return build(*QUANTITATIVE)[0]


def begun(cell, at, dt, tail=1.0):
    """Begin a step with a planar front whose profile is `tail` times too steep beyond 5 l."""
    above, V = planar(cell, at)
    length = 0.4e-6
    steep = np.where(np.abs(above) > TAIL * length, tail, 1.0)
    cell.state.xi.x.array[:] = from_psi(-steep * above / length)
    base = cell.base()
    return above, V, base, cell.begin_step(0.0, dt, base)


@pytest.mark.parametrize("at", [2.5e-6, 4.1e-6])
def test_every_node_near_the_front_is_given_its_place_normal_and_speed(cell, at):
    above, V, _, _ = begun(cell, at, 0.1)
    k, length = cell.coefficients.kinetics, 0.4e-6
    away, speed = np.abs(above) / length, V[np.abs(above).argmin()]
    near, tail, beyond = (
        away < TAIL - 0.1, (away > TAIL + 0.1) & (away < BAND - 0.1), away > BAND + 0.1,
    )  # fmt: skip
    assert k.near.x.array[near].all() and not k.near.x.array[~near & (tail | beyond)].any()
    carried = k.carried.x.array
    assert carried[tail] == pytest.approx(speed, rel=1e-4)
    assert not carried[near].any() and not carried[beyond].any()
    normals = k.normal.x.array.reshape(-1, 2)
    exact = np.tile([0, -1], ((near | tail).sum(), 1))
    assert normals[near | tail] == pytest.approx(exact, abs=1e-9), "at walls too"
    assert not normals[beyond].any()
    assert float(k.M.value) == pytest.approx(SHARPENING * speed * length, rel=1e-4)
    assert k.width.x.array[near | tail] == pytest.approx(WIDE, rel=1e-9)
    D = np.where(cell.V.tabulate_dof_coordinates()[:, 1] < 5e-6, 1e-11, 2e-11)
    c0 = np.where(D < 1.5e-11, 1000, 800)
    a = 5 / 6 * length * 7.64e4 / D * K_0 * np.exp(0.1 / 2 / RT_F) / c0
    # chi of k_c times the width over chi of k_c; kappa + kappa''/2 is 1.85 kappa_0 upwards.
    expected, found = 1.85 * (1 + a) / (1 + WIDE * a), k.capillarity.x.array
    seen = (near | tail) & off_the_border(cell)
    assert found[seen] == pytest.approx(expected[seen], rel=1e-9)
    assert (k.width.x.array[beyond] == 1).all() and (found[beyond] == 1).all()


@pytest.mark.parametrize("dt", [0.1, 30.0])
def test_the_tail_ahead_comes_back_to_the_profile_in_the_time_of_its_length(cell, dt):
    above, V, before, after = begun(cell, 2.5e-6, dt, tail=0.8)
    length = 0.4e-6
    kinetics, x = cell.coefficients.kinetics, cell.V.tabulate_dof_coordinates()
    speed = float(kinetics.M.value) / (SHARPENING * length)
    ahead = (
        (above > (TAIL + 0.1) * length)
        & (above < (BAND - 0.1) * length)
        & (np.abs(x[:, 0] - 5e-6) < 4e-6)
    )
    way = (after.psi - before.psi)[ahead] / (-0.2 * above[ahead] / length)
    assert way == pytest.approx(1 - np.exp(-speed * dt / length), abs=0.02)
    elsewhere = (above < (TAIL - 0.1) * length) | (above > (BAND + 0.1) * length)
    assert (after.psi == before.psi)[elsewhere].all()
    assert (after.xi == before.xi).all(), "the balances start from what there is"


def test_the_tail_of_a_piece_that_stands_is_left_alone(cell):
    """Left of the middle the front moves, right of it at a twentieth of that speed."""
    above, _ = planar(cell, 2.5e-6)
    k, length, x = cell.coefficients.kinetics, 0.4e-6, cell.V.tabulate_dof_coordinates()[:, 0]
    k.curvature.x.array[:] = 0.0
    k._follow(-0.1)
    front = NodalFront(k, k.inside())
    excess = front.V * front.resistance / front.k_c
    cell.state.c.x.array[:] -= np.where(x > 5e-6, 0.95 * excess, 0.0)
    steep = np.where(np.abs(above) > TAIL * length, 0.8, 1.0)
    cell.state.xi.x.array[:] = from_psi(-steep * above / length)
    base = cell.base()
    moved = cell.begin_step(0.0, 30.0, base).psi != base.psi
    ahead = (above > (TAIL + 0.1) * length) & (above < (BAND - 0.1) * length)
    assert moved[ahead & (x < 4e-6)].all() and not moved[ahead & (x > 6e-6)].any()


def test_a_round_front_is_given_a_third_of_its_curvature_and_the_capillarity_of_its_normals(cell):
    radius, k = 5e-6, cell.coefficients.kinetics
    x = cell.V.tabulate_dof_coordinates()[:, :2] - np.array([5e-6, 0.0])
    r = np.hypot(*x.T)
    cell.state.xi.x.array[:] = from_psi((radius - r) / 0.4e-6)
    k.begin_step(0.0, 0.1, cell.base())
    theta = np.arctan2(-x[:, 1], -x[:, 0])
    near = (np.abs(r - radius) < 4e-7) & (np.abs(theta + np.pi / 2) < 1)
    assert near.sum() > 20
    curvature = k.curvature.x.array[near]
    assert curvature.mean() == pytest.approx(1 / (3 * radius), rel=0.03)
    chi = k.nodal_mobility.x.array / (cell.numbers.interface.L_sigma * k.capillarity.x.array)
    exact = thin_front.capillarity(theta, 0.05, 6, chi)[near]
    assert k.capillarity.x.array[near] == pytest.approx(exact, abs=0.1)


def test_deposit_without_a_front_is_left_alone(cell):
    k = cell.coefficients.kinetics
    for xi in (1e-3, 0.999):
        cell.state.xi.x.array[:] = xi
        base = cell.base()
        assert (cell.begin_step(0.0, 1.0, base).psi == base.psi).all()
        assert not k.near.x.array.any() and not k.carried.x.array.any()
        assert float(k.M.value) == 0.0


def test_walls_mirror_a_slanted_front(cell):
    """At a wall its normal is turned towards the wall's own direction; inside it is as it is."""
    x = cell.V.tabulate_dof_coordinates()
    slant = np.array([0.6, -0.8])
    cell.state.xi.x.array[:] = from_psi(((x[:, 0] - 5e-6) * 0.6 - (x[:, 1] - 5e-6) * 0.8) / 4e-7)
    cell.coefficients.kinetics.begin_step(0.0, 0.1, cell.base())
    normals = cell.coefficients.kinetics.normal.x.array.reshape(-1, 2)
    on_front = np.abs((x[:, :2] - 5e-6) @ slant) < 4e-7 / 2
    wall = on_front & (np.minimum(x[:, 0], 10e-6 - x[:, 0]) < 1e-9)
    inside = on_front & (np.abs(x[:, 0] - 5e-6) < 2e-6)
    assert wall.any() and normals[inside] == pytest.approx(
        np.tile(slant, (inside.sum(), 1)), abs=1e-9
    )
    assert (np.abs(normals[wall, 0]) < 0.5).all()
