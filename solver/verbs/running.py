# SPDX-License-Identifier: MIT
"""The verbs `run` and `restart`: their arguments and what they do."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import NoReturn

from solver.base import launch, memory, physics
from solver.base.errors import InputError
from solver.output import place
from solver.verbs import arguments


def add_run(parser: ArgumentParser) -> None:
    """Add the arguments of `run`."""
    arguments.add_config(parser)
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, help="run folder to write")
    parser.add_argument("--force", action="store_true", help="replace earlier results")
    arguments.add_anyway(parser)
    _add_common(parser)


def add_restart(parser: ArgumentParser) -> None:
    """Add the arguments of `restart`."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="run folder")
    arguments.add_overrides(parser)
    parser.add_argument(
        "--force", action="store_true", help="go on with a changed config or version too"
    )
    _add_common(parser)


def _add_common(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--max-wall",
        dest="overrides",
        metavar="TIME",
        action="append",
        type=lambda text: f"time.max_wall={text}",
        help="end with a checkpoint after this wall time, e.g. 23h30m",
    )
    parser.add_argument(
        "-n", "--ranks", metavar="RANKS", type=arguments.ranks,
        help="start this many ranks, no more than there are cores",
    )  # fmt: skip
    parser.add_argument("-v", "--verbose", action="store_true", help="traceback of every error")


def run(args: Namespace) -> None:
    """Run a config.

    Raises:
        InputError: It cannot be run, or its folder cannot be used.
        SolverError: The time loop cannot go on; the last good state has been written.
        Stopped: Likewise, by a signal or the limit of wall time.
    """
    from solver.api import configs
    from solver.input import loading

    text = loading.read_text(args.config)
    config = loading.parse(text, args.overrides, name=str(args.config))
    if not args.anyway:
        configs.refuse_impossible(config, str(args.config), "--anyway runs it all the same.")
    folder = args.output or Path(config.output.directory or f"results/{args.config.stem}")
    if args.ranks:
        output = ["-o", str(args.output)] if args.output else []
        anyway = ["--anyway"] * args.anyway
        _start_ranks(args, ["run", str(args.config), *output, *anyway])
    others = "dolfinx" in sys.modules  # this process has had meshes, whose remains may yet go
    with launch.needs_libraries():
        from solver.run import launching

        physics.of(config).load("problem")
    if not others:
        memory.keep()  # every new mesh gives back
    launching.run(config, text, folder, args.overrides, args.force)


def restart(args: Namespace) -> None:
    """Go on with a run from its newest good checkpoint.

    Raises:
        InputError: There is none, or something differs that must not.
        SolverError: The time loop cannot go on; the last good state has been written.
        Stopped: Likewise, by a signal or the limit of wall time.
    """
    place.require_run(args.folder)
    if args.ranks:
        _start_ranks(args, ["restart", str(args.folder)])
    with launch.needs_libraries():
        from solver.run import restart as going_on
    going_on.restart(args.folder, args.overrides, args.force)


def _start_ranks(args: Namespace, words: list[str]) -> NoReturn:
    """Replace this process by the same verb under mpirun."""
    if launch.under_mpi():
        raise InputError("-n: this is an MPI rank already; use mpirun -n or -n, not both.")
    mpirun = launch.mpirun()
    if mpirun is None:
        raise InputError("-n: mpirun cannot be found; leave -n out to run on one rank.")
    program = [*launch.DEAF_AT_START, sys.executable, "-m", "solver"]
    command = [mpirun, "-n", str(args.ranks), *program, *words]
    for override in args.overrides:
        command += ["--set", override]
    command += ["--force"] * args.force + ["-v"] * args.verbose
    sys.stdout.flush()
    os.execv(mpirun, command)
