# SPDX-License-Identifier: MIT
"""Currents of both electrodes under the printed equations: Ohm's law, and the charge between."""

import numpy as np
import pytest

from solver.equations.observe import Observer
from solver.laws import energy
from tests.small_cell import build, march

WIDTH, HEIGHT, F, C_LI = 10e-6, 10e-6, 96500, 7.64e4
LOWER, UPPER = 0.565, 0.2
EULER = ("time.scheme=backward_euler", "mechanics.enabled=false", "mesh.size_min=0.5 um",
         "mesh.size_max=0.5 um")  # fmt: skip
P2 = ("solver.scheme=monolithic", "solver.degree=2", "phase_field.interface_length=0.8 um",
      "mesh.size_min=1 um", "mesh.size_max=1 um")  # fmt: skip


@pytest.mark.parametrize("given", [(), ("kinetics.interface=quantitative",), P2])
def test_currents_are_those_of_ohms_law(given):
    """A uniform field in two layers without deposit: each electrode sees the layer it touches."""
    model, _ = build(*EULER, *given)
    s, field = model.state, 0.1 / HEIGHT
    s.xi.x.array[:] = 0.0
    s.phi.x.array[:] = field * (model.V.tabulate_dof_coordinates()[:, 1] - HEIGHT)
    row = Observer(model).row(0, 0.0, 0.0, 0.0)
    assert row["anode_current_A_per_m2"] == pytest.approx(LOWER * field, rel=1e-10)
    assert row["counter_current_A_per_m2"] == pytest.approx(UPPER * field, rel=1e-10)
    assert row["deposition_A_per_m2"] == 0


@pytest.mark.parametrize(
    "given", [(), ("solver.scheme=monolithic",), ("potential.charge_scale=0.25",), P2]
)
def test_currents_differ_by_the_charge_that_the_deposit_takes(given):
    """In every step, to what the solver leaves: nothing else is between the electrodes."""
    model, integrator = build(*EULER, *given)
    observer, scale = Observer(model), model.config.potential.charge_scale
    first = observer.row(0, 0.0, 0.0, 0.0)
    assert first["counter_current_A_per_m2"] == pytest.approx(
        first["anode_current_A_per_m2"], rel=1e-6
    )
    for step, dt in enumerate((0.02, 0.05), 1):
        march(integrator, [dt])
        row = observer.row(step, 0.0, dt, 0.0)
        taken = row["counter_current_A_per_m2"] - row["anode_current_A_per_m2"]
        assert row["deposition_A_per_m2"] > 100
        assert taken == pytest.approx(scale * row["deposition_A_per_m2"], rel=1e-6)


def test_currents_are_of_the_end_of_a_step():
    """With a method of two stages they have the rate of the next instant, not the mean."""
    model, integrator = build(*EULER, "time.scheme=sdirk2")
    observer, found = Observer(model), []
    for dt in (0.02, 1e-5):
        march(integrator, [dt])
        found.append(observer.row(1, 0.0, dt, 0.0))
    at_end = found[0]["counter_current_A_per_m2"] - found[0]["anode_current_A_per_m2"]
    mean, next_mean = (row["deposition_A_per_m2"] for row in found)
    assert at_end == pytest.approx(next_mean, rel=2e-3)
    assert abs(mean / next_mean - 1) > 0.01


def test_electrons_meet_the_ions_in_the_deposit():
    """Their current enters at the anode; the deposit takes it as h(xi) grows."""
    model, integrator = build(*EULER, "reading=electron_limited")
    observer, xi = Observer(model), model.state.xi.x.array
    before = energy.h(xi)
    march(integrator, [0.02])
    row = observer.row(1, 0.02, 0.02, 0.0)
    taken = row["anode_current_A_per_m2"] - row["counter_current_A_per_m2"]
    grown = float(np.dot(model.lumped_mass, energy.h(xi) - before))
    charge = model.config.potential.charge_scale * F * C_LI
    assert taken == pytest.approx(charge * grown / 0.02 / WIDTH, rel=1e-3)
