# SPDX-License-Identifier: MIT
"""What a run on many ranks takes, from what was counted and timed on one and two.

    docker/run python3 -m benchmarks.large.model [RUN_FOLDER ...]

A pass takes a rank its nodes times the work of a node, what of it does not depend on the nodes, and
its messages; so does a new mesh. Prints three tables of Markdown: counts that follow from those on
two ranks beside what was counted (`counted.jsonl`, lines of `messages`), how meshes of the last
checkpoints of runs are cut, and the printed interface in the whole cell.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from math import log2, sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
from mpi4py import MPI

from solver.base.exchange import Slices
from solver.cell import partition
from solver.cell.base_mesh import Base
from solver.cell.mesh_tables import MeshTables
from solver.cell.refinement import Refined, recall
from solver.input import loading
from solver.input.resolution import resolution
from solver.output import checkpoint

COUNTED = Path(__file__).with_name("counted.jsonl")
RANKS = (2, 4, 8, 64, 1024)
PASSES, REMESHES = 188 / 31, 18 / 31
"""Passes and new meshes per accepted step of nucleus.yaml."""


class Cut(NamedTuple):
    """A mesh on several ranks.

    Attributes:
        ranks: Number of ranks.
        nodes: Nodes of the whole mesh.
        most: Nodes of the rank with the most; its own, as for the next two.
        ghosts: Nodes of others that the rank with the most of them has.
        neighbours: Ranks that the rank with the most of them has nodes of.
    """

    ranks: int
    nodes: int
    most: float
    ghosts: float
    neighbours: float

    @property
    def imbalance(self) -> float:
        """Most nodes of a rank over the mean."""
        return self.most * self.ranks / self.nodes

    @property
    def border(self) -> float:
        """Ghosts over the square root of a rank's nodes."""
        return self.ghosts / sqrt(self.most)


class Sent(NamedTuple):
    """What the rank that sends most sends in a pass, or for a new mesh."""

    messages: float
    bytes: float
    collectives: float

    @classmethod
    def predicted(cls, two: Sent, on_two: Cut, cut: Cut) -> Sent:
        """From what is sent on two ranks.

        Messages go with the neighbours and bytes with the ghosts, as everything is exchanged along
        borders; collective operations do not depend on the ranks.
        """
        return cls(
            two.messages / on_two.neighbours * cut.neighbours,
            two.bytes / on_two.ghosts * cut.ghosts,
            two.collectives,
        )


class Machine(NamedTuple):
    """Measured and assumed constants.

    Attributes:
        work: Processor time per node and pass [s].
        fixed: Processor time of a pass that does not depend on its nodes [s].
        remesh: Processor time of a new mesh per node [s].
        memory: Bytes per node, and of the libraries of a rank.
        latency: Of a message [s].
        rate: Bytes per second and rank.
    """

    work: float
    fixed: float
    remesh: float
    memory: tuple[float, float]
    latency: float
    rate: float

    def sending(self, sent: Sent, ranks: int) -> float:
        """Time of messages, and of collective operations as trees of them [s]."""
        hops = sent.messages + sent.collectives * log2(ranks)
        return hops * self.latency + sent.bytes / self.rate

    def of_pass(self, cut: Cut, sent: Sent) -> float:
        """Time of a pass [s]."""
        return self.fixed + self.work * cut.most + self.sending(sent, cut.ranks)

    def of_mesh(self, cut: Cut, sent: Sent) -> float:
        """Time of a new mesh [s]."""
        return self.remesh * cut.most + self.sending(sent, cut.ranks)

    def megabytes(self, cut: Cut) -> float:
        """Memory of the rank with the most [MB]."""
        per_node, libraries = self.memory
        return (per_node * (cut.most + cut.ghosts) + libraries) / 1e6


MACHINE = Machine(
    work=5.0e-6, fixed=3.9e-3, remesh=25e-6, memory=(5.6e3, 200e6), latency=2e-6, rate=1e9
)
"""Work and new meshes: nucleus.yaml, rejected steps included; fixed: benchmarks/speed; memory:
`memory`. Latency and rate are assumed, of a network of clusters."""


class Run(NamedTuple):
    """What `check` says of a run, or a mesh that was made for it.

    Attributes:
        title: In words.
        end: Nodes at its end.
        mean: Nodes on average.
        steps: Accepted steps.
    """

    title: str
    end: float
    mean: float
    steps: float


CELLS = (
    Run("h = l/2, 1.41 million nodes at the end", 1.41e6, 0.86e6, 1344),
    Run("h = l/4.4, 7.3 million nodes at the end", 7.3e6, 4.4e6, 1344),
)


def mesh_of(folder: Path) -> Refined:
    """The mesh of the last checkpoint of an adaptive run."""
    saved = checkpoint.read(checkpoint.all_in(folder)[-1])
    config = loading.load(folder / "resolved.yaml", [])
    base = Base(MeshTables.recalled(saved.rows, "base"), resolution(config).levels)
    shares = Slices.equal(MPI.COMM_SELF, len(base.tables.triangles))
    return recall(base, shares, saved.rows("leaves/order"), saved.rows("leaves/level"))


def cut(mesh: Refined, ranks: int) -> Cut:
    """Cut a mesh as a run does: equal ranges of triangles; a node goes to one of its ranks."""
    count, nodes = len(mesh.triangles), len(mesh.keys)
    equal = count * np.arange(ranks + 1) // ranks
    owner = np.searchsorted(equal, np.arange(count), side="right") - 1
    everyone = Slices.of(MPI.COMM_SELF, nodes)
    places, begins = partition.destinations(everyone, mesh.triangles, owner, ranks)
    of_cell = np.repeat(np.arange(count), np.diff(begins))
    node = mesh.triangles[of_cell].ravel()
    there = np.unique(np.repeat(places.astype(np.int64), 3) * nodes + node)
    of_rank, node = np.divmod(there, nodes)
    owned = np.full(nodes, -1)
    np.maximum.at(owned, mesh.triangles.ravel(), np.repeat(owner, 3))
    foreign = owned[node] != of_rank
    pairs = np.unique(of_rank[foreign] * ranks + owned[node][foreign])
    return Cut(
        ranks,
        nodes,
        np.bincount(owned, minlength=ranks).max(),
        np.bincount(of_rank[foreign], minlength=ranks).max(),
        np.bincount(pairs // ranks, minlength=ranks).max(),
    )


Known = list[tuple[Cut, dict[str, Sent]]]
"""Cuts, and what was sent in a `pass` and for a `mesh`."""


def counted() -> Known:
    """What has been counted."""
    found = []
    for line in COUNTED.read_text().splitlines():
        x = json.loads(line)
        sent = {name: Sent(*(x[name][k] for k in Sent._fields)) for name in ("pass", "mesh")}
        most = x["most"]
        one = Cut(x["ranks"], x["nodes"], most["nodes"], most["ghosts"], most["neighbours"])
        found.append((one, sent))
    return found


def table(head: str, rows: list[list]) -> str:
    """A table of Markdown."""
    lines = [f"| {head} |", "|" + "---|" * (head.count("|") + 1)]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)]) + "\n"


def guesses(known: Known) -> Iterator[tuple[str, Cut, Sent, Sent]]:
    """What follows from two ranks, and what was counted, of each mesh that was counted on more."""
    for what in ("pass", "mesh"):
        for one, sent in known:
            two = [x for x in known if x[0].nodes == one.nodes and x[0].ranks == 2]
            if two and one.ranks > 2:
                yield what, one, Sent.predicted(two[0][1][what], two[0][0], one), sent[what]


def of_counts(known: Known) -> str:
    """Predicted over counted."""
    rows = []
    for what, one, guess, sent in guesses(known):
        pairs = [f"{a:.0f} / {b:.0f}" for a, b in zip(guess, sent, strict=True)]
        rows.append([what, one.nodes, one.ranks, one.neighbours, one.ghosts, *pairs])
    head = "of a | nodes | ranks | neighbours | ghosts | messages | bytes | collective operations"
    return table(head, rows)


def of_cuts(folders: list[Path]) -> tuple[str, list[Cut]]:
    """How meshes of runs are cut."""
    rows, cuts = [], []
    for folder in folders:
        mesh = mesh_of(folder)
        for ranks in RANKS:
            if len(mesh.keys) < 500 * ranks:
                break
            one = cut(mesh, ranks)
            cuts.append(one)
            rows.append([f"{one.nodes:,}", ranks, f"{one.most:,}", f"{one.imbalance:.2f}",
                         f"{one.ghosts:,}", f"{one.border:.2f}", one.neighbours])  # fmt: skip
    head = "nodes | ranks | most nodes | over mean | most ghosts | over sqrt(nodes) | neighbours"
    return table(head, rows), cuts


def like(cuts: list[Cut], nodes: float, ranks: int) -> Cut:
    """A mesh cut as the worst of those are that were cut for as many ranks, or for fewer."""
    if ranks == 1:
        return Cut(1, nodes, nodes, 0, 0)
    near = max(x.ranks for x in cuts if x.ranks <= ranks)
    alike = [x for x in cuts if x.ranks == near]
    most = nodes / ranks * max(x.imbalance for x in alike)
    ghosts = max(x.border for x in alike) * sqrt(most)
    return Cut(ranks, nodes, most, ghosts, max(x.neighbours for x in alike))


def of_cell(cell: Run, cuts: list[Cut], known: Known) -> str:
    """A whole run on several ranks."""
    rows = []
    on_two, two = max((x for x in known if x[0].ranks == 2), key=lambda x: x[0].nodes)
    for ranks in (1, *RANKS):
        end, mean = (like(cuts, nodes, ranks) for nodes in (cell.end, cell.mean))
        seconds = []
        for one in (end, mean):
            sent = {what: Sent.predicted(two[what], on_two, one) for what in two}
            a_pass, a_mesh = MACHINE.of_pass(one, sent["pass"]), MACHINE.of_mesh(one, sent["mesh"])
            seconds.append((a_pass, PASSES * a_pass + REMESHES * a_mesh))
        (a_pass, a_step), (_, typical) = seconds
        hours = cell.steps * typical / 3600
        rows.append([ranks, f"{end.most:,.0f}", f"{MACHINE.megabytes(end):,.0f}",
                     f"{a_pass:.3g}", f"{a_step:.3g}", f"{hours:.3g}"])  # fmt: skip
    head = "ranks | nodes of a rank | MB of a rank | s per pass | s per step | hours of the run"
    return table(head, rows)


def main(folders: list[Path]) -> None:
    """Print the tables."""
    known = counted()
    print(f"Predicted from two ranks / counted:\n\n{of_counts(known)}")
    text, cuts = of_cuts(folders)
    print(f"Cuts:\n\n{text}")
    for cell in CELLS:
        print(f"{cell.title}:\n\n{of_cell(cell, cuts, known)}")


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
