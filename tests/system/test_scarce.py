# SPDX-License-Identifier: MIT
"""A hole in the deposit without Li+: surface tension closes it, unless growth needs Li+."""

import numpy as np
import pytest

from solver.base.errors import StageRejected
from solver.equations.observe import Observer
from tests.small_cell import build

RADIUS = 1.5e-6


def hole(*overrides):
    """A cell full of deposit but for a round hole, and without Li+."""
    model, steps = build(
        "mechanics.enabled=false", "boundary.c_counter=0.01", "phase_field.L_eta=1e-3",
        "mesh.size_min=0.2 um", "mesh.size_max=0.2 um", "solver.pass_tolerance=3e-3",
        *overrides,
    )  # fmt: skip
    x, y = model.V.tabulate_dof_coordinates().T[:2]
    length = model.numbers.interface.length
    distance = RADIUS - np.hypot(x - 5e-6, y - 5e-6)
    model.state.xi.x.array[:] = 1 / (1 + np.exp(distance / length))
    model.state.c.x.array[:] = 0.01
    steps.start(0.0)
    return model, steps


def test_surface_tension_fills_a_hole_with_lithium_that_is_not_there():
    _, steps = hole()
    with pytest.raises(StageRejected, match="c/c0 fell to .*kinetics.c_half"):
        steps.step(0.05)


def test_nothing_grows_without_ions():
    model, steps = hole("kinetics.c_half=1")
    i, whole = model.numbers.interface, model.lumped_mass.sum()
    closed_in = 0.5 * RADIUS**2 / (i.L_sigma * i.kappa_0)  # R^2 = R0^2 - 2 L_sigma kappa_0 t
    before = whole - Observer(model).deposit_area()
    for number in range(20):
        steps.step(closed_in / 20)
        steps.keep((number + 1) * closed_in / 20)
    assert whole - Observer(model).deposit_area() == pytest.approx(before, rel=1e-3)
