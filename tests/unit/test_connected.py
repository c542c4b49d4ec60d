# SPDX-License-Identifier: MIT
"""Pieces of metal: which hang together, in which order, and which is nearest."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from dolfinx import fem, mesh

from solver.cell import connected
from solver.cell.edges import Edges

V = fem.functionspace(mesh.create_unit_square(MPI.COMM_SELF, 20, 20), ("Lagrange", 1))
X = V.tabulate_dof_coordinates()[:, :2]
EDGES = Edges(V)
GRAPH = connected.Graph(EDGES.tail, EDGES.head, X, np.flatnonzero(X[:, 1] < 1e-9))


def disk(x: float, y: float, radius: float = 0.09) -> np.ndarray:
    return np.hypot(X[:, 0] - x, X[:, 1] - y) < radius


def found(*pieces: np.ndarray) -> tuple[np.ndarray, int]:
    return connected.bodies(GRAPH, np.any(pieces, axis=0), fem.Function(V))


def test_islands_are_numbered_from_the_anode_up():
    film = X[:, 1] < 0.12
    low, high, left = disk(0.7, 0.4), disk(0.2, 0.8), disk(0.3, 0.4)
    number, islands = found(film, low, high, left)
    assert islands == 3
    for piece, expected in ((film, 0), (left, 1), (low, 2), (high, 3)):
        assert (number[piece] == expected).all()
    assert (number == connected.ELECTROLYTE).sum() == (~(film | low | high | left)).sum()


def test_the_lowest_node_counts_not_the_highest():
    column = (np.abs(X[:, 0] - 0.6) < 0.03) & (X[:, 1] > 0.48) & (X[:, 1] < 0.97)
    number, islands = found(disk(0.2, 0.8), column)
    assert islands == 2
    assert (number[column] == 1).all() and (number[disk(0.2, 0.8)] == 2).all()


def test_pieces_that_stand_on_the_anode_apart_are_one_body():
    number, islands = found(disk(0.2, 0.0), disk(0.8, 0.0), disk(0.5, 0.5))
    assert islands == 1
    assert (number[disk(0.2, 0.0) | disk(0.8, 0.0)] == 0).all()
    assert (number[disk(0.5, 0.5)] == 1).all()


def test_a_bridge_makes_an_island_part_of_the_anodes_metal():
    bridge = (np.abs(X[:, 0] - 0.5) < 0.03) & (X[:, 1] < 0.5)
    assert found(disk(0.5, 0.5), bridge)[1] == 0
    assert found(disk(0.5, 0.5))[1] == 1


def test_electrolyte_belongs_to_the_metal_whose_front_is_nearest():
    film, island = X[:, 1] < 0.12, disk(0.5, 0.7)
    metal = film | island
    psi = np.where(metal, 1.0, -1.0)
    of_node = connected.nearest_body(GRAPH, found(film, island)[0], psi, MPI.COMM_SELF)
    assert (of_node[film] == 0).all() and (of_node[island] == 1).all()
    middle = np.abs(X[:, 0] - 0.5) < 0.01
    assert (of_node[middle & (X[:, 1] > 0.45)] == 1).all()
    assert (of_node[middle & (X[:, 1] < 0.3)] == 0).all()


def test_without_metal_all_is_the_anodes():
    number, islands = found(np.zeros(len(X), dtype=bool))
    assert islands == 0
    psi = np.full(len(X), -1.0)
    assert (connected.nearest_body(GRAPH, number, psi, MPI.COMM_SELF) == 0).all()
