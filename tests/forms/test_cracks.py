# SPDX-License-Identifier: MIT
"""Cracks of the program's own terms and solvers against Griffith, Irwin and Sneddon."""

import numpy as np
import pytest
import ufl

from dolfinx import fem

from benchmarks.verification import cracks
from benchmarks.verification.plate import LLZO, LPSC, Plate, grid
from solver.laws import elasticity, fracture
from solver.schemes import krylov, preconditioners
from solver.schemes.alternation import Alternation
from solver.schemes.edgewise import EdgeField
from solver.terms import damage, mechanics


@pytest.mark.parametrize(("model", "cells"), [("AT1", 4), ("AT2", 4), ("AT2", 8)])
def test_energy_of_a_crack_is_its_toughness_times_its_length(model, cells, monkeypatch):
    """The last solves for u with more iterations than a preconditioner of before would get."""
    if cells == 8:
        monkeypatch.setattr(krylov, "PATIENCE", 50)
    got, expected = cracks.through(model, cells)
    assert got == pytest.approx(expected, rel=0.02)


def test_a_crack_follows_a_field_at_its_toughness():
    got, expected = cracks.surfing("AT1", 4)
    assert got == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("material", [LPSC, LLZO])
def test_a_crack_runs_at_sneddons_pressure(material):
    crack = cracks.Pressurised("AT1", material)
    crack.press(0.95 * crack.critical)
    assert crack.tip() < 1.05
    crack.press(1.05 * crack.critical, rounds=25)
    assert crack.tip() > 1.1


def test_opening_and_area_of_a_crack_under_pressure():
    errors = []
    for slender in (5, 10):
        crack = cracks.Pressurised("AT1", LPSC, slender)
        crack.press(0.5 * crack.critical)
        opening, area = crack.opening()
        # The broken row has most of the opening, the damage on both sides the rest.
        assert opening == pytest.approx(np.sqrt(area), rel=0.03)
        errors.append(area - 1)
    assert errors[1] == pytest.approx(0.09, abs=0.02)
    assert np.log2(errors[0] / errors[1]) == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize("residual", [1e-4, 1e-3])
def test_a_stiffness_that_is_left_takes_its_share_of_an_opening(residual):
    """As a spring beside the crack's own: of what `check` warns by the same closed form."""
    opened = []
    for k in (1e-7, residual):
        crack = cracks.Pressurised("AT1", LPSC, 5, 4)
        crack.plate.fracture.residual.value = k
        crack.press(0.5 * crack.critical)
        opened.append(crack.plate.opened_area())
    given = residual, LPSC["E"], LPSC["nu"], crack.half_length, crack.h
    ratio = fracture.bridging(*given)
    assert 1 - opened[1] / opened[0] == pytest.approx(ratio / (1 + ratio), rel=0.05)


def plate(model):
    """A coarse plate in a random state: strain, damage, deposit, pressure."""
    side = np.linspace(0, 1e-6, 5)
    made = Plate(grid(side, side), LPSC, model, 3e-7, 1e-3)
    random = np.random.default_rng(0)
    made.pressure.value = 2e8
    made.xi = fem.Function(made.V)
    made.deposit = made.xi.x.array
    made.xi.x.array[:] = random.uniform(0, 1, len(made.x))
    made.d.x.array[:] = random.uniform(0, 1, len(made.x))
    made.u.x.array[:] = 1e-8 * random.uniform(-1, 1, 2 * len(made.x))
    numbers = [*elasticity.lame(4.9e9, 0.36), *elasticity.lame(LPSC["E"], LPSC["nu"])]
    strain = [made.constant(x) for x in (-2e-3, 1e-3, 5e-4)]
    made.elasticity = mechanics.Elasticity(*(made.constant(x) for x in numbers), strain)
    return made


def density(p):
    """Of the energy of a plate, the work of its pressure counted [J/m^3], of forms."""
    given = p.u, p.xi, p.d, p.elasticity, p.fracture
    stored = damage.elastic_energy(*given) + damage.surface_energy(p.d, p.fracture)
    return stored - damage.pressure_energy(*given)


def energy(p) -> float:
    """The same of the whole plate [J/m]."""
    return fem.assemble_scalar(fem.form(density(p) * p.dx))


def slope(p, function, direction) -> float:
    """Of the energy along a direction in a field, by central differences."""
    here, sides = function.x.array.copy(), []
    for sign in (1e-4, -1e-4):
        function.x.array[:] = here + sign * direction
        sides.append(energy(p))
    function.x.array[:] = here
    return (sides[0] - sides[1]) / 2e-4


def differing(p) -> np.ndarray:
    """Have another pressure at every node [Pa]."""
    pressure = fem.Function(p.V)
    pressure.x.array[:] = np.random.default_rng(3).uniform(1e8, 2e8, len(p.x))
    p.fracture = p.fracture._replace(pressure=pressure)
    return pressure.x.array


@pytest.mark.parametrize("uniform", [True, False])
def test_forces_are_derivatives_of_the_energy(uniform):
    p, random = plate("AT1"), np.random.default_rng(1)
    pressure = float(p.pressure.value) if uniform else differing(p)
    direction = 1e-8 * random.uniform(-1, 1, len(p.u.x.array))
    work = p.solid().forces(*p.values, pressure)
    assert np.dot(work, direction) == pytest.approx(slope(p, p.u, direction), rel=1e-5)


@pytest.mark.parametrize("model", fracture.MODELS)
@pytest.mark.parametrize("uniform", [True, False])
def test_what_drives_damage_is_the_derivative_of_the_energy(model, uniform):
    """Its matrix times d less its load, at every node: to the last digits of the form's."""
    p = plate(model)
    pressure = float(p.pressure.value) if uniform else differing(p)
    expected = fem.assemble_vector(fem.form(ufl.derivative(density(p) * p.dx, p.d))).array
    u, xi, d = p.values
    entries, rows, load = p.breaking()(p.solid().drive(u, xi, pressure))
    uphill = p.edges.net(entries * (d[p.edges.head] - d[p.edges.tail]))
    assert uphill + rows * d - load == pytest.approx(expected, rel=1e-10, abs=1e-18)


@pytest.mark.parametrize("uniform", [True, False])
def test_energies_by_triangles_are_those_of_the_forms(uniform):
    p = plate("AT1")
    pressure = float(p.pressure.value) if uniform else differing(p)
    fields, solid = (p.u, p.xi, p.d, p.elasticity, p.fracture), p.solid()
    for density, found in (
        (damage.elastic_energy(*fields), solid.elastic(*p.values)),
        (damage.pressure_energy(*fields), solid.pressed(*p.values, pressure)),
    ):
        expected = fem.assemble_scalar(fem.form(density * p.dx))
        assert p.edges.areas @ found == pytest.approx(expected, rel=1e-12)


def test_where_no_phase_field_is_solved_for_is_no_deposit():
    p = plate("AT1")
    u, xi, d = p.values
    mixed, whole = p.solid().elastic(u, xi, d), p.solid().elastic(u, 0 * xi, d)
    p.solved = np.arange(len(p.solved)) % 2
    expected = np.where(p.solved, mixed, whole)
    assert p.solid().elastic(u, xi, d) == pytest.approx(expected, rel=1e-12)


def test_stiffness_is_the_derivative_of_the_forces():
    p, random = plate("AT1"), np.random.default_rng(2)
    solid, held, pressure = p.solid(), np.empty(0, dtype=np.int32), float(p.pressure.value)
    system = EdgeField(
        lambda: solid.stiffness(*p.values), p.edges, p.u, held, preconditioners.U
    )
    system.assemble()
    step = 1e-14 * random.uniform(-1, 1, len(p.u.x.array))
    expected, before = system.product(step), solid.forces(*p.values, pressure)
    p.u.x.array[:] += step
    assert solid.forces(*p.values, pressure) - before == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("sign", "left"), [(1, 0.251), (-1, 1.0)])
def test_a_damaged_volume_resists_compression_whole(sign, left):
    p = plate("AT1")
    p.pressure.value = p.xi.x.array[:] = 0.0
    p.d.x.array[:] = 0.5
    p.u.x.array[:] = 0.0
    p.u.x.array.reshape(-1, 2)[:, 0] = sign * 1e-3 * p.x
    _, mu = elasticity.lame(LPSC["E"], LPSC["nu"])
    bulk = LPSC["E"] / 3 / (1 - 2 * LPSC["nu"])
    expected = 1e-6 * (left * bulk / 2 + 0.251 * 2 / 3 * mu) * 1e-12
    density = damage.elastic_energy(p.u, p.xi, p.d, p.elasticity, p.fracture)
    assert fem.assemble_scalar(fem.form(density * p.dx)) == pytest.approx(expected)


def test_u_is_at_rest_under_a_new_pressure_before_damage_answers():
    """Shut where nothing has pressed yet, the crack takes more than one step to open."""
    crack = cracks.Pressurised("AT1", LPSC, 5, 4)
    alternation, plate, left = crack.press(0.0), crack.plate, []
    plate.pressure.value = pressure = 0.5 * crack.critical

    def out_of_balance() -> float:
        return alternation.elastic.norm(plate.solid().forces(*plate.values, pressure))

    load = out_of_balance()
    alternation.solve(plate.broken, lambda: left.append(out_of_balance()))
    assert left == [pytest.approx(0.0, abs=1.01e-4 * load)]


def test_steps_of_damage_that_go_too_far_stay_within_its_bounds():
    p, lower, met = plate("AT1"), 0.89, []
    solid, bottom = p.solid(), p.y < 1e-9
    held = np.concatenate([p.dofs(bottom, axis) for axis in (0, 1)])

    class Least:
        """Finds d = 0.9 everywhere."""

        unknown = p.d

        def solve(self, below: np.ndarray) -> float:
            change = np.abs(p.d.x.array - 0.9).max()
            p.d.x.array[:] = 0.9
            return change

    def forces() -> np.ndarray:
        met.append(p.d.x.array.copy())
        return solid.forces(*p.values, 0.0)

    def stiffness():
        return solid.stiffness(*p.values)

    system = EdgeField(stiffness, p.edges, p.u, held, preconditioners.U)
    p.d.x.array[:] = 0.0
    Alternation(system, forces, Least(), 1e-3, 5, 1.3).solve(np.full(len(p.x), lower))
    after = np.array(met[-5:])  # every round's; the first go from 0 and from 1 to 0.9
    assert after.max() == 1.0 and after.min() == lower


def test_what_broke_stays_broken():
    crack = cracks.Pressurised("AT1", LPSC, 5, 4)
    crack.press(crack.critical, rounds=8)
    under = crack.plate.d.x.array.copy()
    crack.press(0.0)
    assert (crack.plate.d.x.array >= under - 1e-12).all()


def test_in_deposit_no_crack_is_left_that_opens():
    p = plate("AT1")
    assert p.opened_area() != 0.0
    p.xi.x.array[:] = 1.0
    assert p.solid().pressed(*p.values, 1.0) == pytest.approx(0.0, abs=1e-20)


def test_a_pressure_that_differs_pushes_nothing_that_is_broken_through():
    """Not p tr eps alone: that would leave the gradient of p to stiffness that is gone."""
    p = plate("AT1")
    p.xi.x.array[:], p.d.x.array[:], p.u.x.array[:] = 0.0, 1.0, 0.0
    p.elasticity = mechanics.Elasticity(*p.elasticity[:4], [p.constant(0.0)] * 3)
    forces = p.solid().forces(*p.values, 1e8 * (1 + p.x / 1e-6)).reshape(-1, 2)
    inside = (np.abs(p.x - 5e-7) < 4e-7) & (np.abs(p.y - 5e-7) < 4e-7)
    assert np.abs(forces).max() > 10 and np.abs(forces[inside]).max() < 1e-9
