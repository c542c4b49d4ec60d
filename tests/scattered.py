# SPDX-License-Identifier: MIT
"""A triangulated square whose rows are spread over the ranks in no order, without a model."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from solver.output.chunks import Column, whole
from solver.output.light import Attribute

ATTRIBUTES = (Attribute("c", "mol/m^3"), Attribute("u", "m", components=3),
              Attribute("von_mises", "Pa", center="Cell"))  # fmt: skip


def square(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes of a grid of n by n squares with side 1, and the triangles that they are cut into."""
    y, x = np.divmod(np.arange((n + 1) ** 2), n + 1)
    first = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    corners = [[0, 1, n + 2], [0, n + 2, n + 1]]
    triangles = (first[:, None, None] + np.array(corners)).reshape(-1, 3)
    return np.column_stack([x, y, 0 * x]).astype(float), triangles.astype(np.int32)


def fields_at(n: int, t: float) -> dict[str, np.ndarray]:
    """What the fields are, in the order of the mesh."""
    points, triangles = square(n)
    return _fields(points, np.arange(len(triangles)), len(triangles), t)


def _fields(points: np.ndarray, cells: np.ndarray, count: int, t: float) -> dict[str, np.ndarray]:
    """At some nodes, and in some of so many triangles."""
    return {
        "c": np.float32(1000 + points[:, 0] + t),
        "u": np.float32(points * [1, t, 0]),
        "von_mises": np.float32(cells * t),
        "layer": np.float32(1 + (cells >= count // 2)),
    }


class Scattered:
    """A square as a field series sees it: its `t` says what the fields are."""

    attributes = ATTRIBUTES

    def __init__(self, n: int, comm: MPI.Comm = MPI.COMM_SELF, shift: float = 0.0):
        self.n, self.comm, self.t, self.shift = n, comm, 0.0, shift
        points, triangles = square(n)
        # The same shuffle on all ranks; each has every so manieth row.
        shuffle = np.random.default_rng(n).permutation
        self.nodes = shuffle(len(points))[comm.rank :: comm.size]
        self.cells = shuffle(len(triangles))[comm.rank :: comm.size]
        self.points, self.triangles = points[self.nodes], triangles[self.cells]
        self.slices = {"Node": whole(comm, len(points)), "Cell": whole(comm, len(triangles))}
        rows = {"Node": self.nodes, "Cell": self.cells}
        self.places = {center: self.slices[center].at(rows[center]) for center in rows}

    def _column(self, center: str, name: str, unit: str, values: np.ndarray) -> Column:
        return Column(self.slices[center], name, unit, self.places[center].collect(values))

    def mesh(self):
        """The mesh."""
        return [
            self._column("Node", "points", "um", self.points + [self.shift, 0, 0]),
            self._column("Cell", "triangles", "1", self.triangles),
            self._column("Cell", "layer", "1", self._values()["layer"]),
        ]

    def fields(self):
        """The fields at the time `t`."""
        values = self._values()
        return [self._column(a.center, a.name, a.unit, values[a.name]) for a in ATTRIBUTES]

    def _values(self) -> dict[str, np.ndarray]:
        return _fields(self.points, self.cells, 2 * self.n**2, self.t)


def written(series, shown: Scattered, *times: float) -> None:
    """Add snapshots."""
    for t in times:
        shown.t = t
        series.write(shown, t)
