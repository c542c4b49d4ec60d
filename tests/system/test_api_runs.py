"""The Python API with runs: what `Run` reads is what the files hold, and a restart goes on."""

import csv
import json
import shutil

import numpy as np
import pytest

import solver
from solver.output import snapshots
from tests.system.running import SMALL, rows, same_results, without_figure

SHORT = {"time.end": "2 s", "output.checkpoint_steps": 2, "output.snapshots": 2,
         "output.format": "both"}  # fmt: skip


@pytest.fixture(scope="module")
def config():
    return solver.load(SMALL, set=SHORT)


@pytest.fixture(scope="module")
def run(config, tmp_path_factory):
    seen = []
    folder = tmp_path_factory.mktemp("api") / "run"
    with without_figure():
        found = solver.simulate(config, folder, progress=False, on_step=lambda s: seen.append(s.t))
    assert seen == pytest.approx([row["t_s"] for row in rows(folder)][1:], rel=1e-9)
    return found


def test_run_says_what_the_files_say(run, config):
    assert run.config == config
    assert (run.finished, run.exit_reason) == (True, "done")
    assert run.info == json.loads((run.folder / "run.json").read_text())
    table = run.scalars
    with (run.folder / "scalars.csv").open() as file:
        written = list(csv.DictReader(file))
    for name in table.columns:
        assert table[name].tolist() == [float(row[name]) for row in written]
    units = table.attrs["units"]
    assert (units["t_s"], units["tip_um"], units["area_um2"]) == ("s", "um", "um^2")
    assert (units["c_min_mol_m3"], units["li_balance_rel"], units["phi_max_V"]) == (
        "mol/m^3", "1", "V",
    )  # fmt: skip


def test_fields_and_grid_are_those_of_the_series(run):
    assert run.times == snapshots.times(run.folder) == [0.0, 1.0, 2.0]
    fields, wanted = run.fields("1.1 s"), snapshots.load(run.folder, 1)
    assert fields.time == 1.0
    assert set(fields) == set(wanted.fields)
    for name, values in wanted.fields.items():
        assert np.array_equal(fields[name], values)
    assert (fields.units["c"], fields.units["phi"], fields.units["u"]) == ("mol/m^3", "V", "m")
    grid = fields.grid()
    assert grid.n_cells == len(wanted.triangles)
    assert np.array_equal(grid.points[:, :2], wanted.points.astype(grid.points.dtype))
    assert grid.bounds[:4] == pytest.approx((0, 5, 0, 10))  # um
    assert np.array_equal(grid.point_data["xi"], wanted.fields["xi"])
    assert np.array_equal(grid.cell_data["layer"], wanted.fields["layer"])
    assert fields.plot(["c"])._repr_png_().startswith(b"\x89PNG")


def test_both_formats_hold_the_same_fields_and_either_is_enough(run, tmp_path):
    shutil.copy(run.folder / "resolved.yaml", tmp_path)
    shutil.copy(run.folder / "fields.vtkhdf", tmp_path)
    alone = solver.open_run(tmp_path)
    assert alone.times == run.times
    for t in run.times:
        one, other = run.fields(t), alone.fields(t)
        assert (one.units, one.centers, list(one)) == (other.units, other.centers, list(other))
        for a, b in ((one.points, other.points), (one.triangles, other.triangles),
                     *((one[name], other[name]) for name in one)):  # fmt: skip
            assert a.dtype == b.dtype and np.array_equal(a, b)


def test_a_run_differs_from_itself_by_nothing(run):
    same = solver.compare(run, run)
    assert same.config == []
    assert not same.scalars.drop(columns="t_s").to_numpy().any()


def left(folder, config, times, tips) -> solver.Run:
    """A run folder with the course of a tip [um] that is given."""
    folder.mkdir()
    (folder / "resolved.yaml").write_text(config.to_yaml())
    lines = [f"{i},{t},1,{tip}" for i, (t, tip) in enumerate(zip(times, tips, strict=True))]
    (folder / "scalars.csv").write_text("\n".join(["step,t_s,dt_s,tip_um", *lines, ""]))
    return solver.open_run(folder)


def test_two_unlike_runs_are_told_apart_by_time_and_by_height(config, tmp_path):
    # Tips at 1 + t and 1 + 2 t; the first one's draws back once, which is not its first time.
    slow = left(tmp_path / "slow", config, (0, 2, 3, 4, 8), (1, 3, 2, 5, 9))
    fast_config = config.with_({"boundary.phi_anode": "-0.2 V"})
    fast = left(tmp_path / "fast", fast_config, (0, 1, 3), (1, 3, 7))
    found = solver.compare(slow, fast)
    assert [(d.key, d.before, d.now) for d in found.config] == [("boundary.phi_anode", -0.1, -0.2)]
    assert found.scalars["t_s"].tolist() == [0, 2, 3]
    assert found.scalars["tip_um"].tolist() == [0, 2, 5]
    assert found.heights["tip_um"].tolist() == [1, 3, 5]
    assert found.heights["first_s"].tolist() == [0, 2, 4]
    assert found.heights["second_s"].tolist() == [0, 1, 2]
    assert found.heights.attrs["units"] == {"tip_um": "um", "first_s": "s", "second_s": "s"}
    assert str(found).endswith("  tip_um: +5 um\ntip first at 5 um\n  4 s and 2 s")


@pytest.fixture(scope="module")
def transport(tmp_path_factory):
    """Two layers of a binary electrolyte in a steady state, half the limiting flux through them."""
    t = solver.transport
    layer = {"thickness": "50 um", "c0": {"Li": 1000, "A": 1000}, "D": {"Li": 1e-10, "A": 1e-10}}
    config = solver.TransportConfig(
        title="two layers",
        physics="transport",
        species=[t.Species(name="Li", charge=1), t.Species(name="A", charge=-1)],
        layers=[t.Layer(name="lower", **layer), t.Layer(name="upper", **layer)],
        boundary=t.Boundary(anode=t.Electrode(phi=0), counter=t.Electrode(flux={"Li": 2e-3})),
        mesh=t.Mesh(columns=2),
    )
    with without_figure():
        return solver.simulate(config, tmp_path_factory.mktemp("ions") / "run", progress=False)


def test_profile_fields_and_grid_of_a_transport_run(transport):
    # dc/dy = -J/(2 D) without current of A, up towards the source of Li: here 1e7 mol/m^4.
    profile, fields = transport.profile, transport.fields()
    y, c = profile["y_um"].to_numpy(), profile["c_Li_mol_m3"].to_numpy()
    assert (y[0], y[-1]) == pytest.approx((0, 100), abs=1e-12)
    assert (y == 50).sum() == 2
    slope = abs(c[-1] - c[0]) / 100e-6
    assert slope == pytest.approx(1e7, rel=1e-3)
    height = fields.points[:, 1]
    assert fields["c_Li"][height == 0] == pytest.approx(c[0], rel=1e-6)
    grid = fields.grid()
    assert np.array_equal(grid.point_data["c_Li"], fields["c_Li"])
    area = grid.bounds[1] * grid.bounds[3]
    assert area == pytest.approx(grid.compute_cell_sizes().cell_data["Area"].sum(), rel=1e-9)
    # Salt is neither made nor lost: the mean stays 1000 mol/m^3.
    assert grid.integrate_data()["c_Li"][0] / area == pytest.approx(1000, rel=1e-6)
    assert solver.compare(transport, transport).heights is None


@pytest.mark.usefixtures("no_figure")
def test_a_restart_through_the_api_continues_to_the_bit(run, config, tmp_path):
    with pytest.raises(solver.Stopped):
        solver.simulate(config.with_({"time.max_wall": 1e-3}), tmp_path / "half", progress=False)
    half = solver.open_run(tmp_path / "half")
    assert not half.finished and half.exit_reason.startswith("stopped by")
    half.restart(set={"time.max_wall": None}, progress=False)
    assert half.finished
    assert same_results(half.folder, run.folder)


def test_each_mistake_is_one_sentence(run, tmp_path, config):
    for action, words in (
        (lambda: run.fields("3 s"), "no fields at 3 s; the snapshots are from 0 s to 2 s"),
        (lambda: run.fields("soon"), "must start with a number"),
        (lambda: run.fields()["T"], "'T' is no field of this run; it has xi, c"),
        (lambda: run.profile, "there is no profile"),
        (lambda: run.cycles, "there are no cycles"),
        (lambda: solver.open_run(tmp_path), "holds no resolved.yaml, so it is no run folder"),
        (lambda: solver.simulate(config, run.folder), "holds results already"),
    ):
        with pytest.raises(solver.InputError) as caught:
            action()
        assert words in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1
