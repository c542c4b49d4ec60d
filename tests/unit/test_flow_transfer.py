"""Flow on a new mesh: lithium keeps the stress that it has."""

import itertools

import numpy as np
import pytest

from solver.cell.refinement import Refined
from solver.cell.transfer import Transfer
from solver.fields.flow import FIELD
from solver.laws.energy import h
from tests.unit.test_transfer import LENGTH, NOWHERE, content, exact, mesh_of_front

BENT = 0.2
"""Size of the strain."""


@pytest.fixture(scope="module")
def meshes() -> list[Refined]:
    return [mesh_of_front(rise) for rise in np.arange(3) * 6 * LENGTH]


def state(mesh: Refined, size: float = BENT) -> dict[str, np.ndarray]:
    """xi, and a u of which other meshes tell other strains."""
    x, y = mesh.points.T
    u = size * np.column_stack([np.sin(3 * y) * x, np.cos(2 * x) * y])
    return {"xi": exact(mesh.points)[0], "u": u}


def strain(mesh: Refined, u: np.ndarray) -> np.ndarray:
    """Deviator of the strain of a displacement, from the ways of every triangle's corners."""
    corners, values = mesh.points[mesh.triangles], u[mesh.triangles]
    sides, ways = (x[:, 1:] - x[:, :1] for x in (corners, values))
    slopes = np.linalg.solve(sides, ways)  # d u_j / d x_i
    xx, yy, xy = slopes[:, 0, 0], slopes[:, 1, 1], 0.5 * (slopes[:, 0, 1] + slopes[:, 1, 0])
    return np.column_stack([xx - (xx + yy) / 3, yy - (xx + yy) / 3, xy])


def means(mesh: Refined, xi: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The deposit of every triangle of the base, and the mean of a strain over that."""
    weight = content(mesh, h(xi))
    deposit, *sums = (np.bincount(mesh.macro, weight * x) for x in (1.0, *values.T))
    return deposit, np.stack(sums, axis=1) / np.maximum(deposit, 1e-300)[:, None]


def moved(old: Refined, new: Refined, values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The state on another mesh, as a run has it."""
    transfer = Transfer(old, new, {"counter": NOWHERE})
    found = {"xi": transfer.bounded(values["xi"]), "u": transfer.interpolated(values["u"])}
    return found | {"eps_v": FIELD.transfer(transfer, values, found, None)}


def test_lithium_without_stress_has_none_on_a_new_mesh(meshes):
    """By itself eps_v would be off by a hundred times the elastic strain of such lithium."""
    for old, new in itertools.permutations(meshes, 2):
        values = state(old)
        found = moved(old, new, values | {"eps_v": strain(old, values["u"])})
        there = strain(new, found["u"])
        assert there == pytest.approx(found["eps_v"], abs=1e-12)
        nearest = strain(new, state(new)["u"])
        assert np.abs(there - nearest).max() > 1e-3  # what meshes tell of it differs by so much


def test_the_stress_of_lithium_keeps_its_mean_over_every_base_triangle(meshes):
    old, new = meshes[:2]
    elastic = 1e-4 * np.random.default_rng(4).normal(size=(len(old.macro), 3))
    values = state(old)
    found = moved(old, new, values | {"eps_v": strain(old, values["u"]) - elastic})
    kept = strain(new, found["u"]) - found["eps_v"]
    (had, before), (has, after) = means(old, values["xi"], elastic), means(new, found["xi"], kept)
    deposit = np.minimum(had, has) > 1e-4
    assert deposit.sum() > 10
    assert np.allclose(before[deposit], after[deposit], atol=1e-16)


def test_several_states_go_over_together(meshes):
    old, new = meshes[:2]
    strains = np.random.default_rng(5).normal(size=(len(old.macro), 3, 2))
    states = [state(old, i) | {"eps_v": strains[..., i]} for i in range(2)]
    stacked = {name: np.stack([x[name] for x in states], axis=-1) for name in states[0]}
    together = moved(old, new, stacked)["eps_v"]
    for i, one in enumerate(states):
        assert np.array_equal(together[..., i], moved(old, new, one)["eps_v"])


def test_lithium_that_has_never_flowed_has_not_on_a_new_mesh(meshes):
    for old, new in itertools.permutations(meshes, 2):
        values = state(old, 1e-4)
        none = np.zeros((len(old.macro), 3))
        assert not moved(old, new, values | {"eps_v": none})["eps_v"].any()


@pytest.mark.parametrize("shares", [(1e-4, 2e-4), (0.27, 0.33), (0.67, 0.73), (0.1, 0.9)])
def test_the_smaller_of_flow_and_elastic_strain_keeps_its_mean_over_every_base_triangle(
    meshes, shares
):
    """Whatever single triangles have, one of the two strains does in each triangle of the base."""
    old, new = meshes[:2]
    values = state(old)
    total = strain(old, values["u"])
    flowed = total * np.random.default_rng(6).uniform(*shares, (len(total), 1))
    found = moved(old, new, values | {"eps_v": flowed})
    pairs = ((flowed, found["eps_v"]), (total - flowed, strain(new, found["u"]) - found["eps_v"]))
    off = []
    for before, after in pairs:
        (had, one), (has, other) = (
            means(mesh, xi, x)
            for mesh, xi, x in ((old, values["xi"], before), (new, found["xi"], after))
        )
        off.append(np.abs(one - other).max(axis=1)[np.minimum(had, has) > 1e-4])
    assert len(off[0]) > 10
    if shares[1] < 0.5 or shares[0] > 0.5:
        off = [off[int(shares[0] > 0.5)]]
    assert np.min(off, axis=0).max() < 1e-14
