# SPDX-License-Identifier: MIT
"""Speed: this program against an older revision of itself and against other codes.

    python3 benchmarks/speed/run.py quickstart peers --peers --repeat 3

Started on the host: every code runs in an environment of its own, one after the other, in rounds.
Writes CASE.md, CASE.csv and CASE.json into results/speed. `references` makes the converged runs
that are missing in references.json.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # started as a script from anywhere
    sys.path.insert(0, str(ROOT))

from benchmarks.speed import codes, places, references, tables  # noqa: E402
from benchmarks.speed.cases import CASES, LENGTHS, Case, Setup  # noqa: E402
from benchmarks.speed.codes import Code, Result  # noqa: E402

VARIANTS = "values of kinetics.interface for `thickness` (default: the one that is the default)"
HALVED = "interface lengths for `thickness`, each half of the one before (default 0.88 to 0.11 um)"


def main(arguments: list[str] | None = None) -> int:
    """Run the named cases; 1 if a code failed, 2 if something needed cannot be made."""
    args = _parsed(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the worktree is removed then too
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dendrite-speed-")))
        try:
            tree = stack.enter_context(places.checkout(args.baseline, work))
            fipy = args.fipy or (places.fipy(work) if args.peers else None)
            setup = Setup((args.baseline, tree), fipy, tuple(args.variants), tuple(args.lengths))
        except places.Unavailable as error:
            print(f"speed: {error}", file=sys.stderr)
            return 2
        try:
            for name in args.cases:
                if name == "references":
                    make_references(setup, work)
                else:
                    run_case(name, setup, work, args)
        except codes.Failed as error:
            print(f"speed: {error}", file=sys.stderr)
            return 1
    return 0


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = [*CASES, "references"]
    parser.add_argument("cases", nargs="+", metavar="CASE", help=f"of: {', '.join(known)}")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="rounds (default 1)")
    parser.add_argument("--baseline", default="2bbd25d", help="older revision (default 2bbd25d)")
    parser.add_argument("--peers", action="store_true", help="install FiPy for this call")
    parser.add_argument("--fipy", metavar="PYTHON", help="a Python that has FiPy")
    parser.add_argument("--variants", nargs="+", default=["default"], metavar="NAME", help=VARIANTS)
    parser.add_argument(
        "--lengths", nargs="+", type=float, default=LENGTHS, metavar="UM", help=HALVED
    )
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "results" / "speed")
    args = parser.parse_args(arguments)
    if unknown := set(args.cases) - set(known):
        parser.error(f"no such case: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    pairs = zip(args.lengths, args.lengths[1:], strict=False)
    if len(args.lengths) < 3 or not all(math.isclose(a, 2 * b) and b > 0 for a, b in pairs):
        parser.error(f"--lengths {args.lengths}: at least three, each half of the one before")
    if args.repeat < 1:
        parser.error(f"--repeat {args.repeat}: at least one round is needed")
    return args


def run_case(name: str, setup: Setup, work: Path, args: argparse.Namespace) -> None:
    """Run all codes of a case in rounds, print its table and write its files."""
    case = CASES[name]
    chosen = able(case.codes(setup), work)
    results = in_rounds(chosen, work, args.repeat)
    text = f"## {case.title}\n\n{case.table(case, chosen, results)}\n"
    print(f"\n{text}", flush=True)
    write(args.output, name, text, results)


def able(chosen: Sequence[Code], work: Path) -> list[Code]:
    """The codes that run here for a moment, which compiles their forms; says of others why not."""
    works: dict[str, bool] = {}
    for code in chosen:
        if code.forms not in works:
            try:
                codes.measure(code.warm(), work)
                works[code.forms] = True
            except codes.Failed as error:
                tell(f"left out: {error}")
                works[code.forms] = False
    if not any(works.values()):
        raise codes.Failed("no code of this case runs here")
    return [code for code in chosen if works[code.forms]]


def in_rounds(chosen: Sequence[Code], work: Path, repeat: int) -> list[Result]:
    """Run the codes one after the other, so many rounds."""
    results = []
    for i in range(repeat):
        for code in chosen:
            last = codes.measure(code, work)
            results.append(last)
            said = f"{last.processor_s:.1f} s, tip {last.tip_um[-1]:.3f} um"
            tell(f"round {i + 1} of {repeat}: {code.name}: {said}")
    return results


def tell(words: str) -> None:
    """Say how far it is."""
    print(time.strftime("%H:%M:%S"), words, flush=True)


def write(folder: Path, name: str, text: str, results: Sequence[Result]) -> None:
    """Write the table, a line per run, and all that the runs left."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    records = [result._asdict() for result in results]
    (folder / f"{name}.json").write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
    for record in records:
        record["t_s"], record["tip_um"] = record["t_s"][-1], record["tip_um"][-1]
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        lines = csv.DictWriter(file, Result._fields)
        lines.writeheader()
        lines.writerows(records)


def make_references(setup: Setup, work: Path) -> None:
    """Make the converged runs that references.json lacks: each by the program of its config."""
    for case in CASES.values():
        # This program comes last in a case; what both have in common it makes.
        for code in reversed(case.codes(setup) if case.converged else ()):
            if isinstance(code, codes.Ours) and references.key(code) not in references.read():
                make_reference(code, case, work)


def make_reference(code: codes.Ours, case: Case, work: Path) -> None:
    """Make one."""
    finer = code._replace(overrides=(*code.overrides, *case.converged))
    tell(f"converged: {case.title}, {code.name}")
    result = codes.measure(finer, work)
    tip = tables.interpolated(case.at, result.t_s, result.tip_um)
    revision = places.revision() if code.tree == ROOT else code.name
    references.keep(finer, case.at, tip, revision)
    tell(f"tip {tip:.4f} um at {case.at:g} s, {result.processor_s:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
