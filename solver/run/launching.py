# SPDX-License-Identifier: MIT
"""A run of any physics from a validated config into a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from mpi4py import MPI

from solver.input.run_config import RunConfig
from solver.output import run_folder
from solver.run.checkpointing import Source
from solver.run.simulation import Simulation


def run(
    config: RunConfig,
    config_text: str,
    folder: Path,
    overrides: Sequence[str] = (),
    force: bool = False,
    on_step: Callable[[Simulation], None] | None = None,
    quiet: bool = False,
) -> None:
    """Run a config and leave its results in a folder (collective over MPI's world).

    Args:
        config: The validated config.
        config_text: Its text as given.
        folder: Where the results go.
        overrides: The `--set` arguments that are in `config` but not in its text.
        force: Replace earlier results there.
        on_step: Called on every rank after every accepted step with the simulation, whose `t` [s],
            `steps` and `row` (the line of scalars.csv) say where the run stands.
        quiet: Print nothing; the messages still go to the folder's log.txt.

    Raises:
        InputError: The folder cannot be used or the cell cannot be meshed.
        SolverError: The time loop cannot go on; the last good state has been written.
        Stopped: Likewise, by a signal or the limit of wall time.
    """
    comm = MPI.COMM_WORLD
    with run_folder.begun(folder, config, config_text, force, comm, quiet):
        source = Source(config_text, tuple(overrides))
        Simulation(config, source, folder, comm, quiet=quiet).run(on_step)
