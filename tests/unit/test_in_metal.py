# SPDX-License-Identifier: MIT
"""A front before a metal without Li+: what it passes on, of arrays and in forms."""

from __future__ import annotations

import numpy as np
import pytest
import ufl

from solver.laws import in_metal, thin_front

X = np.linspace(-30, 30, 60001)
XI = 1 / (1 + np.exp(X))
STEP = X[1] - X[0]
LAWS = (
    in_metal.share_along_normal,
    in_metal.share_along_front,
    lambda xi: in_metal.distance(xi, 0.3),
)


def excess(values: np.ndarray) -> float:
    """Integral of what a thick front has more of than a sharp one at x = 0."""
    return (values - (X > 0) - 0.5 * (X == 0)).sum() * STEP


def test_the_current_falls_as_what_is_electrolyte():
    gradient = in_metal.METALS["none"].gradient(XI)
    assert gradient * in_metal.share_along_normal(XI) == pytest.approx(1 - XI, rel=1e-12)


def test_neither_series_nor_surface_conduction_has_an_excess():
    assert excess(in_metal.METALS["none"].gradient(XI)) == pytest.approx(0, abs=1e-6)
    assert excess(in_metal.share_along_front(XI)) == pytest.approx(0, abs=1e-6)
    both = in_metal.share_along_normal(XI)  # as a scalar it would add to one of them
    assert excess(both) > 2


@pytest.mark.parametrize("name", in_metal.METALS)
def test_distance_is_the_integral_of_its_gradient(name):
    metal, length = in_metal.METALS[name], 0.3
    L = metal.distance(XI, length)
    inside = XI < 1 - 1e-6  # beyond there is nothing but round-off in 1 - xi
    middle = 0.5 * (metal.gradient(XI)[1:] + metal.gradient(XI)[:-1])
    assert np.diff(L)[inside[1:]] == pytest.approx(length * STEP * middle[inside[1:]], rel=1e-4)
    assert L[-1] == pytest.approx(length * X[-1], rel=1e-6), "ahead of the front it is the distance"
    assert L[0] == pytest.approx(0, abs=1e-6) and (L >= 0).all()


@pytest.mark.parametrize("name", in_metal.METALS)
def test_mean_distance(name):
    metal = in_metal.METALS[name]
    mean = (6 * (XI * (1 - XI)) ** 2 * metal.distance(XI, 1.0)).sum() * STEP
    assert mean == pytest.approx(metal.mean, rel=1e-8)


def test_a_metal_without_ions_is_a_longer_way():
    assert in_metal.METALS["none"].mean == pytest.approx(0.91606, abs=1e-5)
    assert in_metal.METALS["as_printed"].mean == thin_front.MEAN_DISTANCE == 5 / 6


def test_forms_have_the_same_laws_and_end_in_pure_metal():
    for law in LAWS:
        some = XI[::997]
        found = np.array([ufl.as_ufl(law(ufl.as_ufl(float(x))))(()) for x in some])
        assert found == pytest.approx(law(some), rel=1e-9, abs=1e-7)
        assert law(np.array([1.0 + 1e-12, 1.0])) == pytest.approx(0, abs=1e-12)
        beyond = ufl.as_ufl(law(ufl.as_ufl(1.0 + 1e-12)))(())
        assert beyond == pytest.approx(0, abs=1e-6)
