# SPDX-License-Identifier: MIT
"""Reading a field series and drawing the figure of a run, on files made here by hand."""

from __future__ import annotations

import struct

import h5py
import numpy as np
import pytest

from solver.base import files
from solver.base.errors import InputError
from solver.output import light, snapshots
from solver.pictures import plots
from tests.faults import full_disk

POINTS = np.array([[0, 0, 0], [4, 0, 0], [4, 2, 0], [0, 2, 0], [2, 1, 0]], dtype=float)
TRIANGLES = np.array([[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]], dtype=np.int32)
LAYER = np.array([1, 1, 2, 2], dtype=np.float32)
ATTRIBUTES = (
    light.Attribute("xi", "1"),
    light.Attribute("c", "mol/m^3"),
    light.Attribute("phi", "V"),
    light.Attribute("u", "m", components=3),
    light.Attribute("von_mises", "Pa", center="Cell"),
    light.Attribute("layer", "1", center="Cell"),
)


def fields_at(t):
    x, y, _ = POINTS.T
    return {
        "xi": x / 4,
        "c": 1000 + y + t,
        "phi": -0.1 + 0 * x,
        "u": np.column_stack([x + t, y, 0 * x]),
        "von_mises": np.arange(4) + t,
    }


def put(path, arrays):
    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            file[name] = values


def write_run(folder, times, mechanics=True, change=None):
    """Write a run folder; `change` may alter the fields before they are written."""
    (folder / "fields").mkdir()
    mesh = light.MeshFile(0, len(POINTS), len(TRIANGLES))
    arrays = {"points": POINTS, "triangles": TRIANGLES, "layer": LAYER}
    put(folder / mesh.path, arrays)
    kept = [a for a in ATTRIBUTES if mechanics or a.name not in ("u", "von_mises")]
    series = [light.Snapshot(n, t, mesh, tuple(kept)) for n, t in enumerate(times)]
    for snapshot in series:
        fields = fields_at(snapshot.time)
        if change:
            change(fields)
        stored = {a.name: fields[a.name].astype(np.float32) for a in kept if a.name != "layer"}
        put(folder / snapshot.path, stored)
    files.replace(folder / light.SERIES, light.to_xml(series))
    rows = [f"{n},{t},{4 + t},{3 + t}" for n, t in enumerate(times)]
    text = "\n".join(["step,t_s,tip_um,front_mean_um", *rows])
    (folder / "scalars.csv").write_text(text + "\n")
    (folder / "resolved.yaml").write_text("title: Costs $5, or $6?\nwidth: 4e-6\n")
    return folder


def test_times_come_back_to_the_last_bit(tmp_path):
    times = [0.0, 0.1 + 0.2, 1e-9 / 3, 12345.678901234567]
    assert snapshots.times(write_run(tmp_path, times)) == times


def test_every_field_comes_back(tmp_path):
    snapshot = snapshots.load(write_run(tmp_path, [0.0, 2.0]), index=1)
    expected = fields_at(2.0)
    assert snapshot.time == 2.0
    assert np.array_equal(snapshot.points, POINTS[:, :2])
    assert np.array_equal(snapshot.triangles, TRIANGLES)
    assert set(snapshot.fields) == {"xi", "c", "phi", "u", "von_mises", "layer"}
    for name in ("xi", "c", "phi", "von_mises"):
        assert np.array_equal(snapshot.fields[name], expected[name].astype(np.float32)), name
    assert np.array_equal(snapshot.fields["u"], expected["u"][:, :2])
    assert np.array_equal(snapshot.fields["layer"], LAYER)


def test_the_last_snapshot_is_the_default(tmp_path):
    assert snapshots.load(write_run(tmp_path, [0.0, 1.0, 3.0])).time == 3.0


def test_the_light_file_reads_back_as_written():
    mesh = light.MeshFile(3, 5, 4)
    series = [light.Snapshot(12, 1.5, mesh, ATTRIBUTES), light.Snapshot(14, 2.5, mesh, ATTRIBUTES)]
    assert light.parse(light.to_xml(series)) == series


@pytest.mark.parametrize("index", [2, -3])
def test_a_snapshot_that_is_not_there(tmp_path, index):
    with pytest.raises(InputError, match=f"no snapshot {index}, only 2"):
        snapshots.load(write_run(tmp_path, [0.0, 1.0]), index)


def test_a_folder_without_a_series(tmp_path):
    with pytest.raises(InputError, match="no such field series"):
        snapshots.times(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<Xdmf><Domain>",
        "<html><body/></html>",
        "<Xdmf><Domain><Grid Name='fields'><Grid/></Grid></Domain></Xdmf>",
    ],
)
def test_a_series_of_something_else(tmp_path, text):
    (tmp_path / light.SERIES).write_text(text)
    with pytest.raises(InputError, match="not a field series"):
        snapshots.times(tmp_path)


def test_a_missing_field_file_is_named(tmp_path):
    write_run(tmp_path, [0.0, 1.0])
    (tmp_path / "fields/000001.h5").unlink()
    with pytest.raises(InputError, match=r"000001\.h5: missing"):
        snapshots.load(tmp_path)
    assert snapshots.load(tmp_path, 0).time == 0.0


def test_a_damaged_field_file_is_named(tmp_path):
    write_run(tmp_path, [0.0])
    (tmp_path / "fields/000000.h5").write_bytes(b"not HDF5")
    with pytest.raises(InputError, match=r"000000\.h5: cannot be read"):
        snapshots.load(tmp_path)


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "file"
    files.replace(path, b"old")
    with full_disk(), pytest.raises(OSError):
        files.replace(path, bytes(1000))
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


# --- the figure ----------------------------------------------------------------------------


def png_size(path):
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", data[16:24])


@pytest.mark.parametrize("mechanics", [True, False])
def test_the_figure_is_as_wide_as_a_slide(tmp_path, mechanics):
    path = plots.figure(write_run(tmp_path, [0.0, 1.0, 2.0], mechanics))
    assert path == tmp_path / "figure.png"
    width, height = png_size(path)
    assert 1600 <= width <= 2000
    assert 700 <= height <= 1600


def test_a_run_of_one_time_has_a_figure(tmp_path):
    assert plots.figure(write_run(tmp_path, [0.0])).exists()


def charts(folder, title):
    """What the panel of this title shows: the lines of every chart, and its limits."""
    history = plots.read_history(folder / "scalars.csv")
    drawn = plots._draw(snapshots.load(folder), history, "a cell")
    (panel,) = (ax for ax in drawn.axes if ax.get_title() == title)
    return [([x.get_ydata() for x in ax.lines], ax.get_ylim()) for ax in panel.child_axes]


def columns(folder, **values):
    """Give the scalars of a run of the times 0, 1, ... these columns."""
    names = ["step", "t_s", "tip_um", "front_mean_um", *values]
    table = enumerate(zip(*values.values(), strict=True))
    rows = [f"{n},{n},2,2,{','.join(map(str, row))}" for n, row in table]
    (folder / "scalars.csv").write_text("\n".join([",".join(names), *rows]) + "\n")


@pytest.mark.parametrize("current", [10.0, -10.0, 0.0])
def test_a_cell_with_a_current_has_a_panel_of_it(tmp_path, current):
    folder = write_run(tmp_path, [0.0, 1.0])
    assert plots.read_history(folder / "scalars.csv").charts == ()
    plain = png_size(plots.figure(folder))
    columns(folder, deposition_A_per_m2=[1, 2], cell_voltage_V=[current / 1e3, current / 2e3],
            cell_current_A_per_m2=[current] * 2)  # fmt: skip
    assert png_size(plots.figure(folder)) >= plain
    upper, lower = charts(folder, "Voltage and current")
    assert upper[0][0] == pytest.approx([current, current / 2])
    assert lower[0][0] == pytest.approx([0.1 * current] * 2)
    for ((values,), (low, high)) in (upper, lower):
        assert low <= min(0.0, *values) and high >= max(0.0, *values) and high > low


def test_currents_of_the_printed_equations_stand_against_time(tmp_path):
    """The deposit's from the first step on, and both electrodes', in mA/cm2."""
    folder = write_run(tmp_path, [0.0, 1.0])
    columns(folder, deposition_A_per_m2=[0, 10, 20], anode_current_A_per_m2=[100, 200, 300],
            counter_current_A_per_m2=[100, 210, 320])  # fmt: skip
    ((deposit,), (low, high)), (electrodes, _) = charts(folder, "Current")
    assert np.isnan(deposit[0]) and deposit[1:] == pytest.approx([1, 2])
    assert low == 0 and high == pytest.approx(1.15 * 2)
    assert np.array(electrodes) == pytest.approx(np.array([[10, 21, 32], [10, 20, 30]]))


def test_the_first_moments_of_a_deposit_are_beyond_its_chart(tmp_path):
    folder = write_run(tmp_path, [0.0, 1.0])
    columns(folder, deposition_A_per_m2=[0, 5000, *[10] * 199])  # 1 of 200 s
    (((deposit,), (_, high)),) = charts(folder, "Current")
    assert deposit[1] == 500 and high == pytest.approx(1.15)


def test_an_older_run_shows_its_current(tmp_path):
    folder = write_run(tmp_path, [0.0, 1.0])
    columns(folder, current_A_per_m2=[0, 10, 20])
    (((deposit,), _),) = charts(folder, "Current")
    assert deposit[1:] == pytest.approx([1, 2])


def test_half_a_line_of_a_killed_run_is_left_out(tmp_path):
    path = write_run(tmp_path, [0.0, 1.0]) / "scalars.csv"
    for half in ("2,2.0,6", "2,2.0,6,5.1"):  # of 5.123
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:3]) + half)
        assert plots.read_history(path).t.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("scalars.csv", "step,t_s,tip_um,front_mean_um\n", "no time steps"),
        ("scalars.csv", "step,t_s\n0,1\n", "every row must have"),
        ("scalars.csv", "t_s,tip_um,front_mean_um\n0,much,2\n", "every row must have"),
        ("resolved.yaml", "width: 1\n", "no title"),
        ("resolved.yaml", "{", "no title"),
    ],
)
def test_odd_files_are_named(tmp_path, name, text, message):
    (write_run(tmp_path, [0.0]) / name).write_text(text)
    with pytest.raises(InputError, match=f"{name}: .*{message}"):
        plots.figure(tmp_path)


@pytest.mark.parametrize("name", ["scalars.csv", "resolved.yaml", "fields.xdmf"])
def test_missing_files_are_named(tmp_path, name):
    (write_run(tmp_path, [0.0]) / name).unlink()
    with pytest.raises(InputError, match=f"{name}: no such f"):
        plots.figure(tmp_path)


def test_fields_that_are_not_finite_are_named(tmp_path):
    def spoil(fields):
        fields["c"][0] = np.nan

    with pytest.raises(InputError, match="c has values that are not finite"):
        plots.figure(write_run(tmp_path, [0.0], change=spoil))


def test_a_figure_that_cannot_be_written(tmp_path):
    write_run(tmp_path, [0.0])
    with full_disk(), pytest.raises(InputError, match=r"figure\.png: cannot be written"):
        plots.figure(tmp_path)
