# SPDX-License-Identifier: MIT
"""The codes that are compared: how each is started, and what it leaves."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MOMENT = "0.01 s"
"""Simulated time of a run that only compiles forms."""


class Failed(Exception):
    """A code ended with an error; the text says which and how."""


class Result(NamedTuple):
    """What one run did and what it cost.

    Attributes:
        code: Name of the code.
        processor_s: User and system seconds of all its processes.
        wall_s: Seconds from start to end.
        loop_s: Seconds of the time loop, without start, mesh, forms and figure.
        memory_MB: Peak of the largest process.
        nodes: Nodes or cells, the mean over passes where the mesh changes.
        steps: Accepted time steps.
        passes: Passes, Newton iterations or sweeps over all steps.
        t_s: Times of the steps.
        tip_um: Tip at these times.
        balance: Largest relative error of the lithium balance.
    """

    code: str
    processor_s: float
    wall_s: float
    loop_s: float
    memory_MB: float
    nodes: int
    steps: int
    passes: int
    t_s: list[float]
    tip_um: list[float]
    balance: float


class Ours(NamedTuple):
    """This program at some revision.

    Attributes:
        name: How tables call it.
        tree: Checkout that it runs from; the libraries are those of this checkout's docker/run.
        config: Its config.
        overrides: Values of the config to change, as for --set.
        ranks: Number of MPI ranks.
    """

    name: str
    tree: Path
    config: Path
    overrides: tuple[str, ...] = ()
    ranks: int = 1

    @property
    def forms(self) -> str:
        """What its compiled forms depend on."""
        return f"{self.tree} {self.config}"

    def warm(self) -> Ours:
        """The same for a moment."""
        return self._replace(overrides=(*self.overrides, f"time.end={MOMENT}"))

    def command(self, folder: Path) -> list[str]:
        """Command that leaves its results in a folder."""
        words = ["python3", "-m", "solver", "run", str(self.config), "-o", str(folder), "--force"]
        for override in self.overrides:
            words += ["--set", override]
        if self.ranks > 1:
            words = ["mpirun", "-n", str(self.ranks), *words]
        return words

    def environment(self) -> list[str]:
        """Words in front of a command that run it where the libraries are."""
        return [str(ROOT / "docker" / "run"), "env", f"PYTHONPATH={self.tree}", "python3"]

    def result(self, folder: Path, cost: dict[str, float]) -> Result:
        """Read what it left."""
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        with (folder / "scalars.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        before = record["cost_s"]["mesh"] + record["cost_s"]["forms"]
        return Result(
            code=self.name,
            loop_s=record["wall_time_s"] - before,
            nodes=record["nodes_mean"],
            steps=record["steps"],
            passes=record["passes"],
            t_s=[float(row["t_s"]) for row in rows],
            tip_um=[float(row["tip_um"]) for row in rows],
            balance=max(abs(float(row["li_balance_rel"])) for row in rows),
            **cost,
        )


class Peer(NamedTuple):
    """A script of peers/, which leaves the attributes of a Result as result.json.

    Attributes:
        name: How tables call it.
        python: Words that start a Python which has its libraries.
        script: Its name.
        options: Its arguments.
    """

    name: str
    python: tuple[str, ...]
    script: str
    options: tuple[str, ...]

    @property
    def forms(self) -> str:
        """What its compiled forms depend on."""
        return self.script

    def warm(self) -> Peer:
        """The same for a moment."""
        return self._replace(options=(*self.options, "--end", MOMENT.removesuffix(" s")))

    def command(self, folder: Path) -> list[str]:
        """Command that leaves its results in a folder."""
        script = HERE / "peers" / self.script
        return [self.python[-1], str(script), str(folder / "result.json"), *self.options]

    def environment(self) -> list[str]:
        """Words in front of a command that run it where the libraries are."""
        return list(self.python)

    def result(self, folder: Path, cost: dict[str, float]) -> Result:
        """Read what it left."""
        record = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        return Result(code=self.name, **record, **cost)


Code = Ours | Peer


def measure(code: Code, work: Path) -> Result:
    """Run a code in a folder of its own in `work`.

    Raises:
        Failed: It ended with an error.
    """
    with tempfile.TemporaryDirectory(dir=work) as folder:
        record, left = Path(folder) / "cost.json", Path(folder) / "run"
        left.mkdir()
        command = [str(HERE / "stopwatch.py"), str(record), *code.command(left)]
        process = subprocess.Popen(
            [*code.environment(), *command],
            cwd=work,  # `python -m` looks for the program in the current folder first
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        try:
            out, err = process.communicate()
        except BaseException:  # told to end: the code must not go on alone
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            raise
        if process.returncode:
            last = ((err or out).strip().splitlines() or ["no message"])[-1]
            raise Failed(f"{code.name} ended with exit code {process.returncode}: {last}")
        return code.result(left, json.loads(record.read_text()))
