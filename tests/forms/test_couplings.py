# SPDX-License-Identifier: MIT
"""What is assembled by edges against the forms, by FFCx: every matrix and every vector."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import ufl
from mpi4py import MPI
from petsc4py import PETSc
from scipy.sparse import csr_array

from dolfinx import fem, mesh

from solver.base import compat
from solver.cell.edges import Edges
from solver.equations.model import Model
from solver.input import loading
from solver.run.remesher import Remesher
from solver.schemes import preconditioners
from solver.schemes.linear import LinearField
from solver.terms import mechanics
from tests.ranks import launcher
from tests.small_cell import CONFIG, bases, build, random_state

ROOT = Path(__file__).parents[2]
COARSE = ("mesh.size_min=1 um", "mesh.size_max=1 um", "solver.pass_tolerance=1e-3")
CASES = {
    "layers": (),
    "deposit": ("lithium.D=1e-9 cm^2/s",),
    "skeleton": (
        "skeleton={count: 2, width: 1.5 um, start: 4.2 um, end: 7 um, E: 300 GPa, nu: 0.2}",
        "lithium.D=1e-9 cm^2/s",
    ),
    "odd": ("phase_field.omega=5", "phase_field.delta=0.03"),
    "first": ("phase_field.omega=1",),
    "adapted": ("adapt={enabled: true, elements: 1}", "mesh.size_max=4 um"),
}
EXACT = 1e-12
NODAL = {"xi": 1e-14, "c": 1e-12, "phi": 1.0, "u": 1e10}
"""Nodal terms to add to the diagonals, about as large as these."""


def model_of(name: str) -> Model:
    """A model of a case in a state that differs from node to node, flat in places."""
    if name == "adapted":
        config = loading.parse(CONFIG, list(CASES[name]))
        model = Model(config, Remesher(config, MPI.COMM_WORLD).domain)
    else:
        model = build(*COARSE, *CASES[name])[0]
    random_state(model, bases(model))
    s, x = model.state, model.V.tabulate_dof_coordinates()
    s.xi.x.array[x[:, 0] < 3e-6] = 0.25
    s.phi.x.array[x[:, 0] > 7e-6] *= 1e-3
    s.xi.x.array[model.inside_skeleton] = 0.0
    for f in s.functions:
        f.x.scatter_forward()
    return model


def rows(field) -> csr_array:
    """Rows of a rank with global columns."""
    begins, columns, values = field.matrix.getValuesCSR()
    return csr_array((values, columns, begins), (len(begins) - 1, field.matrix.getSize()[1]))


def of_form(form, unknown, equation) -> LinearField:
    return LinearField(fem.form(form), unknown, equation.held(), preconditioners.XI)


def linear_systems(m: Model):
    """Of every field what the scheme uses, and the same by its form."""
    s, e = m.state, m.equations
    trial, of_u = ufl.TrialFunction(m.V), ufl.TrialFunction(m.Vu)
    energy = e["xi"].gradient_form(s.xi, s.xi, m.v)
    forms = {
        "xi": ufl.derivative(energy, s.xi, trial),
        "c": e["c"].transport_form(trial, s.phi, m.v),
        "phi": e["phi"].conduction_form(trial, s.xi, m.v),
        "u": e["u"].stiffness_form(of_u, s.xi, m.w),
    }
    for name, form in forms.items():
        system = e[name].linear_system()
        system = system[0] if name == "u" else system
        yield name, system, of_form(form, s[name], e[name])


def worst(found: np.ndarray, expected: np.ndarray) -> float:
    """Largest difference, over the largest number of all ranks."""
    comm = MPI.COMM_WORLD
    difference = comm.allreduce(float(np.abs(found - expected).max(initial=0)), MPI.MAX)
    return difference / comm.allreduce(float(np.abs(expected).max(initial=0)), MPI.MAX)


def check(name: str) -> None:
    """All matrices, products and vectors of a case, on the rows of this rank. Collective."""
    PETSc.Log.begin()
    m = model_of(name)
    s, e, owned = m.state, m.equations, m.V.dofmap.index_map.size_local
    assert m.comm.allreduce(owned) == m.V.dofmap.index_map.size_global > 50
    for field, system, reference in linear_systems(m):
        count = owned * s[field].function_space.dofmap.index_map_bs
        assert system.matrix.getBlockSize() == count // owned, "multigrid of u needs its blocks"
        nodal = np.linspace(1, 2, len(s[field].x.array)) * NODAL[field]
        for one in (system, reference):
            one.assemble()
        assert worst(system.product()[:count], reference.product()[:count]) < EXACT, field
        asked = PETSc.Log.Event("BuildTwoSidedF").getPerfInfo()["count"]
        system.assemble()
        system.add_diagonal(nodal)
        asked -= PETSc.Log.Event("BuildTwoSidedF").getPerfInfo()["count"]
        assert asked == 0, "no rank has entries of another's rows"
        reference.add_diagonal(nodal)
        for one in (system, reference):
            one.fix_rows()
        a, b = rows(system), rows(reference)
        # Row by row: conductivities differ by 1e7.
        scale = np.maximum(abs(b).max(axis=1).toarray().ravel(), 1e-300)
        assert (abs(a - b).max(axis=1).toarray().ravel() / scale).max(initial=0) < EXACT, field
    gradient = e["xi"].gradient_form(s.xi, s.xi, m.v)
    forces = gradient + e["xi"].elastic_driving_form(s.u, s.xi, m.v)
    assert worst(e["xi"].forces()()[:owned], m.nodal(fem.form(forces))[:owned]) < EXACT
    load = fem.Function(m.Vu)
    m.assemble_into(load, fem.form(e["u"].vegard_form(s.xi, m.w)))
    found = e["u"].linear_system()[1]()
    assert worst(found[: 2 * owned], load.x.array[: 2 * owned]) < EXACT
    sigma = mechanics.stress(s.u, m.solid(s.xi), m.coefficients.elasticity)
    stress = e["u"].stress.von_mises()
    expected = fem.Function(stress.function_space)
    points = compat.interpolation_points(stress.function_space)
    expected.interpolate(fem.Expression(mechanics.von_mises(sigma), points))
    assert worst(stress.x.array, expected.x.array) < EXACT


def test_triangles_of_either_orientation_have_their_areas_and_gradients():
    """The unit square's halves are numbered one clockwise, one counter-clockwise."""
    V = fem.functionspace(mesh.create_unit_square(MPI.COMM_SELF, 3, 2), ("Lagrange", 1))
    edges, (x, y) = Edges(V), V.tabulate_dof_coordinates()[:, :2].T
    assert edges.areas == pytest.approx(np.full(12, 1 / 12))
    for along, expected in zip(edges.gradient, (3, -2), strict=True):
        assert along @ (3 * x - 2 * y) == pytest.approx(np.full(12, expected))
    energy = (edges.stiffness @ np.ones(12)) * (x[edges.head] - x[edges.tail]) ** 2
    assert -energy.sum() == pytest.approx(1), "the integral of grad x . grad x"


@pytest.mark.parametrize("name", CASES)
def test_edges_give_what_the_forms_say(name):
    check(name)


@pytest.mark.slow
def test_edges_give_what_the_forms_say_on_two_ranks():
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    checks = "check('skeleton'); print('SAME'); check('adapted'); print('SAME')"
    script = f"from tests.forms.test_couplings import check; {checks}"
    done = subprocess.run(
        [*launcher(2), sys.executable, "-c", script],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout.count("SAME") == 2 * 2, done.stderr


def test_a_new_state_changes_the_matrix(cell, base):
    """The elastic force keeps what only u decides; another u must not meet it."""
    random_state(cell, base)
    s, xi = cell.state, cell.equations["xi"]
    forces = xi.forces()
    for factor in (1.0, -2.0):
        s.u.x.array[:] *= factor
        gradient = xi.gradient_form(s.xi, s.xi, cell.v)
        form = gradient + xi.elastic_driving_form(s.u, s.xi, cell.v)
        assert worst(forces(), cell.nodal(fem.form(form))) < EXACT
