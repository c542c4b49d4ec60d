# SPDX-License-Identifier: MIT
"""The program `dendrite`: its verbs and their arguments.

Every verb imports what it needs when it is called, so that `check`, `schema` and bad input need
neither DOLFINx nor Gmsh and answer at once.
"""

from __future__ import annotations

import argparse
import difflib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from solver import __version__, launch
from solver.errors import EXIT_DONE, InputError

EXAMPLES = """examples:
  dendrite check configs/quickstart.yaml
  dendrite run configs/quickstart.yaml -o results/first
  dendrite run configs/quickstart.yaml --set time.end="600 s" --set layers.0.D=2e-11
  dendrite restart results/first --set time.end="900 s"
  dendrite plot results/first
"""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are InputErrors: one sentence, exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Raise the complaint with a pointer to the usage."""
        raise InputError(f"{message}; see '{self.prog} --help'.")


def main(argv: list[str] | None = None) -> int:
    """Run the program.

    Args:
        argv: Arguments after the program's name; by default those of the process.

    Returns:
        The exit code: 0 done, 1 internal error, 2 bad input, 3 solver failed, 4 stopped.
    """
    words = sys.argv[1:] if argv is None else argv
    verbose = bool({"-v", "--verbose"}.intersection(words))
    return launch.guarded(lambda: _main(words), verbose)


def _main(argv: list[str]) -> int:
    _refuse_unknown_verb(argv)
    args = _parser().parse_args(argv)
    if launch.rank() > 0 and args.verb not in ("run", "restart"):
        return EXIT_DONE  # the other verbs are serial, and rank 0 does them
    args.action(args)
    return EXIT_DONE


def _parser() -> Parser:
    parser = Parser(
        prog="dendrite",
        description="Phase-field simulator of lithium dendrites in layered solid electrolytes.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dendrite {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, action: Callable, summary: str, example: str) -> Parser:
        sub = verbs.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=f"example:\n  dendrite {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        sub.set_defaults(action=action)
        return sub

    run = verb("run", _run, "run a simulation", "run configs/quickstart.yaml -o results/first")
    _add_config(run)
    run.add_argument("-o", "--output", metavar="DIR", type=Path, help="run folder to write")
    run.add_argument("--force", action="store_true", help="replace the results in the run folder")
    _add_running(run)

    restart = verb(
        "restart", _restart, "go on with a run from its last checkpoint", "restart results/first"
    )
    restart.add_argument("folder", metavar="DIR", type=Path, help="run folder")
    _add_overrides(restart)
    restart.add_argument(
        "--force", action="store_true", help="go on with a changed config or version too"
    )
    _add_running(restart)

    sweep = verb(
        "sweep", _sweep, "do many runs with varied values, or what is left of them",
        "sweep configs/sweeps/quickstart.yaml -o results/sweep",
    )  # fmt: skip
    sweep.add_argument("file", metavar="SWEEP", type=Path, help="YAML file: config, set, vary")
    sweep.add_argument(
        "-o", "--output", metavar="DIR", type=Path,
        help="folder of the run folders; default: results/<name of the file>",
    )  # fmt: skip
    sweep.add_argument(
        "-j", "--jobs", metavar="JOBS", type=_count, help="runs at once; default: free cores"
    )
    sweep.add_argument("-n", "--ranks", metavar="RANKS", type=_count, help="MPI ranks of each run")
    sweep.add_argument("--only", metavar="N", type=int, help="do run N alone (task of a job array)")
    sweep.add_argument("--list", action="store_true", help="print the runs and their states")

    check = verb(
        "check", _check, "say what a config means and costs", "check configs/quickstart.yaml"
    )
    _add_config(check)

    mesh = verb("mesh", _mesh, "write the mesh of a config", "mesh config.yaml -o cell.msh")
    _add_config(mesh)
    mesh.add_argument("-o", "--output", metavar="FILE.msh", type=Path, required=True)
    mesh.add_argument("--force", action="store_true", help="replace an existing file")

    plot = verb(
        "plot", _plot, "draw the figure of a run, or fields of several runs side by side",
        "plot results/first results/second --fields xi,c --time '600 s' -o both.pdf",
    )  # fmt: skip
    plot.add_argument(
        "-o", "--output", metavar="FILE", type=Path,
        help="picture of fields alone (.png, .pdf, .svg); without -o: figure.png in the run folder",
    )  # fmt: skip
    plot.add_argument(
        "--time", metavar="TIME", type=_time, help="nearest snapshot to this time; default: end"
    )
    _add_pictures(plot, size="page")

    movie = verb(
        "movie", _movie, "draw fields of one or several runs at all times",
        "movie results/first -o first.mp4 --fields xi,c",
    )  # fmt: skip
    movie.add_argument(
        "-o", "--output", metavar="FILE", type=Path, required=True,
        help=".mp4 (by ffmpeg) or .gif; a name without ending is a folder of PNG frames",
    )  # fmt: skip
    movie.add_argument("--rate", metavar="N", type=_rate, default=10.0, help="frames per second")
    _add_pictures(movie, size="slide")

    verb("schema", _schema, "print the JSON schema of the config", "schema > config.schema.json")

    info = verb("info", _info, "print versions, or a summary of a run folder", "info results/first")
    info.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="run folder")
    return parser


def _add_config(parser: Parser) -> None:
    parser.add_argument("config", metavar="CONFIG", type=Path, help="YAML file")
    _add_overrides(parser)


def _add_pictures(parser: Parser, size: str) -> None:
    parser.add_argument("folders", metavar="DIR", type=Path, nargs="+", help="run folder")
    parser.add_argument(
        "--fields", metavar="NAMES", type=lambda text: text.split(","),
        help="fields to show, e.g. xi,c,phi,von_mises; default: all of them",
    )  # fmt: skip
    parser.add_argument(
        "--size", choices=("column", "page", "slide"), default=size,
        help=f"86, 178 or 254 mm wide; default: {size}",
    )  # fmt: skip


def _add_overrides(parser: Parser) -> None:
    parser.add_argument(
        "--set",
        dest="overrides",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="override one value, e.g. phase_field.W=1e6 or layers.0.D='1e-7 cm^2/s'; repeatable",
    )


def _add_running(parser: Parser) -> None:
    parser.add_argument(
        "--max-wall",
        dest="overrides",
        metavar="TIME",
        action="append",
        type=lambda text: f"time.max_wall={text}",
        help="end with a checkpoint after this wall time, e.g. 23h30m",
    )
    parser.add_argument("-n", "--ranks", metavar="RANKS", type=_count, help="start this many ranks")
    parser.add_argument("-v", "--verbose", action="store_true", help="traceback of every error")


def _refuse_unknown_verb(argv: list[str]) -> None:
    # The options before the verb take no value, so the first word is the verb.
    word = next((a for a in argv if not a.startswith("-")), None)
    verbs = ("run", "restart", "sweep", "check", "mesh", "plot", "movie", "schema", "info")
    if word is None or word in verbs:
        return
    nearest = difflib.get_close_matches(word, verbs, n=1, cutoff=0.5)
    hint = f"did you mean '{nearest[0]}'?" if nearest else f"the verbs are {', '.join(verbs)}."
    raise InputError(f"unknown verb '{word}'; {hint}")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' must be a whole number of at least 1")
    return int(text)


def _time(text: str) -> float:
    from solver.units import seconds

    try:
        return seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' {error}") from None


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0.1 <= rate <= 100:
        raise argparse.ArgumentTypeError(f"'{text}' must be a number from 0.1 to 100")
    return rate


def _run(args: argparse.Namespace) -> None:
    from solver import loading

    text = loading.read_text(args.config)
    config = loading.parse(text, args.overrides, name=str(args.config))
    folder = args.output or Path(config.output.directory or f"results/{args.config.stem}")
    if args.ranks:
        output = ["-o", str(args.output)] if args.output else []
        _start_ranks(args, ["run", str(args.config), *output])
    with launch.needs_libraries():
        from solver import simulation
    simulation.run(config, text, folder, args.overrides, args.force)


def _restart(args: argparse.Namespace) -> None:
    if not args.folder.is_dir():
        raise InputError(f"{args.folder}: no such run folder.")
    if args.ranks:
        _start_ranks(args, ["restart", str(args.folder)])
    with launch.needs_libraries():
        from solver import restart
    restart.restart(args.folder, args.overrides, args.force)


def _sweep(args: argparse.Namespace) -> None:
    from solver.sweep import plan

    sweep = plan.load(args.file, args.output or Path("results") / args.file.stem)
    if args.only is not None and not 0 <= args.only < len(sweep.runs):
        raise InputError(f"--only {args.only}: the runs are 0 to {len(sweep.runs) - 1}.")
    if launch.under_mpi():
        raise InputError("sweep: it starts the ranks of its runs itself; use -n, not mpirun.")
    with launch.needs_libraries():
        from solver import log
        from solver.sweep import state, work

        if args.list:
            for run in sweep.runs:
                print(f"{run.name}: {state.state(run).value}")
            return
        log.setup(rank=0)
        numbers = range(len(sweep.runs)) if args.only is None else [args.only]
        work.do(sweep, list(numbers), args.ranks, args.jobs)


def _start_ranks(args: argparse.Namespace, words: list[str]) -> NoReturn:
    """Replace this process by the same verb under mpirun."""
    if launch.under_mpi():
        raise InputError("-n: this is an MPI rank already; use mpirun -n or -n, not both.")
    mpirun = shutil.which("mpirun")
    if mpirun is None:
        raise InputError("-n: mpirun cannot be found; leave -n out to run on one rank.")
    command = [mpirun, "-n", str(args.ranks), sys.executable, "-m", "solver", *words]
    for override in args.overrides:
        command += ["--set", override]
    command += ["--force"] * args.force + ["-v"] * args.verbose
    sys.stdout.flush()
    os.execv(mpirun, command)


def _check(args: argparse.Namespace) -> None:
    from solver import checking, loading

    checking.report(loading.load(args.config, args.overrides), sys.stdout)


def _mesh(args: argparse.Namespace) -> None:
    from solver import loading
    from solver.geometry import cell_geometry, writable_mesh_file

    cell = cell_geometry(loading.load(args.config, args.overrides))
    path = writable_mesh_file(args.output, args.force)
    with launch.needs_libraries():
        from meshes import layered

        try:
            nodes, triangles = layered.write(cell, path)
        except ImportError:
            raise
        except Exception as error:  # gmsh raises bare Exception
            raise InputError(f"{path}: Gmsh could not mesh the cell: {error}.") from None
    print(f"{path}: {nodes} nodes, {triangles} triangles, lengths in um")


def _plot(args: argparse.Namespace) -> None:
    if args.output is None and (len(args.folders) > 1 or args.time is not None or args.fields):
        raise InputError("plot: a picture of several runs, of a time or of fields needs -o FILE.")
    with launch.needs_libraries():
        if args.output is None:
            from solver.output import plots

            print(plots.figure(args.folders[0]))
            return
        from solver.output import series

        print(series.picture(_runs(args), args.output, args.time, args.size))


def _movie(args: argparse.Namespace) -> None:
    with launch.needs_libraries():
        from solver.output import series

        print(series.movie(_runs(args), args.output, args.size, args.rate))


def _runs(args: argparse.Namespace):
    from solver.output import panels, series

    fields = panels.PANELS if args.fields is None else panels.named(args.fields)
    return series.Runs(args.folders, fields)


def _schema(args: argparse.Namespace) -> None:
    import json

    from solver.config import Config

    print(json.dumps(Config.model_json_schema(), indent=2))


def _info(args: argparse.Namespace) -> None:
    from solver import info

    print(info.versions() if args.folder is None else info.summary(args.folder))
