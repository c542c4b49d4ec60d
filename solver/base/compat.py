# SPDX-License-Identifier: MIT
"""The only module that knows DOLFINx versions (0.9, 0.10, 0.11)."""

from __future__ import annotations

import inspect
import os
import shlex
import shutil
import sysconfig

import basix.ufl
import numpy as np
import ufl
from mpi4py import MPI

import dolfinx
from dolfinx import fem, mesh

from solver.base.errors import InputError
from solver.base.parallel import on_root


def require_real() -> None:
    """Refuse a PETSc of complex numbers.

    Raises:
        InputError: Its scalars are not real.
    """
    if not np.issubdtype(dolfinx.default_scalar_type, np.floating):
        raise InputError(
            "PETSc and DOLFINx of this Python are built for complex numbers; use their real build."
        )


def require_compiler(comm: MPI.Comm) -> None:
    """Look for the C compiler that FFCx makes machine code of the forms with. Collective.

    Raises:
        InputError: Rank 0 cannot find it.
    """

    def look() -> None:
        words = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
        if shutil.which(words[0]) is None:
            raise InputError(
                f"a C compiler is needed, and '{words[0]}' cannot be found; install one (on Debian "
                "and Ubuntu: sudo apt-get install gcc) or name it by the variable CC."
            )

    on_root(comm, look)


def create_mesh(
    comm: MPI.Comm,
    triangles: np.ndarray,
    points: np.ndarray,
    ranks_of_cells: tuple[np.ndarray, np.ndarray],
) -> mesh.Mesh:
    """Distribute a triangle mesh; every rank gives its share of the cells and points.

    Args:
        comm: All ranks.
        triangles: Nodes of this rank's share of the cells.
        points: This rank's share of the nodes.
        ranks_of_cells: For these cells the ranks they go to, owner first, and where each one's
            ranks begin.
    """

    def partitioner(*_):
        return dolfinx.cpp.graph.AdjacencyList_int32(*ranks_of_cells)

    element = ufl.Mesh(basix.ufl.element("Lagrange", "triangle", 1, shape=(points.shape[1],)))
    # The order of these two arguments changed in 0.10, their names too.
    points_first = list(inspect.signature(mesh.create_mesh).parameters)[2] == "x"
    pair = (points, element) if points_first else (element, points)
    return mesh.create_mesh(comm, triangles, *pair, partitioner)


def geometry_dofmap(msh: mesh.Mesh) -> np.ndarray:
    """Cells -> geometry nodes, shape (cells, nodes per cell)."""
    geometry = msh.geometry
    return geometry.dofmaps[0] if hasattr(geometry, "dofmaps") else geometry.dofmap


def edge_nodes(msh: mesh.Mesh, edges: np.ndarray) -> np.ndarray:
    """Geometry nodes of edges of a mesh of triangles, shape (edges, 2).

    DOLFINx 0.9 divides by their number: none ends the process.
    """
    if not len(edges):
        return np.empty((0, 2), dtype=np.int32)
    return mesh.entities_to_geometry(msh, 1, edges.astype(np.int32)).reshape(-1, 2)


def interpolation_points(V: fem.FunctionSpace) -> np.ndarray:
    """Points of the reference cell at which functions of `V` are interpolated."""
    points = V.element.interpolation_points
    return points() if callable(points) else points  # a method in 0.9, then a property
