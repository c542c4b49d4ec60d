# SPDX-License-Identifier: MIT
"""Command-line arguments of several verbs, and their types.

Each complaint names the text and what is allowed.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path


def count(text: str) -> int:
    """Read a whole number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"'{text}' must be a whole number of at least 1")
    return int(text)


def ranks(text: str) -> int:
    """Read a number of ranks to start here: no more than the machine has cores."""
    number, cores = count(text), os.cpu_count() or 1
    if number > cores:
        raise ArgumentTypeError(
            f"'{text}' must be no more than the {cores} cores of this machine; for more than that "
            "start the program by mpirun itself"
        )
    return number


def index(text: str) -> int:
    """Read a whole number of at least 0."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"'{text}' must be a whole number of at least 0")
    return int(text)


def port(text: str) -> int:
    """Read the number of a port, from 0 to 65535."""
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(f"'{text}' must be a whole number from 0 to 65535")
    return int(text)


def time(text: str) -> float:
    """Read a time [s], such as `600`, `10 min` or `1h30m`."""
    from solver.base.units import seconds  # slow to import

    try:
        return seconds(text)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' {error}") from None


def rate(text: str) -> float:
    """Read frames per second, from 0.1 to 100."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.1 <= number <= 100:
        raise ArgumentTypeError(f"'{text}' must be a number from 0.1 to 100")
    return number


def share(text: str) -> float:
    """Read a share above 0 and below 1, such as `3%`, `3 %` or `0.03`."""
    number, percent, rest = text.partition("%")
    try:
        value = float(number) / (100 if percent else 1)
    except ValueError:
        value = 0.0
    if rest.strip() or not 0 < value < 1:
        raise ArgumentTypeError(f"'{text}' must be a share above 0 and below 1, such as 3%")
    return value


def number(text: str) -> float:
    """Read a number above 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ArgumentTypeError(f"'{text}' must be a number above 0")
    return value


def add_config(parser: ArgumentParser) -> None:
    """Add the config and its overrides."""
    parser.add_argument("config", metavar="CONFIG", type=Path, help="YAML file")
    add_overrides(parser)


def add_overrides(parser: ArgumentParser) -> None:
    """Add the overrides of single values."""
    parser.add_argument(
        "--set",
        dest="overrides",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="override one value, e.g. phase_field.W=1e6 or layers.0.D='1e-7 cm^2/s'; repeatable",
    )


def add_workers(parser: ArgumentParser) -> None:
    """Add the arguments that say how many runs and ranks work at once."""
    parser.add_argument(
        "-j", "--jobs", metavar="JOBS", type=count,
        help="runs at once; default: as many as there are free cores",
    )  # fmt: skip
    parser.add_argument(
        "-n", "--ranks", metavar="RANKS", type=ranks,
        help="MPI ranks of each run, no more than there are cores",
    )  # fmt: skip
    add_anyway(parser)


def add_anyway(parser: ArgumentParser) -> None:
    """Add the flag that overrules `check`."""
    parser.add_argument("--anyway", action="store_true", help="run what check says cannot run")
