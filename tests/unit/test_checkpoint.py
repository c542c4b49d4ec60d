"""Checkpoint files and what may differ between a run and its continuation, without a mesh."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
from pathlib import Path

import h5py
import numpy as np
import pytest
from mpi4py import MPI

from solver.base.errors import SolverError
from solver.input.comparison import differences
from solver.output import checkpoint
from solver.output.checkpoint import Checkpoint, DamagedCheckpoint, Record, Standing
from solver.output.chunks import ROWS, Column
from tests.columns import columns
from tests.faults import killed_at

ARRAYS = {
    "mesh/triangles": np.arange(30, dtype=np.int32).reshape(-1, 3),
    "mesh/level": np.arange(-4, 4, dtype=np.int8),
    "mesh/edges": np.empty((0, 2), dtype=np.int32),
    "state_0/xi": np.random.default_rng(1).random(2 * ROWS + 500),
    "state_0/u": np.random.default_rng(2).normal(size=(500, 2)) * 1e-300,
}


def record(steps: int = 3) -> Record:
    standing = Standing(
        t=0.1 + 0.2, steps=steps, passes=40, row={"step": steps, "t_s": 0.3}, last_snapshot=-1.0,
        settled=math.inf, stepper={"dt": 1 / 3, "failed": [True, False]},
        balance={"content_expected": math.pi, "area_before": 1e-12}, wall=2.5, cost={"xi": 0.1},
        started="2025-01-01T00:00:00+00:00", restarts=0, remeshes=2, node_passes=12345,
    )  # fmt: skip
    return Record(
        standing, [0.2, 0.1 + 0.2], {"guess_error": math.inf, "worn": True}, {"anode": 3}, 2,
        "title: t\n", ["time.end=5"], {"a": [1, 2]}, checkpoint.checksum({"a": [1, 2]}),
        {"dendrite": "0"}, None,
    )  # fmt: skip


def write(folder: Path, steps: int = 3, kept: int = 3, arrays=ARRAYS) -> Path:
    return checkpoint.write(folder, MPI.COMM_SELF, record(steps), columns(arrays), kept)


def same(found: Checkpoint, steps: int = 3) -> bool:
    """Whether a checkpoint is what `write` wrote."""
    rows = {name: found.rows(name) for name in found.counts}
    arrays = all(
        rows[k].dtype == ARRAYS[k].dtype and np.array_equal(rows[k], ARRAYS[k]) for k in ARRAYS
    )
    return found.record == record(steps) and set(rows) == set(ARRAYS) and arrays


def test_every_bit_comes_back(tmp_path):
    assert same(checkpoint.read(write(tmp_path)))


def test_every_flipped_bit_is_noticed(tmp_path):
    few = {name: values[:9] for name, values in ARRAYS.items()}
    path = write(tmp_path, arrays=few)
    content = path.read_bytes()
    for place in {
        *range(64),
        *range(64, len(content), 97),
        *range(len(content) - 80, len(content)),
    }:
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        with pytest.raises(DamagedCheckpoint):
            checkpoint.read(path)


@pytest.mark.parametrize("size", [0, 1, 40, 73, 500, -1, -73])
def test_a_file_cut_short_is_noticed(size, tmp_path):
    path = write(tmp_path)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DamagedCheckpoint):
        checkpoint.read(path)


def test_other_programs_can_read_the_file(tmp_path):
    path = write(tmp_path)
    with h5py.File(path) as file:
        assert json.loads(file["record"].asstr()[()])["standing"]["steps"] == 3
        assert file["state_0/u"].shape == (500, 2)


def test_the_newest_are_kept(tmp_path):
    for steps in (1, 2, 3, 4, 5):
        write(tmp_path, steps, kept=2)
    assert [p.name for p in checkpoint.all_in(tmp_path)] == ["ck_000004.h5", "ck_000005.h5"]


def test_a_future_that_was_left_goes(tmp_path):
    for steps in (10, 20, 30):
        write(tmp_path, steps)
    write(tmp_path, 15)
    assert [checkpoint.step_of(p) for p in checkpoint.all_in(tmp_path)] == [10, 15]


def test_a_damaged_file_is_named_and_the_one_before_it_used(tmp_path):
    paths = [write(tmp_path, steps) for steps in (1, 2, 3)]
    paths[2].write_bytes(paths[2].read_bytes()[:-5])
    damaged = bytearray(paths[1].read_bytes())
    damaged[len(damaged) // 2] ^= 4
    paths[1].write_bytes(damaged)
    path, found, complaints = checkpoint.newest_good(tmp_path)
    assert path == paths[0] and same(found, 1)
    assert [str(p) in c for p, c in zip((paths[2], paths[1]), complaints, strict=True)] == [
        True
    ] * 2


def test_strange_files_are_no_checkpoints(tmp_path):
    (tmp_path / "checkpoints").mkdir()
    for name in ("ck_.h5", "ck_12.h5.part", ".ck_000012.h5.part", "ck_x.h5", "notes.txt"):
        (tmp_path / "checkpoints" / name).write_text("")
    assert checkpoint.newest_good(tmp_path) == (None, None, [])


def test_differences_are_sorted_by_what_they_do():
    before = {"title": "a", "width": 1, "mechanics": {"push_speed": 1e-9},
              "time": {"end": 1, "tolerance": 0.1}, "output": {"x": 1},
              "layers": [{"name": "A", "D": 1}]}  # fmt: skip
    now = {"title": "b", "width": 2, "mechanics": {"push_speed": 2e-9},
           "time": {"end": 2, "tolerance": 0.2}, "output": {"x": 2},
           "layers": [{"name": "A", "D": 2}, {"name": "B", "D": 1}]}  # fmt: skip
    found = differences(before, now)
    allowed = {d.key for d in found if d.allowed}
    settled = {d.key for d in found if d.settled}
    assert allowed == {"title", "time.end", "output.x"}
    assert settled == {"width", "layers.1.name", "mechanics.push_speed"}
    assert {d.key for d in found} - allowed - settled == {
        "time.tolerance", "layers.0.D", "layers.1.D",
    }  # fmt: skip
    assert str(found[0]) == "title was a, is b"
    assert differences(now, now) == []


@pytest.mark.parametrize("other", [checkpoint.FORMAT - 1, checkpoint.FORMAT + 1])
def test_another_format_is_no_checkpoint_of_this_program(monkeypatch, other, tmp_path):
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "FORMAT", other)
        path = write(tmp_path)
    with pytest.raises(DamagedCheckpoint, match=f"format {other}, this program reads"):
        checkpoint.read(path)


def test_the_step_after_the_last_of_six_digits_is_newer(tmp_path):
    for steps in (999_999, 1_000_000):
        write(tmp_path, steps)
    assert [checkpoint.step_of(p) for p in checkpoint.all_in(tmp_path)] == [999_999, 1_000_000]
    assert checkpoint.newest_good(tmp_path)[1].record.standing.steps == 1_000_000


@pytest.mark.parametrize("name", ["state_0/xi", "mesh/edges"])
def test_a_disk_that_fills_up_leaves_what_was_there(tmp_path, monkeypatch, name):
    """And all columns are made: other ranks make them too, and would wait."""
    path, made = write(tmp_path), []
    before, real = path.read_bytes(), os.pwrite

    def made_in_turn():
        for column in columns(ARRAYS):
            made.append(column.name)
            yield column

    def full(*arguments):
        if name in made:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(SolverError, match="No space left"):
        checkpoint.write(tmp_path, MPI.COMM_SELF, record(), made_in_turn(), 3)
    assert made == list(ARRAYS)
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]


def test_what_a_kill_has_left_goes(tmp_path):
    path = write(tmp_path)
    torn = path.with_name(".ck_000002.h5.part")
    torn.write_bytes(b"torn")
    write(tmp_path, 4)
    assert not torn.exists() and len(checkpoint.all_in(tmp_path)) == 2


def test_one_column_is_made_when_the_one_before_is_written(tmp_path, monkeypatch):
    said, append = [], Column.append

    def told():
        for column in columns(ARRAYS):
            said.append(("made", column.name))
            yield column

    def appended(column, *arguments):
        said.append(("written", column.name))
        return append(column, *arguments)

    monkeypatch.setattr(Column, "append", appended)
    checkpoint.write(tmp_path, MPI.COMM_SELF, record(), told(), 3)
    assert said == [(what, name) for name in ARRAYS for what in ("made", "written")]


def test_the_checksum_is_that_of_all_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "BLOCK", 1000)
    content = write(tmp_path).read_bytes()
    body, said = content[: -checkpoint.TRAILER], content[-65:-1].decode()
    assert said == hashlib.sha256(body).hexdigest()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_kill_at_any_write_leaves_the_checkpoints_before_it_or_the_new_one(tmp_path):
    paths = [write(tmp_path, steps, kept=2) for steps in (1, 2)]
    few = {name: values[:9] for name, values in ARRAYS.items()}
    events, newest = ("pwrite", "ftruncate", "fsync", "replace", "unlink"), []
    while killed_at(len(newest) + 1, events, lambda: write(tmp_path, 3, kept=2, arrays=few)):
        path, _, complaints = checkpoint.newest_good(tmp_path)
        newest.append(checkpoint.step_of(path))
        assert not complaints and paths[1].exists()
    assert newest == sorted(newest) and set(newest) == {2, 3}, "killed before its name and after"
    assert [checkpoint.step_of(path) for path in checkpoint.all_in(tmp_path)] == [2, 3]
