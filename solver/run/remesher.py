# SPDX-License-Identifier: MIT
"""The meshes of a run: the first one, when a new one is due, and what is carried over to it.

Every rank refines a range of the triangles of a base that all ranks know, from the front and the
cracks as they are there, and carries the fields over; the triangles are then shared out anew. No
rank sees the whole mesh, and it is the same on any number of ranks. Without adaptivity there is
Gmsh's mesh alone, which is distributed from rank 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from mpi4py import MPI

from solver.base.exchange import Slices
from solver.cell import (
    base_mesh,
    crack_indicator,
    domain,
    indicator,
    initial,
    mesh_tables,
    partition,
)
from solver.cell.balance import rebalanced, shared_out
from solver.cell.base_mesh import Base
from solver.cell.domain import Domain
from solver.cell.mesh_tables import MeshTables, Share
from solver.cell.order import InputOrder
from solver.cell.refinement import Refined, refine
from solver.cell.transfer import Transfer
from solver.equations.model import Model
from solver.fields.record import Field, transferred
from solver.input.config import Config
from solver.input.resolution import resolution
from solver.laws.front import psi as front_coordinate
from solver.output.checkpoint import Checkpoint
from solver.stepping import history
from solver.stepping.integrator import Integrator


class Remesher:
    """Makes the meshes of a run; with adapt.enabled false, one alone. All methods are collective.

    Attributes:
        domain: The present mesh.
    """

    def __init__(self, config: Config, comm: MPI.Comm, saved: Checkpoint | None = None):
        """Make the first mesh, or that of a checkpoint, whose arrays are used on rank 0 only.

        Raises:
            InputError: Gmsh cannot mesh the cell.
        """
        self.config, self.comm = config, comm
        self.resolution = resolution(config)
        adaptive = bool(self.resolution.levels)
        if saved is None:
            self._tables, self._tags = domain.mesh_cell(config, comm)
        else:
            part = "base" if adaptive else "mesh"
            self._tables = MeshTables.recalled(saved.arrays, part)
            self._tags = saved.record.tags
        if not adaptive:
            share = mesh_tables.share_of_root(comm, self._tables)
            self.domain: Domain = domain.distribute(config, comm, share, self._tags)
            return
        self._base = self._everywhere()
        self._mesh = self._first() if saved is None else self._recalled(saved.arrays)
        self._distribute()

    def _everywhere(self) -> Base:
        """The base on every rank."""
        if self.comm.rank == 0:
            self._tables = base_mesh.along_curve(self._tables)
        self._tables = self.comm.bcast(self._tables, root=0)
        return Base(self._tables, self.resolution.deepest)

    def arrays(self) -> dict[str, np.ndarray]:
        """What a checkpoint has to hold besides the states; empty except on rank 0."""
        if not self.resolution.levels:
            return self._tables.named("mesh") if self.comm.rank == 0 else {}
        parts = self.comm.gather((self._mesh.order, self._mesh.level), root=0)
        if parts is None:
            return {}
        order, level = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        return self._tables.named("base") | {"leaves/order": order, "leaves/level": level}

    def due(self, model: Model) -> bool:
        """Tell whether the front or a crack of the model's state has left its triangles."""
        if not self.resolution.levels:
            return False
        if self.crack_due(model):
            return True
        psi = front_coordinate(model.state.xi.x.array)[model.V.dofmap.list[self._coarse]]
        close = self.resolution.needs(psi).any(axis=1)
        crossed = (psi > 0).any(axis=1) & (psi < 0).any(axis=1)
        return self.comm.allreduce(bool((close | crossed).any()), MPI.LOR)

    def crack_due(self, model: Model) -> bool:
        """Tell whether a crack of the model's state has left its triangles."""
        if not self.resolution.crack_levels:
            return False
        d = model.state.d.x.array[model.V.dofmap.list[self._coarse_of_cracks]]
        return self.comm.allreduce(bool(crack_indicator.left(d).any()), MPI.LOR)

    def remesh(self, integrator: Integrator) -> tuple[InputOrder, history.Gathered]:
        """Make the mesh that the integrator's last state wants, now in `domain`.

        Returns:
            The integrator's states on the new mesh, and the order of their values.
        """
        before = history.gather(integrator, InputOrder(self.domain.mesh, *_slices(self._mesh)))
        mesh, after = self._follow(before, integrator.model.fields)
        self._mesh = rebalanced(mesh)
        self._distribute()
        return InputOrder(self.domain.mesh, *_slices(mesh)), after

    # --- the mesh --------------------------------------------------------------------------

    def _first(self) -> Refined:
        """Refine the base level by level where the deposit of the config has its surface."""
        r, config = self.resolution, self.config
        shares = Slices.equal(self.comm, len(self._tables.triangles))
        mesh = refine(self._base, shares, 0, lambda *_: None)
        # Once more on the finest level, for what the coarser ones have misplaced.
        for level in range(1, r.deepest + 2):
            x, y = mesh.points.T
            distance = initial.distance(x, y, config.nuclei, config.width)
            distance = np.minimum(distance, config.width + config.cell_height)  # of no deposit
            clouds = indicator.front(mesh, -distance / r.length, None, r)
            if r.crack_levels:
                clouds += crack_indicator.notched(mesh, config.fracture.notches, r)
            wanted = indicator.wanted(clouds, r, mesh)
            mesh = rebalanced(refine(self._base, mesh.shares, min(level, r.deepest), wanted))
        return mesh

    def _follow(
        self, states: history.Gathered, fields: Sequence[Field]
    ) -> tuple[Refined, history.Gathered]:
        """The mesh for the last state, on the old one's shares, and the states there."""
        old, r = self._mesh, self.resolution
        columns = zip(*(values for _, values in states), strict=True)
        stacked = [np.stack(values, axis=-1) for values in columns]
        named = {
            f.name: x if f.per_triangle else old.nodes.spread(x)
            for f, x in zip(fields, stacked, strict=True)
        }
        psi = front_coordinate(named["xi"]).T
        clouds = indicator.front(old, psi[-1], psi[-2] if len(psi) > 1 else None, r)
        last = {name: values[..., -1] for name, values in named.items()}
        resolved = [x.resolved(last[x.name], self.config) for x in fields if x.resolved]
        clouds += indicator.bends(old, resolved, r)
        if r.crack_levels:
            d = named["d"].T
            clouds += crack_indicator.damaged(old, d[-1], d[-2] if len(d) > 1 else None, r)
        new = refine(self._base, old.shares, r.deepest, indicator.wanted(clouds, r, old))
        transfer = Transfer(old, new, self._tags)
        carried = transferred(fields, transfer, named, self.config)
        own = [carried[f.name][... if f.per_triangle else new.nodes.own] for f in fields]
        return new, [(t, tuple(x[..., i] for x in own)) for i, (t, _) in enumerate(states)]

    def _recalled(self, arrays: dict[str, np.ndarray]) -> Refined:
        """The mesh of a checkpoint."""
        none = np.empty(0, dtype=np.int64)
        order, level = arrays.get("leaves/order", none), arrays.get("leaves/level", none)
        shares = Slices.on_root(self.comm, len(self._tables.triangles))
        return shared_out(self._base, shares, order, level.astype(np.int8))

    # --- its distribution ------------------------------------------------------------------

    def _distribute(self) -> None:
        mesh = self._mesh
        cells = Slices.of(self.comm, len(mesh.triangles))
        self.domain = domain.distribute(self.config, self.comm, self._share(cells), self._tags)
        topology = self.domain.mesh.topology
        own = topology.original_cell_index[: topology.index_map(2).size_local]
        level = cells.at(own).fetch(mesh.level)
        self._coarse = np.flatnonzero(level < self.resolution.levels)
        self._coarse_of_cracks = np.flatnonzero(level < self.resolution.crack_levels)

    def _share(self, cells: Slices) -> Share:
        """Give equal shares of the mesh's triangles to all ranks, along the curve of the base."""
        mesh, nodes = self._mesh, self._mesh.nodes
        equal = Slices.equal(self.comm, int(cells.starts[-1]))
        owner = equal.holder(cells.first + np.arange(cells.count)).astype(np.int32)
        return Share(
            points=mesh.points[nodes.own],
            triangles=nodes.number[mesh.triangles],
            cell_tags=mesh.cell_tags,
            edge_tags=mesh.edge_tags,
            ranks_of_cells=partition.destinations(
                mesh.triangles, owner, self.comm.size, nodes.union
            ),
        )


def _slices(mesh: Refined) -> tuple[Slices, Slices]:
    """Which nodes and triangles of a mesh each rank has. Collective."""
    return mesh.nodes.slices, Slices.of(mesh.shares.comm, len(mesh.triangles))
