# SPDX-License-Identifier: MIT
"""Speed of the planar front against the travelling-wave equation."""

import numpy as np
import pytest

from benchmarks.verification import common, planar_front
from solver.laws import thin_front


@pytest.mark.slow
@pytest.mark.parametrize("b", [0.1, 0.4606])
def test_speed_and_its_order(b):
    # At half this step the errors are the same but for 0.00003.
    curve = planar_front.convergence(b, (0.5, 0.25), way_per_step=0.1)
    assert curve.errors[1] < 0.01  # l/h = 4
    assert common.order(curve.steps, curve.errors) == pytest.approx(2, abs=0.1)


def test_scarce_ions_slow_growth_down_by_their_factor():
    got = planar_front.speed(0.1, 0.25, c_half=1000.0)
    assert got == pytest.approx(planar_front.SPEEDS[0.1] / 2, rel=0.01)


def test_an_anisotropic_front_is_faster_by_its_width():
    """The wave of kappa_0 (1 + delta) is that of kappa_0 in lengths that are longer by sqrt."""
    got = planar_front.speed(0.1, 0.25, delta=0.1)
    assert got == pytest.approx(
        planar_front.SPEEDS[0.1] * thin_front.width(np.pi / 2, 0.1, 4), rel=0.01
    )


def test_backward_euler_in_the_front_coordinate_is_good_at_large_steps():
    # A quarter of l per step: a steady front is nearly a straight line in psi.
    got = planar_front.speed(0.1, 0.25, way_per_step=0.25, scheme="backward_euler")
    assert got == pytest.approx(planar_front.SPEEDS[0.1], rel=0.01)
