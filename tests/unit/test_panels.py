# SPDX-License-Identifier: MIT
"""What is drawn of a snapshot: the front from the triangles that it crosses is the whole front."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.tri import Triangulation

from solver.output import light
from solver.output.snapshots import Snapshot
from solver.pages import raster, stills
from solver.pictures import panels, plots


@pytest.fixture
def snapshot():
    points = np.random.default_rng(3).random((400, 2))
    triangles = Triangulation(*points.T).triangles
    away = np.hypot(*(points - 0.5).T) - 0.3
    fields = {"xi": 1 / (1 + np.exp(20 * away)), "c": points[:, 0]}
    return Snapshot(0.0, points, triangles, fields | {"layer": np.ones(len(triangles))})


def drawn(snapshot):
    panel = next(x for x in panels.PANELS if x.field == "c")
    return panels.draw(Figure().subplots(), panel, snapshot, Normalize(0, 1))


def length(contour):
    (path,) = contour.get_paths()
    return sum(np.hypot(*np.diff(p, axis=0).T).sum() for p in path.to_polygons(closed_only=False))


def test_front_is_that_of_all_triangles(snapshot):
    """Within 2 % of the circle's, and to round-off that of the whole triangulation."""
    every = Triangulation(*snapshot.points.T, snapshot.triangles)
    whole = Figure().subplots().tricontour(every, snapshot.fields["xi"], levels=[0.5])
    found = length(drawn(snapshot)[-1])
    assert found == pytest.approx(2 * np.pi * 0.3, rel=0.02)
    assert found == pytest.approx(length(whole), rel=1e-12)


def test_lines_between_layers_where_there_are_several(snapshot):
    """None in a cell of one layer; in one of two, those of the edges between them."""
    assert not any(isinstance(x, LineCollection) for x in drawn(snapshot))
    upper = snapshot.points[snapshot.triangles][..., 1].mean(axis=1) > 0.5
    snapshot.fields["layer"][:] = 1 + upper
    (lines,) = (x for x in drawn(snapshot) if isinstance(x, LineCollection))
    ends = np.vstack(lines.get_segments())
    assert np.ptp(ends[:, 0]) > 0.9 and np.median(np.abs(ends[:, 1] - 0.5)) < 0.05


def phi_of(*names: str):
    """The panel of phi of a run that has written these fields."""
    attributes = [light.Attribute(name, "1") for name in names]
    return next(x for x in panels.of_dendrite(attributes) if x.field == "phi")


def test_phi_of_ions_is_covered_in_the_metal_and_decides_no_colour(snapshot):
    """Half of the cell's phi is above 0; in the deposit it is -9 V."""
    metal = snapshot.fields["xi"] > 0.5
    snapshot.fields["phi"] = np.where(metal, -9.0, snapshot.points[:, 0])
    printed, ions = phi_of("xi", "phi", "c"), phi_of("xi", "phi")
    assert printed.in_metal and not ions.in_metal
    assert panels.colour_range(printed, snapshot)[0] == -9e3
    low, high = panels.colour_range(ions, snapshot)
    assert 0 <= low < high <= 1e3
    covered = panels.draw(Figure().subplots(), ions, snapshot, Normalize(low, high))
    whole = panels.draw(Figure().subplots(), printed, snapshot, Normalize(low, high))
    assert len(covered) == len(whole) + 1
    inside = metal[snapshot.triangles].all(axis=1).sum()
    assert len(covered[1]._triangulation.triangles) == inside > 100


def test_a_page_covers_it_too(snapshot):
    snapshot.fields["phi"] = snapshot.points[:, 0]
    pixels = raster.Raster(snapshot.points, snapshot.triangles, 60)
    edges = stills._edges(pixels, snapshot)
    for panel, covered in ((phi_of("xi", "phi", "c"), False), (phi_of("xi", "phi"), True)):
        _, marks = stills._values(pixels, snapshot, panel, edges)
        share = (marks == stills.INERT).mean()
        assert share == pytest.approx(0.09 * np.pi * covered, abs=0.05)


@pytest.mark.parametrize("aspect", [0.1, 0.4, 0.8, 2.0])
def test_labels_of_charts_above_each_other_stay_apart(snapshot, aspect):
    """Those of voltage and current, in cells of any shape."""
    t, names = np.linspace(0, 9, 4), [c.column for chart in plots.CELL for c in chart.curves]
    values = dict.fromkeys(names, t)
    history = plots.History(t, t, t, "Voltage and current", plots.CELL, values)
    cell = replace(snapshot, points=snapshot.points * [1, aspect])
    fig = plots._draw(cell, history, "A cell")
    fig.draw_without_rendering()
    charts = [x for ax in fig.axes for x in ax.child_axes if "(m" in x.get_ylabel()]
    upper, lower = (x.yaxis.label.get_window_extent() for x in charts)
    assert upper.y0 > lower.y1
