# SPDX-License-Identifier: MIT
"""The linear system of a field: what a loose solve leaves, and what it must not touch."""

import numpy as np
import pytest
import ufl

from dolfinx import fem

from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField
from solver.schemes.linear import LinearField
from solver.schemes.stage import Stage
from tests.small_cell import build

LOOSE = 0.05


@pytest.fixture(scope="module")
def model():
    return build("mesh.size_min=1 um", "mesh.size_max=1 um")[0]


def field(model, preconditioner):
    """Diffusion of unlike strength, with the counter electrode held."""
    u, v = ufl.TrialFunction(model.V), model.v
    strength = 1 + 9 * (model.layer_number - 1)
    form = fem.form(strength * ufl.inner(ufl.grad(u), ufl.grad(v)) * ufl.dx)
    options = {"ksp_type": "gmres", "pc_type": preconditioner}
    return LinearField(form, fem.Function(model.V), model.equations["c"].held(), options)


@pytest.fixture
def system(model):
    system = field(model, "jacobi")
    yield system
    system.destroy()


def nodal_terms(model, decades=5):
    return 10 ** np.random.default_rng(1).uniform(
        -decades / 2, decades / 2, len(model.state.xi.x.array)
    )


def right_side(model):
    return np.random.default_rng(2).normal(size=len(model.state.xi.x.array))


def prepared(model, system):
    system.assemble()
    system.add_diagonal(nodal_terms(model))
    system.fix_rows()
    return right_side(model)


def free_norm(system, values):
    return np.linalg.norm(np.delete(values, system.fixed))


def left(system, residual, increment):
    """Residual after an increment."""
    system.unknown.x.array[:] = increment
    return residual - system.product()


def test_a_solve_reduces_the_true_residual_as_asked(model, system):
    residual = prepared(model, system)
    for factor, reduction in ((1.0, LOOSE), (1e-9, 1e-4)):
        increment = system.solve(factor * residual, 0.0, reduction)
        after = left(system, factor * residual, increment)
        assert system.iterations > 1
        asked = reduction * factor * free_norm(system, residual)
        assert 0 < free_norm(system, after) <= asked


def test_a_residual_below_the_absolute_tolerance_is_left(model, system):
    residual = prepared(model, system)
    size = free_norm(system, residual)
    assert system.norm(residual) == pytest.approx(size)
    assert not system.solve(residual, 1.001 * size, 0.0).any()
    assert system.iterations == 0
    assert system.solve(residual, 0.999 * size, 0.0).any()


def test_a_small_residual_is_not_taken_for_the_next(model, system):
    residual = prepared(model, system)
    assert not system.solve(1e-9 * residual, 1e-3, 0.0).any()
    assert system.norm(residual) == pytest.approx(free_norm(system, residual))
    assert system.solve(residual, 1e-3, LOOSE).any()


@pytest.mark.parametrize("preconditioner", ["jacobi", "gamg"])
def test_held_values_stay(model, preconditioner):
    system = field(model, preconditioner)
    residual = prepared(model, system)
    residual[system.fixed] = 1e6
    assert len(system.fixed) > 5
    increment = system.solve(residual, 0.0, LOOSE).copy()
    assert not increment[system.fixed].any() and increment.any()
    assert not system.balance()[system.fixed].any()
    residual[system.fixed] = 0.0
    assert np.array_equal(system.solve(residual, 0.0, LOOSE), increment)
    system.destroy()


def test_the_balance_leaves_no_sum(model, system):
    residual = prepared(model, system)
    residual[system.fixed] = 0.0
    increment = system.solve(residual, 0.0, LOOSE).copy()
    balanced = system.balance().copy()
    before = np.delete(left(system, residual, increment), system.fixed)
    assert abs(before.sum()) > 1e-4 * np.abs(residual).sum()
    change = np.delete(balanced - increment, system.fixed)
    assert change == pytest.approx(change[0], rel=1e-9)  # by a constant
    # Held rows are not balanced, but take what the others give them.
    after = np.delete(left(system, residual, balanced), system.fixed)
    assert abs(after.sum()) < 1e-12 * np.abs(residual).sum()


def test_nodal_terms_replace_those_before_and_leave_held_rows_alone(model, system):
    system.assemble()
    form = system.matrix.getDiagonal().array.copy()
    for factor in (7.0, 1.0):
        system.add_diagonal(factor * nodal_terms(model))
    diagonal = system.matrix.getDiagonal().array
    assert (diagonal[system.fixed] == 1).all()
    expected = np.delete(form + nodal_terms(model), system.fixed)
    assert np.delete(diagonal, system.fixed) == pytest.approx(expected, rel=1e-13)


def fields_in_a_unit(model, unit):
    """Diffusion with the counter electrode held, by its form and by edges, times a unit."""
    u, v, one = ufl.TrialFunction(model.V), model.v, fem.Constant(model.mesh, unit)
    form = fem.form(one * ufl.inner(ufl.grad(u), ufl.grad(v)) * ufl.dx)
    held, options = model.equations["c"].held(), {"ksp_type": "gmres", **preconditioners.GAMG}
    entries = unit * model.edges.stiffness @ np.ones(len(model.edges.areas))
    yield LinearField(form, fem.Function(model.V), held, options)
    couplings = (entries, entries)
    yield EdgeField(lambda: couplings, model.edges, fem.Function(model.V), held, options)


def balanced_alone(system, residual):
    """What the balance alone leaves of a residual that is small enough not to be solved for."""
    assert not system.solve(residual, 2 * np.linalg.norm(residual), 0.0).any()
    constant = fem.Function(system.unknown.function_space)
    constant.x.array[:] = system.balance()
    assert constant.x.array.any() and not constant.x.array[system.fixed].any()
    image = system.matrix.createVecLeft()
    system.matrix.mult(constant.x.petsc_vec, image)
    after = np.delete(residual - image.array / system.scale, system.fixed)
    assert abs(after.sum()) < 1e-12 * np.abs(residual).sum()
    return constant.x.array.copy()


def test_a_unit_changes_nothing_but_the_unit(model):
    """A solve of a matrix, and of another one by the first one's multigrid, to the bit."""
    seen = {1.0: [], 2.0**-70: [], 2.0**70: []}
    for unit, results in seen.items():
        for system in fields_in_a_unit(model, unit):
            for nodal, reuse in ((nodal_terms(model, 2), False), (nodal_terms(model, 2.1), True)):
                system.assemble()
                system.add_diagonal(unit * nodal)
                system.fix_rows()
                asked = 1e-6 * system.norm(unit * right_side(model))
                increment = system.solve(unit * right_side(model), asked, 0.0, reuse)
                diagonal = system.matrix.getDiagonal().array
                assert (diagonal[system.fixed] == 1).all()
                free = np.delete(diagonal, system.fixed)
                assert reuse or 1 <= free.min() < 2
                assert np.log2(system.scale).is_integer() and system.fresh == (not reuse)
                results += [increment, free, [system.iterations, system.pace, system.lost]]
            results.append(balanced_alone(system, -unit * right_side(model)))
            system.destroy()
    for a, *others in zip(*seen.values(), strict=True):
        assert all(np.array_equal(a, b) for b in others)
    by_form, by_edges = seen[1.0][3], seen[1.0][10]
    assert by_edges == pytest.approx(by_form, abs=1e-4 * np.abs(by_form).max())
    assert seen[1.0][2][0] > 1


def test_a_preconditioner_wears_with_the_matrix(model, system):
    residual = prepared(model, system)
    system.solve(residual, 0.0, 1e-6)
    assert system.fresh and not system.worn
    system.solve(residual, 0.0, 1e-6, reuse=True)
    assert not system.fresh and not system.worn
    system.add_diagonal(nodal_terms(model)[::-1])
    system.solve(residual, 0.0, 1e-6, reuse=True)
    assert not system.fresh and system.worn
    system.solve(residual, 0.0, 1e-6)
    assert system.fresh and not system.worn


def test_the_multigrid_of_phi_lasts_while_the_front_stays():
    """A new one where a stage finds xi more than 0.05 from where the last was made, not between."""
    model, integrator = build("mesh.size_min=1 um", "mesh.size_max=1 um")
    update, xi = integrator.scheme.updates["phi"], model.state.xi.x.array
    mixed = (xi > 0.2) & (xi < 0.7)
    assert mixed.any()
    stage = Stage.of(model.base(), 1.0, 1e-6, closing=True)
    for change, number, fresh in ((0.04, 0, False), (0.04, 1, False), (0.01, 0, True)):
        xi[mixed] += change
        update.solve(stage, number)
        assert update.system.iterations > 0
        assert update.system.fresh == fresh
    integrator.scheme.destroy()
