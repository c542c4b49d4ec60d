# SPDX-License-Identifier: MIT
"""Linear systems whose matrices are given on the edges of P1 triangles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from petsc4py import PETSc

from dolfinx import fem

from solver.cell.edges import Edges
from solver.schemes.linear import KrylovField

Pair = tuple[np.ndarray, np.ndarray]
"""Matrix entries (tail, head) and (head, tail) of every edge: one each, or for fields with
components blocks of shape (components, components, edges)."""


class Pattern:
    """Where entries of edges and of the diagonal stand in a block of the rows that a rank owns.

    Entries are numbered component by component of their blocks, in each the (tail, head) of all
    edges, the (head, tail) of all edges, and the diagonal of all nodes.

    Attributes:
        begins: Where the rows begin.
        rows: Local degrees of freedom of the places' rows.
        columns: Local degrees of freedom of their columns.
        entries: Entries that stand there.
        values: Their values, which belong to the matrix.
    """

    def __init__(self, edges: Edges, V: fem.FunctionSpace, inner: bool):
        """Find the places with columns of the rank's own, or else those with others'."""
        owned, size, narrow = V.dofmap.index_map.size_local, V.dofmap.index_map_bs, np.int32
        own = np.arange(edges.nodes, dtype=narrow)
        tail, head = edges.tail.astype(narrow), edges.head.astype(narrow)
        rows, columns = np.concatenate([tail, head, own]), np.concatenate([head, tail, own])
        entries = np.flatnonzero((rows < owned) & ((columns < owned) == inner)).astype(narrow)
        # Ghosts are ordered as the matrix orders them, by their global numbers.
        names = V.dofmap.index_map.local_to_global(own)
        entries = entries[np.lexsort((names[columns[entries]], rows[entries]))]
        lengths = np.bincount(rows[entries], minlength=owned).astype(narrow)
        # Every row of nodes becomes one per component, in which every entry becomes one each.
        starts = np.repeat(np.cumsum(lengths, dtype=narrow) - lengths, size)
        lengths = np.repeat(lengths, size)
        first = np.repeat(starts - np.cumsum(lengths, dtype=narrow) + lengths, lengths)
        entry = entries[first + np.arange(len(first), dtype=narrow)]
        row, b = np.repeat(np.arange(size * owned, dtype=narrow), lengths), np.arange(size)
        self.begins = np.concatenate([[0], np.cumsum(size * lengths)]).astype(PETSc.IntType)
        self.rows = np.repeat(row, size)
        self.columns = (size * columns[entry][:, None] + b.astype(narrow)).ravel()
        self.entries = ((row % size * size)[:, None] + b) * len(rows)
        self.entries += entry[:, None]
        self.entries = self.entries.ravel()
        self.values = np.zeros(len(self.entries), dtype=PETSc.ScalarType)


def _matrix(V: fem.FunctionSpace, inner: Pattern, outer: Pattern) -> PETSc.Mat:
    """A matrix that has its values in the patterns' arrays. Collective."""
    index_map, size, comm = V.dofmap.index_map, V.dofmap.index_map_bs, V.mesh.comm
    owned, total = size * index_map.size_local, size * index_map.size_global
    csr = inner.begins, inner.columns.astype(PETSc.IntType), inner.values
    if comm.size > 1:
        nodes, component = np.divmod(outer.columns, size)
        columns = size * index_map.local_to_global(nodes.astype(np.int32)) + component
        csr = csr, (outer.begins, columns.astype(PETSc.IntType), outer.values)
    matrix = PETSc.Mat().createAIJWithArrays(((owned, total), (owned, total)), csr, comm=comm)
    matrix.setBlockSize(size)
    return matrix


class EdgeField(KrylovField):
    """A field whose matrix has columns that sum to zero, plus nodal terms on the diagonal.

    What leaves one node of an edge then enters the other. Rows and columns of held degrees of
    freedom are those of the identity from the start.

    Args:
        couplings: Gives the present entries of the edges.
        edges: The edges.
        unknown: The field.
        held: Local degrees of freedom held at their value, ghosts included.
        options: PETSc options of the Krylov solver.
    """

    def __init__(
        self,
        couplings: Callable[[], Pair],
        edges: Edges,
        unknown: fem.Function,
        held: np.ndarray,
        options: dict,
    ):
        V = unknown.function_space
        self._couplings, self._edges, self._size = couplings, edges, V.dofmap.index_map_bs
        count, size = len(edges.tail), self._size
        self._entries = np.zeros((size, size, 2 * count + edges.nodes))
        self._forward, self._backward, self._nodal = np.split(
            self._entries, (count, 2 * count), axis=2
        )
        inner, outer = (Pattern(edges, V, inner=own) for own in (True, False))
        is_held = np.zeros(size * edges.nodes, dtype=bool)
        is_held[held] = True
        self._parts = [
            (x.values, x.entries, np.flatnonzero(is_held[x.rows] | is_held[x.columns]))
            for x in (inner, outer)
        ]
        self._places = np.flatnonzero(inner.rows == inner.columns)
        matrix = _matrix(V, inner, outer)
        super().__init__(matrix, unknown, held, options)

    def assemble(self) -> None:
        """Take the present entries of the edges into the matrix."""
        edges, components = self._edges, range(self._size)
        self._forward[:], self._backward[:] = self._couplings()
        for a in components:
            for b in components:
                leaving = np.bincount(edges.tail, self._backward[a, b], edges.nodes)
                leaving += np.bincount(edges.head, self._forward[a, b], edges.nodes)
                np.negative(leaving, out=self._nodal[a, b])
        for values, entries, cut in self._parts:
            np.take(self._entries, entries, out=values, mode="clip")
            values[cut] = 0.0
        self.add_diagonal(0.0)

    def add_diagonal(self, values: np.ndarray | float) -> None:
        """Set the diagonal to that of the edges plus nodal values (those of ghosts are ignored)."""
        diagonal = np.stack([self._nodal[a, a] for a in range(self._size)], axis=1).ravel()
        total = (diagonal + values)[: len(self._places)]
        total[self.fixed] = 1.0
        self._parts[0][0][self._places] = total
        self.matrix.assemble()

    def product(self, values: np.ndarray | None = None) -> np.ndarray:
        """Matrix of the edges times nodal values; what ghosts get is meaningless.

        Args:
            values: Of all nodes, ghosts included; None: the current ones of the unknown.
        """
        values = self.unknown.x.array if values is None else values
        edges, y = self._edges, values.reshape(-1, self._size).T
        head, tail = y[:, edges.head], y[:, edges.tail]
        out = np.empty(y.T.shape)
        for a in range(self._size):
            flux = (self._forward[a] * head).sum(axis=0) - (self._backward[a] * tail).sum(axis=0)
            out[:, a] = edges.net(flux)
        return out.ravel()

    def diagonal(self) -> np.ndarray:
        """What every node of a scalar field loses by its own value through its edges, per unit.

        As assembled; what ghosts have is meaningless.
        """
        return self._nodal[0, 0].copy()

    def fix_rows(self) -> None:
        """Held rows are never other than fixed."""
