"""A user's mesh: what is read, and one sentence for everything that is no cell."""

import gmsh
import numpy as np
import pytest

from meshes import own
from meshes.discrete import areas, sides
from tests.written_mesh import grid, halves, write

POINTS, TRIANGLES = grid(4, 4)
NAMES = halves(POINTS, TRIANGLES)


def read(path, unit=1.0, **side_of):
    return own.read(path, unit, side_of)


def test_a_mesh_is_read_with_its_surfaces(tmp_path):
    found = read(write(tmp_path / "a.msh", POINTS, TRIANGLES, NAMES), unit=2.0)
    assert found.points == pytest.approx(2 * POINTS)
    assert sorted(found.surfaces) == ["lower", "upper"]
    area = areas(found.points, found.triangles)
    of = np.bincount(found.surface, area)
    assert of == pytest.approx([200.0, 200.0])


def test_format_4_1_is_read_alike(tmp_path):
    old = write(tmp_path / "a.msh", POINTS, TRIANGLES, NAMES)
    gmsh.initialize()
    gmsh.option.setNumber("General.Terminal", 0)
    gmsh.open(str(old))
    gmsh.option.setNumber("Mesh.MshFileVersion", 4.1)
    gmsh.write(str(tmp_path / "b.msh"))
    gmsh.finalize()
    a, b = read(old), read(tmp_path / "b.msh")
    assert (tmp_path / "b.msh").read_text().startswith("$MeshFormat\n4.1")
    assert np.array_equal(a.points, b.points) and a.surfaces == b.surfaces


def test_clockwise_triangles_are_turned_round(tmp_path):
    turned = TRIANGLES.copy()
    turned[::3] = turned[::3, ::-1]
    found = read(write(tmp_path / "a.msh", POINTS, turned, NAMES))
    assert (areas(found.points, found.triangles) > 0).all()


def test_nodes_of_no_triangle_are_left_out(tmp_path):
    points = np.vstack([[50.0, 50.0], POINTS])
    found = read(write(tmp_path / "a.msh", points, TRIANGLES + 1, NAMES))
    assert len(found.points) == len(POINTS)


@pytest.mark.parametrize("place", ["anode", "counter", "left", "right"])
def test_the_side_that_is_called_anode_comes_to_lie_below(tmp_path, place):
    points, triangles = grid(4, 2, width=20.0, height=10.0)
    points = points - [3.0, 7.0]
    edges = sides(points - points.min(axis=0), triangles)[place]
    path = write(tmp_path / "a.msh", points, triangles, ["all"] * 16, {"electrode": edges})
    found = read(path, electrode="anode")
    upright = place in ("anode", "counter")
    assert found.points.max(axis=0) == pytest.approx([20, 10] if upright else [10, 20])
    assert (found.points[found.curves["electrode"].ravel(), 1] == 0).all()
    assert (areas(found.points, found.triangles) > 0).all()


def with_hole():
    middle = POINTS[TRIANGLES].mean(axis=1)
    kept = (np.abs(middle - 5) > 2.5).any(axis=1)
    return POINTS, TRIANGLES[kept], list(np.array(NAMES)[kept])


def torn():
    """Two halves side by side, each with nodes of its own between them."""
    points, triangles = grid(4, 2, height=5.0)
    both = np.vstack([triangles, triangles + len(points)])
    return np.vstack([points, points + [0, 5]]), both, ["lower"] * 16 + ["upper"] * 16


def apart():
    points, triangles = grid(2, 2)
    both = np.vstack([triangles, triangles + len(points)])
    return np.vstack([points, points + [20, 0]]), both, ["lower"] * 8 + ["upper"] * 8


def flat():
    points = POINTS.copy()
    points[6] = points[5] + (points[7] - points[5]) / 2 - [0, 0]
    points[6] = points[12] = 0.5 * (points[6] + points[12])
    return points, TRIANGLES, NAMES


def folded():
    """A strip that turns back over itself."""
    points, triangles = grid(4, 1)
    points[:, 0] = np.array([0, 5, 10, 5, 0])[np.arange(len(points)) % 5]
    points[[3, 4, 8, 9], 1] += 0.01
    return points, triangles, ["lower"] * 8


def bent():
    points = POINTS.copy()
    points[-3] += [0, 1.0]
    return points, TRIANGLES, NAMES


def out_of_plane():
    points = np.column_stack([POINTS, np.where(POINTS[:, 0] > 5, 1.0, 0.0)])
    return points, TRIANGLES, NAMES


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (with_hole(), r"does not fill a rectangle: 8 outer edges .* region of its own"),
        (torn(), r"has 4 edges twice in one place: .* common nodes"),
        (apart(), r"has 2 parts that do not hang together"),
        (flat(), r"triangles without area, the first at"),
        (bent(), r"does not fill a rectangle: 4 outer edges"),
        (out_of_plane(), "is not flat"),
        ((POINTS, TRIANGLES, ["", *NAMES[1:]]), "has 1 triangles in no physical surface"),
        ((POINTS, TRIANGLES[:0], []), "has no triangles at all"),
        ((POINTS, TRIANGLES, [""] * 32, {"left": sides(POINTS, TRIANGLES)["left"]}),
         "has no triangles in a physical surface: name every region as one"),
        ((POINTS, np.vstack([TRIANGLES, TRIANGLES[:2]]), [*NAMES, "more", "more"]),
         "has 2 triangles in more than one physical surface"),
    ],
)  # fmt: skip
def test_what_is_no_cell_is_said_in_a_sentence(tmp_path, made, sentence):
    with pytest.raises(own.NoCell, match=sentence):
        read(write(tmp_path / "a.msh", *made))


@pytest.mark.parametrize(
    ("kind", "nodes", "sentence"),
    [
        (3, [0, 1, 6, 5], "has 1 quadrilaterals; .*'Recombine'"),
        (9, [0, 2, 12, 1, 7, 6], "has 1 triangles of second order; .*ElementOrder = 1"),
        (4, [0, 1, 6, 25], "has elements of three dimensions"),
    ],
)
def test_other_elements_are_named(tmp_path, kind, nodes, sentence):
    points = np.vstack([np.column_stack([POINTS, np.zeros(25)]), [[1.0, 1.0, 1.0]]])
    path = tmp_path / "a.msh"
    write(path, points, [*TRIANGLES, nodes], [*NAMES, "odd"], kinds=[2] * 32 + [kind])
    with pytest.raises(own.NoCell, match=sentence):
        read(path)


def test_curves_must_be_where_their_sides_are(tmp_path):
    places = sides(POINTS, TRIANGLES)

    def written(**curves):
        return write(tmp_path / "a.msh", POINTS, TRIANGLES, NAMES, curves)

    with pytest.raises(own.NoCell, match="'left' elsewhere than the left is, which is at the left"):
        read(written(left=places["right"]))
    with pytest.raises(own.NoCell, match="'top' on a part of the counter only: 1 of 4"):
        read(written(top=places["counter"][1:]), top="counter")
    with pytest.raises(own.NoCell, match="has no physical curve 'top'; its curves: anode"):
        read(written(anode=places["anode"]), top="counter")


def test_without_physical_groups_the_surfaces_of_the_geometry_are_taken(tmp_path):
    """As Gmsh writes a file whose author has named nothing."""
    gmsh.initialize()
    gmsh.option.setNumber("General.Terminal", 0)
    halves = [gmsh.model.occ.addRectangle(x, 0, 0, 1, 2) for x in (0, 1)]
    gmsh.model.occ.fragment([(2, halves[0])], [(2, halves[1])])
    gmsh.model.occ.synchronize()
    gmsh.model.mesh.generate(2)
    gmsh.write(str(tmp_path / "a.msh"))
    gmsh.finalize()
    found = read(tmp_path / "a.msh")
    assert found.surfaces == ("1", "2") and len(found.curves) == 7
    area = np.bincount(found.surface, areas(found.points, found.triangles))
    assert area == pytest.approx([2.0, 2.0])
    side = next(name for name, edges in found.curves.items()
                if (found.points[edges][:, :, 0] == 0).all())  # fmt: skip
    turned = read(tmp_path / "a.msh", **{side: "anode"})
    assert np.ptp(turned.points, axis=0) == pytest.approx([2.0, 2.0])


def test_what_is_no_mesh_is_said(tmp_path):
    (tmp_path / "a.msh").write_text("no mesh")
    with pytest.raises(own.NoCell, match=r"is no mesh that Gmsh can read|no triangles at all"):
        read(tmp_path / "a.msh")
