# SPDX-License-Identifier: MIT
"""The field series that a model writes: values, ranks, restarts, full disks and kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from solver.base.errors import InputError, SolverError
from solver.cell import domain
from solver.equations.model import Model
from solver.input import loading
from solver.laws import elasticity
from solver.output import snapshots
from solver.output.series import FieldSeries
from solver.output.shown import Nodal
from tests.faults import full_disk
from tests.ranks import launcher
from tests.scattered import Scattered, written

ROOT = Path(__file__).parents[2]
CONFIG = """\
title: t
layers: [{name: A, thickness: 5 um, E: 20e9}, {name: B, thickness: 5 um, E: 10e9}]
width: 10 um
mesh: {size_min: 1 um, size_max: 1 um}
nuclei: {film: 1 um, radius: 1 um}
"""
SCRIPT = """
import sys
from contextlib import nullcontext
from tests.forms.test_field_series import *
folder = Path(sys.argv[1])
"""


def make_model(*overrides):
    config = loading.parse(CONFIG, list(overrides))
    return Model(config, domain.build(config, MPI.COMM_WORLD))


def fill(model, t):
    """Set linear fields that depend on time; `expected` gives their values."""
    s = model.state
    s.xi.interpolate(lambda x: x[0] * 1e5)
    s.c.interpolate(lambda x: 1000 + x[1] * 1e8 + t)
    s.phi.interpolate(lambda x: -x[1] * 1e4 * t)
    s.u.interpolate(lambda x: (1e-3 * x[0], -2e-3 * x[1] * t))


def expected(points, t):
    x, y = points.T * 1e-6
    u = np.column_stack([1e-3 * x, -2e-3 * y * t])
    return {"xi": x * 1e5, "c": 1000 + y * 1e8 + t, "phi": -y * 1e4 * t, "u": u}


def write_at(series, model, *times):
    shown = Nodal(model)
    for t in times:
        fill(model, t)
        series.write(shown, t)


def peak(folder, comm):
    """Write a square of 8 chunks of triangles in both formats; the most memory of it [bytes]."""
    shown = Scattered(360, comm)
    tracemalloc.start()
    written(FieldSeries(folder, shown, "both"), shown, 0.0, 1.0)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def file_names(folder):
    return sorted(path.name for path in (folder / "fields").iterdir())


def start(script, folder, ranks=1):
    """Start a script that has everything of this module, in a process of its own."""
    command = [*launcher(ranks), sys.executable, "-c", SCRIPT + script, str(folder)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def model():
    return make_model()


@pytest.mark.parametrize("form", ["xdmf", "vtkhdf"])
def test_fields_are_exact_at_every_node(tmp_path, model, form):
    write_at(FieldSeries(tmp_path, Nodal(model), form), model, 0.0, 0.5, 7.0)
    assert snapshots.times(tmp_path) == [0.0, 0.5, 7.0]
    for index, t in enumerate([0.0, 0.5, 7.0]):
        snapshot = snapshots.load(tmp_path, index)
        assert snapshot.time == t
        for name, values in expected(snapshot.points, t).items():
            error = np.abs(snapshot.fields[name] - values).max()
            assert error <= 1e-7 * np.abs(values).max(), name


def test_the_mesh_is_the_whole_cell_in_um(tmp_path, model):
    write_at(FieldSeries(tmp_path, Nodal(model)), model, 0.0)
    snapshot = snapshots.load(tmp_path)
    assert len(snapshot.points) == model.domain.nodes
    assert len(snapshot.triangles) == model.domain.cells
    assert np.allclose(snapshot.points.min(axis=0), 0, atol=1e-9)
    assert np.allclose(snapshot.points.max(axis=0), 10)
    a, b, c = (snapshot.points[snapshot.triangles[:, k]] for k in range(3))
    (x1, y1), (x2, y2) = (b - a).T, (c - a).T
    assert np.isclose(np.abs(x1 * y2 - x2 * y1).sum() / 2, 100)
    middle = (a + b + c)[:, 1] / 3
    assert np.array_equal(snapshot.fields["layer"], np.where(middle < 5, 1, 2))


@pytest.mark.parametrize("strain", [(1e-3, 0.0), (2e-3, -1e-3), (0.0, 0.0)])
def test_von_mises_of_a_uniform_strain(tmp_path, model, strain):
    # 2 mu sqrt(a^2 - a b + b^2) for eps = diag(a, b, 0), whatever lambda is
    a, b = strain
    for f in model.state.functions:
        f.x.array[:] = 0
    model.state.u.interpolate(lambda x: (a * x[0], b * x[1]))
    FieldSeries(tmp_path, Nodal(model)).write(Nodal(model), 0.0)
    fields = snapshots.load(tmp_path).fields
    mu = np.where(fields["layer"] == 1, 20e9, 10e9) / (2 * (1 + 0.37))
    expected = 2 * mu * np.sqrt(a * a - a * b + b * b)
    assert np.allclose(fields["von_mises"], expected, rtol=1e-6, atol=1e-3)


def test_von_mises_of_a_clamped_deposit(tmp_path, model):
    # u = 0 and xi = 1: the elastic strain is minus the Vegard strain
    for f in model.state.functions:
        f.x.array[:] = 0
    model.state.xi.x.array[:] = 1
    FieldSeries(tmp_path, Nodal(model)).write(Nodal(model), 0.0)
    p, q, r = model.config.layers[0].lambda_i
    mu = elasticity.lame(model.config.lithium.E, model.config.lithium.nu)[1]
    expected = 2 * mu * np.sqrt(((p - q) ** 2 + (q - r) ** 2 + (r - p) ** 2) / 2)
    assert np.allclose(snapshots.load(tmp_path).fields["von_mises"], expected, rtol=1e-6)


def test_without_mechanics_there_is_no_stress(tmp_path):
    model = make_model("mechanics.enabled=false")
    write_at(FieldSeries(tmp_path, Nodal(model)), model, 0.0)
    assert set(snapshots.load(tmp_path).fields) == {"xi", "c", "phi", "layer"}


@pytest.fixture(scope="module")
def two_ranks(tmp_path_factory):
    """Folder in which two ranks have written a series, and have met a full disk on rank 0."""
    folder = tmp_path_factory.mktemp("ranks")
    script = """
model = make_model()
write_at(FieldSeries(folder / "2", Nodal(model)), model, 0.0, 1.5)
(folder / f"peak_{MPI.COMM_WORLD.rank}").write_text(str(peak(folder / "large", MPI.COMM_WORLD)))
series = FieldSeries(folder / "full", Nodal(model))
rank = MPI.COMM_WORLD.rank
try:
    with full_disk(1000) if rank == 0 else nullcontext():
        write_at(series, model, 0.0)
except SolverError as error:
    (folder / f"said_{rank}").write_text(str(error))
"""
    process = start(script, folder, ranks=2)
    try:
        process.communicate(timeout=120)
    finally:
        process.terminate()
    assert process.returncode == 0
    return folder


@pytest.mark.slow
def test_one_and_two_ranks_write_the_same(two_ranks, tmp_path, model):
    write_at(FieldSeries(tmp_path, Nodal(model)), model, 0.0, 1.5)
    one, two = tmp_path, two_ranks / "2"
    assert (one / "fields.xdmf").read_bytes() == (two / "fields.xdmf").read_bytes()
    assert file_names(one) == file_names(two) == ["000000.h5", "000001.h5", "mesh_0000.h5"]
    for index in (0, 1):
        a, b = snapshots.load(one, index), snapshots.load(two, index)
        assert np.array_equal(a.points, b.points)
        assert np.array_equal(a.triangles, b.triangles)
        for name, values in a.fields.items():
            # the last bit may depend on the order of the corners inside a cell, that of a zero too
            zero = np.finfo(float).eps * np.abs(values).max()
            assert np.allclose(values, b.fields[name], rtol=2e-7, atol=zero), name


@pytest.mark.slow
def test_files_do_not_depend_on_ranks_and_memory_falls_as_their_number(two_ranks, tmp_path):
    alone = peak(tmp_path, MPI.COMM_SELF)
    found = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    assert len(found) == 6  # two snapshots and a mesh; their XDMF; the other file and its copy
    for path in found:
        assert (tmp_path / path).read_bytes() == (two_ranks / "large" / path).read_bytes(), path
    for rank in (0, 1):
        assert int((two_ranks / f"peak_{rank}").read_text()) < 0.6 * alone


def test_a_new_mesh_leaves_earlier_snapshots_alone(tmp_path, model):
    series = FieldSeries(tmp_path, Nodal(model))
    write_at(series, model, 0.0, 1.0)
    finer = make_model("mesh.size_min=0.8 um", "mesh.size_max=0.8 um")
    write_at(series, finer, 2.0, 3.0)
    sizes = [len(snapshots.load(tmp_path, k).points) for k in range(4)]
    assert sizes == [model.domain.nodes] * 2 + [finer.domain.nodes] * 2
    for index in range(4):
        snapshot = snapshots.load(tmp_path, index)
        values = expected(snapshot.points, float(index))["c"]
        assert np.allclose(snapshot.fields["c"], values, rtol=1e-7)
    assert sum(name.startswith("mesh") for name in file_names(tmp_path)) == 2


def test_the_same_mesh_is_written_once(tmp_path, model):
    series = FieldSeries(tmp_path, Nodal(model))
    write_at(series, model, 0.0)
    write_at(series, make_model(), 1.0)
    assert file_names(tmp_path) == ["000000.h5", "000001.h5", "mesh_0000.h5"]


def test_resume_drops_what_is_later_and_goes_on(tmp_path, model):
    write_at(FieldSeries(tmp_path, Nodal(model)), model, 0.0, 1.0, 2.0, 3.0)
    series = FieldSeries.resume(tmp_path, Nodal(model), 1.5)
    assert snapshots.times(tmp_path) == [0.0, 1.0]
    assert file_names(tmp_path) == ["000000.h5", "000001.h5", "mesh_0000.h5"]
    write_at(series, model, 1.75)
    assert snapshots.times(tmp_path) == [0.0, 1.0, 1.75]
    for index, t in enumerate([0.0, 1.0, 1.75]):
        snapshot = snapshots.load(tmp_path, index)
        assert np.allclose(snapshot.fields["c"], expected(snapshot.points, t)["c"], rtol=1e-7)


def test_resume_keeps_the_snapshot_of_the_restart(tmp_path, model):
    write_at(FieldSeries(tmp_path, Nodal(model)), model, 0.0, 0.1)
    FieldSeries.resume(tmp_path, Nodal(model), 0.1)
    assert snapshots.times(tmp_path) == [0.0, 0.1]


def test_resume_before_everything_or_with_nothing(tmp_path, model):
    write_at(FieldSeries.resume(tmp_path / "new", Nodal(model), 5.0), model, 5.0)
    assert snapshots.times(tmp_path / "new") == [5.0]
    write_at(FieldSeries.resume(tmp_path / "new", Nodal(model), 4.0), model, 4.5)
    assert snapshots.times(tmp_path / "new") == [4.5]


def test_resume_of_a_damaged_series(tmp_path, model):
    (tmp_path / "fields.xdmf").write_text("<Xdmf>")
    with pytest.raises(InputError, match="not a field series"):
        FieldSeries.resume(tmp_path, Nodal(model), 1.0)
    assert (tmp_path / "fields.xdmf").read_text() == "<Xdmf>"


def test_a_new_series_replaces_the_old(tmp_path, model):
    write_at(FieldSeries(tmp_path, Nodal(model)), model, 0.0, 1.0, 2.0)
    (tmp_path / "fields/notes.txt").write_text("mine")
    write_at(FieldSeries(tmp_path, Nodal(model)), model, 9.0)
    assert snapshots.times(tmp_path) == [9.0]
    assert file_names(tmp_path) == ["000000.h5", "mesh_0000.h5", "notes.txt"]


def test_the_same_time_again_is_replaced(tmp_path, model):
    series = FieldSeries(tmp_path, Nodal(model))
    write_at(series, model, 0.0, 1.0)
    model.state.c.x.array[:] = 5
    series.write(Nodal(model), 1.0)
    assert snapshots.times(tmp_path) == [0.0, 1.0]
    assert np.all(snapshots.load(tmp_path).fields["c"] == 5)


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path, model):
    series = FieldSeries(tmp_path, Nodal(model))
    write_at(series, model, 0.0, 1.0)
    before = file_names(tmp_path)
    with full_disk(1000), pytest.raises(SolverError, match=r"000002\.h5: cannot be written"):
        write_at(series, model, 2.0)
    assert snapshots.times(tmp_path) == [0.0, 1.0]
    assert file_names(tmp_path) == before
    write_at(series, model, 2.0)
    assert snapshots.times(tmp_path) == [0.0, 1.0, 2.0]


def test_a_folder_that_is_a_file(tmp_path, model):
    (tmp_path / "run").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        FieldSeries(tmp_path / "run", Nodal(model))


@pytest.mark.slow
def test_a_full_disk_of_rank_0_ends_all_ranks(two_ranks):
    said = [(two_ranks / f"said_{rank}").read_text() for rank in (0, 1)]
    file = two_ranks / "full/fields/mesh_0000.h5"
    assert said[0] == said[1] == f"{file}: cannot be written: File too large."


@pytest.mark.parametrize("form", ["xdmf", "vtkhdf"])
def test_a_killed_run_leaves_a_readable_series(tmp_path, form):
    script = f"""
model = make_model()
series = FieldSeries(folder, Nodal(model), "{form}")
for step in range(10**6):
    write_at(series, model, float(step))
"""
    process = start(script, tmp_path)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if snapshots.path(tmp_path).exists() and len(snapshots.times(tmp_path)) > 5:
            break
        time.sleep(0.003)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    times = snapshots.times(tmp_path)
    assert times == list(map(float, range(len(times))))
    assert len(times) >= 5
    for index, t in enumerate(times):
        snapshot = snapshots.load(tmp_path, index)
        assert np.allclose(snapshot.fields["c"], expected(snapshot.points, t)["c"], rtol=1e-7)
