# SPDX-License-Identifier: MIT
"""Would the tests notice? Makes one mistake at a time in a copy of the program and runs them.

    python3 benchmarks/mutations/run.py [-o PAGE] [-g GROUP] [-k WORD] [--due]

Every mistake of cases.txt must make a test of its group fail. Exit code 1 if one survives.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # run as a file

from benchmarks.mutations.page import Page, row  # noqa: E402

COPIED = ("solver", "meshes", "tests", "benchmarks", "configs", "pyproject.toml")


class Mutation(NamedTuple):
    """A mistake in one line of one file of solver/."""

    what: str
    file: str
    old: str
    new: str


class Group(NamedTuple):
    """Mistakes of one kind, and the test files that should notice them."""

    name: str
    tests: tuple[str, ...]
    mutations: list[Mutation]


class Outcome(NamedTuple):
    """Names of the tests that a mistake makes fail, and how long they took [s]."""

    caught: list[str]
    seconds: float


def groups() -> list[Group]:
    """Read cases.txt."""
    found: list[Group] = []
    for line in Path(__file__).with_name("cases.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name, _, tests = line.strip("[]").partition(":")
            found.append(Group(name, tuple(f"tests/{test}.py" for test in tests.split()), []))
        elif line and not line.startswith("#"):
            found[-1].mutations.append(Mutation(*(part.strip() for part in line.split("|"))))
    return found


def chosen(name: str, word: str) -> list[Group]:
    """Groups of a name (all, if it is empty), with the mistakes whose name contains a word."""
    named = [group for group in groups() if name in ("", group.name)]
    kept = [g._replace(mutations=[m for m in g.mutations if word in m.what]) for g in named]
    return [group for group in kept if group.mutations]


class Copy:
    """A copy of what the tests need, in which mistakes are made one at a time."""

    def __init__(self, folder: Path, cache: Path):
        self.folder, self.cache = folder, cache
        skip = shutil.ignore_patterns("__pycache__")
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=skip)
            else:
                shutil.copy(source, folder / name)

    @contextmanager
    def mistaken(self, mutation: Mutation) -> Iterator[None]:
        """Have the mistake in the copy for a while.

        Raises:
            ValueError: The text that it changes does not stand there exactly once.
            SyntaxError: What it leaves is not Python, which every test would notice.
        """
        path = self.folder / "solver" / mutation.file
        right = path.read_text(encoding="utf-8")
        if (found := right.count(mutation.old)) != 1:
            raise ValueError(f"{mutation.file}: {mutation.old!r} stands there {found} times")
        wrong = right.replace(mutation.old, mutation.new)
        compile(wrong, mutation.file, "exec")
        path.write_text(wrong, encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(right, encoding="utf-8")

    def failing(self, tests: tuple[str, ...]) -> list[str]:
        """Run test files; returns the names of the tests that fail."""
        options = ["-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-rfE"]
        options += ["-m", "not slow"]
        # A cache of compiled forms of its own: mistakes should not fill the user's. The copy before
        # all else: an installed or mounted solver would be tested instead.
        env = os.environ | {"XDG_CACHE_HOME": str(self.cache), "PYTHONDONTWRITEBYTECODE": "1"}
        env["PYTHONPATH"] = str(self.folder)
        command = [sys.executable, "-m", "pytest", *options, *tests]
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True)
        lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        if done.returncode not in (0, 1) and not lines:
            raise RuntimeError(f"pytest did not run:\n{done.stdout}\n{done.stderr}")
        return [line.split(" - ")[0].split("::")[-1].strip() for line in lines]


class Workshop:
    """Copies that work side by side."""

    def __init__(self, folder: Path, jobs: int):
        self.pool, self.free = ThreadPoolExecutor(jobs), SimpleQueue()
        for number in range(jobs):
            (place := folder / str(number)).mkdir()
            self.free.put(Copy(place, folder / "cache"))

    def tried(self, group: Group, mutation: Mutation) -> Outcome:
        """Make a mistake in a free copy and run the tests of its group."""
        copy, start = self.free.get(), time.perf_counter()
        try:
            with copy.mistaken(mutation):
                caught = copy.failing(group.tests)
        finally:
            self.free.put(copy)
        return Outcome(caught, time.perf_counter() - start)

    def wrong(self, picked: list[Group]) -> list[str]:
        """Tests that fail without any mistake; all mistakes must fit as well."""
        copy = self.free.get()
        try:
            for mutation in (m for group in picked for m in group.mutations):
                with copy.mistaken(mutation):
                    pass
            return copy.failing(tuple(dict.fromkeys(t for g in picked for t in g.tests)))
        finally:
            self.free.put(copy)

    def rows(self, group: Group) -> Iterator[tuple[Mutation, Outcome]]:
        """Outcomes of a group's mistakes, in their order."""
        outcomes = self.pool.map(lambda mutation: self.tried(group, mutation), group.mutations)
        return zip(group.mutations, outcomes, strict=True)


def due(picked: list[Group], page: Page) -> list[Group]:
    """Groups that have other mistakes than their section of the page."""
    return [g for g in picked if [(m.what, m.file) for m in g.mutations] != page.mistakes(g.name)]


def main() -> int:
    """Run mutations; returns the exit code."""
    parser = argparse.ArgumentParser(description="Check that the tests catch mistakes.")
    parser.add_argument("-o", "--output", type=Path, help="write the groups' sections of this page")
    parser.add_argument("-g", "--group", default="", help="only this group of cases.txt")
    parser.add_argument("-k", "--only", default="", help="only mistakes whose name contains this")
    parser.add_argument("--due", action="store_true", help="only groups that the page is behind of")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="processes side by side")
    options = parser.parse_args()
    if options.output is None and options.due:
        parser.error("--due: which groups are due is told by the page, -o PAGE.")
    if options.output and options.only:
        parser.error("-o: a page has whole groups, -k picks parts of them.")
    picked = chosen(options.group, options.only)
    if not picked:
        parser.error(f"no mistake of a group '{options.group}' has '{options.only}' in its name")
    page = Page(options.output) if options.output else None
    if options.due:
        picked = due(picked, page)
    survivors = run(picked, page, options.jobs)
    if survivors is None:
        return 1
    count = sum(len(group.mutations) for group in picked)
    summary = f"{count - len(survivors)} of {count} mistakes are caught."
    print(summary, *(f"Survivor: {what}." for what in survivors))
    return 1 if survivors else 0


def run(picked: list[Group], page: Page | None, jobs: int) -> list[str] | None:
    """Run groups, each into its section of the page as soon as it is done.

    Returns:
        The mistakes that no test has noticed; None if tests fail without any.
    """
    survivors = []
    with tempfile.TemporaryDirectory(prefix="mutations_") as name:
        workshop = Workshop(Path(name), jobs)
        if wrong := workshop.wrong(picked):
            print("these tests fail without any mistake:", *wrong)
            return None
        for group in picked:
            rows = []
            for mutation, (caught, seconds) in workshop.rows(group):
                rows.append(row(mutation.what, mutation.file, caught))
                survivors += [] if caught else [mutation.what]
                print(f"{seconds:5.1f} s {rows[-1]}", end="", flush=True)
            if page:
                page.put(group.name, group.tests, rows)
                page.write([g.name for g in groups()])
    return survivors


if __name__ == "__main__":
    sys.exit(main())
