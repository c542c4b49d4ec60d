# SPDX-License-Identifier: MIT
"""Would the tests notice? Makes one mistake at a time in a copy of the program and runs them.

    python3 benchmarks/mutations/run.py [-o docs/verification_mutations.md] [-k WORD]

The quick tests of the terms must fail for every mistake of cases.txt. Exit code 1 if one survives.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
COPIED = ("solver", "meshes", "tests", "pyproject.toml")
TESTS = [f"tests/forms/test_{name}.py" for name in ("terms", "transport_term", "dimensions")]
HEAD = """\
# Mutation check

Written by `python3 benchmarks/mutations/run.py -o docs/verification_mutations.md`: each line is a
mistake made on purpose in one line of a copy of the program, and the quick tests that fail for it.

| mistake | in `solver/` | tests that fail |
|---|---|---|
"""


class Mutation(NamedTuple):
    """A mistake in one line of one file of solver/."""

    what: str
    file: str
    old: str
    new: str


def mutations() -> list[Mutation]:
    """Read cases.txt."""
    lines = Path(__file__).with_name("cases.txt").read_text(encoding="utf-8").splitlines()
    cases = [line for line in lines if line and not line.startswith("#")]
    return [Mutation(*(part.strip() for part in line.split("|"))) for line in cases]


def copy_tree(folder: Path) -> None:
    """Copy what the tests need."""
    skip = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=skip)
        else:
            shutil.copy(source, folder / name)


def failing_tests(folder: Path, cache: Path) -> list[str]:
    """Run the quick tests in a copy; returns the names of those that fail."""
    options = ["-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-rfE"]
    # A cache of compiled forms of its own: mistakes should not fill the user's.
    env = {**os.environ, "XDG_CACHE_HOME": str(cache), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *options, *TESTS]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if done.returncode not in (0, 1) and not lines:
        raise RuntimeError(f"pytest did not run:\n{done.stdout}\n{done.stderr}")
    return [line.split(" - ")[0].split("::")[-1].strip() for line in lines]


def mutate(folder: Path, mutation: Mutation) -> str:
    """Make the mistake; returns the file's right text."""
    path = folder / "solver" / mutation.file
    text = path.read_text(encoding="utf-8")
    if (found := text.count(mutation.old)) != 1:
        raise ValueError(f"{mutation.file}: {mutation.old!r} stands there {found} times")
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    return text


def restore(folder: Path, mutation: Mutation, text: str) -> None:
    """Put the right text back."""
    (folder / "solver" / mutation.file).write_text(text, encoding="utf-8")


def row(mutation: Mutation, caught: list[str]) -> str:
    """Line of the table."""
    names = ", ".join(f"`{name}`" for name in caught[:3])
    more = f" and {len(caught) - 3} more" if len(caught) > 3 else ""
    return f"| {mutation.what} | `{mutation.file}` | {names + more or '**none**'} |\n"


def main() -> int:
    """Run all mutations; returns the exit code."""
    parser = argparse.ArgumentParser(description="Check that the tests catch mistakes.")
    parser.add_argument("-o", "--output", type=Path, help="write the table to this file")
    parser.add_argument("-k", "--only", default="", help="only mistakes whose name contains this")
    options = parser.parse_args()
    chosen = [m for m in mutations() if options.only in m.what]
    table, survivors = HEAD, []
    with tempfile.TemporaryDirectory(prefix="mutations_") as name:
        folder, cache = Path(name) / "copy", Path(name) / "cache"
        folder.mkdir()
        copy_tree(folder)
        if wrong := failing_tests(folder, cache):
            print("these tests fail without any mistake:", *wrong)
            return 1
        for mutation in chosen:  # a case that no longer fits should be known at once
            restore(folder, mutation, mutate(folder, mutation))
        for mutation in chosen:
            start = time.perf_counter()
            right = mutate(folder, mutation)
            caught = failing_tests(folder, cache)
            restore(folder, mutation, right)
            if not caught:
                survivors.append(mutation.what)
            table += (line := row(mutation, caught))
            print(f"{time.perf_counter() - start:5.1f} s {line}", end="", flush=True)
    caught_all = len(chosen) - len(survivors)
    summary = f"{caught_all} of {len(chosen)} mistakes are caught."
    print(summary, *(f"Survivor: {what}." for what in survivors))
    if options.output:
        options.output.write_text(f"{table}\n{summary}\n", encoding="utf-8")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
