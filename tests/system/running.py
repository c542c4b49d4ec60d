"""Starting the program in tests, and comparing what it left."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from solver.output import checkpoint, snapshots
from solver.verbs import cli

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SMALL = HERE / "small.yaml"
PROGRAM = [sys.executable, "-m", "solver"]
FIGURELESS = {"PYTHONPATH": f"{HERE / 'figureless'}{os.pathsep}{ROOT}"}
"""Variables of processes whose runs draw no figure at their end."""


def dendrite(*words: str | Path) -> subprocess.CompletedProcess:
    """Run the program to its end in a process of its own, without the figure of a run."""
    return started([*PROGRAM, *words])


@contextmanager
def without_figure() -> Iterator[None]:
    """Have runs draw no figure at their end, half of the computing of a small one.

    Those of this process and those that it starts.
    """
    with patch("solver.run.closing.physics"), patch.dict(os.environ, FIGURELESS):
        yield


def called(*words: str | Path) -> subprocess.CompletedProcess:
    """Run the program to its end in this process, which saves imports, and without its figure."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), without_figure():
        code = cli.main(list(map(str, words)))
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def started(
    command: list[str | Path], variables: dict[str, str] = FIGURELESS
) -> subprocess.CompletedProcess:
    """Run a command in the checkout to its end, by default without a figure of a run."""
    return subprocess.run(
        list(map(str, command)), cwd=ROOT, env=os.environ | variables,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def launched(command: list[str | Path], **pipes) -> subprocess.Popen:
    """Start a command in the checkout, whose runs draw no figure."""
    return subprocess.Popen(
        list(map(str, command)), cwd=ROOT, env=os.environ | FIGURELESS, text=True, **pipes
    )


def set_all(*overrides: str) -> list[str]:
    return [word for override in overrides for word in ("--set", override)]


EVERY_STEP = set_all("output.checkpoint_steps=1", "output.checkpoints_kept=1000")


def rows(folder: Path) -> list[dict[str, float]]:
    with (folder / "scalars.csv").open() as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


def left_at(finished: Path, step: int, folder: Path) -> Path:
    """Copy a run folder as a kill after the checkpoint of a step would have left it."""
    shutil.copytree(finished, folder)
    for path in checkpoint.all_in(folder):
        if checkpoint.step_of(path) > step:
            path.unlink()
    return folder


def results(folder: Path) -> dict[str, bytes]:
    """Content of scalars.csv and of the field series: of every file, or of every snapshot."""
    paths = [folder / "scalars.csv"]
    if snapshots.path(folder).suffix == ".xdmf":
        paths += [folder / "fields.xdmf", *(folder / "fields").iterdir()]
    found = {str(path.relative_to(folder)): path.read_bytes() for path in paths}
    if len(paths) == 1:
        for number, time in enumerate(snapshots.times(folder)):
            shot = snapshots.load(folder, number)
            arrays = {"points": shot.points, "triangles": shot.triangles, **shot.fields}
            found |= {f"t = {time!r}: {name}": a.tobytes() for name, a in arrays.items()}
    return found


def same_results(a: Path, b: Path) -> bool:
    """Whether two runs left the same scalars and fields, to the last bit."""
    left, right = results(a), results(b)
    differing = [name for name in {*left, *right} if left.get(name) != right.get(name)]
    print("differ:", differing)
    return not differing


def agree(a: Path, b: Path) -> bool:
    """Whether tip and time of every step agree; prints by how much."""
    pairs = list(zip(rows(a), rows(b), strict=True))
    tip = max(abs(x["tip_um"] / y["tip_um"] - 1) for x, y in pairs)
    time = max(abs(x["t_s"] - y["t_s"]) for x, y in pairs)
    print(f"tips within {tip:.1e}, times within {time:.1e} s")
    return tip < 1e-4 and time < 1e-4


def check_series(folder: Path) -> None:
    """Every snapshot that the series names can be read."""
    if snapshots.path(folder).exists():
        for index in range(len(snapshots.times(folder))):
            snapshots.load(folder, index)
