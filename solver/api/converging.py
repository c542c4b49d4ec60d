# SPDX-License-Identifier: MIT
"""What the numbers of a config tend to when it is refined."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from solver.api.configs import refuse_impossible
from solver.base import files, launch, log
from solver.base.errors import InputError
from solver.input.run_config import RunConfig
from solver.sweep import ladder

if TYPE_CHECKING:
    from solver.sweep.convergence import Convergence


def converge(
    config: RunConfig,
    folder: str | Path,
    levels: int = 2,
    ratio: float = 2.0,
    ranks: int | None = None,
    jobs: int | None = None,
    progress: bool = True,
    force: bool = False,
    anyway: bool = False,
) -> Convergence:
    """Run a config refined, in processes of their own; what is there of it already is used.

    Args:
        config: A `Config` or a `TransportConfig`.
        folder: Where the run folders and the outcome go.
        levels: Number of sizes; three show the order, two have it assumed.
        ratio: Of the sizes of neighbouring levels.
        ranks: MPI ranks of each run; None for one.
        jobs: Runs at once; None for as many as there are free cores.
        progress: Print which run starts and ends.
        force: Do all runs anew.
        anyway: Run what `report` says cannot run.

    Returns:
        The quoted numbers, extrapolated, with their error bars; it prints itself as a table.

    Raises:
        InputError: The config or the folder cannot be used, or the runs cannot be compared.
        Stopped: A signal ended the work; the same call goes on.
        SolverError: All runs are over, and some have failed.
    """
    if not isinstance(config, RunConfig):
        raise InputError(f"converge: a config is needed, not a {type(config).__name__}; see load.")
    if not isinstance(folder, str | Path):
        raise InputError(f"converge: a folder is needed, not a {type(folder).__name__}.")
    folder, text = Path(folder), config.with_({}).to_yaml()
    base = folder / "config.yaml"
    planned = ladder.plan(base, text, (), folder, levels, ratio)
    if not anyway:
        refuse_impossible(planned.config, config.title, "anyway=True runs it all the same.")
    with launch.needs_libraries():
        from solver.sweep import converging
        from solver.sweep.work import Means
    log.setup(rank=0, quiet=not progress)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files.replace(base, text.encode())
    except OSError as error:
        raise InputError(f"{folder}: cannot be used ({error.strerror}).") from None
    return converging.do(planned, Means(ranks, jobs, anyway), force)
