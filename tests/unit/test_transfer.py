"""Transfer between refinements of one base: lithium and bounds kept, the front in its place."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from solver.cell import indicator
from solver.cell.indicator import areas
from solver.cell.refinement import Refined
from solver.cell.transfer import LARGEST, ROUNDS, Transfer
from solver.fields import salt
from solver.fields.known import FIELDS
from solver.fields.record import transferred
from solver.input.resolution import Resolution
from solver.laws.energy import h
from solver.laws.front import from_psi, psi
from tests.unit.test_refinement import COUNT, COUNTER, refined

C_LI = 76.4
"""Lithium per xi, in the unit of c."""
LENGTH = 0.02
AHEAD = 4
FINE = Resolution(
    levels=4, size=1 / COUNT / 16, length=LENGTH, ahead=AHEAD, margin=3, tolerance=5e-3
)
NOWHERE = 99
"""Tag that nothing has."""
CONFIG = SimpleNamespace(lithium=SimpleNamespace(c_Li=C_LI), is_cell=False)
IONS = SimpleNamespace(is_cell=True)


def carried(old: Refined, new: Refined, fields, held=NOWHERE):
    """The fields on the new mesh, with c held on a side."""
    values = dict(zip(("xi", "c", "phi", "u"), fields, strict=True))
    transfer = Transfer(old, new, {"counter": held})
    known = [field for field in FIELDS if field.name in values]
    return tuple(transferred(known, transfer, values, CONFIG).values())


def height(x):
    return 0.4 + 0.1 * np.sin(2 * np.pi * x)


def exact(points: np.ndarray, rise: float = 0.0):
    """A wavy front in equilibrium, with a depleted layer ahead of it and next to no Li+ behind."""
    x, y = points.T
    distance = y - height(x) - rise
    xi = from_psi(-distance / LENGTH)
    c = 1e-3 + (1 - xi) ** 2 * (0.3 + 0.7 * np.clip(distance, 0, 1))
    return xi, c, -0.1 * xi, np.column_stack([x * xi, y * xi])


def mesh_of_front(rise: float) -> Refined:
    mesh = refined(0)
    for level in range(1, FINE.levels + 2):
        points = mesh.points
        front = -(points[:, 1] - height(points[:, 0]) - rise) / LENGTH
        clouds = indicator.front(mesh, front, None, FINE)
        mesh = refined(min(level, FINE.levels), indicator.wanted(clouds, FINE, mesh))
    return mesh


def integral(mesh: Refined, values: np.ndarray) -> float:
    t = mesh
    return float(areas(t.points, t.triangles) @ values[t.triangles].mean(axis=1))


def lithium(mesh: Refined, fields) -> float:
    return integral(mesh, fields[1] + C_LI * fields[0])


def highest(mesh: Refined, xi: np.ndarray) -> float:
    """Height of the tip, as observe.Observer measures it."""
    at, *_ = indicator.crossings(mesh.points, mesh.triangles, psi(xi), None, mesh.nodes.sums)
    return at[:, 1].max()


@pytest.fixture(scope="module")
def meshes() -> list[Refined]:
    return [mesh_of_front(rise) for rise in np.arange(6) * 2 * LENGTH]


def test_lithium_is_conserved_to_round_off_over_a_hundred_meshes(meshes):
    fields = exact(meshes[0].points)
    before, old = lithium(meshes[0], fields), meshes[0]
    for number in range(1, 101):
        new = meshes[number % 2]
        fields = carried(old, new, fields)
        old = new
    assert lithium(old, fields) == pytest.approx(before, rel=1e-13)


def test_fields_stay_within_their_bounds(meshes):
    old = meshes[0]
    fields = exact(old.points)
    for new in meshes[1:]:
        fields = carried(old, new, fields)
        old = new
        assert fields[0].min() > 0 and fields[0].max() <= 1 and fields[1].min() > 0


def test_what_leaves_a_base_triangle_is_small(meshes):
    """Corrections are local: content of every base triangle is kept, but for what it shares."""
    old, new = meshes[0], meshes[1]
    fields = exact(old.points)
    after = carried(old, new, fields)
    assert misplaced(old, fields[1] + C_LI * fields[0], new, after[1] + C_LI * after[0]) < 1e-4


def misplaced(old: Refined, before: np.ndarray, new: Refined, after: np.ndarray) -> float:
    """Share of a content that has left its triangle of the base."""
    contents = []
    for mesh, values in ((old, before), (new, after)):
        t = mesh
        per_cell = areas(t.points, t.triangles) * values[t.triangles].mean(axis=1)
        contents.append(np.bincount(mesh.macro, per_cell))
    return np.abs(contents[1] - contents[0]).sum() / contents[0].sum()


def test_a_coarsened_peak_of_c_stays_where_it_is():
    """Interpolation on coarse triangles alone would misplace 7 % of it."""
    fine, coarse = (refined(n) for n in (3, 1))
    c = 1e-3 + np.exp(-np.square((fine.points - 0.43) / 0.1).sum(axis=1))
    xi = np.full(len(c), 0.3)
    after = carried(fine, coarse, (xi, c, xi, xi))
    assert misplaced(fine, c, coarse, after[1]) < 0.01


def test_no_transfer_moves_the_tip_by_a_tenth_of_a_triangle(meshes):
    for i, (old, new) in enumerate(zip(meshes, meshes[1:], strict=False)):
        # The front stands where the margin of the old mesh ends.
        fields = exact(old.points, rise=i * 2 * LENGTH + LENGTH)
        after = carried(old, new, fields)
        move = abs(highest(new, after[0]) - highest(old, fields[0]))
        assert move < FINE.size / 10


def test_linear_fields_and_shared_nodes_are_kept(meshes):
    old, new = meshes[0], meshes[3]
    xi, c, phi, u = exact(old.points)
    slope = old.points @ [2.0, -3.0]
    after = carried(old, new, (xi, c, slope, np.column_stack([slope, -slope])))
    assert after[2] == pytest.approx(new.points @ [2.0, -3.0], abs=1e-14)
    assert np.array_equal(after[3], np.column_stack([after[2], -after[2]]))


def test_an_unchanged_mesh_changes_nothing(meshes):
    fields = exact(meshes[0].points)
    after = carried(meshes[0], meshes[0], fields)
    for one, other in zip(fields, after, strict=True):
        assert np.array_equal(one, other)


def test_c_is_left_alone_where_it_is_held(meshes):
    old, new = meshes[0], meshes[4]
    held = np.flatnonzero(new.points[:, 1] == 1.0)
    xi, c, phi, u = exact(old.points)
    c[old.points[:, 1] == 1.0] = 1.0
    after = carried(old, new, (xi, c, phi, u), COUNTER)
    assert (after[1][held] == 1.0).all()
    assert lithium(new, after) == pytest.approx(lithium(old, (xi, c)), rel=1e-13)


def test_the_tail_of_a_front_stays_the_exponential_that_it_is():
    """New nodes take the mean of psi; that of xi would be as large as their larger neighbour's."""
    old, new = (refined(n) for n in (0, 2))

    def slope(mesh):
        return -(mesh.points[:, 1] - 0.5) / LENGTH

    zero = np.zeros(len(old.points))
    xi = carried(old, new, (from_psi(slope(old)), zero + 1, zero, zero))[0]
    shift = np.abs(psi(xi) - slope(new))
    assert np.abs(slope(new)).max() > 20
    # So much the corrections may do: a factor of 1 - LARGEST on xi, or 1 - xi, in each round.
    assert shift.max() < ROUNDS * np.log(1 / (1 - LARGEST)) + 1e-9


def test_the_area_of_the_deposit_is_kept(meshes):
    """Coarser triangles behind the front would lose or gain nearly 1 % of it."""
    for old, new in ((meshes[1], meshes[3]), (meshes[3], meshes[1])):
        fields = exact(old.points)
        xi = carried(old, new, fields)[0]
        assert integral(new, xi) == pytest.approx(integral(old, fields[0]), rel=1e-6)


def test_a_deposit_without_c_keeps_its_own_lithium(meshes):
    fields = [field for field in FIELDS if field.name == "xi"]
    for old, new in itertools.permutations(meshes[:3], 2):
        xi = exact(old.points)[0]
        there = transferred(fields, Transfer(old, new, {}), {"xi": xi}, IONS)["xi"]
        assert integral(new, there) == pytest.approx(integral(old, xi), rel=1e-14)
        assert there.min() >= 0 and there.max() <= 1


def test_the_salt_of_the_electrolyte_is_kept(meshes):
    """What c is in the metal does not count; one factor makes up for what is lost of the rest."""
    for old, new in itertools.pairwise(meshes):
        values = dict(zip(("xi", "c", "phi", "u"), exact(old.points), strict=True))
        values["c"] = 0.5 + old.points[:, 1]
        xi = Transfer(old, new, {}).bounded(values["xi"], exactly=True)
        moved = salt.FIELD.transfer(Transfer(old, new, {}), values, {"xi": xi}, IONS)
        before = integral(old, (1 - values["xi"]) * values["c"])
        assert integral(new, (1 - xi) * moved) == pytest.approx(before, rel=1e-14)
        line = 0.5 + new.points[:, 1]
        assert np.ptp(moved / line) < 1e-12 and np.abs(moved / line - 1).max() < 1e-3


def content(mesh: Refined, share: np.ndarray) -> np.ndarray:
    """Integrals of nodal values over the triangles."""
    return areas(mesh.points, mesh.triangles) * share[mesh.triangles].mean(axis=1)


def test_strain_of_flow_keeps_its_mean_over_the_deposit_of_every_base_triangle(meshes):
    old, new = meshes[1], meshes[3]
    transfer = Transfer(old, new, {"counter": NOWHERE})
    shares = [h(exact(mesh.points, 0.02)[0]) for mesh in (old, new)]
    strain = np.random.default_rng(1).normal(size=(len(old.macro), 3))
    found = transfer.of_triangles(strain, *shares)

    before, after = (
        [np.bincount(mesh.macro, x) for x in (weight, *(weight * column for column in values.T))]
        for mesh, weight, values in (
            (old, content(old, shares[0]), strain),
            (new, content(new, shares[1]), found),
        )
    )
    deposit = np.minimum(before[0], after[0]) > 1e-4 / COUNT**2
    assert deposit.sum() > 10
    for one, other in zip(before[1:], after[1:], strict=True):
        means = one[deposit] / before[0][deposit], other[deposit] / after[0][deposit]
        assert np.allclose(*means, atol=1e-12)


def test_strain_of_flow_stays_where_the_mesh_stays(meshes):
    mesh = meshes[2]
    transfer = Transfer(mesh, mesh, {"counter": NOWHERE})
    share = h(exact(mesh.points)[0])
    strain = np.random.default_rng(2).normal(size=(len(mesh.macro), 3))
    assert np.allclose(transfer.of_triangles(strain, share, share), strain, atol=1e-10)


def test_parts_take_the_strain_of_flow_of_the_whole_and_a_whole_the_mean_of_its_parts():
    coarse = refined(0)
    chosen = np.zeros(len(coarse.macro), dtype=bool)
    chosen[7] = True
    fine = refined(1, lambda level, corners: chosen)
    share = [np.ones(len(mesh.points)) for mesh in (coarse, fine)]
    strain = np.arange(3.0 * len(coarse.macro)).reshape(-1, 3)
    down = Transfer(coarse, fine, {"counter": NOWHERE}).of_triangles(strain, *share)
    assert np.allclose(down, strain[fine.macro], atol=1e-11)
    parts = np.where(fine.macro[:, None] == 7, np.arange(len(fine.macro))[:, None], 0.0)
    up = Transfer(fine, coarse, {"counter": NOWHERE}).of_triangles(parts * np.ones(3), *share[::-1])
    assert np.allclose(up[7], parts[fine.macro == 7].mean())


def test_a_whole_takes_the_mean_of_its_own_parts():
    """Not of the nearest ones, which a shift of all of the base's triangle would not put right."""
    one, two = refined(1), refined(2)
    share = [np.ones(len(mesh.points)) for mesh in (two, one)]
    strain = np.random.default_rng(6).normal(size=(len(two.macro), 3))
    found = Transfer(two, one, {"counter": NOWHERE}).of_triangles(strain, *share)
    # All four parts of a triangle are one after the other, in the order of their wholes.
    assert found == pytest.approx(strain.reshape(-1, 4, 3).mean(axis=1), abs=1e-12)


def test_strains_of_flow_of_several_states_go_over_together(meshes):
    old, new = meshes[1], meshes[3]
    transfer = Transfer(old, new, {"counter": NOWHERE})
    share = [np.column_stack([h(exact(m.points, x)[0]) for x in (0.0, 0.02)]) for m in (old, new)]
    strain = np.random.default_rng(3).normal(size=(len(old.macro), 3, 2))
    found = transfer.of_triangles(strain, *share)
    for i in range(2):
        one = transfer.of_triangles(strain[..., i], share[0][:, i], share[1][:, i])
        assert np.array_equal(found[..., i], one)
