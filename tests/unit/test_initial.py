"""The initial deposit against its geometry."""

from __future__ import annotations

import numpy as np
import pytest

from solver.cell import initial
from solver.input.deposit import Nuclei

WIDTH = 50e-6


def test_disks_are_where_the_config_says():
    nuclei = Nuclei(positions=[1e-5, 4e-5], radius=2e-6, radius_spread=0.0)
    assert initial.disks(nuclei, WIDTH) == pytest.approx(np.array([[1e-5, 2e-6], [4e-5, 2e-6]]))


def test_random_disks_stay_within_their_spread_and_repeat():
    nuclei = Nuclei(count=40, jitter=0.3, radius=1e-6, radius_spread=0.2, seed=7)
    disks = initial.disks(nuclei, WIDTH)
    assert np.array_equal(disks, initial.disks(nuclei, WIDTH))
    places = (np.arange(40) + 0.5) * WIDTH / 40
    assert (np.abs(disks[:, 0] - places) <= 0.3 * WIDTH / 40).all()
    assert (np.abs(disks[:, 1] / 1e-6 - 1) <= 0.2).all()
    assert np.ptp(disks[:, 1]) > 0.2e-6


def test_profile_is_one_half_on_the_surface_and_has_the_interface_length():
    nuclei = Nuclei(film=3e-6, positions=[2.5e-5], radius=2e-6, radius_spread=0.0)
    x, y = np.array([2.5e-5, 0.0, 2.5e-5]), np.array([5e-6, 3e-6, 5e-6 + 0.4e-6])
    xi = initial.phase_field(initial.distance(x, y, nuclei, WIDTH), length=0.4e-6)
    assert xi == pytest.approx([0.5, 0.5, 1 / (1 + np.e)])


def test_no_film_leaves_the_anode_bare():
    nuclei = Nuclei(film=0.0, positions=[2.5e-5], radius=2e-6, radius_spread=0.0)
    distance = initial.distance(np.array([0.0, 2.5e-5]), np.zeros(2), nuclei, WIDTH)
    xi = initial.phase_field(distance, length=0.1e-6)
    assert xi == pytest.approx([0.0, 1.0], abs=1e-8)
