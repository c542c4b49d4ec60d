# SPDX-License-Identifier: MIT
"""The program `dendrite`: its verbs and their arguments.

Every verb imports what it needs when it is called, so that `check`, `schema` and bad input need
neither DOLFINx nor Gmsh and answer at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from solver import __version__
from solver.base import launch, nearest
from solver.base.errors import EXIT_DONE, InputError
from solver.verbs import (
    arguments,
    converging,
    pictures,
    reducing_arguments,
    reporting,
    running,
    sweeping,
)

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
    return launch.guarded(lambda: _main(words), verbose, _is_parallel(words))


def _main(argv: list[str]) -> int:
    launch.die_with_parent()
    launch.require_connected()
    if launch.rank() > 0 and not _is_parallel(argv):
        return EXIT_DONE  # the other verbs are serial, and rank 0 does them
    _refuse_unknown_verb(argv)
    args = parser().parse_args(argv)
    args.action(args)
    return EXIT_DONE


def parser() -> Parser:
    """Return the parser of the command line with all verbs."""
    program = Parser(
        prog="dendrite",
        description="Phase-field simulator of lithium dendrites in layered solid electrolytes.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    program.add_argument("--version", action="version", version=f"dendrite {__version__}")
    verbs = program.add_subparsers(dest="verb", metavar="VERB", required=True)

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

    running.add_run(
        verb("run", running.run, "run a simulation", "run configs/quickstart.yaml -o results/first")
    )
    running.add_restart(
        verb(
            "restart", running.restart, "go on with a run from its last checkpoint",
            "restart results/first",
        )
    )  # fmt: skip

    sweeping.add_arguments(
        verb(
            "sweep", sweeping.sweep, "do many runs with varied values, or what is left of them",
            "sweep configs/sweeps/quickstart.yaml -o results/sweep",
        )
    )  # fmt: skip

    convergence = verb(
        "converge", converging.converge,
        "run a config refined and say what its numbers tend to, with error bars",
        "converge configs/quickstart.yaml --set 'time.stop_tip=20 um' -o results/converge",
    )  # fmt: skip
    arguments.add_config(convergence)
    converging.add_arguments(convergence)

    check = verb(
        "check", _check, "say what a config means and costs", "check configs/quickstart.yaml"
    )
    arguments.add_config(check)
    check.add_argument(
        "--accuracy", metavar="SHARE", type=arguments.share,
        help="say which values make the way of the tips right to so much, e.g. 3%%",
    )  # fmt: skip

    mesh = verb("mesh", _mesh, "write the mesh of a config", "mesh config.yaml -o cell.msh")
    arguments.add_config(mesh)
    mesh.add_argument("-o", "--output", metavar="FILE.msh", type=Path, required=True)
    mesh.add_argument("--force", action="store_true", help="replace an existing file")

    pictures.add_plot(
        verb(
            "plot", pictures.plot, "draw the figure of a run, or fields of several runs",
            "plot results/first results/second --fields xi,c --time '600 s' -o both.pdf",
        )
    )  # fmt: skip
    pictures.add_movie(
        verb(
            "movie", pictures.movie, "draw fields of one or several runs at all times",
            "movie results/first -o first.mp4 --fields xi,c",
        )
    )  # fmt: skip

    reporting.add_report(
        verb("report", reporting.report, "write the page of a run again", "report results/first")
    )
    reporting.add_watch(
        verb(
            "watch", reporting.watch, "show the page of a run that is going on",
            "watch results/first",
        )
    )  # fmt: skip

    materials = verb("materials", _materials, "list the materials and their sources", "materials")
    materials.add_argument("material", metavar="NAME", nargs="?", help="one, or FILE.yaml")

    reducing_arguments.add(
        verb(
            "reduce", _reduce, "reduce measurements to material properties",
            "reduce arrhenius benchmarks/data_reduction/lpsc.csv -o fit.png",
        )
    )  # fmt: skip

    verb("schema", _schema, "print the JSON schema of the config", "schema > config.schema.json")

    info = verb("info", _info, "print versions, or what a run has come to", "info results/first")
    info.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="run folder")
    info.add_argument(
        "--cost", action="store_true", help="mesh, steps, wall time by part, memory, versions too"
    )
    return program


def _verb(argv: list[str]) -> str | None:
    # The options before the verb take no value, so the first word is the verb.
    return next((a for a in argv if not a.startswith("-")), None)


def _is_parallel(argv: list[str]) -> bool:
    return _verb(argv) in ("run", "restart")


def _refuse_unknown_verb(argv: list[str]) -> None:
    word = _verb(argv)
    verbs = (
        "run", "restart", "sweep", "converge", "check", "mesh", "plot", "movie", "report",
        "watch", "materials", "reduce", "schema", "info",
    )  # fmt: skip
    if word is None or word in verbs:
        return
    raise InputError(f"unknown verb '{word}'; {nearest.sentence(word, verbs, 'the verbs are ')}")


def _check(args: argparse.Namespace) -> None:
    from solver.api import configs
    from solver.input import loading

    report = configs.report(loading.load(args.config, args.overrides), args.accuracy)
    report.show(sys.stdout)
    if report.refusal:
        raise InputError(report.refusal)


def _mesh(args: argparse.Namespace) -> None:
    from solver.cell.geometry import cell_geometry, writable_mesh_file
    from solver.input import loading

    config = loading.load(args.config, args.overrides)
    cell = cell_geometry(config)
    path = writable_mesh_file(args.output, args.force)
    with launch.needs_libraries():
        from meshes import msh

        try:
            nodes, triangles = msh.write(cell, path)
        except ImportError:
            raise
        except Exception as error:  # gmsh raises bare Exception
            raise InputError(f"{path}: Gmsh could not mesh the cell: {error}.") from None
    base = "; the base that adapt refines" if config.adaptive else ""
    print(f"{path}: {nodes} nodes, {triangles} triangles, lengths in um{base}")


def _materials(args: argparse.Namespace) -> None:
    from solver.input import own_materials
    from solver.materials import listing

    if args.material is not None and Path(args.material).suffix in (".yaml", ".yml"):
        listing.show(sys.stdout, known=own_materials.read(Path(args.material)))
    else:
        listing.show(sys.stdout, args.material)


def _reduce(args: argparse.Namespace) -> None:
    if args.kind == "eis":
        from solver.verbs import impedance

        lines = impedance.reduce(args)
    else:
        from solver.verbs import reducing

        lines = reducing.reduce(args.kind, args.data, args.output)
    print("\n".join(lines))


def _schema(args: argparse.Namespace) -> None:
    import json

    from solver.input import loading

    print(json.dumps(loading.schema(), indent=2))


def _info(args: argparse.Namespace) -> None:
    with launch.needs_libraries():
        from solver.verbs import info
    print(info.versions() if args.folder is None else info.summary(args.folder, args.cost))
