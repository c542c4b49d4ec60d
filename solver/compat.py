# SPDX-License-Identifier: MIT
"""The only module that knows DOLFINx versions (0.9, 0.10, 0.11)."""

from __future__ import annotations

import inspect
from typing import NamedTuple

import basix.ufl
import numpy as np
import ufl
from mpi4py import MPI

import dolfinx
from dolfinx import fem, mesh


class TaggedMesh(NamedTuple):
    """A mesh, its cell and facet tags, and physical names -> (dimension, tag)."""

    mesh: mesh.Mesh
    cell_tags: mesh.MeshTags
    facet_tags: mesh.MeshTags
    names: dict[str, tuple[int, int]]


def require_real() -> None:
    """Raise ImportError unless PETSc scalars are real."""
    if not np.issubdtype(dolfinx.default_scalar_type, np.floating):
        raise ImportError("this program needs the real build of PETSc and DOLFINx")


def cell_partitioner(mode=mesh.GhostMode.shared_facet):
    """Default graph partitioner for cells."""
    try:
        return mesh.create_cell_partitioner(mode)
    except TypeError:  # 0.11 made the second argument mandatory
        return mesh.create_cell_partitioner(mode, 2)


def gmsh_to_mesh(model, comm: MPI.Comm) -> TaggedMesh:
    """Distribute the gmsh model of rank 0 as a two-dimensional mesh."""
    try:
        from dolfinx.io import gmsh as gmsh_io
    except ImportError:  # 0.9
        from dolfinx.io import gmshio as gmsh_io
    names = None
    if comm.rank == 0:
        groups = model.getPhysicalGroups()
        names = {model.getPhysicalName(dim, tag): (dim, tag) for dim, tag in groups}
    # The ghost layer is for the terms that a modeller may add: P1 forms do not need it.
    result = gmsh_io.model_to_mesh(model, comm, 0, gdim=2, partitioner=cell_partitioner())
    return TaggedMesh(result[0], result[1], result[2], comm.bcast(names, root=0))


def create_mesh(comm: MPI.Comm, triangles: np.ndarray, points: np.ndarray) -> mesh.Mesh:
    """Distribute a triangle mesh; every rank gives its share of the cells and points."""
    element = ufl.Mesh(basix.ufl.element("Lagrange", "triangle", 1, shape=(points.shape[1],)))
    # The order of these two arguments changed in 0.10, their names too.
    points_first = list(inspect.signature(mesh.create_mesh).parameters)[2] == "x"
    pair = (points, element) if points_first else (element, points)
    return mesh.create_mesh(comm, triangles, *pair, cell_partitioner())


def geometry_dofmap(msh: mesh.Mesh) -> np.ndarray:
    """Cells -> geometry nodes, shape (cells, nodes per cell)."""
    geometry = msh.geometry
    return geometry.dofmaps[0] if hasattr(geometry, "dofmaps") else geometry.dofmap


def interpolation_points(V: fem.FunctionSpace) -> np.ndarray:
    """Points of the reference cell at which functions of `V` are interpolated."""
    points = V.element.interpolation_points
    return points() if callable(points) else points  # a method in 0.9, then a property
