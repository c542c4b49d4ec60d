# SPDX-License-Identifier: MIT
"""When a run writes a checkpoint, and what goes into it besides the states."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from solver.cell.domain import Domain
from solver.input.run_config import RunConfig
from solver.output import checkpoint, provenance
from solver.output.checkpoint import Record, Standing
from solver.run.problem import Problem


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

    def __init__(self, config: RunConfig, source: Source, folder: Path, domain: Domain):
        self.output, self.folder, self.comm = config.output, folder, domain.comm
        resolved = config.model_dump(mode="json")
        self._fixed = {
            "tags": domain.tags,
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

    def write(self, standing: Standing, problem: Problem) -> None:
        """Write a checkpoint of a problem's states.

        Raises:
            SolverError: The file cannot be written; earlier files are intact.
        """
        packed = problem.pack()
        record = Record(standing, packed.times, packed.memory, **self._fixed)
        kept = self.output.checkpoints_kept
        checkpoint.write(self.folder, self.comm, record, packed.columns, kept)
        self.written(standing.steps)
