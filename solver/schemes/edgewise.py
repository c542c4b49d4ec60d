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
    """Where the entries of edges and of the diagonal stand in the rows that a rank owns.

    Entries are numbered component by component of their blocks, in each the (tail, head) of all
    edges, the (head, tail) of all edges, and the diagonal of all nodes.

    Attributes:
        rows: Local degrees of freedom of the rows of the entries.
        columns: Those of their columns.
    """

    def __init__(self, edges: Edges, V: fem.FunctionSpace):
        self._map, self._size, self._comm = V.dofmap.index_map, V.dofmap.index_map_bs, V.mesh.comm
        own, size = np.arange(edges.nodes), self._size
        rows = np.concatenate([edges.tail, edges.head, own])
        columns = np.concatenate([edges.head, edges.tail, own])
        pairs = [(a, b) for a in range(size) for b in range(size)]
        self.rows = np.concatenate([size * rows + a for a, _ in pairs])
        self.columns = np.concatenate([size * columns + b for _, b in pairs])

    def matrix(self) -> tuple[PETSc.Mat, list[Pair]]:
        """Make a matrix that has its values in arrays of ours. Collective.

        Returns:
            The matrix, and for each of its blocks (columns of the rank's own; the others') the
            values and the entries that they are.
        """
        size = self._size
        owned, total = size * self._map.size_local, size * self._map.size_global
        ours = np.flatnonzero(self.rows < owned)
        inner = self.columns[ours] < owned
        parts = [self._part(ours[inner], self.columns[ours[inner]], owned)]
        if self._comm.size > 1:
            outer = ours[~inner]
            nodes, component = np.divmod(self.columns[outer], size)
            columns = size * self._map.local_to_global(nodes.astype(np.int32)) + component
            parts.append(self._part(outer, columns, owned))
        csr = tuple(part[0] for part in parts)
        sizes = ((owned, total), (owned, total))
        matrix = PETSc.Mat().createAIJWithArrays(
            sizes, csr if len(csr) > 1 else csr[0], comm=self._comm
        )
        matrix.setBlockSize(size)
        return matrix, [(arrays[2], entries) for arrays, entries in parts]

    def _part(self, entries: np.ndarray, columns: np.ndarray, rows: int):
        order = np.lexsort((columns, self.rows[entries]))
        counts = np.bincount(self.rows[entries], minlength=rows)
        begins = np.concatenate([[0], np.cumsum(counts)]).astype(PETSc.IntType)
        values = np.zeros(len(entries), dtype=PETSc.ScalarType)
        return (begins, columns[order].astype(PETSc.IntType), values), entries[order]


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
        pattern = Pattern(edges, V)
        matrix, self._parts = pattern.matrix()
        is_held = np.zeros(size * edges.nodes, dtype=bool)
        is_held[held] = True
        cut = is_held[pattern.rows] | is_held[pattern.columns]
        self._cut = [np.flatnonzero(cut[entries]) for _, entries in self._parts]
        entries = self._parts[0][1]
        self._places = np.flatnonzero(pattern.rows[entries] == pattern.columns[entries])
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
        for (values, entries), cut in zip(self._parts, self._cut, strict=True):
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

    def product(self) -> np.ndarray:
        """Matrix of the edges times the current value; the values of ghosts are meaningless."""
        edges, y = self._edges, self.unknown.x.array.reshape(-1, self._size).T
        head, tail = y[:, edges.head], y[:, edges.tail]
        out = np.empty(y.T.shape)
        for a in range(self._size):
            flux = (self._forward[a] * head).sum(axis=0) - (self._backward[a] * tail).sum(axis=0)
            out[:, a] = edges.net(flux)
        return out.ravel()

    def fix_rows(self) -> None:
        """Held rows are never other than fixed."""
