# SPDX-License-Identifier: MIT
"""Every verb for every physics on small cells, and the loop of a run as Python has it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from mpi4py import MPI
from PIL import Image

from solver.base.physics import PHYSICS
from solver.input import loading
from solver.output import checkpoint, run_folder, snapshots
from solver.run import launching
from solver.run.checkpointing import Source
from solver.run.simulation import Simulation
from solver.verbs.cli import main
from tests.system.running import SMALL, left_at, same_results

IONS = """\
title: Ions in two layers, a quarter of a minute
physics: transport
width: 4 um
species: [{name: Li, charge: 1}, {name: A, charge: -1}]
layers:
  - {name: A, thickness: 10 um, c0: {Li: 1000, A: 1000}, D: {Li: 2e-11, A: 1e-11}}
  - {name: B, thickness: 10 um, c0: {Li: 1000, A: 1000}, D: {Li: 1e-11, A: 1e-11}}
boundary: {anode: {phi: 0 V}, counter: {flux: {Li: 0.002}}}
mesh: {columns: 1, size_min: 1 um, size_max: 5 um}
time: {mode: transient, end: 15 s, tolerance: 0.003}
output: {snapshots: 3, format: vtkhdf, checkpoint_steps: 1, checkpoints_kept: 1000}
"""
SMALL_RUN = ("time.end=2 s", "output.snapshots=2", "output.checkpoint_steps=1",
             "output.checkpoints_kept=1000")  # fmt: skip
CASES = {"dendrite": (SMALL.read_text(), SMALL_RUN), "transport": (IONS, ())}
FIELDS = {"dendrite": ("xi", "c", "phi", "von_mises"), "transport": ("c_Li", "c_A", "phi")}
VARIED = {
    "dendrite": ("phase_field.delta", (0.0, 0.1)),
    "transport": ("boundary.counter.flux.Li", (0.001, 0.002)),
}


class Run:
    """A config on disk and the run folder that it has left."""

    def __init__(self, physics: str, folder: Path):
        text, self.overrides = CASES[physics]
        self.physics, self.config, self.folder = physics, folder / "cell.yaml", folder / "run"
        self.config.write_text(text)
        self.sets = [word for override in self.overrides for word in ("--set", override)]
        assert main(["run", str(self.config), "-o", str(self.folder), *self.sets]) == 0

    @property
    def record(self) -> dict:
        """Its run.json."""
        return json.loads((self.folder / "run.json").read_text())


@pytest.fixture(scope="module", params=PHYSICS)
def run(request, tmp_path_factory) -> Run:
    return Run(request.param, tmp_path_factory.mktemp(request.param))


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


def test_every_part_of_every_physics_is_where_the_registry_says():
    for physics in PHYSICS.values():
        for part in set(physics._fields) - {"name", "title"}:
            assert not getattr(physics, part) or physics.load(part) is not None
        assert physics.load("config").model_fields["physics"].annotation.__args__ == (physics.name,)


def test_check_needs_no_run(run, capsys):
    assert main(["check", str(run.config), *run.sets]) == 0
    said = capsys.readouterr().out
    assert loading.load(run.config).title in said and "What they imply" in said


def test_run_leaves_what_the_record_says(run):
    rows = table(run.folder / "scalars.csv")
    record = run.record
    assert record["physics"] == run.physics and record["exit_code"] == 0
    assert [int(row["step"]) for row in rows] == list(range(record["steps"] + 1))
    config = loading.load(run.config, list(run.overrides))
    assert float(rows[-1]["t_s"]) == record["t_s"] == pytest.approx(config.time.end, rel=1e-12)
    count = config.output.snapshots
    wanted = [config.time.end * i / count for i in range(count + 1)]
    assert snapshots.times(run.folder) == pytest.approx(wanted, rel=1e-12)
    assert record["passes"] >= record["steps"] > 5
    steps = [checkpoint.step_of(path) for path in checkpoint.all_in(run.folder)]
    assert steps == list(range(record["steps"] + 1))


@pytest.mark.usefixtures("no_figure")
@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_restart_repeats_the_run_to_the_last_bit(run, share, tmp_path):
    step = round(share * run.record["steps"])
    folder = left_at(run.folder, step, tmp_path / "again")
    assert main(["restart", str(folder)]) == 0
    assert same_results(run.folder, folder)
    again = json.loads((folder / "run.json").read_text())
    assert again["restarts"] == 1 and again["passes"] == run.record["passes"]


def test_restart_of_a_finished_run_says_so_and_changes_nothing(run, capsys):
    before = (run.folder / "run.json").read_bytes()
    assert main(["restart", str(run.folder)]) == 0
    assert "the run is finished at t = " in capsys.readouterr().out
    assert (run.folder / "run.json").read_bytes() == before


def test_mesh_has_as_many_nodes_as_the_run(run, tmp_path, capsys):
    path = tmp_path / "cell.msh"
    assert main(["mesh", str(run.config), "-o", str(path), *run.sets]) == 0
    record = run.record
    assert f"{record['nodes']} nodes, {record['triangles']} triangles" in capsys.readouterr().out
    assert path.stat().st_size > 0


def test_plot_draws_the_figure_again(run):
    picture = run.folder / "figure.png"
    first = picture.read_bytes()
    picture.unlink()
    assert main(["plot", str(run.folder)]) == 0
    assert picture.read_bytes() == first


def test_plot_has_a_picture_of_every_field(run, tmp_path, capsys):
    for name in FIELDS[run.physics]:
        path = tmp_path / f"{name}.png"
        assert main(["plot", str(run.folder), "--fields", name, "-o", str(path)]) == 0
        assert Image.open(path).width == 2803  # 178 mm at 400 dots per inch
    capsys.readouterr()
    words = ["plot", str(run.folder), "--fields", "v", "-o", str(tmp_path / "v.png")]
    assert main(words) == 2
    known = ", ".join(FIELDS[run.physics])
    assert f"'v' is no field with a picture; allowed: {known}." in capsys.readouterr().err


def test_movie_has_a_frame_per_snapshot(run, tmp_path):
    path = tmp_path / "film.gif"
    assert main(["movie", str(run.folder), "-o", str(path), "--size", "column"]) == 0
    assert Image.open(path).n_frames == len(snapshots.times(run.folder))


def test_info_says_what_the_record_says(run, capsys):
    assert main(["info", str(run.folder), "--cost"]) == 0
    out = capsys.readouterr().out
    assert f"physics: {run.physics}" in out
    assert re.search(r"^end: done, .* \(exit code 0\)$", out, flags=re.M)
    assert re.search(r"^phi max +\S+ V$", out, flags=re.M)


@pytest.mark.usefixtures("no_figure")
def test_sweep_has_a_line_per_run_with_its_outcome(run, tmp_path, capsys):
    key, values = VARIED[run.physics]
    plan = tmp_path / "sweep.yaml"
    fixed = "".join(f"  {text.replace('=', ': ', 1)}\n" for text in run.overrides)
    plan.write_text(
        f"title: t\nconfig: {run.config}\nvary: {{{key}: {list(values)}}}\n"
        + (f"set:\n{fixed}" if fixed else "")
    )
    folder = tmp_path / "sweep"
    assert main(["sweep", str(plan), "-o", str(folder), "-j", "1"]) == 0
    lines = table(folder / "summary.csv")
    assert [line["state"] for line in lines] == ["done", "done"]
    assert [line["end"] for line in lines] == ["done", "done"]
    assert [float(line[key]) for line in lines] == list(values)
    # What is doubtful about its runs is said once, whatever number of them it is about.
    out = capsys.readouterr().out
    records = [json.loads((folder / line["run"] / "run.json").read_text()) for line in lines]
    said = {sentence for record in records for sentence in record["judgements"]}
    assert out.count(": check: ") == len(said)
    assert all(out.count(f": check: {sentence}") == 1 for sentence in said)
    assert said or run.physics == "transport"
    for line in lines:
        rows = table(folder / line["run"] / "scalars.csv")
        assert {k: line[k] for k in rows[-1] if k != "step"} == {
            k: v for k, v in rows[-1].items() if k != "step"
        }
        assert float(line[OUTCOME[run.physics][0]]) == pytest.approx(
            OUTCOME[run.physics][1](rows), rel=1e-5
        )
    assert (folder / "summary.png").stat().st_size > 0


def speed(rows) -> float:
    return (float(rows[-1]["tip_um"]) - float(rows[0]["tip_um"])) / float(rows[-1]["t_s"])


def drop(rows) -> float:
    return 1e3 * (float(rows[-1]["phi_max_V"]) - float(rows[-1]["phi_min_V"]))


OUTCOME = {"dendrite": ("tip_speed_um_per_s", speed), "transport": ("potential_drop_mV", drop)}


JUMP = """\
title: Ions from a gel into one with immobilised anions
physics: transport
width: 4 um
species: [{name: Li, charge: 1}, {name: A, charge: -1}]
layers:
  - {name: A, thickness: 10 um, c0: {Li: 1000, A: 1000}, D: {Li: 2e-11, A: 1e-11}}
  - {name: B, thickness: 10 um, c0: {Li: 1000, A: 400}, c_im: 600, D: {Li: 1e-11, A: 1e-11}}
boundary: {anode: {phi: 0 V, %s}, counter: {flux: {Li: 0.002}}}
mesh: {columns: 2, size_min: 0.5 um, size_max: 2 um}
output: {checkpoint_steps: 1, checkpoints_kept: 1000}
"""
CLOSURES = {"electroneutral": "", "poisson": "flux: {Li: -0.002}"}


@pytest.mark.usefixtures("no_figure")
@pytest.mark.parametrize("closure", CLOSURES)
def test_a_steady_state_with_jumps_restarts_to_the_last_bit(closure, tmp_path):
    config, whole = tmp_path / "cell.yaml", tmp_path / "whole"
    config.write_text(JUMP % CLOSURES[closure])
    assert main(["run", str(config), "-o", str(whole), "--set", f"closure={closure}"]) == 0
    last = table(whole / "scalars.csv")[-1]
    folder = left_at(whole, int(last["step"]) // 2, tmp_path / "again")
    assert main(["restart", str(folder)]) == 0
    assert same_results(whole, folder)
    assert (folder / "profile.csv").read_bytes() == (whole / "profile.csv").read_bytes()


@pytest.mark.usefixtures("no_figure")
def test_a_step_that_nobody_waits_for_leaves_a_run_that_can_go_on(tmp_path):
    """A caller who leaves the loop has a folder like that of a run that a signal has stopped."""
    whole, left = tmp_path / "whole", tmp_path / "left"
    config = loading.parse(IONS)
    seen = []
    launching.run(config, IONS, whole, on_step=lambda s: seen.append((s.t, s.steps, s.row)))
    rows = table(whole / "scalars.csv")
    assert [steps for _, steps, _ in seen] == [int(row["step"]) for row in rows[1:]]
    assert [f"{t:.12g}" for t, *_ in seen] == [row["t_s"] for row in rows[1:]]
    assert all(row["t_s"] == t for t, _, row in seen)
    run_folder.prepare(left, IONS, loading.resolved_yaml(config), force=False)
    simulation = Simulation(config, Source(IONS), left, MPI.COMM_WORLD)
    for standing in simulation:
        if standing.steps == 4:
            break
    assert json.loads((left / "run.json").read_text())["exit_code"] == 4
    assert main(["restart", str(left)]) == 0
    assert same_results(whole, left)


@pytest.mark.usefixtures("no_figure")
def test_quiet_runs_print_nothing_and_log_everything(tmp_path, capsys):
    launching.run(loading.parse(IONS), IONS, tmp_path / "run", quiet=True)
    assert capsys.readouterr().out == ""
    assert "done: t = 15 s" in (tmp_path / "run" / "log.txt").read_text()
