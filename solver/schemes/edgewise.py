# SPDX-License-Identifier: MIT
"""Linear systems whose matrices are given on the edges of P1 triangles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from petsc4py import PETSc

from dolfinx import fem

from solver.cell.edges import Edges
from solver.cell.pattern import Pattern
from solver.schemes.krylov import KrylovField

Pair = tuple[np.ndarray, np.ndarray]
"""Matrix entries (tail, head) and (head, tail) of every edge: one each, or for fields with
components blocks of shape (components, components, edges)."""

_NONE = np.empty(0)


class _Block:
    """A block of a matrix of `size` components: its columns, and its values, in a pattern.

    Args:
        pattern: Where its places are.
        size: Number of components of the field.
        held: Tells of every local degree of freedom, ghosts included, whether it is held.

    Attributes:
        values: The values, row by row.
    """

    def __init__(self, pattern: Pattern, size: int, held: np.ndarray):
        self._pattern, self._size = pattern, size
        self._rows = self._of_rows()
        self.clear()
        by_node = held.reshape(-1, size)
        of_rows, of_columns = by_node[pattern.rows], by_node[pattern.columns]
        cut = [
            self._place(a, b)[np.logical_or(of_rows[:, a], of_columns[:, b])]
            for a, b in np.ndindex(size, size)
        ]
        self._cut = np.concatenate(cut)

    def clear(self) -> None:
        """Make all values 0, in an array of their own."""
        count = self._size**2 * len(self._pattern.columns)
        self.values = np.zeros(count, dtype=PETSc.ScalarType)

    def _place(self, a: int, b: int) -> np.ndarray:
        """Where the components (a, b) of all blocks are among the values."""
        if self._size == 1:
            return np.arange(len(self.values), dtype=np.int32)
        return self._pattern.places(self._size, a) + np.int32(b)

    @property
    def begins(self) -> np.ndarray:
        """Where the rows begin among the values."""
        if self._size == 1:
            return self._pattern.begins.astype(PETSc.IntType, copy=False)
        lengths = np.repeat(self._size * self._pattern.lengths, self._size)
        return np.concatenate([[0], np.cumsum(lengths)]).astype(PETSc.IntType)

    def columns(self, names: np.ndarray | None = None) -> np.ndarray:
        """Columns of the values, where `names` are those of the local nodes; None: as they are.

        Those of a scalar field as they are, and where its rows begin, are the pattern's own arrays:
        all matrices of a mesh share them.
        """
        columns = self._pattern.columns if names is None else names[self._pattern.columns]
        if self._size == 1:
            return columns.astype(PETSc.IntType, copy=False)
        found, size = np.empty(len(self.values), dtype=PETSc.IntType), self._size
        for a, b in np.ndindex(size, size):
            found[self._place(a, b)] = size * columns + b
        return found

    def _of_rows(self) -> np.ndarray:
        """Which row of `entries` stands where, as `take` has them, for `size` values after another.

        That of a scalar field is the pattern's own array.
        """
        here, size = self._pattern.entries, self._size
        if size == 1:
            return here
        found = np.empty(size * len(here), dtype=np.int32)
        for a in range(size):
            found[self._pattern.places(size, a) // size] = a * self._pattern.count + here
        return found

    def take(self, entries: np.ndarray) -> None:
        """Take the values from the entries of the pattern, shape (size, entries, size)."""
        size = self._size
        out = self.values.reshape(-1, size)
        np.take(entries.reshape(-1, size), self._rows, axis=0, out=out, mode="clip")

    def cut(self) -> None:
        """Leave nothing in the rows and columns of what is held."""
        self.values[self._cut] = 0.0

    def diagonal(self) -> np.ndarray:
        """Where the diagonal is among the values, by degrees of freedom.

        That of a scalar field is the pattern's own array.
        """
        here = self._pattern.diagonal
        if self._size == 1:
            return here
        places = [self._place(a, a)[here] for a in range(self._size)]
        return np.stack(places, axis=1).ravel()


def _matrix(V: fem.FunctionSpace, inner: _Block, outer: _Block) -> PETSc.Mat:
    """A matrix that has its values in the blocks' arrays. Collective."""
    index_map, size, comm = V.dofmap.index_map, V.dofmap.index_map_bs, V.mesh.comm
    owned, total = size * index_map.size_local, size * index_map.size_global
    csr = inner.begins, inner.columns(), inner.values
    if comm.size > 1:
        # PETSc renumbers these columns in place.
        own = np.arange(index_map.size_local + index_map.num_ghosts, dtype=np.int32)
        csr = csr, (outer.begins, outer.columns(index_map.local_to_global(own)), outer.values)
    matrix = PETSc.Mat().createAIJWithArrays(((owned, total), (owned, total)), csr, comm=comm)
    matrix.setBlockSize(size)
    # Ranks ask each other at every assembly for entries of their rows, and never have any.
    matrix.setOption(PETSc.Mat.Option.NO_OFF_PROC_ENTRIES, True)
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
        size = self._size
        self._pair: Pair | None = None
        is_held = np.zeros(size * edges.nodes, dtype=bool)
        is_held[held] = True
        self._blocks = inner, _ = [_Block(x, size, is_held) for x in edges.patterns]
        self._diagonal = inner.diagonal()
        self._resting = False
        self._of_edges = np.zeros(size * edges.nodes)
        super().__init__(_matrix(V, *self._blocks), unknown, held, options)

    def rest(self) -> None:
        """Keep the places of the matrix alone."""
        super().rest()
        self.matrix.destroy()
        for block in self._blocks:
            block.values = _NONE
        self._resting = True
        self._of_edges = _NONE

    def _wake(self) -> None:
        """Make the matrix again, with nothing in it."""
        for block in self._blocks:
            block.clear()
        self._of_edges = np.zeros(self._size * self._edges.nodes)
        self.matrix = _matrix(self.unknown.function_space, *self._blocks)
        self._resting = False

    def assemble(self) -> None:
        """Take the present entries of the edges into the matrix."""
        if self._resting:
            self._wake()
        size = self._size
        self._pair = tuple(x.reshape(size, size, -1) for x in self._couplings())
        self._take()

    def couple(self, at: np.ndarray, values: np.ndarray) -> None:
        """Add what conducts between the ends of some edges of a scalar field, once assembled.

        Args:
            at: The edges.
            values: What each conducts, both ways.
        """
        self._pair = tuple(x.copy() for x in self._pair)  # both may be one, and the couplings' own
        for entries in self._pair:
            entries[0, 0, at] -= values
        self._take()

    def release(self) -> None:
        """Keep the matrix alone of what has been assembled; there are no products then."""
        self._pair = None
        if self._size > 1:  # no other multigrid is as large
            self._edges.rest()

    def _take(self) -> None:
        """Take the entries of the edges into the matrix."""
        edges, size, (forward, backward) = self._edges, self._size, self._pair
        count = len(edges.tail)
        entries = np.empty((size, 2 * count + edges.nodes, size))
        for a, b in np.ndindex(size, size):
            leaving = np.bincount(edges.tail, backward[a, b], edges.nodes)
            leaving += np.bincount(edges.head, forward[a, b], edges.nodes)
            entries[a, :count, b], entries[a, count : 2 * count, b] = forward[a, b], backward[a, b]
            nodal = np.negative(leaving, out=entries[a, 2 * count :, b])
            if a == b:
                self._of_edges[a::size] = nodal
        entries *= self.scale
        for block in self._blocks:
            block.take(entries)
            block.cut()
        self.add_diagonal(0.0)

    def add_diagonal(self, values: np.ndarray | float) -> None:
        """Set the diagonal to that of the edges plus nodal values (those of ghosts are ignored)."""
        total = self.scale * (self._of_edges + values)[: len(self._diagonal)]
        self._blocks[0].values[self._diagonal] = total
        self.fix_rows()

    def product(self, values: np.ndarray | None = None) -> np.ndarray:
        """Matrix of the edges times nodal values; what ghosts get is meaningless.

        Args:
            values: Of all nodes, ghosts included; None: the current ones of the unknown.
        """
        values = self.unknown.x.array if values is None else values
        edges, y, (forward, backward) = self._edges, values.reshape(-1, self._size).T, self._pair
        head, tail = y[:, edges.head], y[:, edges.tail]
        out = np.empty(y.T.shape)
        for a in range(self._size):
            flux = (forward[a] * head).sum(axis=0) - (backward[a] * tail).sum(axis=0)
            out[:, a] = edges.net(flux)
        return out.ravel()

    def fix_rows(self) -> None:
        """Give the held rows a unit diagonal; they never have anything beside it."""
        self._blocks[0].values[self._diagonal[self.fixed]] = 1.0
        self.matrix.assemble()
