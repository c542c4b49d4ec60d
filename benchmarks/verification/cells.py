# SPDX-License-Identifier: MIT
"""Structured cells for rungs that need rows along the front, or a strip much longer than wide."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from dolfinx import mesh

from benchmarks.verification.common import LENGTH
from solver.cell.domain import Domain


def grid(width: float, columns: int, heights: np.ndarray) -> Domain:
    """Return a cell of one layer on a tensor grid, each rectangle cut into two right triangles.

    Not into four: in flat rectangles two of those would have obtuse angles, which cost accuracy
    (10 % in the rates of rung 8) and the M-matrix.

    Args:
        width: Width of the cell [l].
        columns: Number of equal columns.
        heights: Ascending heights of the rows of nodes, from 0 [l].
    """
    rows = len(heights) - 1
    # Rows at whole numbers first, so that they can be moved where they belong.
    msh = mesh.create_rectangle(
        MPI.COMM_SELF,
        [np.array([0.0, 0.0]), np.array([width * LENGTH, float(rows)])],
        [columns, rows],
    )
    x = msh.geometry.x
    x[:, 1] = np.interp(x[:, 1], np.arange(rows + 1), heights) * LENGTH
    right, top = width * LENGTH, heights[-1] * LENGTH
    sides = {
        "anode": lambda x: x[1] < 1e-9 * top,
        "counter": lambda x: x[1] > (1 - 1e-9) * top,
        "left": lambda x: x[0] < 1e-9 * right,
        "right": lambda x: x[0] > (1 - 1e-9) * right,
    }
    facets = [mesh.locate_entities_boundary(msh, 1, on_side) for on_side in sides.values()]
    tags = {name: number for number, name in enumerate(sides, start=1)}
    numbers = np.repeat(np.arange(1, 5, dtype=np.int32), [len(f) for f in facets])
    together = np.concatenate(facets)
    ascending = np.argsort(together)
    facet_tags = mesh.meshtags(msh, 1, together[ascending], numbers[ascending])
    cells = np.arange(msh.topology.index_map(2).size_local, dtype=np.int32)
    cell_tags = mesh.meshtags(msh, 2, cells, np.full(len(cells), 5, dtype=np.int32))
    tags["electrolyte"] = 5
    return Domain(msh, cell_tags, facet_tags, tags, ("electrolyte",), right, top)


def graded(
    height: float, h: float, fine: tuple[float, float], growth: float, largest: float
) -> np.ndarray:
    """Return heights of rows: size h in an interval, growing with the distance from it.

    Args:
        height: Height of the cell [l].
        h: Smallest row [l].
        fine: Lower and upper end of the equally spaced part [l].
        growth: Increase of the size per unit of distance.
        largest: Largest row [l].
    """
    heights = [0.0]
    while heights[-1] < height:
        away = max(0.0, fine[0] - heights[-1], heights[-1] - fine[1])
        heights.append(heights[-1] + min(largest, h + growth * away))
    return np.array(heights) * height / heights[-1]
