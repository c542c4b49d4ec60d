# SPDX-License-Identifier: MIT
"""Checkpoint files: all that the next step needs, in double precision, with a checksum.

    <run folder>/checkpoints/ck_000120.h5     the state after step 120

A file is HDF5 followed by one line with the SHA-256 of everything before it, which HDF5 readers do
not mind: a flipped bit anywhere, or a missing end, is noticed. The text `record` in it is JSON.
Arrays come from all ranks and go to all ranks a chunk at a time, through rank 0, and their bytes
are the same on any number of ranks.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from mpi4py import MPI

from solver.base import disk, files
from solver.base.errors import InputError
from solver.base.parallel import on_root
from solver.output import chunks
from solver.output.chunks import Column, dataset_of

FOLDER = "checkpoints"
"""Folder of the checkpoints, inside the run folder."""
FORMAT = 11
"""Changes when an older program could not read the file or a newer one needs more."""
MARK = b"\nsha256 "
TRAILER = len(MARK) + 64 + 1
BLOCK = 2**20
"""Bytes that a checksum is taken of at once."""


class DamagedCheckpoint(Exception):
    """A file that is no whole checkpoint; the message says in which way."""


@dataclass
class Standing:
    """Where a run stands: the numbers that it carries from step to step, changed in place.

    Attributes:
        t: Time [s].
        steps: Accepted steps.
        passes: Passes of the scheme.
        row: The line of scalars.csv that belongs to the state.
        last_snapshot: Time of the last snapshot that the config asked for [s].
        settled: Largest change of an unknown in the last step, where that ends the run.
        stepper: The stepper's memory.
        balance: What the balances of the scalars go on from.
        place: Where it stands in its protocol, if it has one.
        wall: Wall time used [s].
        cost: Wall time by part [s].
        started: When the run was started first.
        restarts: How often it was restarted.
        remeshes: How often the mesh was adapted.
        node_passes: Passes times nodes, summed up.
        remarks: What has been remarked on the state, by the field that it is about.
        forced: Of every restart with another config or version its time `t_s`, its `changes`, and
            the `config` and the `git_revision` before it.
    """

    t: float = 0.0
    steps: int = 0
    passes: int = 0
    row: dict[str, float] = field(default_factory=dict)
    last_snapshot: float = -1.0
    settled: float = math.inf
    stepper: dict[str, Any] = field(default_factory=dict)
    balance: dict[str, float] = field(default_factory=dict)
    place: dict[str, Any] = field(default_factory=dict)
    wall: float = 0.0
    cost: dict[str, float] = field(default_factory=dict)
    started: str = ""
    restarts: int = 0
    remeshes: int = 0
    node_passes: int = 0
    remarks: dict[str, str] = field(default_factory=dict)
    forced: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Record:
    """Everything in a checkpoint that is not an array.

    Attributes:
        standing: Where the run stands.
        times: Times of the stored states, oldest first [s].
        memory: Numbers of the scheme's memory, by field.
        tags: Tag of every layer and side of the mesh.
        ranks: Number of ranks that the run had.
        config_text: The config as given.
        overrides: `--set` arguments since then.
        resolved: Every value in SI.
        resolved_sha256: Their checksum, for people who compare runs.
        versions: Of the program and its libraries.
        revision: Of the checkout.
    """

    standing: Standing
    times: list[float]
    memory: dict[str, dict[str, float]]
    tags: dict[str, int]
    ranks: int
    config_text: str
    overrides: list[str]
    resolved: dict
    resolved_sha256: str
    versions: dict[str, str]
    revision: str | None


@dataclass(frozen=True)
class Checkpoint:
    """A file that is whole; its arrays are read when they are asked for.

    They are `mesh/...` and the states as the physics packs them: of a dendrite `state_0/xi`,
    `state_1/xi`, ..., `memory/u/xi`, and with an adaptive mesh instead of `mesh/...` `base/...`,
    the mesh that it refines, and `leaves/...`, how.

    Attributes:
        path: The file, which rank 0 can read.
        record: Everything in it that is not an array.
        counts: Number of rows of every array, by name.
    """

    path: Path
    record: Record
    counts: dict[str, int]

    def rows(self, name: str, comm: MPI.Comm = MPI.COMM_SELF) -> np.ndarray:
        """Read a slice of an array, as `chunks.whole` cuts it, for every rank. Collective.

        Rank 0 reads a chunk at a time, as no other need have the disk.

        Raises:
            InputError: The file cannot be read any more.
        """
        slices = chunks.whole(comm, self.counts[name])
        return chunks.handed_out(slices, self.path, name)

    def everywhere(self, name: str, comm: MPI.Comm) -> np.ndarray:
        """Read an array for every rank. Collective; raises InputError as `rows`."""
        return on_root(comm, lambda: self.rows(name), InputError)


def checksum(values: dict) -> str:
    """SHA-256 of plain values, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


# --- the folder ----------------------------------------------------------------------------


def step_of(path: Path) -> int:
    """Number of the step that a checkpoint file belongs to."""
    return int(path.stem.removeprefix("ck_"))


def all_in(folder: Path) -> list[Path]:
    """Checkpoint files of a run folder, oldest first; others are ignored."""
    found = (folder / FOLDER).glob("ck_*.h5")
    return sorted((p for p in found if re.fullmatch(r"ck_\d+\.h5", p.name)), key=step_of)


def write(
    folder: Path, comm: MPI.Comm, record: Record, columns: Iterable[Column], kept: int
) -> Path:
    """Add a checkpoint to a run folder; the newest `kept` remain. Collective.

    Files of later steps are of a past that a restart has left, and go.

    Args:
        folder: The run folder.
        comm: All ranks.
        record: Everything that is not an array.
        columns: The arrays, which may be made one after the other.
        kept: Number of checkpoints.

    Raises:
        SolverError: The disk is full or the folder cannot be written; earlier files are intact.
    """
    steps = record.standing.steps
    path = folder / FOLDER / f"ck_{steps:06d}.h5"

    def action(taken: Iterator[Column]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        for torn in path.parent.glob(".*.part"):
            torn.unlink()
        with files.replaced(path) as aside:
            _fill(aside, record, taken)
        others = [p for p in all_in(folder) if p != path]
        earlier = [p for p in others if step_of(p) < steps]
        for old in (*earlier[: max(0, len(earlier) - kept + 1)], *set(others).difference(earlier)):
            old.unlink()

    chunks.carried_singly(comm, columns, action)
    return path


def _fill(aside: Path, record: Record, columns: Iterable[Column]) -> None:
    with disk.hdf5(aside, "w") as (file, written):
        file.attrs["format"] = FORMAT
        file["record"] = json.dumps(asdict(record), indent=1)  # floats to the last bit
        for c in columns:
            c.append(dataset_of(file, c.name, c.dtype, c.shape, c.unit), written)
    digest = _digest(aside, aside.stat().st_size)
    with open(aside, "ab") as stream:
        stream.write(MARK + digest + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def _digest(path: Path, size: int) -> bytes:
    """SHA-256 of the first bytes of a file, of which there is a block in memory at a time."""
    found = hashlib.sha256()
    with open(path, "rb") as stream:
        while size > 0 and (block := stream.read(min(BLOCK, size))):
            found.update(block)
            size -= len(block)
    return found.hexdigest().encode()


def read(path: Path) -> Checkpoint:
    """Look at a checkpoint file.

    Raises:
        DamagedCheckpoint: It cannot be read, is damaged or has another format.
    """
    try:
        _require_whole(path)
        with h5py.File(path, "r", locking=False) as file:
            found = int(file.attrs["format"])
            if found != FORMAT:
                raise DamagedCheckpoint(f"it has format {found}, this program reads {FORMAT}")
            record = json.loads(file["record"].asstr()[()])
            counts: dict[str, int] = {}
            file.visititems(lambda name, item: _count(counts, name, item))
    except OSError as error:
        raise DamagedCheckpoint(f"it cannot be read: {error.strerror or error}") from None
    standing = Standing(**record.pop("standing"))
    return Checkpoint(path, Record(standing, **record), counts)


def _require_whole(path: Path) -> None:
    body = path.stat().st_size - TRAILER
    with open(path, "rb") as stream:
        stream.seek(max(0, body))
        trailer = stream.read()
    if body < 0 or not trailer.startswith(MARK):
        raise DamagedCheckpoint("it is cut short or is no checkpoint")
    if trailer[len(MARK) :] != _digest(path, body) + b"\n":
        raise DamagedCheckpoint("its checksum does not match")


def _count(counts: dict[str, int], name: str, item) -> None:
    if isinstance(item, h5py.Dataset) and name != "record":
        counts[name] = len(item)


def newest_good(folder: Path) -> tuple[Path | None, Checkpoint | None, list[str]]:
    """Find the newest checkpoint that is whole.

    Returns:
        Its path and content, None if there is none, and a sentence per damaged file after it.
    """
    complaints = []
    for path in reversed(all_in(folder)):
        try:
            return path, read(path), complaints
        except DamagedCheckpoint as reason:
            complaints.append(f"{path}: not used: {reason}.")
    return None, None, complaints
