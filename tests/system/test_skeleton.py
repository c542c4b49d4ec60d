# SPDX-License-Identifier: MIT
"""Filaments: inert by construction, stiff, and no way round the conservation laws."""

from __future__ import annotations

import mpi4py.MPI  # noqa: F401
import numpy as np
import pytest
import ufl

from dolfinx import fem

from solver.base.errors import InputError
from solver.cell import inert
from solver.cell.geometry import cell_geometry
from solver.equations.observe import Observer
from solver.input import loading
from solver.laws import elasticity
from solver.terms import transport
from tests.small_cell import CONFIG, build

SKELETON = "skeleton={count: 2, width: 1.5 um, start: 4.2 um, end: 7 um, E: 300 GPa, nu: 0.2}"


@pytest.fixture(scope="module")
def grown():
    model, integrator = build(SKELETON, "solver.pass_tolerance=1e-5")
    observer = Observer(model)
    entered = 0.0
    for _ in range(6):
        step = integrator.step(0.3)
        integrator.keep(integrator.history[-1][0] + 0.3)
        entered += step.inflow
    return model, observer, entered


def test_electrolyte_is_the_cell_less_the_filaments(grown):
    model, *_ = grown
    assert model.lumped_mass.sum() == pytest.approx(1e-12 * (100 - 2 * 1.5 * 2.8), rel=1e-12)


def test_nothing_is_deposited_in_filaments(grown):
    model, observer, _ = grown
    assert observer.tip() > 4.2e-6, "the deposit has not reached the filaments"
    assert len(model.inside_skeleton) > 50
    assert np.all(model.state.xi.x.array[model.inside_skeleton] == 0.0)
    outside = fem.form(model.solid(model.state.xi) * ufl.dx)
    counted = observer.deposit_area()
    assert fem.assemble_scalar(outside) == pytest.approx(counted, rel=1e-12)


def test_lithium_is_conserved_around_filaments(grown):
    model, observer, entered = grown
    content = observer.content()
    assert content == pytest.approx(observer.content_expected + entered, rel=1e-11)


def test_filaments_have_their_own_stiffness(grown):
    model, *_ = grown
    inside = inert.cells(model.domain)
    lam, mu = elasticity.lame(300e9, 0.2)
    assert np.all(model.coefficients.elasticity.lam_electrolyte.x.array[inside] == lam)
    assert np.all(model.coefficients.elasticity.mu_electrolyte.x.array[inside] == mu)


def test_uniform_strip_of_filaments_leaves_the_conductance_of_the_gaps():
    """Between wide filaments the current can only take the gap: series of three resistances."""
    tall = "skeleton={count: 1, width: 5 um, start: 3 um, end: 9.8 um}"
    model, _ = build(
        tall, "nuclei.film=0.5 um", "nuclei.count=0", "phase_field.interface_length=0.1 um",
        "nuclei.radius=0.1 um", "mesh.size_min=0.2 um", "layers.1.sigma_ion=0.565",
        "mechanics.enabled=false",
    )  # fmt: skip
    phi, v = model.state.phi, fem.Function(model.V)
    v.x.array[model.domain.dofs(model.V, "counter")] = 1.0
    form = model.equations["phi"].conduction_form(phi, model.state.xi, v)
    current = fem.assemble_scalar(fem.form(form))
    sigma, width = 0.565, 10.0
    # Ohm of a metre of depth: below, beside and above; constriction only adds to it.
    least = (2.5 / width + 6.8 / (width - 5) + 0.2 / width) / sigma
    open_cell = 9.5 / width / sigma
    assert least < 0.1 / abs(current) < least + 0.5 * open_cell


def test_diffusivity_goes_from_layer_to_deposit_by_h():
    assert transport.diffusivity(0.0, 1.0, 5.0) == 5.0
    assert transport.diffusivity(1.0, 1.0, 5.0) == 1.0
    assert transport.diffusivity(0.5, 1.0, 5.0) == 3.0  # h(1/2) = 1/2


def test_gap_places_filaments_about_the_middle():
    config = loading.parse(
        CONFIG, ["skeleton={count: 3, width: 1 um, gap: 0.5 um, start: 5 um, end: 6 um}"]
    )
    filaments = cell_geometry(config).filaments
    assert [x for x, *_ in filaments] == pytest.approx([3.0, 4.5, 6.0])
    assert filaments[0] == pytest.approx((3.0, 4.0, 5.0, 6.0))


@pytest.mark.parametrize(
    ("skeleton", "words"),
    [
        ("{width: 1 um, start: 3 um, end: 6 um}", ["skeleton", "between the nuclei"]),
        ("{width: 1 um, start: 6 um, end: 5 um}", ["start 6 um", "end 5 um"]),
        ("{width: 1 um, start: 6 um, end: 10 um}", ["counter electrode, 10 um"]),
        ("{width: 3 um, start: 6 um, end: 7 um}", ["do not fit"]),
        ("{width: 1 um, gap: 3 um, start: 6 um, end: 7 um}", ["do not fit"]),
        ("{width: 0.1 um, start: 6 um, end: 7 um}", ["skeleton.width", "mesh.size_min"]),
    ],
)
def test_skeleton_that_cannot_be_is_refused(skeleton, words):
    with pytest.raises(InputError) as caught:
        loading.parse(CONFIG, [f"skeleton={skeleton}"])
    assert all(word in str(caught.value) for word in words)
