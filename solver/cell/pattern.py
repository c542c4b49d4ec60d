# SPDX-License-Identifier: MIT
"""Where the couplings of edges stand in the rows of a sparse matrix, one number per node.

Fields with components have blocks in their places: all fields of a mesh share one pattern.
"""

from __future__ import annotations

import mpi4py.MPI  # noqa: F401  (DOLFINx from PyPI needs it first)
import numpy as np

from dolfinx.common import IndexMap


class Pattern:
    """Places of edges and of the diagonal in a block of the rows that a rank owns.

    Entries are numbered as the (tail, head) of all edges, the (head, tail) of all edges, and the
    diagonal of all nodes.

    Attributes:
        lengths: Number of places in every row.
        rows: Local nodes of the places' rows, ascending.
        columns: Local nodes of their columns.
        entries: Entries that stand there.
    """

    def __init__(self, tail: np.ndarray, head: np.ndarray, nodes: IndexMap, inner: bool):
        """Find the places with columns of the rank's own, or else those with others'."""
        owned, narrow = nodes.size_local, np.int32
        own = np.arange(owned + nodes.num_ghosts, dtype=narrow)
        tail, head = tail.astype(narrow), head.astype(narrow)
        rows, columns = np.concatenate([tail, head, own]), np.concatenate([head, tail, own])
        entries = np.flatnonzero((rows < owned) & ((columns < owned) == inner))
        # Ghosts are ordered as the matrix orders them, by their global numbers.
        names = nodes.local_to_global(own)
        self.entries = entries[np.lexsort((names[columns[entries]], rows[entries]))]
        self.rows, self.columns = rows[self.entries], columns[self.entries]
        self.lengths = np.bincount(self.rows, minlength=owned).astype(narrow)
        self._places: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def places(self, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Where blocks of `size` components begin among the values of a matrix, row by row.

        Returns:
            For every place the index of its block's first value, and the distance from there to
            the next component's row.
        """
        if size not in self._places:
            starts = np.cumsum(self.lengths) - self.lengths
            first = size * ((size - 1) * starts[self.rows] + np.arange(len(self.rows)))
            self._places[size] = first.astype(np.int32), size * self.lengths[self.rows]
        return self._places[size]
