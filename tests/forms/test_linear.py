# SPDX-License-Identifier: MIT
"""A field's linear system: options of multigrid's levels, and matrices beyond repair."""

import numpy as np
import pytest
import ufl
from mpi4py import MPI
from petsc4py import PETSc

from dolfinx import fem, mesh

from solver.base.errors import SolverError
from solver.schemes import preconditioners
from solver.schemes.linear import LinearField

NO_ROWS = np.empty(0, dtype=np.int32)


def system(options: dict[str, object], unit: float = 1.0) -> LinearField:
    """-Laplace(f) + f on the unit square in some unit, with its preconditioner not yet made."""
    V = fem.functionspace(mesh.create_unit_square(MPI.COMM_SELF, 40, 40), ("Lagrange", 1))
    v, w, one = ufl.TrialFunction(V), ufl.TestFunction(V), fem.Constant(V.mesh, unit)
    form = fem.form(one * (ufl.inner(ufl.grad(v), ufl.grad(w)) + v * w) * ufl.dx)
    linear = LinearField(form, fem.Function(V, name="f"), NO_ROWS, options)
    linear.assemble()
    return linear


def solve(linear: LinearField, **options) -> np.ndarray:
    """Answer to a load that is not smooth."""
    load = np.random.default_rng(1).uniform(size=linear.unknown.x.array.size)
    return linear.solve(load, 0.0, 1e-6, **options).copy()


@pytest.mark.parametrize("smoother", ["sor", "jacobi"])
def test_multigrid_takes_the_options_of_its_levels(smoother):
    linear = system({"ksp_type": "cg", "pc_type": "gamg", "mg_levels_pc_type": smoother})
    linear.make_preconditioner()
    finest = linear.ksp.getPC().getMGSmoother(linear.ksp.getPC().getMGLevels() - 1)
    assert finest.getPC().getType() == smoother


@pytest.mark.parametrize("exponent", [-60, 60])
def test_a_unit_that_is_a_power_of_two_changes_no_bit_and_no_iteration(exponent):
    """2^-60 of an equation whose coarse matrices have rows of equal places, which PETSc inverts."""
    load = np.random.default_rng(3).uniform(size=41 * 41)
    answers, iterations, diagonals = [], [], []
    for unit in (1.0, 2.0**exponent):
        linear = system({"ksp_type": "cg", **preconditioners.GAMG}, unit)
        size = linear.norm(unit * load)
        assert size == pytest.approx(unit * np.linalg.norm(load))
        answers.append(linear.solve(unit * load, 1e-6 * size, 0.0))
        iterations.append(linear.iterations)
        linear.unknown.x.array[:] = answers[-1]
        assert linear.norm(unit * load - linear.product()) <= 1e-6 * size
        diagonals.append(linear.diagonal() / unit)
    assert np.array_equal(*answers) and np.array_equal(*diagonals)
    assert iterations[0] == iterations[1] > 1


def test_options_leave_petsc_s_database():
    before = PETSc.Options().getAll()
    linear = system({"ksp_type": "cg", "pc_type": "gamg", "mg_levels_pc_type": "sor"})
    linear.make_preconditioner()
    assert PETSc.Options().getAll() == before


@pytest.mark.parametrize("name", ["XI", "U"])
def test_a_preconditioner_made_again_works_as_it_did_after_the_matrix_has_changed(name):
    """What a restart relies on: made and applied later is made and applied at once."""
    load = np.random.default_rng(2).uniform(size=41 * 41)
    undisturbed = system(getattr(preconditioners, name))
    solve(undisturbed)
    restarted = system(getattr(preconditioners, name))
    restarted.make_preconditioner()
    restarted.pace = undisturbed.pace
    answers = []
    for linear in (undisturbed, restarted):
        linear.add_diagonal(load)
        answers.append(solve(linear, reuse=True))
        assert not linear.fresh
    assert np.array_equal(*answers)


@pytest.mark.parametrize("name", ["XI", "C", "PHI", "U"])
def test_a_matrix_that_is_not_finite_is_a_solver_error_and_harms_no_later_solve(name):
    linear = system(getattr(preconditioners, name))
    expected = solve(linear)
    broken = np.zeros(linear.unknown.x.array.size)
    broken[7] = np.nan
    linear.add_diagonal(broken)
    with pytest.raises(SolverError, match="for f"):
        solve(linear)
    linear.add_diagonal(np.zeros_like(broken))
    assert np.array_equal(solve(linear), expected)
