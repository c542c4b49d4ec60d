# SPDX-License-Identifier: MIT
"""Lithium that flows, at points: Norton's creep and the yield stress."""

from __future__ import annotations

import numpy as np
import pytest

from solver.laws.creep import Norton, Plastic, Strain, deviator, returned

RT = 8.314 * 298.0
LITHIUM = Norton.of(4.25e4, 37e3, 0.15, 1.1e6, RT)


def full(strain: Strain) -> np.ndarray:
    """The deviator as a 3 x 3 tensor."""
    xx, yy, xy = (float(np.squeeze(x)) for x in strain)
    return np.array([[xx, xy, 0], [xy, yy, 0], [0, 0, -xx - yy]])


def relaxed(law: Norton, stress: float, E: float, t: float) -> float:
    """Stress of a bar whose strain is held, after Norton's creep for a time."""
    B, n = law.rate / law.S**law.n, law.n
    return (stress ** (1 - n) + (n - 1) * E * B * t) ** (1 / (1 - n))


@pytest.mark.parametrize(
    ("rate", "MPa"), [(2e-5, 0.41224), (2e-4, 0.58230), (2e-3, 0.82253), (2e-2, 1.16185)]
)
def test_flow_stress_of_lithium_at_four_rates(rate, MPa):
    assert LITHIUM.rate == pytest.approx(0.013888, rel=1e-4)
    assert LITHIUM.stress(rate) == pytest.approx(MPa * 1e6, rel=1e-5)


def test_a_bar_of_lithium_relaxes_by_first_order():
    E, t, begun = 4900e6, 100.0, 0.8e6
    exact = relaxed(LITHIUM, begun, E, t)
    assert exact == pytest.approx(0.173524e6, rel=1e-5)
    errors = []
    for steps in (4000, 8000):
        stress = np.array([begun])
        for _ in range(steps):
            stress, _ = LITHIUM.returned(stress, E * t / steps)
        errors.append(float(stress[0]) / exact - 1)
    assert 0 < errors[1] < 1e-3
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize("m", [1.0, 0.15, 0.05])
@pytest.mark.parametrize("k", [0.0, 1e-3, 1e6, 1e12, 1e18])
def test_the_returned_stress_solves_its_equation(m, k):
    law = Norton.of(4.25e4, 37e3, m, 1.1e6, RT)
    trial = np.array([0.0, 1e-6, 1.0, 1e5, 1e6, 1e9, 1e12])
    stress, slope = law.returned(trial, k)
    left = stress + k * law.rate * np.exp(law.n * np.log(np.maximum(stress / law.S, 1e-300)))
    assert np.allclose(left, trial, rtol=1e-11, atol=1e-12)
    above, below = (law.returned(trial[1:] * (1 + e), k)[0] for e in (1e-6, -1e-6))
    assert np.allclose(slope[1:], (above - below) / (2e-6 * trial[1:]), rtol=1e-6, atol=1e-9)


def test_a_yield_stress_is_kept():
    law, trial = Plastic(0.8e6), np.array([0.0, 0.5e6, 0.8e6, 3e6])
    stress, slope = law.returned(trial, 1.0)
    assert np.array_equal(stress, [0.0, 0.5e6, 0.8e6, 0.8e6])
    assert np.array_equal(slope, [1.0, 1.0, 1.0, 0.0])
    assert law.stress(1e-3) == 0.8e6


@pytest.mark.parametrize("law", [LITHIUM, Plastic(0.8e6)])
def test_flow_is_along_the_stress_and_keeps_the_volume(law):
    mu, tau = 1.8e9, 7.0
    whole = np.array([[3e-3, 1e-3, 0], [1e-3, -2e-3, 0], [0, 0, 1e-3]])
    trial = deviator(whole[0, 0], whole[1, 1], whole[0, 1], whole[2, 2])
    assert np.allclose(full(trial), whole - np.trace(whole) / 3 * np.eye(3), atol=1e-18)
    found = returned(law, Strain(*(np.array([x]) for x in trial)), mu, tau)
    s = 2 * mu * full(found.elastic)
    equivalent = np.sqrt(1.5 * (s * s).sum())
    flowed = full(trial) - full(found.elastic)
    assert abs(np.trace(flowed)) <= 1e-12 * np.abs(flowed).max()
    size = np.sqrt(2 / 3 * (flowed * flowed).sum())
    assert np.allclose(flowed, 1.5 * s / equivalent * size, rtol=1e-12)
    if isinstance(law, Norton):
        assert size == pytest.approx(tau * law.rate * (equivalent / law.S) ** law.n, rel=1e-12)
    else:
        assert equivalent == pytest.approx(law.yield_stress, rel=1e-14)


@pytest.mark.parametrize("law", [LITHIUM, Plastic(0.8e6), Plastic(1e12)])
def test_the_direction_and_the_slopes_are_the_derivative(law):
    mu, tau = 1.8e9, 3.0
    trial, way = deviator(2e-3, -1e-3, 4e-4), deviator(1e-3, 3e-3, -2e-3)
    arrays = [Strain(*(np.array([a + e * b]) for a, b in zip(trial, way, strict=True)))
              for e in (0.0, 1e-6, -1e-6)]  # fmt: skip
    here, above, below = (returned(law, x, mu, tau) for x in arrays)
    change = (full(above.elastic) - full(below.elastic)) / 2e-6
    n = full(here.along)
    assert (n * n).sum() == pytest.approx(1, rel=1e-13)
    expected = here.kept * full(way) + (here.slope - here.kept) * (n * full(way)).sum() * n
    assert np.allclose(change, expected, rtol=1e-7, atol=1e-9 * np.abs(change).max())


def test_without_stress_there_is_no_flow():
    found = returned(LITHIUM, Strain(*np.zeros((3, 1))), 1.8e9, 1e9)
    assert np.array_equal(np.ravel(found.elastic), np.zeros(3))
    assert found.kept == 1 and found.slope == 1 and not np.any(found.along)
