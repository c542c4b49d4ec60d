# SPDX-License-Identifier: MIT
"""The verb `sweep`: its arguments and what it does."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from solver.base import launch
from solver.base.errors import InputError
from solver.verbs import arguments


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `sweep`."""
    parser.add_argument("file", metavar="SWEEP", type=Path, help="YAML file: config, set, vary")
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path,
        help="folder of the run folders; default: results/<name of the file>",
    )  # fmt: skip
    arguments.add_workers(parser)
    parser.add_argument(
        "--only", metavar="N", type=arguments.index,
        help="do run N alone, counted from 0: the task of a job array",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="print the runs and their states")


def sweep(args: Namespace) -> None:
    """Do what is left of a sweep, or list its runs.

    Raises:
        InputError: The sweep file or a run folder cannot be used.
        Stopped: A signal ended the work.
        SolverError: All runs are over, and some have failed.
    """
    from solver.sweep import plan

    if launch.under_mpi():
        raise InputError("sweep: it starts the ranks of its runs itself; use -n, not mpirun.")
    planned = plan.load(args.file, args.output or Path("results") / args.file.stem)
    if args.only is not None and args.only >= len(planned.runs):
        raise InputError(f"--only {args.only}: the runs are 0 to {len(planned.runs) - 1}.")
    numbers = list(range(len(planned.runs))) if args.only is None else [args.only]
    with launch.needs_libraries():
        from solver.base import log
        from solver.sweep import state, work

        if args.list:
            for number in numbers:
                run = planned.runs[number]
                print(f"{run.name}: {state.state(run).value}")
            return
        log.setup(rank=0)
        work.do(planned, numbers, work.Means(args.ranks, args.jobs, args.anyway))
