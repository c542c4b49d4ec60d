# SPDX-License-Identifier: MIT
"""The mesh with its tags by name, and fields that are constant per layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from mpi4py import MPI

from dolfinx import fem, mesh

from meshes.discrete import GRAIN
from solver.base.errors import InputError
from solver.base.parallel import on_root
from solver.cell import mesh_tables
from solver.cell.geometry import UM, cell_geometry
from solver.cell.mesh_tables import MeshTables, Share
from solver.input.run_config import RunConfig


@dataclass(frozen=True)
class Domain:
    """A distributed mesh in m, with cell and facet tags and their names."""

    mesh: mesh.Mesh
    cell_tags: mesh.MeshTags
    facet_tags: mesh.MeshTags
    tags: dict[str, int]
    layers: tuple[str, ...]  # or regions
    width: float
    height: float

    def __str__(self) -> str:
        """Its size in words."""
        ranks = f"{self.comm.size} rank" + ("s" if self.comm.size > 1 else "")
        return f"{self.nodes} nodes, {self.cells} triangles, {ranks}"

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

    @cached_property
    def constants(self) -> fem.FunctionSpace:
        """The one space of functions that are constant per triangle."""
        return fem.functionspace(self.mesh, ("DG", 0))

    def layer_field(self, values: list[float], name: str) -> fem.Function:
        """DG0 function with one value per layer or region, in the order of the config."""
        field = fem.Function(self.constants, name=name)
        for layer, value in zip(self.layers, values, strict=True):
            for tag in self.grains(layer):
                field.x.array[self.cell_tags.find(tag)] = value
        field.x.scatter_forward()
        return field

    def grains(self, layer: str) -> list[int]:
        """Tags of the triangles of a layer or region; those of a polycrystal have one per grain."""
        return [tag for name, tag in self.tags.items() if name.partition(GRAIN)[0] == layer]

    def part_number(self) -> fem.Function:
        """DG0 function that counts layers, or the grains of regions, from 1."""
        field = fem.Function(self.constants, name="layer")
        tags = [tag for layer in self.layers for tag in self.grains(layer)]
        for number, tag in enumerate(tags, 1):
            field.x.array[self.cell_tags.find(tag)] = number
        field.x.scatter_forward()
        return field


def build(config: RunConfig, comm: MPI.Comm) -> Domain:
    """Mesh the cell on rank 0 and distribute it, without adaptivity.

    Raises:
        InputError: Gmsh cannot mesh the cell.
    """
    tables, tags = mesh_cell(config, comm)
    return distribute(config, comm, Share.of_root(comm, tables), tags)


def mesh_cell(config: RunConfig, comm: MPI.Comm) -> tuple[MeshTables | None, dict[str, int]]:
    """Mesh the cell on rank 0. Collective.

    Gmsh is serial, and has the whole of its mesh until this returns.

    Returns:
        The mesh along Hilbert's curve, None except on rank 0, and the tag of every named layer and
        side.

    Raises:
        InputError: Gmsh cannot mesh the cell.
    """
    tables = []

    def action() -> dict[str, int]:
        made, tags = _run_gmsh(config)
        tables.append(made)
        return tags

    tags = on_root(comm, action)
    return (tables[0] if tables else None), tags


def _run_gmsh(config: RunConfig) -> tuple[MeshTables, dict[str, int]]:
    import gmsh  # here: the ranks that do not mesh and restarts need not load it

    cell = cell_geometry(config)
    gmsh.initialize(interruptible=False)
    gmsh.option.setNumber("General.Terminal", 0)
    try:
        cell.build()
    except Exception as error:  # gmsh raises bare Exception
        raise InputError(f"mesh: Gmsh could not mesh the cell: {error}.") from None
    tables, tags = mesh_tables.of_gmsh(gmsh.model, UM)
    gmsh.finalize()
    return tables.along_curve(), tags


def distribute(
    config: RunConfig,
    comm: MPI.Comm,
    share: Share,
    tags: dict[str, int],
) -> Domain:
    """Distribute a mesh that exists. Collective.

    Args:
        config: The config of the cell.
        comm: All ranks.
        share: What this rank gives of the mesh.
        tags: Tag of every named layer and side.
    """
    msh, cell_tags, facet_tags = mesh_tables.distribute(comm, share)
    return Domain(
        mesh=msh,
        cell_tags=cell_tags,
        facet_tags=facet_tags,
        tags=tags,
        layers=tuple(layer.name for layer in config.parts),
        width=config.width,
        height=config.cell_height,
    )
