# SPDX-License-Identifier: MIT
"""The one file of a series: what VTK and our reader find, kills, what a step costs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pytest

from solver.base import disk
from solver.base.errors import InputError, SolverError
from solver.output import light, snapshots, vtkhdf
from solver.output.chunks import share, whole
from solver.output.series import FieldSeries, require_format
from solver.output.spare import SpareFile, beside
from tests.faults import full_disk, killed_at
from tests.scattered import Scattered, fields_at, square, written

LARGE = 190
"""Squares to a side of a mesh with rows for more than one chunk of nodes, and of cells."""


def check(folder: Path, expected: list[tuple[float, int]]) -> None:
    """All snapshots are those times and squares, and hold what they should."""
    assert snapshots.times(folder) == [t for t, _ in expected]
    for number, (t, n) in enumerate(expected):
        shot, (points, triangles) = snapshots.load(folder, number), square(n)
        assert np.array_equal(shot.points, points[:, :2])
        assert np.array_equal(shot.triangles, triangles)
        wanted = fields_at(n, t)
        assert list(shot.fields) == list(wanted)
        for name, values in wanted.items():
            values = values[:, :2] if name == "u" else values
            assert np.array_equal(shot.fields[name], values), name


def test_every_step_of_every_mesh_comes_back(tmp_path):
    series = FieldSeries(tmp_path, Scattered(2), "vtkhdf")
    written(series, Scattered(2), 0.0, 0.1 + 0.2)
    written(series, Scattered(LARGE), 1.0, 2.0)
    written(series, Scattered(3), 3.0)
    check(tmp_path, [(0.0, 2), (0.1 + 0.2, 2), (1.0, LARGE), (2.0, LARGE), (3.0, 3)])
    series.close()
    assert [path.name for path in tmp_path.iterdir()] == ["fields.vtkhdf"]


def test_both_formats_say_the_same(tmp_path):
    series = FieldSeries(tmp_path, Scattered(2), "both")
    written(series, Scattered(2), 0.0, 1.0)
    written(series, Scattered(5), 2.0)
    ours = vtkhdf.read(tmp_path / vtkhdf.SERIES)
    other = [s.entry() for s in light.read(tmp_path / light.SERIES)]
    assert [e.time for e in ours] == [e.time for e in other] == [0.0, 1.0, 2.0]
    for a, b in zip(ours, other, strict=True):
        assert a.attributes == b.attributes
        one, two = snapshots.loaded(tmp_path, a), snapshots.loaded(tmp_path, b)
        assert np.array_equal(one.points, two.points)
        assert np.array_equal(one.triangles, two.triangles)
        assert all(np.array_equal(one.fields[k], two.fields[k]) for k in two.fields)


def test_vtk_plays_all_steps(tmp_path):
    pytest.importorskip("vtkmodules.vtkIOHDF")
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import VTK_TRIANGLE
    from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline
    from vtkmodules.vtkIOHDF import vtkHDFReader

    series = FieldSeries(tmp_path, Scattered(2), "vtkhdf")
    steps = [(0.0, 2), (1.5, 2), (2.0, LARGE), (3.0, LARGE), (4.0, 3), (5.0, 3)]
    for t, n in steps:
        written(series, Scattered(n), t)
    reader = vtkHDFReader()
    reader.SetFileName(str(tmp_path / vtkhdf.SERIES))
    reader.UpdateInformation()
    assert reader.GetNumberOfSteps() == len(steps)
    information = reader.GetOutputInformation(0)
    for number in (3, 0, 4, 2, 5, 1):
        t, n = steps[number]
        assert information.Get(vtkStreamingDemandDrivenPipeline.TIME_STEPS(), number) == t
        reader.SetStep(number)
        reader.Update()
        grid, (points, triangles) = reader.GetOutputDataObject(0), square(n)
        assert np.array_equal(vtk_to_numpy(grid.GetPoints().GetData()), points)
        cells = vtk_to_numpy(grid.GetCells().GetConnectivityArray())
        assert np.array_equal(cells.reshape(-1, 3), triangles)
        offsets = vtk_to_numpy(grid.GetCells().GetOffsetsArray())
        assert np.array_equal(offsets, 3 * np.arange(len(triangles) + 1))
        assert {grid.GetCellType(i) for i in (0, len(triangles) - 1)} == {VTK_TRIANGLE}
        for name, values in fields_at(n, t).items():
            data = grid.GetPointData() if name in ("c", "u") else grid.GetCellData()
            assert np.array_equal(vtk_to_numpy(data.GetArray(name)), values), name


def test_a_mesh_is_written_once(tmp_path):
    series = FieldSeries(tmp_path, Scattered(2), "vtkhdf")
    for t in (0.0, 1.0):
        written(series, Scattered(2), t)
    written(FieldSeries.resume(tmp_path, Scattered(2), 1.0, "vtkhdf"), Scattered(2), 2.0)
    with h5py.File(tmp_path / vtkhdf.SERIES) as file:
        root = file[vtkhdf.ROOT]
        assert root["NumberOfPoints"][...].tolist() == [9]
        assert root["Points"].shape == (9, 3) and root["Offsets"].shape == (9,)
        assert root["Steps/PointOffsets"][...].tolist() == [0, 0, 0]


@pytest.mark.parametrize("form", ["xdmf", "vtkhdf"])
def test_a_mesh_of_the_same_size_elsewhere_is_another(tmp_path, form):
    series = FieldSeries(tmp_path, Scattered(2), form)
    for t, shift in ((0.0, 0.0), (1.0, 0.5), (2.0, 0.0)):
        written(series, Scattered(2, shift=shift), t)
    assert [snapshots.load(tmp_path, k).points[0, 0] for k in range(3)] == [0.0, 0.5, 0.0]


@pytest.mark.parametrize(
    ("count", "ranks", "chunks_each"),
    [(7_000_000, 1, 1709), (7_000_000, 64, 27), (8192, 2, 1), (8193, 2, 2), (10, 3, 1)],
)
def test_a_rank_holds_whole_chunks_and_no_more_than_its_share(count, ranks, chunks_each):
    assert share(count, ranks) == 4096 * chunks_each
    assert share(count, ranks) * ranks >= count
    starts = whole(SimpleNamespace(rank=0, size=ranks), count).starts
    assert starts[-1] == count and np.diff(starts).max() <= share(count, ranks)
    assert all(start % 4096 == 0 or start == count for start in starts)


# --- restarts ------------------------------------------------------------------------------


@pytest.fixture
def three(tmp_path):
    """A series on two meshes, the second of which comes at t = 2."""
    series = FieldSeries(tmp_path, Scattered(2), "vtkhdf")
    written(series, Scattered(2), 0.0, 1.0)
    written(series, Scattered(4), 2.0)
    return tmp_path


@pytest.mark.parametrize("n", [2, 4, 6])
@pytest.mark.parametrize(("t", "kept"), [(1.5, 2), (2.0, 3), (0.0, 1), (-1.0, 0)])
def test_resume_drops_what_is_later_and_goes_on(three, t, kept, n):
    series = FieldSeries.resume(three, Scattered(n), t, "vtkhdf")
    written(series, Scattered(n), 3.0)
    check(three, [(0.0, 2), (1.0, 2), (2.0, 4)][:kept] + [(3.0, n)])
    written(series, Scattered(2), 4.0)
    check(three, [(0.0, 2), (1.0, 2), (2.0, 4)][:kept] + [(3.0, n), (4.0, 2)])


@pytest.mark.parametrize("n", [2, 4, 6])
def test_the_same_time_again_is_replaced(three, n):
    series = FieldSeries.resume(three, Scattered(4), 2.0, "vtkhdf")
    written(series, Scattered(n), 2.0)
    check(three, [(0.0, 2), (1.0, 2), (2.0, n)])
    with h5py.File(three / vtkhdf.SERIES) as file:
        assert file[f"{vtkhdf.ROOT}/NumberOfPoints"][-1] == (n + 1) ** 2
        assert len(file[f"{vtkhdf.ROOT}/PointData/c"]) % 4096 == (n + 1) ** 2


def test_resume_where_nothing_is(tmp_path):
    written(FieldSeries.resume(tmp_path / "new", Scattered(2), 5.0, "vtkhdf"), Scattered(2), 6.0)
    check(tmp_path / "new", [(6.0, 2)])


@pytest.mark.parametrize("form", ["xdmf", "both"])
def test_a_run_keeps_its_format(three, form):
    with pytest.raises(InputError, match=rf"output.format: {form}: .* are in fields.vtkhdf;"):
        require_format(three, form)
    require_format(three, "vtkhdf")
    require_format(three / "new", form)


@pytest.mark.parametrize("content", [b"", b"mine"])
def test_a_file_that_is_none_of_ours(tmp_path, content):
    (tmp_path / vtkhdf.SERIES).write_bytes(content)
    with pytest.raises(InputError, match="fields.vtkhdf: cannot be read"):
        snapshots.times(tmp_path)
    with pytest.raises(InputError, match="not a field series that this program wrote"):
        FieldSeries.resume(tmp_path, Scattered(2), 1.0, "vtkhdf")
    assert (tmp_path / vtkhdf.SERIES).read_bytes() == content


def test_another_file_of_the_format(tmp_path):
    with h5py.File(tmp_path / vtkhdf.SERIES, "w") as file:
        file.create_group(vtkhdf.ROOT).attrs["Type"] = np.bytes_("PolyData")
    with pytest.raises(InputError, match="not a field series that this program wrote"):
        snapshots.times(tmp_path)


# --- kills, full disks, readers ------------------------------------------------------------

EVENTS = {("ftruncate", "fsync", "link", "replace", "unlink"): 1, ("pwrite",): 7}
"""Calls by which the file, its copy and their names change: every one is tried, or one in seven."""


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("events", EVENTS, ids=["names", "writes"])
def test_a_kill_at_any_event_leaves_the_file_as_it_was_or_as_it_shall_be(three, events):
    # A restart that drops the last step with its mesh, and adds one on a new mesh.
    path, shown = three / vtkhdf.SERIES, Scattered(3)
    start = path.read_bytes()

    def restart() -> None:
        written(FieldSeries.resume(three, shown, 1.0, "vtkhdf"), shown, 7.0)

    states = [start]
    FieldSeries.resume(three, shown, 1.0, "vtkhdf")
    states.append(path.read_bytes())
    check(three, [(0.0, 2), (1.0, 2)])
    path.write_bytes(start)
    restart()
    states.append(path.read_bytes())
    check(three, [(0.0, 2), (1.0, 2), (7.0, 3)])
    found, stopped = [], True
    while stopped:
        path.write_bytes(start)
        stopped = killed_at(1 + EVENTS[events] * len(found), events, restart)
        found.append(states.index(path.read_bytes()))
        assert stopped or found[-1] == 2
    assert found == sorted(found)
    assert min(found.count(0), found.count(1)) > 3
    restart()  # what the kills have left beside it does not matter
    check(three, [(0.0, 2), (1.0, 2), (7.0, 3)])


def test_a_full_disk_is_one_sentence_and_loses_nothing(three):
    series = FieldSeries.resume(three, Scattered(4), 2.0, "vtkhdf")
    size = (three / vtkhdf.SERIES).stat().st_size
    for limit in (1000, size, size + 3000):
        before = (three / vtkhdf.SERIES).read_bytes()
        said = r"fields\.vtkhdf: cannot be written: File too large"
        with full_disk(limit), pytest.raises(SolverError, match=said):
            written(series, Scattered(20), 3.0)
        assert (three / vtkhdf.SERIES).read_bytes() == before
    written(series, Scattered(20), 3.0)
    check(three, [(0.0, 2), (1.0, 2), (2.0, 4), (3.0, 20)])


def test_hdf5_reads_what_the_disk_has_refused(tmp_path):
    """Else closing the file would fail, and with it all of HDF5."""
    with pytest.raises(OSError, match="File too large"), full_disk(2000):  # noqa: SIM117
        with disk.hdf5(tmp_path / "file.h5", "w") as (file, written_to):
            for number in range(100):
                file[f"group/{number}"] = np.arange(50) + number
            assert written_to.failure is None or written_to.failure.strerror == "File too large"
            file.flush()
            assert [file[f"group/{k}"][1] for k in range(100)] == [1 + k for k in range(100)]
    with disk.hdf5(tmp_path / "other.h5", "w") as (file, _):
        file["a"] = 1


def test_a_change_costs_what_it_writes_however_large_the_file_is(tmp_path, monkeypatch):
    copies, copyfile = [], shutil.copyfile
    monkeypatch.setattr(shutil, "copyfile", lambda *a: copies.append(copyfile(*a)))
    file = SpareFile(tmp_path / "file.h5")
    for number in range(30):
        with file.changed() as (opened, written_to):
            opened[f"{number}"] = np.full(2000, number)
        # As much again is copied at the next change.
        assert sum(length for _, length in written_to.written) < 30_000
    assert (tmp_path / "file.h5").stat().st_size > 30 * 16_000
    assert len(copies) == 1
    with h5py.File(tmp_path / "file.h5") as opened:
        assert [opened[f"{k}"][-1] for k in range(30)] == list(range(30))


def test_the_copy_becomes_the_file_that_it_follows(three):
    series = FieldSeries.resume(three, Scattered(4), 2.0, "vtkhdf")
    written(series, Scattered(4), 3.0, 4.0)
    path = three / vtkhdf.SERIES
    assert beside(path).read_bytes() != path.read_bytes()
    series._stores[0]._file._bring_up_to_date()
    assert beside(path).read_bytes() == path.read_bytes()


def test_without_second_names_the_copy_is_made_anew(three, monkeypatch):
    def refused(*_):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    series = FieldSeries.resume(three, Scattered(4), 2.0, "vtkhdf")
    written(series, Scattered(4), 3.0, 4.0)
    assert not beside(three / vtkhdf.SERIES).exists()
    check(three, [(0.0, 2), (1.0, 2), (2.0, 4), (3.0, 4), (4.0, 4)])


def test_a_reader_begins_again_if_the_file_is_replaced_meanwhile(three):
    path, calls = three / vtkhdf.SERIES, []

    def read() -> int:
        calls.append(1)
        if len(calls) < 3:
            os.replace(shutil.copy(path, three / "other"), path)
            raise KeyError("what is half written")
        return 7

    assert snapshots._steady(path, read) == 7
    assert len(calls) == 3
