# SPDX-License-Identifier: MIT
"""When a run writes a checkpoint, what goes into it, and how it comes back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solver.base.parallel import on_root
from solver.cell.order import InputOrder
from solver.equations.model import Model
from solver.input.config import Config
from solver.output import checkpoint, provenance
from solver.output.checkpoint import Checkpoint, Record, Standing
from solver.run.remesher import Remesher
from solver.schemes.displacement import Memory
from solver.stepping import history
from solver.stepping.integrator import Integrator


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

    def __init__(self, config: Config, source: Source, folder: Path, remesher: Remesher):
        self.output, self.folder, self.remesher = config.output, folder, remesher
        self.comm = remesher.domain.comm
        resolved = config.model_dump(mode="json")
        self._fixed = {
            "tags": remesher.domain.tags,
            "ranks": self.comm.size,
            "config_text": source.config_text,
            "overrides": list(source.overrides),
            "resolved": resolved,
            "resolved_sha256": checkpoint.checksum(resolved),
            "versions": provenance.versions() if self.comm.rank == 0 else {},
            "revision": provenance.git_revision() if self.comm.rank == 0 else None,
        }
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

    def write(self, standing: Standing, integrator: Integrator) -> None:
        """Write a checkpoint of the integrator's states.

        Raises:
            SolverError: The file cannot be written; earlier files are intact.
        """
        model, order = integrator.model, InputOrder(integrator.model.domain.mesh)
        states = history.gather(integrator, order)
        arrays = self.remesher.arrays()
        for i, (_, values) in enumerate(states):
            names = (f.name for f in model.state.functions)
            arrays |= {f"state_{i}/{n}": v for n, v in zip(names, values, strict=True)}
        memory = integrator.scheme.memory()
        numbers = {}
        if memory is not None:
            numbers = {k: v for k, v in vars(memory).items() if k != "xi"}
            arrays["memory/xi"] = _gathered_xi(model, order, memory.xi)
        times = [t for t, _ in states]

        def action() -> None:
            record = Record(standing, times, numbers, **self._fixed)
            checkpoint.write(self.folder, Checkpoint(record, arrays), self.output.checkpoints_kept)

        on_root(self.comm, action)
        self.written(standing.steps)


def _gathered_xi(model: Model, order: InputOrder, values: np.ndarray) -> np.ndarray | None:
    xi = model.state.xi
    present = xi.x.array.copy()
    xi.x.array[:] = values
    gathered = order.node_values(xi)
    xi.x.array[:] = present
    return gathered


def restore_states(integrator: Integrator, saved: Checkpoint) -> None:
    """Give the integrator the states and the scheme the memory of a checkpoint. Collective."""
    state, scheme = integrator.model.state, integrator.scheme
    order = InputOrder(integrator.model.domain.mesh)
    names = [f.name for f in state.functions]
    states = [
        (t, tuple(saved.arrays.get(f"state_{i}/{name}") for name in names))
        for i, t in enumerate(saved.record.times)
    ]
    if saved.record.memory:
        order.set_node_values(state.xi, saved.arrays.get("memory/xi"))
        scheme.recall(Memory(**saved.record.memory, xi=state.xi.x.array.copy()))
    history.scatter(integrator, order, states)
