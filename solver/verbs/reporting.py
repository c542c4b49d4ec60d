# SPDX-License-Identifier: MIT
"""The verbs `report` and `watch`: their arguments and what they do."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from solver.base import launch
from solver.output import place
from solver.verbs import arguments

PORT = 8340


def add_report(parser: ArgumentParser) -> None:
    """Add the arguments of `report`."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="run folder")


def add_watch(parser: ArgumentParser) -> None:
    """Add the arguments of `watch`."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="run folder")
    parser.add_argument(
        "--port", metavar="N", type=arguments.port, default=PORT,
        help=f"of this machine, 0 for any that is free; default: {PORT}",
    )  # fmt: skip


def report(args: Namespace) -> None:
    """Write the page of a run again.

    Raises:
        InputError: The run folder cannot be read, or the page cannot be written.
    """
    place.require_run(args.folder)
    with launch.needs_libraries():
        from solver.input import loading

        print(loading.physics_of(args.folder / "resolved.yaml").load("page")(args.folder))


def watch(args: Namespace) -> None:
    """Show the page of a run while it goes on, until Ctrl-C; one that is not there is waited for.

    Raises:
        InputError: The folder cannot be that of a run, or the port cannot be used.
    """
    place.require_room(args.folder)
    with launch.needs_libraries():
        from solver.pages import server

    with server.serving(args.folder, args.port) as served:
        address = f"http://{server.HOST}:{served.server_port}/"
        try:
            print(f"{args.folder}: open {address} in a browser; Ctrl-C ends this, not the run")
            if not (args.folder / place.MARK).exists():
                print(f"{args.folder}: no run is there yet; its page shows it once it has begun")
            sys.stdout.flush()
            served.serve_forever()
        except KeyboardInterrupt:
            print()
