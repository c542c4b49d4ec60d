# SPDX-License-Identifier: MIT
"""Memory of a large run by rank: its first mesh, its first states, some steps.

    docker/run mpirun -n 2 python3 -m benchmarks.large.memory ELEMENTS [--steps 3] [--set KEY=VALUE]
        [--arrays] [--many NODES]

`printed.yaml` is the printed interface, 15.28 nm, along the whole anode; the nodes go with the
square of the elements per interface length. A rank ends the run, its own processes alone, when the
machine has less memory left than `LEAST_MB`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
import tracemalloc
from pathlib import Path

from mpi4py import MPI

from solver.base import log
from solver.base import memory as spared
from solver.input import loading
from solver.output import run_folder
from solver.run.checkpointing import Source
from solver.run.dendrite import Dendrite
from solver.run.simulation import Simulation

CONFIG = Path(__file__).with_name("printed.yaml")
COMM = MPI.COMM_WORLD
LEAST_MB, LOOK_AGAIN = 1500, 0.2
"""Memory that is left to others [MB], and seconds between two looks."""


def memory() -> dict[str, int]:
    """This process's resident memory and the most that it has had [MB]."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {name: int(lines[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM")}


def watch() -> None:
    """End all ranks when the machine is short of memory."""

    def look() -> None:
        while True:
            found = Path("/proc/meminfo").read_text().split("MemAvailable:", 1)[1].split()[0]
            if int(found) < 1024 * LEAST_MB:
                print(f"rank {COMM.rank}: only {int(found) // 1024} MB are left", flush=True)
                os.abort()  # the launcher ends the others
            time.sleep(LOOK_AGAIN)

    threading.Thread(target=look, daemon=True).start()


def say(what: str, nodes: int = 0) -> None:
    """Print the memory of all ranks. Collective."""
    found = COMM.gather((*memory().values(), time.process_time()))
    if COMM.rank == 0:
        ranks = "; ".join(f"{now} MB now, {most} at most, {t:.0f} s" for now, most, t in found)
        each = f", {sum(m for _, m, _ in found) * 1e3 / nodes:.2f} kB per node" if nodes else ""
        arrays = tracemalloc.get_traced_memory()[0] / 1e3
        each += f", arrays of Python {arrays / nodes:.2f}" if arrays and nodes else ""
        print(f"{what}: {ranks}{each}", flush=True)


class Told(Dendrite):
    """A dendrite that says what its parts have taken."""

    def _assemble(self) -> None:
        say(f"mesh of {self.domain.nodes} nodes", self.domain.nodes)
        super()._assemble()
        say("forms", self.domain.nodes)

    def start(self) -> None:
        """Make the first state."""
        super().start()
        say("first state", self.domain.nodes)


def main() -> None:
    """Make the mesh and take the steps."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("elements", type=float, help="per interface length")
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--set", action="append", default=[], dest="overrides")
    parser.add_argument("--arrays", action="store_true", help="tell what of rank 0 is Python's")
    parser.add_argument("--many", type=int, help="nodes of a rank from which on it is spared")
    args = parser.parse_args()
    watch()
    if args.many is not None:
        spared.MANY = args.many
    if args.arrays:
        tracemalloc.start()
    log.setup(COMM.rank, quiet=True)
    say("libraries")
    config = loading.load(CONFIG, [f"adapt.elements={args.elements}", *args.overrides])
    folder = COMM.bcast(tempfile.mkdtemp() if COMM.rank == 0 else None)
    if COMM.rank == 0:
        run_folder.prepare(Path(folder), "", loading.resolved_yaml(config), force=True)
    simulation = Simulation(config, Source(""), Path(folder), COMM, quiet=True, problem=Told)
    for standing in simulation:
        say(f"step {standing.steps}, {standing.passes} passes", simulation.problem.domain.nodes)
        if standing.steps == args.steps:
            break
    say("checkpoint and snapshot", simulation.problem.domain.nodes)


if __name__ == "__main__":
    sys.exit(main())
