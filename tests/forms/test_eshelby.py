# SPDX-License-Identifier: MIT
"""Stress of a disk of deposit, and the elastic driving force, against exact values."""

import pytest

from benchmarks.verification import common, eshelby


@pytest.fixture(scope="module")
def disks():
    return eshelby.convergence((8, 16, 32))


def test_strain_and_stress_inside_the_disk(disks):
    strain, stress = disks[1][-1]
    assert strain == pytest.approx(eshelby.STRAIN, rel=0.02)
    assert stress == pytest.approx(eshelby.STRESS, rel=0.02)
    assert stress > 0  # a negative Vegard strain pulls


def test_strain_converges_at_first_order_or_better(disks):
    curve, _ = disks
    assert common.order(curve.steps, curve.errors) > 0.9


def test_driving_force_is_the_derivative_of_the_energy():
    assert eshelby.driving_force_error() < 1e-6
