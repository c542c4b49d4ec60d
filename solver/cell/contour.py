# SPDX-License-Identifier: MIT
"""Where the front is, xi = 1/2, and which way it faces (numpy, on the triangles of a rank)."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI
from scipy.spatial import cKDTree

from solver.cell.indicator import areas, gradients
from solver.cell.mesh_tables import EDGES

BESIDE = 4.0
"""|psi| of the nodes whose cells count for normals."""
NEAREST = 6
"""Crossed edges that a normal is the mean of, where there are as many: edges come about three to an
element of the front."""


def beside(cells: np.ndarray, psi: np.ndarray) -> np.ndarray:
    """Cells at the front, by their own nodes alone: which they are depends on no rank."""
    metal = (psi > 0)[cells]
    crossed = metal.any(axis=1) & ~metal.all(axis=1)
    return cells[crossed | (np.abs(psi[cells]) < BESIDE).any(axis=1)]


def slopes(x: np.ndarray, cells: np.ndarray, psi: np.ndarray) -> np.ndarray:
    """Sums at the nodes of grad psi times area, shape (nodes, 2)."""
    return _sums(cells, areas(x, cells)[:, None] * gradients(x, cells, psi), len(x))


def bends(x: np.ndarray, cells: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Sums at the nodes of the curvature -div n times area, and of area, shape (nodes, 2)."""
    area = areas(x, cells)
    divergence = sum(gradients(x, cells, normal[:, i])[:, i] for i in (0, 1))
    return _sums(cells, np.column_stack([-area * divergence, area]), len(x))


def _sums(cells: np.ndarray, values: np.ndarray, nodes: int) -> np.ndarray:
    return np.column_stack([np.bincount(cells.ravel(), np.repeat(v, 3), nodes) for v in values.T])


def crossings(
    x: np.ndarray, cells: np.ndarray, psi: np.ndarray, values: np.ndarray, owned: int
) -> tuple[np.ndarray, np.ndarray]:
    """Points of the front on edges, and what nodal values are there.

    An edge is found by the rank that owns its end in the metal: if two found it, their points would
    differ in the last bit, where they have computed psi, and it would count twice.

    Args:
        x: Coordinates of the nodes, shape (nodes, 2) [m].
        cells: Nodes of the triangles, shape (n, 3), with all those at nodes that the rank owns.
        psi: Front coordinate at the nodes, shape (nodes,).
        values: Nodal values, shape (nodes, k).
        owned: How many of the nodes the rank owns, the first ones.

    Returns:
        Points [m], shape (m, 2), and the values there, shape (m, k).
    """
    metal = (psi > 0)[cells]
    crossed = cells[metal.any(axis=1) & ~metal.all(axis=1)]
    pairs = np.unique(np.sort(crossed[:, EDGES].reshape(-1, 2), axis=1), axis=0)
    a, b = pairs[(psi[pairs[:, 0]] > 0) != (psi[pairs[:, 1]] > 0)].T
    a, b = np.where(psi[a] > 0, a, b), np.where(psi[a] > 0, b, a)
    a, b = a[a < owned], b[a < owned]
    weight = (psi[a] / (psi[a] - psi[b]))[:, None]
    return (1 - weight) * x[a] + weight * x[b], (1 - weight) * values[a] + weight * values[b]


def gathered(comm: MPI.Comm, points: np.ndarray, values: np.ndarray):
    """Points and values of all ranks, every point once and in an order that tells no ranks.

    All edges into a node that the front leads through have the same point.
    """
    both = np.vstack(comm.allgather(np.column_stack([points, values])))
    _, first = np.unique(both[:, :2], axis=0, return_index=True)
    return both[first, :2], both[first, 2:]


def nearest(
    points: np.ndarray, values: np.ndarray, x: np.ndarray, reach: float
) -> tuple[np.ndarray, np.ndarray]:
    """Distance of places from the front, and the values of the nearest piece of it.

    Args:
        points: Points of the front, shape (m, 2) [m].
        values: Values there, shape (m, k).
        x: Places, shape (n, 2) [m].
        reach: Distance up to which it is looked for [m].

    Returns:
        Shape (n,), infinite beyond the reach [m], and shape (n, k), 0 there.
    """
    found_values = np.zeros((len(x), values.shape[1]))
    if not len(points):
        return np.full(len(x), np.inf), found_values
    distance, at = cKDTree(points).query(x, NEAREST, distance_upper_bound=reach)
    away = distance[:, 0]
    near = np.isfinite(away)
    # What is missing of NEAREST, or beyond the reach, is infinitely far.
    distance, at = distance[near], np.minimum(at[near], len(points) - 1)
    # Nearer ones count for more, so that the values change without jumps.
    found = np.isfinite(distance)
    least = 0.5 * distance[:, :1] + 1e-12 * reach
    weight = np.where(found, 1 / (least + np.where(found, distance, 0.0)), 0.0)
    weight /= weight.sum(axis=1, keepdims=True)
    found_values[near] = (weight[:, :, None] * values[at]).sum(axis=1)
    return away, found_values


def unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors of length 1 along these; 0 stays 0."""
    return vectors / np.maximum(np.hypot(*vectors.T), 1e-300)[:, None]
