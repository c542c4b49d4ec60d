# SPDX-License-Identifier: MIT
"""The verbs `plot` and `movie`: their arguments and what they do."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from solver.base import launch
from solver.base.errors import InputError
from solver.output import place
from solver.pictures import COLOURS
from solver.verbs import arguments

if TYPE_CHECKING:
    from solver.pictures.series import Runs


def add_plot(parser: ArgumentParser) -> None:
    """Add the arguments of `plot`."""
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path,
        help="picture of fields alone (.png, .pdf, .svg); without -o: figure.png in the run folder",
    )  # fmt: skip
    parser.add_argument(
        "--time", metavar="TIME", type=arguments.time,
        help="nearest snapshot to this time; default: the end",
    )  # fmt: skip
    _add_common(parser, size="page")


def add_movie(parser: ArgumentParser) -> None:
    """Add the arguments of `movie`."""
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, required=True,
        help=".mp4 (by ffmpeg) or .gif; a name without ending is a folder of PNG frames",
    )  # fmt: skip
    parser.add_argument(
        "--rate", metavar="N", type=arguments.rate, default=10.0,
        help="frames per second; default: 10",
    )  # fmt: skip
    _add_common(parser, size="slide")


def _add_common(parser: ArgumentParser, size: str) -> None:
    parser.add_argument("folders", metavar="DIR", type=Path, nargs="+", help="run folder")
    parser.add_argument(
        "--fields", metavar="NAMES", type=lambda text: text.split(","),
        help="fields to show, of xi,c,phi,von_mises,pressure,d as far as the run has them, or of "
        "phi and c_NAME of ions; default: all",
    )  # fmt: skip
    parser.add_argument(
        "--size", choices=("column", "page", "slide"), default=size,
        help=f"86, 178 or 254 mm wide; default: {size}",
    )  # fmt: skip
    parser.add_argument(
        "--colours", choices=COLOURS, default=COLOURS[0],
        help="one scale for all runs, or one for each; default: common",
    )  # fmt: skip


def plot(args: Namespace) -> None:
    """Draw the figure of one run, or a picture of fields.

    Raises:
        InputError: A run folder cannot be read, or the picture cannot be written.
    """
    if args.output is None and (len(args.folders) > 1 or args.time is not None or args.fields):
        raise InputError("plot: a picture of several runs, of a time or of fields needs -o FILE.")
    _require_runs(args)
    with launch.needs_libraries():
        if args.output is None:
            print(_figure(args.folders[0]))
            return
        from solver.pictures import series

        runs = _runs(args)
        said = series.picture(runs, args.output, args.time, args.size, args.colours)
        print("\n".join([str(args.output), *said]))


def _figure(folder: Path) -> Path:
    from solver.input import loading

    return loading.physics_of(folder / "resolved.yaml").load("figure")(folder)


def movie(args: Namespace) -> None:
    """Draw fields of runs at all times.

    Raises:
        InputError: A run folder cannot be read, or the movie cannot be written.
    """
    _require_runs(args)
    with launch.needs_libraries():
        from solver.pictures import series

        said = series.movie(_runs(args), args.output, args.size, args.rate, args.colours)
        print("\n".join([str(args.output), *said]))


def _require_runs(args: Namespace) -> None:
    for folder in args.folders:
        place.require_run(folder)


def _runs(args: Namespace) -> Runs:
    from solver.pictures import series

    return series.Runs(args.folders, series.fields(args.folders, args.fields))
