"""The Python API with runs: what `Run` reads is what the files hold, and a restart goes on."""

import csv
import json

import numpy as np
import pytest

import solver
from solver.output import snapshots
from tests.system.running import SMALL, rows, same_results

SHORT = {"time.end": "2 s", "output.checkpoint_steps": 2, "output.snapshots": 2}


@pytest.fixture(scope="module")
def config():
    return solver.load(SMALL, set=SHORT)


@pytest.fixture(scope="module")
def run(config, tmp_path_factory):
    seen = []
    folder = tmp_path_factory.mktemp("api") / "run"
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


def test_a_run_differs_from_itself_by_nothing(run):
    same = solver.compare(run, run)
    assert same.config == []
    assert not same.scalars.drop(columns="t_s").to_numpy().any()


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
        (lambda: solver.open_run(tmp_path), "holds no resolved.yaml, so it is no run folder"),
        (lambda: solver.simulate(config, run.folder), "holds results already"),
    ):
        with pytest.raises(solver.InputError) as caught:
            action()
        assert words in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1
