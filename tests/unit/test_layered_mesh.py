# SPDX-License-Identifier: MIT
"""A large mesh is Gmsh's of larger sizes with every edge halved, and as good as one of its own."""

import mpi4py.MPI  # noqa: F401  (DOLFINx from PyPI needs it first)
import numpy as np
import pytest

from meshes import layered
from meshes.layered import Band, LayeredCell
from meshes.skeleton import SKELETON, SkeletonCell
from solver.cell.mesh_tables import of_gmsh

CELL = LayeredCell(16.0, (("a", 6.0), ("b", 10.0)), 0.25, 0.75, fine_height=8.0, growth=0.1)


def meshed(cell):
    import gmsh

    gmsh.initialize(interruptible=False)
    gmsh.option.setNumber("General.Terminal", 0)
    try:
        cell.build()
        return of_gmsh(gmsh.model, 1.0)
    finally:
        gmsh.finalize()


def sides(tables):
    corners = tables.points[tables.triangles]
    return np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2)


def areas(tables):
    (ax, ay), (bx, by) = np.moveaxis(np.diff(tables.points[tables.triangles], axis=1), 0, -1)
    return 0.5 * (ax * by - ay * bx)


@pytest.mark.parametrize("large", [1000, 250])
def test_halved_mesh_has_the_sizes_of_the_cell(monkeypatch, large):
    """Once or twice, whatever the nodes ask for; the sides add some to those expected."""
    monkeypatch.setattr(layered, "LARGE", large)
    tables, _ = meshed(CELL)
    assert len(tables.points) == pytest.approx(CELL.expected_nodes(), rel=0.16)
    heights = tables.points[tables.triangles][..., 1].mean(axis=1)
    wanted = np.array([CELL.size(y) for y in heights])
    ratio = sides(tables).mean(axis=1) / wanted
    assert np.median(ratio) == pytest.approx(1, abs=0.04)
    low, high = np.quantile(ratio, (0.02, 0.98))
    assert low > 0.7 and high < 1.2


@pytest.mark.parametrize("large", [1e5, 1000])
def test_halved_mesh_keeps_layers_and_sides(monkeypatch, large):
    """Every layer has its area, every side all of its length."""
    monkeypatch.setattr(layered, "LARGE", large)
    tables, tags = meshed(CELL)
    found = areas(tables)
    assert found.min() > 0
    for name, area in (("a", 96.0), ("b", 160.0)):
        assert found[tables.cell_tags == tags[name]].sum() == pytest.approx(area, rel=1e-12)
    for name in (("anode", "counter", "left", "right", "a|b")):
        ends = tables.points[tables.edges[tables.edge_tags == tags[name]]]
        lengths = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
        assert lengths.sum() == pytest.approx(16, rel=1e-12)


def test_halved_mesh_keeps_filaments(monkeypatch):
    """A skeleton has its area."""
    monkeypatch.setattr(layered, "LARGE", 1000)
    tables, tags = meshed(SkeletonCell(CELL, ((2.0, 2.5, 2.0, 8.0),)))
    here = tables.cell_tags == tags[SKELETON]
    assert areas(tables)[here].sum() == pytest.approx(3.0, rel=1e-12)


@pytest.mark.parametrize("large", [1e5, 3000])
def test_a_band_is_fine_along_its_line_and_nowhere_else(monkeypatch, large):
    """In any direction; halved too."""
    monkeypatch.setattr(layered, "LARGE", large)
    band = Band((3.0, 2.0), (9.0, 10.0), 0.08, 0.4)
    cell = LayeredCell(16.0, (("a", 16.0),), 1.0, 1.0, bands=(band,))
    tables, _ = meshed(cell)
    assert len(tables.points) == pytest.approx(cell.expected_nodes(), rel=0.2)
    middle = tables.points[tables.triangles].mean(axis=1) - (3.0, 2.0)
    along, aside = middle @ (0.6, 0.8), np.abs(middle @ (-0.8, 0.6))
    away = np.hypot(np.maximum(0, np.abs(along - 5) - 5), aside)
    size = sides(tables).mean(axis=1)
    assert np.median(size[away < 0.4]) == pytest.approx(0.08, rel=0.05)
    assert np.median(size[(away > 1.9) & (away < 2.1)]) == pytest.approx(0.08 + 0.3 * 1.6, rel=0.1)
    assert size[away > 4].min() > 0.5


class Stray:
    """A triangle with a named side, and a named line beside it that is no part of it."""

    def build(self):
        import gmsh

        gmsh.model.addDiscreteEntity(2, 1)
        gmsh.model.addDiscreteEntity(1, 1)
        gmsh.model.addDiscreteEntity(1, 2)
        places = [0, 0, 0, 1, 0, 0, 0, 1, 0, 5, 5, 0, 6, 5, 0]
        gmsh.model.mesh.addNodes(2, 1, [3, 4, 9, 1, 5], places)
        gmsh.model.mesh.addElementsByType(1, 2, [], [3, 4, 9])
        gmsh.model.mesh.addElementsByType(1, 1, [], [9, 3])
        gmsh.model.mesh.addElementsByType(2, 1, [], [1, 5])
        for dim, tag in ((2, 1), (1, 1), (1, 2)):
            gmsh.model.addPhysicalGroup(dim, [tag], 10 * dim + tag)


def test_an_edge_of_no_triangle_is_left_out():
    """Its nodes were taken for the next ones that triangles have: a side had its tag."""
    tables, _ = meshed(Stray())
    assert len(tables.points) == 3
    assert tables.edges.tolist() == [[0, 2]] and tables.edge_tags.tolist() == [11]
    assert np.allclose(tables.points[tables.edges[0]], [[0, 0], [0, 1]])
