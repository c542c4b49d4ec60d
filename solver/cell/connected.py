# SPDX-License-Identifier: MIT
"""Which nodes hang together through metal, on any number of ranks, and which metal is nearest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from mpi4py import MPI
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from dolfinx import fem

from solver.cell.contour import gathered

ELECTROLYTE = -1
"""Number of a node that is in no metal."""


class Graph(NamedTuple):
    """Nodes and edges of a rank.

    Attributes:
        tail: First node of every edge.
        head: Second node of every edge.
        x: Coordinates of the nodes, ghosts included, shape (nodes, 2) [m].
        anode: Nodes on the anode.
    """

    tail: np.ndarray
    head: np.ndarray
    x: np.ndarray
    anode: np.ndarray


def bodies(graph: Graph, metal: np.ndarray, marks: fem.Function) -> tuple[np.ndarray, int]:
    """Number the connected pieces of metal. Collective.

    Metal that hangs together with the anode is 0. Islands are numbered from 1 on by their lowest
    node, the leftmost of those, so that no number depends on the ranks.

    Args:
        graph: Nodes and edges of the rank.
        metal: Whether each node is metal, ghosts included.
        marks: A scalar P1 function, overwritten.

    Returns:
        Numbers of the nodes, ELECTROLYTE where there is no metal, and the number of islands.
    """
    comm, nodes = marks.function_space.mesh.comm, len(metal)
    inside = metal[graph.tail] & metal[graph.head]
    pairs = graph.tail[inside], graph.head[inside]
    links = coo_array((np.ones(len(pairs[0])), pairs), shape=(nodes, nodes))
    _, piece = connected_components(links, directed=False)
    # One name per piece and rank; those of a ghost on two ranks are one piece.
    piece += comm.exscan(nodes, MPI.SUM) or 0
    marks.x.array[:] = piece
    marks.x.scatter_forward()
    same = np.column_stack([piece, marks.x.array.astype(np.int64)])[metal]
    anode = np.zeros(nodes, dtype=bool)
    anode[graph.anode] = True
    lowest = np.lexsort((graph.x[:, 0], graph.x[:, 1]))
    lowest = lowest[metal[lowest]]
    names, first = np.unique(piece[lowest], return_index=True)
    first = lowest[first]
    held = np.isin(names, piece[metal & anode])
    found = comm.allgather((np.unique(same, axis=0), names, graph.x[first], held))
    number = _numbered(*(np.concatenate(part) for part in zip(*found, strict=True)))
    of_node = np.full(nodes, ELECTROLYTE)
    of_node[metal] = [number[name] for name in piece[metal]]
    return of_node, max(number.values(), default=0)


def _numbered(same, names, lowest, held) -> dict[int, int]:
    """Numbers of the pieces by their names, from what all ranks have found."""
    place = {name: i for i, name in enumerate(np.unique(names))}
    joined = [[place[name] for name in column] for column in same.T]
    count = len(place)
    links = coo_array((np.ones(len(joined[0])), joined), shape=(count, count))
    _, body = connected_components(links, directed=False)
    of_name = body[[place[name] for name in names]]
    connected = np.unique(of_name[held])
    numbers = dict.fromkeys(connected.tolist(), 0)
    for i in np.lexsort(lowest.T):
        numbers.setdefault(int(of_name[i]), len(numbers) - len(connected) + 1)
    return {int(name): numbers[int(b)] for name, b in zip(names, of_name, strict=True)}


def nearest_body(
    graph: Graph, of_node: np.ndarray, psi: np.ndarray, comm: MPI.Comm
) -> np.ndarray:
    """Number of the body whose front is nearest to each node. Collective.

    Args:
        graph: Nodes and edges of the rank.
        of_node: What `bodies` has returned.
        psi: Front coordinate at the nodes.
        comm: All ranks.
    """
    metal = of_node != ELECTROLYTE
    crossed = metal[graph.tail] != metal[graph.head]
    a, b = graph.tail[crossed], graph.head[crossed]
    a, b = np.where(metal[a], a, b), np.where(metal[a], b, a)
    weight = (psi[a] / (psi[a] - psi[b]))[:, None]
    points = (1 - weight) * graph.x[a] + weight * graph.x[b]
    points, numbers = gathered(comm, points, of_node[a].astype(float)[:, None])
    if len(points) == 0:
        return np.zeros(len(psi), dtype=np.int64)
    nearest = numbers[cKDTree(points).query(graph.x)[1], 0].astype(np.int64)
    return np.where(metal, of_node, nearest)
