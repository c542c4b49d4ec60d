# SPDX-License-Identifier: MIT
"""The verb `converge`: its arguments and what it does."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from solver.base import launch
from solver.base.errors import InputError
from solver.verbs import arguments


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `converge` beside the config and its overrides."""
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path,
        help="folder of the run folders; default: results/<name of the config>_converge",
    )  # fmt: skip
    parser.add_argument(
        "--levels", metavar="N", type=arguments.count, default=2,
        help="sizes; three show the order, two have it assumed; default: 2",
    )  # fmt: skip
    parser.add_argument(
        "--ratio", metavar="R", type=arguments.number, default=2.0,
        help="of the sizes of neighbouring levels; default: 2",
    )  # fmt: skip
    arguments.add_workers(parser)
    parser.add_argument("--force", action="store_true", help="do all runs anew")
    parser.add_argument("--list", action="store_true", help="print the runs and their states")


def converge(args: Namespace) -> None:
    """Do what is left of a study and print its outcome, or list its runs.

    Raises:
        InputError: The config or a run folder cannot be used.
        Stopped: A signal ended the work.
        SolverError: All runs are over, and some have failed.
    """
    from solver.api import configs
    from solver.input import loading
    from solver.sweep import ladder

    if launch.under_mpi():
        raise InputError("converge: it starts the ranks of its runs itself; use -n, not mpirun.")
    text = loading.read_text(args.config)
    folder = args.output or Path("results") / f"{args.config.stem}_converge"
    planned = ladder.plan(args.config, text, args.overrides, folder, args.levels, args.ratio)
    if args.list:
        _list(planned)
        return
    if not args.anyway:
        remedy = "--anyway runs it all the same."
        configs.refuse_impossible(planned.config, str(args.config), remedy)
    with launch.needs_libraries():
        from solver.base import log
        from solver.sweep import converging
        from solver.sweep.work import Means
    log.setup(rank=0)
    means = Means(args.ranks, args.jobs, args.anyway)
    converging.do(planned, means, args.force).show(sys.stdout)
    print(f"{folder / converging.CSV}, {folder / converging.FIGURE}")


def _list(planned) -> None:
    from solver.api import configs

    with launch.needs_libraries():
        from solver.sweep import state
    for run in planned.sweep.runs:
        estimate = configs.report(run.config).cost
        print(f"{run.name}: {state.state(run).value}" + (f"; {estimate}" if estimate else ""))
