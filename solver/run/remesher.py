# SPDX-License-Identifier: MIT
"""The meshes of a run: the first one, when a new one is due, and what is carried over to it.

Every rank refines a range of the triangles of a base that all ranks know, from the front and the
cracks as they are there, and carries the fields over; the triangles are then shared out anew. No
rank sees the whole mesh, and it is the same on any number of ranks. Without adaptivity there is
Gmsh's mesh alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

import numpy as np
from mpi4py import MPI

from solver.base.errors import SolverError
from solver.base.exchange import Slices
from solver.cell import crack_indicator, domain, indicator, initial, network
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
from solver.input.resolution import band_level, resolution
from solver.laws.front import psi as front_coordinate
from solver.output.checkpoint import Checkpoint
from solver.output.chunks import Column
from solver.run import stored
from solver.stepping import history
from solver.stepping.integrator import Integrator

LONGEST = 2.0
"""Longest edge of a base, as Gmsh makes it, over the one that was asked for."""


class Remesher:
    """Makes the meshes of a run; with adapt.enabled false, one alone. All methods are collective.

    Attributes:
        domain: The present mesh.
    """

    def __init__(self, config: Config, comm: MPI.Comm, saved: Checkpoint | None = None):
        """Make the first mesh, or that of a checkpoint.

        Raises:
            InputError: Gmsh cannot mesh the cell.
        """
        self.config, self.comm = config, comm
        self.resolution = resolution(config)
        if not self.resolution.levels:
            self.domain: Domain = stored.domain_of(config, comm, saved)
            return
        if saved is None:
            tables, self._tags = domain.mesh_cell(config, comm)
            tables = comm.bcast(tables)
        else:
            tables = MeshTables.recalled(lambda name: saved.everywhere(name, comm), "base")
            self._tags = saved.record.tags
        self._base = Base(tables, self.resolution.deepest)
        self._mesh = self._first() if saved is None else self._recalled(saved)
        self._distribute()

    def columns(self) -> Iterator[Column]:
        """What a checkpoint has to hold besides the states."""
        if not self.resolution.levels:
            yield from stored.mesh(self.domain)
            return
        yield from stored.base(self.comm, self._base.tables)
        leaves = Slices.of(self.comm, len(self._mesh.order))
        yield stored.aligned(leaves, "leaves/order", self._mesh.order)
        yield stored.aligned(leaves, "leaves/level", self._mesh.level)

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

        A crack that has leapt into triangles of many l_d is straight over each of them, so that
        parts of one may be due as well: every pass makes the mesh fine for BESIDE l_d more, and
        never coarse again where it is damaged.

        Returns:
            The integrator's states on the new mesh, and the order of their values.

        Raises:
            SolverError: A crack is in triangles that no pass divides.
        """
        mesh, fields = self._mesh, integrator.model.fields
        states = history.gather(integrator, InputOrder(self.domain.mesh, *_slices(mesh)))
        for _ in range(self._passes):
            mesh, states = self._follow(mesh, states, fields)
            if not self._left(mesh, states, fields):
                break
        else:
            raise SolverError(
                f"a crack is still in triangles that are too large for it after {self._passes} new "
                "meshes at once; give a smaller mesh.size_max"
            )
        self._mesh = rebalanced(mesh)
        self._distribute()
        return InputOrder(self.domain.mesh, *_slices(mesh)), states

    @property
    def _passes(self) -> int:
        """Most new meshes at once: over the longest edge of the base, BESIDE l_d in each."""
        r = self.resolution
        if not r.crack_levels:
            return 1
        return 2 + ceil(LONGEST * r.edge(0) / (crack_indicator.BESIDE * r.crack_length))

    def _left(self, mesh: Refined, states: history.Gathered, fields: Sequence[Field]) -> bool:
        """Tell whether a crack of the last state is in too large triangles of a mesh."""
        if not self.resolution.crack_levels:
            return False
        last = dict(zip((f.name for f in fields), states[-1][1], strict=True))
        coarse = mesh.triangles[mesh.level < self.resolution.crack_levels]
        found = crack_indicator.left(mesh.nodes.spread(last["d"])[coarse]).any()
        return self.comm.allreduce(bool(found), MPI.LOR)

    # --- the mesh --------------------------------------------------------------------------

    def _first(self) -> Refined:
        """Refine the base level by level where the deposit of the config has its surface."""
        r, config = self.resolution, self.config
        shares = Slices.equal(self.comm, len(self._base.tables.triangles))
        mesh = refine(self._base, shares, 0, lambda *_: None)
        # Once more on the finest level, for what the coarser ones have misplaced.
        for level in range(1, r.deepest + 2):
            x, y = mesh.points.T
            distance = initial.distance_in(config, x, y)
            distance = np.minimum(distance, config.width + config.cell_height)  # of no deposit
            clouds = indicator.front(mesh, -distance / r.length, None, r) + self._bands(mesh)
            if r.crack_levels:
                clouds += crack_indicator.notched(mesh, config.fracture.notches, r)
            wanted = indicator.wanted(clouds, r, mesh)
            mesh = rebalanced(refine(self._base, mesh.shares, min(level, r.deepest), wanted))
        return mesh

    def _follow(
        self, old: Refined, states: history.Gathered, fields: Sequence[Field]
    ) -> tuple[Refined, history.Gathered]:
        """The mesh for the last state, on the old one's shares, and the states there."""
        r = self.resolution
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
        clouds += indicator.bends(old, resolved, r) + self._bands(old)
        if r.crack_levels:
            d = named["d"].T
            clouds += crack_indicator.damaged(old, d[-1], d[-2] if len(d) > 1 else None, r)
        new = refine(self._base, old.shares, r.deepest, indicator.wanted(clouds, r, old))
        transfer = Transfer(old, new, self._tags)
        carried = transferred(fields, transfer, named, self.config)
        own = [carried[f.name][... if f.per_triangle else new.nodes.own] for f in fields]
        return new, [(t, tuple(x[..., i] for x in own)) for i, (t, _) in enumerate(states)]

    def _bands(self, mesh: Refined) -> list[indicator.Cloud]:
        """Clouds of the bands of boundaries."""
        band = self.config.grain_boundaries
        if band is None:
            return []
        tags = network.boundary_tags(self._tags)
        return indicator.bands(mesh, tags, band.width, band_level(self.config))

    def _recalled(self, saved: Checkpoint) -> Refined:
        """The mesh of a checkpoint."""
        leaves = (saved.rows(f"leaves/{name}", self.comm) for name in ("order", "level"))
        return shared_out(self._base, self.comm, *leaves)

    # --- its distribution ------------------------------------------------------------------

    def _distribute(self) -> None:
        mesh = self._mesh
        cells, nodes = Slices.of(self.comm, len(mesh.triangles)), mesh.nodes
        share = Share(
            points=mesh.points[nodes.own],
            triangles=nodes.number[mesh.triangles],
            cell_tags=mesh.cell_tags,
            edge_tags=mesh.edge_tags,
        )
        self.domain = domain.distribute(self.config, self.comm, share, self._tags)
        topology = self.domain.mesh.topology
        own = topology.original_cell_index[: topology.index_map(2).size_local]
        level = cells.at(own).fetch(mesh.level)
        self._coarse = np.flatnonzero(level < self.resolution.levels)
        self._coarse_of_cracks = np.flatnonzero(level < self.resolution.crack_levels)
        # Without what it has computed of itself: 0.2 kB per node until the next one is due.
        self._mesh = replace(mesh)


def _slices(mesh: Refined) -> tuple[Slices, Slices]:
    """Which nodes and triangles of a mesh each rank has. Collective."""
    return mesh.nodes.slices, Slices.of(mesh.shares.comm, len(mesh.triangles))
