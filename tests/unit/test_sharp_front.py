# SPDX-License-Identifier: MIT
"""The sharp front of benchmarks/thin_front, where its ripples have a closed form: no migration."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.thin_front import ion_stability, sharp
from solver.equations.thin_front import TAIL

K_C = sharp.K_0 * np.exp(0.5 * sharp.F_RT * 0.1)
K_A = sharp.K_0 * np.exp(-0.5 * sharp.F_RT * 0.1)


def test_the_steady_front_takes_what_diffusion_brings():
    """c = c_s + c_Li (1 - exp(-V z/D)), without migration, is c0 at the counter electrode."""
    front = sharp.problem("S")
    c_s = (front.V + K_A) / K_C
    drop = sharp.C_LI * -np.expm1(-front.V * front.gap / sharp.D)
    assert c_s + drop == pytest.approx(1, rel=1e-5)
    assert front.c(front.gap) == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("in_metal", ["as_printed", "none"])
@pytest.mark.parametrize("wavelength", [40.0, 20.0, 10.0, 7.0, 5.0])
def test_ripples_grow_as_in_closed_form(wavelength, in_metal):
    """D [c'] = c_Li s on the front, with c a sum of exponentials in its frame."""
    front = sharp.problem("S", in_metal=in_metal)
    V, D, gap, s = front.V, sharp.D, front.gap, front.ripple(wavelength).s
    q = 2 * np.pi / wavelength
    root = np.sqrt(V**2 + 4 * D * (D * q**2 + s))
    rise, fall = (root - V) / (2 * D), (-root - V) / (2 * D)
    back = np.exp((fall - rise) * gap)
    gradient = sharp.C_LI * V / D
    on_front = (s + sharp.GAMMA * q**2) / K_C
    slope = (on_front - gradient) * (fall - rise * back) / (1 - back)
    balance = D * (slope - V / D * gradient)
    if in_metal == "as_printed":
        balance -= D * rise * on_front
    assert balance == pytest.approx(sharp.C_LI * s, rel=2e-3)


@pytest.mark.parametrize(("mobility", "order"), [(2.0, 1.3), (8.0, 1.75)])
def test_a_thick_front_in_a_single_ion_conductor_is_near_the_sharp_one(mobility, order):
    """Gamma/(V l) falls with l too, and with it the weights at 2 V l: its order is still rising."""
    front = ion_stability.Front(mobility)
    now, finer = (ion_stability.growth(7.0, length, front) for length in (0.11, 0.055))
    assert abs(now) < 1.1e-3 and np.log2(now / finer) > order


@pytest.mark.parametrize("mobility", [2.0, 8.0])
def test_its_error_is_of_second_order_where_capillarity_smooths_it(mobility):
    """V l is at most 0.1 Gamma, and the tails are whole."""
    gamma = 25 * ion_stability.CAPILLARY
    front = ion_stability.Front(mobility, capillary=gamma, tail=8.0, finer=2)
    assert 0.1 * gamma > 0.055 * ion_stability.V
    coarse, fine = (ion_stability.growth(40.0, length, front) for length in (0.055, 0.0275))
    assert abs(coarse) < 1e-4 and np.log2(coarse / fine) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("mobility", [2.0, 8.0])
def test_what_the_field_of_the_reaction_alone_leaves_is_of_first_order(mobility):
    """Gamma q^2 <x>/(sigma R) of V/(sigma R) - Gamma q^2, with the weight that M leaves x.

    That is xi^(1 + nu - mu) (1 - xi)^(1 + nu + mu) up to 5 l ahead of the front, mu = V l/(Gamma +
    M), nu = Gamma/(Gamma + M).
    """
    length, gamma, V = 0.11, ion_stability.CAPILLARY, ion_stability.V
    fronts = (ion_stability.Front(mobility, whole) for whole in (True, False))
    whole, alone = (ion_stability.growth(7.0, length, front) for front in fronts)
    mu, nu = np.array([V * length, gamma]) / (gamma + mobility * V * length)
    x = np.linspace(-12, TAIL, 4001)
    xi = 1 / (1 + np.exp(x))
    mean = length * np.average(x, weights=xi ** (1 + nu - mu) * (1 - xi) ** (1 + nu + mu))
    held, driven = gamma * (2 * np.pi / 7) ** 2, V / ion_stability.SIGMA_R
    expected = -held / (driven - held) * mean / ion_stability.SIGMA_R
    assert alone - whole == pytest.approx(expected, rel=0.15)
