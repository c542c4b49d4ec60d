# SPDX-License-Identifier: MIT
"""What ranks send to each other in a pass and for a new mesh, counted and not timed.

    docker/run python3 -m benchmarks.large.messages RANKS [--length "61 nm"]

Starts itself on so many ranks beneath counts.c and prints a line of JSON: of the rank with the
most, messages, their bytes, and collective operations; nodes, ghosts and neighbours of the mesh.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from mpi4py import MPI

from solver.base import log
from solver.input import loading
from solver.output import run_folder
from solver.run.checkpointing import Source
from solver.run.dendrite import Dendrite
from solver.run.simulation import Simulation
from tests.ranks import launcher

HERE = Path(__file__).parent
COMM = MPI.COMM_WORLD
STEPS = 2
KINDS = ("messages", "bytes", "collectives", "collective bytes")


def counts() -> np.ndarray:
    """What this rank has sent so far, by `KINDS`."""
    found = (ctypes.c_double * len(KINDS))()
    ctypes.CDLL(None).counts(found)
    return np.array(found)


class Counted(Dendrite):
    """A dendrite with a new mesh before every step, that notes what both have sent."""

    def __init__(self, *args):
        super().__init__(*args)
        self.of_meshes, self.of_steps, self.passes, self.sizes = [], [], [], []

    def due(self) -> bool:
        """It always is time."""
        return True

    def remesh(self) -> None:
        """Go on with the same states on a new mesh."""
        before = counts()
        super().remesh()
        self.of_meshes.append(counts() - before)

    def step(self, dt: float):
        """Advance by `dt` [s]."""
        before = counts()
        step = super().step(dt)
        self.of_steps.append(counts() - before)
        self.passes.append(step.passes)
        index_map = self.model.V.dofmap.index_map
        neighbours = len(np.unique(index_map.owners))
        self.sizes.append((index_map.size_local, index_map.num_ghosts, neighbours))
        return step


def most(rows: np.ndarray) -> list[float]:
    """The largest sum of any rank over the rows, each column by itself."""
    total = np.asarray(rows, dtype=float).sum(axis=0)
    return COMM.allreduce(total, lambda a, b: np.maximum(a, b)).tolist()


def count(length: str, folder: Path) -> dict:
    """Take some steps. Collective."""
    config = loading.load(HERE / "nucleus.yaml", [f"phase_field.interface_length={length}"])
    log.setup(COMM.rank, quiet=True)
    if COMM.rank == 0:
        run_folder.prepare(folder, "", loading.resolved_yaml(config), force=True)
    simulation = Simulation(config, Source(""), folder, COMM, quiet=True, problem=Counted)
    for standing in simulation:
        if standing.steps == STEPS:
            break
    p = simulation.problem
    passes, meshes = sum(p.passes), len(p.of_meshes)
    sizes = COMM.allgather(p.sizes[-1])
    return {
        "ranks": COMM.size,
        "nodes": p.domain.nodes,
        "passes": passes,
        "pass": dict(zip(KINDS, np.array(most(p.of_steps)) / passes, strict=True)),
        "mesh": dict(zip(KINDS, np.array(most(p.of_meshes)) / meshes, strict=True)),
        "most": dict(zip(("nodes", "ghosts", "neighbours"), np.max(sizes, axis=0).tolist(),
                         strict=True)),
    }  # fmt: skip


def started(ranks: int, length: str) -> dict:
    """Count on so many ranks, each with counts.c before all else."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "counts.so"
        source = HERE / "counts.c"
        subprocess.run(["mpicc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
        this = [sys.executable, "-m", "benchmarks.large.messages", str(ranks)]
        command = [*launcher(ranks), "env", f"LD_PRELOAD={library}", *this]
        command += ["--length", length, "--in", folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ranks", type=int)
    parser.add_argument("--length", default="61 nm", help="of the interface")
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.folder is None:
        print(json.dumps(started(args.ranks, args.length)))
        return
    found = count(args.length, args.folder / "run")
    if COMM.rank == 0:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
