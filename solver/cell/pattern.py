# SPDX-License-Identifier: MIT
"""Where the couplings of edges stand in the rows of a sparse matrix, one number per node.

Fields with components have blocks in their places: all fields of a mesh share one pattern.
"""

from __future__ import annotations

from functools import cached_property

import mpi4py.MPI  # noqa: F401  (DOLFINx from PyPI needs it first)
import numpy as np

from dolfinx.common import IndexMap


class Pattern:
    """Places of edges and of the diagonal in a block of the rows that a rank owns.

    Entries are numbered as the (tail, head) of all edges, the (head, tail) of all edges, and the
    diagonal of all nodes.

    Attributes:
        lengths: Number of places in every row.
        columns: Local nodes of the places' columns.
        entries: Entries that stand there.
        count: How many entries there are.
    """

    def __init__(self, tail: np.ndarray, head: np.ndarray, nodes: IndexMap, inner: bool):
        """Find the places with columns of the rank's own, or else those with others'."""
        owned, narrow = nodes.size_local, np.int32
        own = np.arange(owned + nodes.num_ghosts, dtype=narrow)
        rows, columns = np.concatenate([tail, head, own]), np.concatenate([head, tail, own])
        self.count = len(rows)
        entries = np.flatnonzero((rows < owned) & ((columns < owned) == inner)).astype(narrow)
        # Ghosts are ordered as the matrix orders them, by their global numbers.
        names = nodes.local_to_global(own)
        self.entries = entries[np.lexsort((names[columns[entries]], rows[entries]))]
        self.columns = columns[self.entries]
        self.lengths = np.bincount(rows[self.entries], minlength=owned).astype(narrow)

    @property
    def rows(self) -> np.ndarray:
        """Local nodes of the places' rows, ascending."""
        return self.spread(np.arange(len(self.lengths), dtype=np.int32))

    @cached_property
    def begins(self) -> np.ndarray:
        """Where the rows begin among the places, shape (rows + 1,)."""
        return np.concatenate([[0], np.cumsum(self.lengths)]).astype(np.int32)

    @cached_property
    def diagonal(self) -> np.ndarray:
        """Which of the places are on the diagonal, by rows."""
        return np.flatnonzero(self.rows == self.columns).astype(np.int32)

    def spread(self, of_rows: np.ndarray) -> np.ndarray:
        """What every place has of its row."""
        return np.repeat(of_rows, self.lengths)

    def places(self, size: int, row: int) -> np.ndarray:
        """Where blocks of `size` components have one of their rows among the values of a matrix.

        Args:
            size: Number of components.
            row: The component; its values of a block follow each other.

        Returns:
            For every place the index of the first of them, where values come row by row.
        """
        first = np.arange(len(self.columns)) + self.spread((size - 1) * self.begins[:-1])
        return (size * first + self.spread(row * size * self.lengths)).astype(np.int32)
