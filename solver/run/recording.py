# SPDX-License-Identifier: MIT
"""run.json, from the beginning of a run on: everything stands in it from when it is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from mpi4py import MPI

from solver.base import log
from solver.base.errors import DendriteError
from solver.base.parallel import on_root
from solver.cell.domain import Domain
from solver.input.run_config import RunConfig
from solver.output import provenance
from solver.output.checkpoint import Standing


class Recording:
    """Writes the run.json of a run; where that fails there is a warning. Collective."""

    def __init__(
        self,
        folder: Path,
        config: RunConfig,
        overrides: Sequence[str],
        judgements: Sequence[str],
        comm: MPI.Comm,
    ):
        """Gather what is known of a run at its beginning.

        Args:
            folder: The run folder.
            config: The config of the run.
            overrides: The `--set` arguments that are in it, of all restarts.
            judgements: What `check` finds doubtful about it.
            comm: All ranks.
        """
        self.folder, self.comm = folder, comm
        said = {"overrides": list(overrides), "judgements": list(judgements)}
        # The libraries are asked on the rank that writes.
        self._known = provenance.of_beginning(config, comm.size) | said if comm.rank == 0 else {}

    def write(self, standing: Standing) -> None:
        """Write what is known of a run that goes on."""
        self._write(lambda: provenance.of_way(standing))

    def close(self, standing: Standing, domain: Domain, end: tuple[str, int]) -> None:
        """Write what a run has come to: why it has ended, and its exit code."""
        nodes, cells = domain.nodes, domain.cells
        self._write(
            lambda: provenance.of_way(standing) | provenance.of_end(standing, nodes, cells, end)
        )

    def _write(self, content: Callable[[], dict]) -> None:
        path = self.folder / "run.json"
        on_root(
            self.comm,
            lambda: tried(path.name, lambda: provenance.write(path, self._known | content())),
        )


def tried(name: str, action: Callable[[], object]) -> None:
    """Write a file that a run does without, and say so where that fails."""
    try:
        action()
    except (DendriteError, OSError) as error:
        log.logger.warning(f"no {name}: {error}")
    except Exception:  # a defect of ours: the run is over all the same, and its end is to be heard
        log.logger.exception(f"no {name}: internal error, please report it with these lines")
