# SPDX-License-Identifier: MIT
"""The rate of a front of any thickness: its closed forms, of arrays and in forms."""

import numpy as np
import pytest
import ufl

from solver.input.sections import PhaseField
from solver.laws import energy, kinetics, scaling, thin_front

F_RT = 96500 / (8.314 * 297.15)
C_LI_D = 7.64e4 / 1e-11
LENGTHS = [0.44e-6, 0.22e-6, 0.11e-6, 0.055e-6]
Z = np.array([-8.0, -0.3, -1.001e-3, -0.999e-3, -1e-9, 0.0, 1e-5, 0.999e-3, 1.001e-3, 0.5, 8.0])


def k_c(eta, c0=1000.0):
    """dV/dc_s of Table S1 at an overpotential [m^4/mol/s]: the same at any length."""
    i = scaling.interface(PhaseField(interface_length="0.44 um"))
    return 6 * i.L_eta * i.length * kinetics.cathodic(eta, 0.5, F_RT) / c0


def in_forms(function, *arrays):
    """Values that a function has in forms at the numbers of arrays."""
    rows = zip(*arrays, strict=True)
    found = [function(*(ufl.as_ufl(float(x)) for x in row)) for row in rows]
    return np.array([[ufl.as_ufl(x)(()) for x in np.atleast_1d(row)] for row in found]).squeeze()


def test_beta_and_the_mean_of_it_at_any_z():
    beta, g = thin_front.boltzmann(Z)
    safe = np.where(Z == 0, 1.0, Z)
    assert beta == pytest.approx(np.exp(-Z), rel=1e-15)
    assert g == pytest.approx(np.where(Z == 0, 1.0, -np.expm1(-Z) / safe), rel=1e-12)
    both = np.array([beta, g])
    assert pytest.approx(both, rel=1e-12) == in_forms(thin_front.boltzmann, Z).T


def test_distance_from_the_sharp_front():
    x = np.linspace(-8, 30, 20)
    xi = 1 / (1 + np.exp(x))
    found = thin_front.distance(xi, 0.44e-6)
    L = 0.44e-6 * np.logaddexp(0, x)
    assert found == pytest.approx(L, rel=1e-12)
    assert found[-1] == pytest.approx(30 * 0.44e-6), "ahead of the front it is the distance"
    assert in_forms(lambda y: thin_front.distance(y, 0.44e-6), xi) == pytest.approx(L, rel=1e-12)
    none = np.array([0.0])
    assert thin_front.distance(none, 1.0) == pytest.approx(300 * np.log(10), rel=1e-12)
    assert in_forms(lambda y: thin_front.distance(y, 1.0), none) == pytest.approx(300 * np.log(10))


@pytest.mark.parametrize("eta", [-0.1, 0.02])
def test_every_node_of_a_sharp_profile_reads_its_speed(eta):
    """c = c_s beta + (c_Li V/D) L g solves D (c' + c z') = c_Li V, with any field ahead."""
    growth, c_s = k_c(eta), 130.0
    V = growth * c_s - 1000 * k_c(eta) * np.exp(F_RT * eta)
    assert (V > 0) == (eta < 0)
    L = np.linspace(0, 5e-6, 40)
    for field in (-2e4, 0.0, 1e3, 4e4):
        z = F_RT * field * L
        beta, g = thin_front.boltzmann(z)
        c = c_s * beta + C_LI_D * V * L * g
        steps = np.diff(c * np.exp(z)) / np.diff(L)  # (c e^z)' = (c' + c z') e^z
        middle = F_RT * field * (L[1:] + L[:-1]) / 2
        assert steps == pytest.approx(C_LI_D * V * np.exp(middle), rel=5e-3)
        R = thin_front.resistance(beta, g, L, growth, C_LI_D)
        k_a = growth * c_s - V
        assert (growth * c - k_a * beta) / R == pytest.approx(np.full(40, V), rel=1e-12)
        of_form = in_forms(lambda *y: thin_front.resistance(*y, growth, C_LI_D), beta, g, L)
        assert of_form == pytest.approx(R, rel=1e-14)


@pytest.mark.parametrize(
    ("eta", "expected"),
    [(-0.1, [0.525, 0.689, 0.816, 0.898]), (-0.05, [0.746, 0.854, 0.922, 0.959])],
)
def test_capillary_factor_of_table_s1(eta, expected):
    chi = [thin_front.capillary_factor(k_c(eta), C_LI_D, length) for length in LENGTHS]
    assert chi == pytest.approx(expected, abs=6e-4)


def test_mean_distance_is_that_over_the_front():
    x = np.linspace(-40, 40, 20001)
    xi = 1 / (1 + np.exp(x))
    # 6 xi (1 - xi) dxi is the weight of the reaction in a front that moves.
    weight = 6 * (xi * (1 - xi)) ** 2
    mean = np.sum(weight * thin_front.distance(xi, 1.0)) * (x[1] - x[0])
    assert mean == pytest.approx(thin_front.MEAN_DISTANCE, rel=1e-9)


def test_charge_is_taken_where_it_leaves_no_jump_of_phi():
    """phi' = (1 - h)(i_m + J (1 - w))/sigma has the integral of a sharp front's, for any i_m and J.

    And no more charge is taken by a longer front.
    """
    x = np.linspace(-40, 40, 20001)
    xi = 1 / (1 + np.exp(x))
    step, w = np.where(x == 0, 0.5, x > 0), thin_front.charged(xi)
    resistivity = 1 - energy.h(xi)
    for thick in (resistivity, resistivity * (1 - w), 1 - w):
        assert np.sum(thick - step) * (x[1] - x[0]) == pytest.approx(0, abs=1e-9)
    as_xi = np.sum(resistivity * (1 - xi) - step) * (x[1] - x[0])
    assert as_xi == pytest.approx(-47 / 60, rel=1e-6)
    change = (thin_front.charged(xi + 1e-6) - thin_front.charged(xi - 1e-6)) / 2e-6
    assert thin_front.charged_slope(xi) == pytest.approx(change, abs=1e-8)
    assert (thin_front.charged(0.0), thin_front.charged(1.0)) == (0, 1)


@pytest.mark.parametrize(("delta", "omega"), [(0.05, 4), (0.2, 6), (0.0, 4)])
def test_stiffness_is_surface_energy_and_its_second_derivative(delta, omega):
    theta, step = np.linspace(-np.pi, np.pi, 41), 1e-4
    before, gamma, after = (
        np.sqrt(1 + delta * np.cos(omega * (theta + way))) for way in (-step, 0, step)
    )
    expected = gamma + (after - 2 * gamma + before) / step**2
    assert thin_front.stiffness(theta, delta, omega) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("delta", "omega"), [(0.05, 4), (0.2, 6), (0.0, 4)])
def test_an_anisotropic_front_is_moved_by_curvature_as_the_printed_one(delta, omega):
    """chi L_sigma gamma_0 6 l times a (a + a'') at chi = 1; less where k_c is a times as large."""
    theta = np.linspace(-np.pi, np.pi, 41)
    kappa = 1 + delta * np.cos(omega * theta)
    first, second = -omega * delta * np.sin(omega * theta), -(omega**2) * (kappa - 1)
    expected = kappa + second / 2 - first**2 / (4 * kappa)
    of_one = thin_front.capillarity(theta, delta, omega, np.ones(41))
    assert of_one == pytest.approx(expected, rel=1e-12)
    a, wide = 0.7, np.sqrt(kappa)
    chi = 1 / (1 + a)
    of_chi = thin_front.capillarity(theta, delta, omega, np.full(41, chi))
    assert of_chi * chi == pytest.approx(expected / (1 + wide * a), rel=1e-12)


@pytest.mark.parametrize("K", [-4e6, -2.0, 0.0, 3.0, 7e5])
def test_distance_ahead_of_a_curved_front(K):
    """ln(1 + K L)/K, L for a straight front, and no farther than a notch has a centre."""
    L = np.array([0.0, 1e-9, 1e-7, 5e-7, 3e-6])
    KL = np.maximum(K * L, thin_front.DEEPEST)
    exact = L * np.where(KL == 0, 1.0, np.log1p(KL) / np.where(KL == 0, 1.0, KL))
    assert thin_front.radial(L, np.full(5, K)) == pytest.approx(exact, rel=1e-12, abs=1e-30)
    found = in_forms(lambda z: (thin_front.radial(z, K), z), L)
    assert found.T[0] == pytest.approx(exact, rel=1e-12, abs=1e-30)
    step = 1e-3 * L + 1e-12
    ends = [thin_front.radial(L + way, np.full(5, K)) for way in (step, -step)]
    slope = (ends[0] - ends[1]) / (2 * step)
    got = thin_front.radial_slope(L, np.full(5, K))
    assert got == pytest.approx(slope, rel=1e-5)
