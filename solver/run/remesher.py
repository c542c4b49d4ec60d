# SPDX-License-Identifier: MIT
"""The meshes of a run: the first one, when a new one is due, and what is carried over to it.

Meshes are made on rank 0, from the front as it is there, and distributed anew: they are the same on
any number of ranks, and the ranks' shares are equal again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from mpi4py import MPI

from solver.base.parallel import on_root
from solver.cell import domain, indicator, initial
from solver.cell.domain import Domain
from solver.cell.mesh_tables import MeshTables
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

LINEAGE = ("macro", "level", "parents", "depth")
"""What a refined mesh has besides its tables."""


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
        self._base: MeshTables | None = None  # on rank 0 only
        self._mesh: Refined | None = None  # on rank 0 only
        if saved is None:
            self._base, self._tags = domain.mesh_cell(config, comm)
            on_root(comm, self._start)
        else:
            self._tags = saved.record.tags
            on_root(comm, lambda: self._recall(saved.arrays))
        self._distribute()

    def arrays(self) -> dict[str, np.ndarray]:
        """What a checkpoint has to hold besides the states; empty except on rank 0."""
        if self._mesh is None:
            return {}
        arrays = {f"mesh/{name}": values for name, values in vars(self._mesh.tables).items()}
        if self.resolution.levels:
            arrays |= {f"base/{name}": values for name, values in vars(self._base).items()}
            arrays |= {f"lineage/{name}": getattr(self._mesh, name) for name in LINEAGE}
        return arrays

    def due(self, model: Model) -> bool:
        """Tell whether the interface of the model's state has left the finest triangles."""
        if not self.resolution.levels:
            return False
        psi = front_coordinate(model.state.xi.x.array)[model.V.dofmap.list[self._coarse]]
        close = self.resolution.needs(psi).any(axis=1)
        crossed = (psi > 0).any(axis=1) & (psi < 0).any(axis=1)
        return self.comm.allreduce(bool((close | crossed).any()), MPI.LOR)

    def remesh(self, integrator: Integrator) -> history.Gathered:
        """Make the mesh that the integrator's last state wants, now in `domain`.

        Returns:
            The integrator's states on the new mesh.
        """
        before = history.gather(integrator, InputOrder(self.domain.mesh))
        fields, after = integrator.model.fields, before
        if self.comm.rank == 0:
            after = []
        on_root(self.comm, lambda: after.extend(self._follow(before, fields)))
        self._distribute()
        return after

    # --- on rank 0 -------------------------------------------------------------------------

    def _start(self) -> None:
        """Refine the base level by level where the deposit of the config has its surface."""
        r, config = self.resolution, self.config
        self._mesh = refine(self._base, 0, indicator.wanted([], r))
        # Once more on the finest level, for what the coarser ones have misplaced.
        for level in range(1, r.levels + 2) if r.levels else ():
            points = self._mesh.tables.points
            distance = initial.distance(points[:, 0], points[:, 1], config.nuclei, config.width)
            clouds = indicator.front(self._mesh.tables, -distance / r.length, None, r)
            wanted = indicator.wanted(clouds, r)
            self._mesh = refine(self._base, min(level, r.levels), wanted)

    def _recall(self, arrays: dict[str, np.ndarray]) -> None:
        tables, base = (
            {name: arrays.get(f"{part}/{name}") for name in MeshTables.__dataclass_fields__}
            for part in ("mesh", "base")
        )
        self._base = MeshTables(**base)
        lineage = {name: arrays.get(f"lineage/{name}") for name in LINEAGE}
        self._mesh = Refined(MeshTables(**tables), **lineage)

    def _follow(self, states: history.Gathered, fields: Sequence[Field]) -> history.Gathered:
        old, r = self._mesh, self.resolution
        names = [field.name for field in fields]
        named = [dict(zip(names, values, strict=True)) for _, values in states]
        psi = front_coordinate(named[-1]["xi"])
        before = front_coordinate(named[-2]["xi"]) if len(states) > 1 else None
        clouds = indicator.front(old.tables, psi, before, r)
        resolved = [x.resolved(named[-1][x.name], self.config) for x in fields if x.resolved]
        clouds += indicator.bends(old, resolved, r)
        self._mesh = refine(self._base, r.levels, indicator.wanted(clouds, r))
        transfer = Transfer(old, self._mesh, self._side_nodes())
        new = [transferred(fields, transfer, values, self.config) for values in named]
        return [(t, tuple(x.values())) for (t, _), x in zip(states, new, strict=True)]

    def _side_nodes(self) -> dict[str, np.ndarray]:
        """Nodes of the present mesh on every side that is tagged on its edges."""
        tables = self._mesh.tables
        return {
            name: tables.edges[tables.edge_tags == tag].ravel() for name, tag in self._tags.items()
        }

    # --- on all ranks ----------------------------------------------------------------------

    def _distribute(self) -> None:
        tables = None if self._mesh is None else self._mesh.tables
        self.domain: Domain = domain.distribute(self.config, self.comm, tables, self._tags)
        if self.resolution.levels:
            level = self.comm.bcast(None if self._mesh is None else self._mesh.level, root=0)
            topology = self.domain.mesh.topology
            own = topology.original_cell_index[: topology.index_map(2).size_local]
            self._coarse = np.flatnonzero(level[own] < self.resolution.levels)
