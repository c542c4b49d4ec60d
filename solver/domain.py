# SPDX-License-Identifier: MIT
"""The mesh with its tags by name, and fields that are constant per layer."""

from __future__ import annotations

from dataclasses import dataclass

import gmsh
import numpy as np
from mpi4py import MPI

from dolfinx import fem, mesh

from meshes import layered
from solver import compat
from solver.config import Config
from solver.errors import InputError
from solver.geometry import UM, cell_geometry


@dataclass(frozen=True)
class Domain:
    """A distributed mesh in m, with cell and facet tags and their names."""

    mesh: mesh.Mesh
    cell_tags: mesh.MeshTags
    facet_tags: mesh.MeshTags
    tags: dict[str, int]
    layers: tuple[str, ...]
    width: float
    height: float

    @property
    def comm(self) -> MPI.Comm:
        """Communicator of the mesh."""
        return self.mesh.comm

    @property
    def nodes(self) -> int:
        """Number of mesh nodes over all ranks."""
        return self.mesh.geometry.index_map().size_global

    @property
    def cells(self) -> int:
        """Number of triangles over all ranks."""
        return self.mesh.topology.index_map(2).size_global

    def facets(self, side: str) -> np.ndarray:
        """Local facets of a named side."""
        return self.facet_tags.find(self.tags[side])

    def dofs(self, V: fem.FunctionSpace, side: str) -> np.ndarray:
        """Local degrees of freedom of `V` (blocks, for vectors) on a named side."""
        return fem.locate_dofs_topological(V, 1, self.facets(side))

    def layer_field(self, values: list[float], name: str) -> fem.Function:
        """DG0 function with one value per layer, in the order of the layers."""
        field = fem.Function(fem.functionspace(self.mesh, ("DG", 0)), name=name)
        for layer, value in zip(self.layers, values, strict=True):
            field.x.array[self.cell_tags.find(self.tags[layer])] = value
        field.x.scatter_forward()
        return field


def build(config: Config, comm: MPI.Comm) -> Domain:
    """Mesh the cell on rank 0 and distribute it.

    Raises:
        InputError: Gmsh cannot mesh the cell.
    """
    cell = cell_geometry(config)
    failure = None
    if comm.rank == 0:
        gmsh.initialize(interruptible=False)
        gmsh.option.setNumber("General.Terminal", 0)
        try:
            layered.build(cell)
        except Exception as error:  # gmsh raises bare Exception
            failure = str(error)
    failure = comm.bcast(failure, root=0)
    if failure:
        raise InputError(f"mesh: Gmsh could not mesh the cell: {failure}.")
    tagged = compat.gmsh_to_mesh(gmsh.model, comm)
    if comm.rank == 0:
        gmsh.finalize()
    tagged.mesh.geometry.x[:] *= UM
    tags = {name: tag for name, (_, tag) in tagged.names.items()}
    return of(config, tagged.mesh, tagged.cell_tags, tagged.facet_tags, tags)


def of(
    config: Config,
    msh: mesh.Mesh,
    cell_tags: mesh.MeshTags,
    facet_tags: mesh.MeshTags,
    tags: dict[str, int],
) -> Domain:
    """The domain of a config on a mesh that exists."""
    return Domain(
        mesh=msh,
        cell_tags=cell_tags,
        facet_tags=facet_tags,
        tags=tags,
        layers=tuple(layer.name for layer in config.layers),
        width=config.width,
        height=config.cell_height,
    )
