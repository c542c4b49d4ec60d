# SPDX-License-Identifier: MIT
"""Griffith's and Sneddon's cracks, by numbers worked out by hand."""

import math

import pytest

from solver.laws import fracture

LPSC = (fracture.toughness(0.23e6, 22.1e9, 0.37), 22.1e9, 0.37)
LLZO = (fracture.toughness(1.0e6, 149.8e9, 0.26), 149.8e9, 0.26)


def test_toughness_from_the_stress_intensity():
    # (0.23 MPa m^0.5)^2 (1 - 0.37^2)/22.1 GPa
    assert LPSC[0] == pytest.approx(2.0660, rel=1e-4)
    assert LLZO[0] == pytest.approx(6.2243, rel=1e-4)


@pytest.mark.parametrize(
    ("material", "half_length", "pressure"),
    [(LPSC, 0.5, 183.5), (LPSC, 1, 129.8), (LPSC, 5, 58.0), (LLZO, 1, 564.2), (LLZO, 5, 252.3)],
)
def test_critical_pressure_and_length(material, half_length, pressure):
    p = fracture.critical_pressure(*material, half_length * 1e-6)
    assert p == pytest.approx(pressure * 1e6, rel=1e-3)
    assert fracture.critical_length(*material, p) == pytest.approx(half_length * 1e-6)


def test_opening_and_area_at_the_critical_pressure():
    G_c, E, nu = LPSC
    p = fracture.critical_pressure(G_c, E, nu, 1e-6)
    assert fracture.opening(p, E, nu, 1e-6) == pytest.approx(20.27e-9, rel=1e-3)
    assert fracture.opening(p, E, nu, 1e-6, 0.6e-6) == pytest.approx(0.8 * 20.27e-9, rel=1e-3)
    assert fracture.opening_area(p, E, nu, 1e-6) == pytest.approx(31.84e-15, rel=1e-3)
    # Griffith: half the work of the pressure is what the crack has set free so far, G = dW/d(2a)
    released = fracture.opening_area(p, E, nu, 1.0001e-6) - fracture.opening_area(p, E, nu, 1e-6)
    assert p * released / 2 / (2 * 1e-10) == pytest.approx(G_c, rel=1e-3)


def test_pressure_that_varies_along_a_crack():
    """K of the end over that of its pressure everywhere, for p as 1, x and x^2 of the place."""
    shares = {
        # 1/pi int_0^pi f(cos^2(t/2)) (1 + cos t) dt
        True: (1, 3 / 4, 5 / 8),
        # 2/pi int_0^(pi/2) f(sin t) dt
        False: (1, 2 / math.pi, 1 / 2),
    }
    for whole, expected in shares.items():
        found = [fracture.as_uniform(lambda x, n=n: 7e6 * x**n, whole) for n in range(3)]
        assert found == pytest.approx([7e6 * share for share in expected], rel=1e-9)
    # The outer half alone, of half a crack: 1 - 2/pi asin(1/2).
    outer = fracture.as_uniform(lambda x: 1.0 * (x > 0.5), whole=False)
    assert outer == pytest.approx(2 / 3, abs=0.03)


def test_strength_of_a_bar_without_a_notch():
    assert fracture.strength("AT1", *LPSC, 1e-7) == pytest.approx(445e6, rel=2e-3)
    assert fracture.strength("AT2", *LPSC, 1e-7) == pytest.approx(236e6, rel=2e-3)
    assert fracture.strength("AT1", *LLZO, 1e-7) == pytest.approx(1937e6, rel=2e-3)
    assert fracture.strength("AT2", *LLZO, 1e-7) == pytest.approx(1027e6, rel=2e-3)


def test_normalisation_is_the_integral_of_the_profile():
    middles = [(i + 0.5) / 10000 for i in range(10000)]
    for model, w in (("AT1", lambda d: d), ("AT2", lambda d: d * d)):
        integral = 4 * sum(math.sqrt(w(d)) for d in middles) / 10000
        assert fracture.normalisation(model) == pytest.approx(integral, rel=1e-5)


def test_toughness_on_a_mesh():
    assert fracture.on_mesh("AT1", 1.0, 4.0) == 1 + 3 / 32
    assert fracture.on_mesh("AT2", 1.0, 4.0) == 1 + 1 / 8


def test_lithium_presses_with_its_overpotential_up_to_a_limit():
    # 0.1356 mV per MPa
    assert fracture.lithium_pressure(-17.6e-3, 96500, 76400, 1e9) == pytest.approx(
        129.8e6, rel=1e-3
    )
    assert fracture.lithium_pressure(17.6e-3, 96500, 76400, 1e8) == 1e8
