# SPDX-License-Identifier: MIT
"""When a run writes a checkpoint, what goes into it, and how it comes back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mpi4py import MPI

from solver import domain, mesh_tables
from solver.config import Config
from solver.domain import Domain
from solver.integrator import Integrator
from solver.mesh_tables import MeshTables
from solver.output import checkpoint, provenance
from solver.output.checkpoint import Checkpoint, Record, Standing
from solver.output.gather import InputOrder
from solver.parallel import on_root
from solver.schemes.displacement import Memory


@dataclass(frozen=True)
class Source:
    """What a run was asked for.

    Attributes:
        config_text: The config as given.
        overrides: `--set` arguments on top of it, of all restarts too.
    """

    config_text: str
    overrides: tuple[str, ...] = ()


class Checkpoints:
    """Writes the checkpoints of a run; every method is collective."""

    def __init__(self, config: Config, source: Source, folder: Path, integrator: Integrator):
        self.output, self.folder, self.integrator = config.output, folder, integrator
        self.model = integrator.model
        self.comm = self.model.domain.comm
        resolved = config.model_dump(mode="json")
        self._fixed = {
            "tags": self.model.domain.tags,
            "ranks": self.comm.size,
            "config_text": source.config_text,
            "overrides": list(source.overrides),
            "resolved": resolved,
            "resolved_sha256": checkpoint.checksum(resolved),
            "versions": provenance.versions() if self.comm.rank == 0 else {},
            "revision": provenance.git_revision() if self.comm.rank == 0 else None,
        }
        self._order = InputOrder(self.model.domain.mesh)
        d = self.model.domain
        self._mesh = mesh_tables.gather(self._order, d.mesh, d.cell_tags, d.facet_tags)
        self.written(-1)

    def written(self, steps: int) -> None:
        """Take note that there is a checkpoint of a step."""
        self.last_step, self._last_time = steps, time.perf_counter()

    def due(self, steps: int) -> bool:
        """Tell whether a checkpoint is to be written after a step."""
        every, minutes = self.output.checkpoint_steps, self.output.checkpoint_minutes
        late = minutes is not None and time.perf_counter() - self._last_time >= 60 * minutes
        # The ranks' clocks differ: rank 0 decides.
        return self.comm.bcast(late, root=0) or (every is not None and steps % every == 0)

    def write(self, standing: Standing) -> None:
        """Write a checkpoint of the integrator's states.

        Raises:
            SolverError: The file cannot be written; earlier files are intact.
        """
        arrays = {f"mesh/{name}": values for name, values in vars(self._mesh).items()}
        arrays |= self._states()
        memory = self.integrator.scheme.memory()
        numbers = {}
        if memory is not None:
            numbers = {k: v for k, v in vars(memory).items() if k != "xi"}
            arrays["memory/xi"] = self._gather_xi(memory.xi)
        times = [t for t, _ in self.integrator.history]

        def action() -> None:
            record = Record(standing, times, numbers, **self._fixed)
            checkpoint.write(self.folder, Checkpoint(record, arrays), self.output.checkpoints_kept)

        on_root(self.comm, action)
        self.written(standing.steps)

    def _states(self) -> dict[str, np.ndarray | None]:
        state, arrays = self.model.state, {}
        for i, (_, values) in enumerate(self.integrator.history):
            state.restore(values)  # the last one is the present state
            for f in state.functions:
                arrays[f"state_{i}/{f.name}"] = self._order.node_values(f)
        return arrays

    def _gather_xi(self, values: np.ndarray) -> np.ndarray | None:
        xi = self.model.state.xi
        present = xi.x.array.copy()
        xi.x.array[:] = values
        gathered = self._order.node_values(xi)
        xi.x.array[:] = present
        return gathered


def restore_domain(config: Config, comm: MPI.Comm, saved: Checkpoint) -> Domain:
    """Distribute the mesh of a checkpoint; its arrays are used on rank 0 only. Collective."""
    tables = None
    if comm.rank == 0:
        names = MeshTables.__dataclass_fields__
        tables = MeshTables(**{name: saved.arrays[f"mesh/{name}"] for name in names})
    return domain.distribute(config, comm, tables, saved.record.tags)


def restore_states(integrator: Integrator, saved: Checkpoint) -> None:
    """Give the integrator the states and the scheme the memory of a checkpoint. Collective."""
    state, scheme = integrator.model.state, integrator.scheme
    order = InputOrder(integrator.model.domain.mesh)
    history = []
    for i, t in enumerate(saved.record.times):
        for f in state.functions:
            order.set_node_values(f, saved.arrays.get(f"state_{i}/{f.name}"))
        history.append((t, state.arrays()))
    if saved.record.memory:
        order.set_node_values(state.xi, saved.arrays.get("memory/xi"))
        scheme.recall(Memory(**saved.record.memory, xi=state.xi.x.array.copy()))
    integrator.resume(history)
