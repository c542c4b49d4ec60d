"""Sweep files: which runs they ask for, and what is wrong with them; nothing is run."""

from __future__ import annotations

import io
import json

import matplotlib
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from solver.base.errors import InputError
from solver.input import loading, writing
from solver.input.protocol import flat
from solver.pages import library
from solver.pictures import panels
from solver.sweep import converging, figure, plan, state, summary, work
from solver.verbs.cli import main
from tests.unit.test_page import Outline, held
from tests.unit.test_snapshots import png_size

BASE = "title: t\nlayers: [{name: a, thickness: 50 um}]\nphase_field: {interface_length: 1 um}\n"
HEAD = "title: a sweep\nconfig: base.yaml\n"


def write(tmp_path, text, base=BASE):
    (tmp_path / "base.yaml").write_text(base)
    path = tmp_path / "sweep.yaml"
    path.write_text(text)
    return path


def load(tmp_path, text, base=BASE):
    return plan.load(write(tmp_path, text, base), tmp_path / "runs")


LINE = "Charge at {} mA/cm2 for 20 s or until 0.2 V"


@pytest.mark.parametrize(
    ("names", "first"),
    [
        ([LINE.format(i) for i in (1, 2, 4)], "Charge at 1 mA/cm2\nfor 20 s or until\n0.2 V"),
        ([LINE.format(i) for i in range(1, 9)], "Charge at\n1 mA/cm2"),
        (["-0.06 V", "-0.08 V", "-0.10 V"], "-0.06 V"),
        ([f"{i / 7:.12g} um" for i in range(1, 41)], "0.142857142857"),
        (["alone " * 12], "alone alone alone alone alone alone"),
    ],
)
def test_names_below_the_summary_do_not_meet(names, first):
    with matplotlib.rc_context(panels.STYLE):
        fig = Figure(figsize=(10.6, 4.5), layout="constrained")
        _, ax = fig.subplots(1, 2, width_ratios=[1.15, 1])
        ax.scatter(range(len(names)), range(len(names)))
        figure.name_ticks(ax, names)
        ax.margins(x=0.1)
        fig.savefig(io.BytesIO())
    labels = [x for x in ax.get_xticklabels() if x.get_text()]
    assert labels[0].get_text().startswith(first)
    boxes = sorted(x.get_window_extent().extents.tolist() for x in labels)
    assert all(left[2] < right[0] for left, right in zip(boxes, boxes[1:], strict=False))
    assert boxes[-1][2] <= fig.bbox.width and len(labels) >= min(2, len(names))


def test_a_step_of_a_list_is_named_by_its_list():
    keys = ["protocol.steps.0", "phase_field.delta"]
    assert [plan.short(key, keys) for key in keys] == ["steps.0", "delta"]


def test_every_combination_once_the_last_key_fastest(tmp_path):
    sweep = load(tmp_path, HEAD + "vary: {boundary.phi_anode: [-0.05 V, -100 mV], layers.0.D: "
                 "[1e-11, 2e-11]}\nset: {mesh.size_min: 0.5 um}")  # fmt: skip
    found = [(r.config.boundary.phi_anode, r.config.layers[0].D) for r in sweep.runs]
    assert found == [(-0.05, 1e-11), (-0.05, 2e-11), (-0.1, 1e-11), (-0.1, 2e-11)]
    assert [run.folder.name for run in sweep.runs] == ["000", "001", "002", "003"]
    assert {run.config.mesh.size_min for run in sweep.runs} == {5e-7}
    assert sweep.runs[1].values == {"boundary.phi_anode": "-0.05 V", "layers.0.D": "2e-11"}


def test_keys_of_one_ending_are_told_apart(tmp_path):
    sweep = load(tmp_path, HEAD + "vary: {boundary.phi_anode: [-0.05 V], layers.0.D: [1e-11], "
                 "lithium.D: [1e-11]}")  # fmt: skip
    assert sweep.runs[0].name == "000 (phi_anode -0.05 V, 0.D 1e-11, lithium.D 1e-11)"


def test_overrides_make_the_same_config(tmp_path):
    sweep = load(tmp_path, HEAD + "vary: {nuclei.positions: [[10 um, 20 um], null], title: [a: b]}"
                 .replace("a: b", "'x, y: z'"))  # fmt: skip
    for run in sweep.runs:
        again = loading.parse(BASE, list(run.overrides))
        assert again == run.config
    assert sweep.runs[0].config.nuclei.positions == (1e-5, 2e-5)
    assert sweep.runs[0].config.title == "x, y: z"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("{from: 0, to: 0.2, count: 3}", ["0", "0.1", "0.2"]),
        ("{from: -0.05 V, to: -0.1 V, count: 2}", ["-0.05 V", "-0.1 V"]),
        ("{from: 1 um, to: 100 um, count: 3, spacing: log}", ["1 um", "10 um", "100 um"]),
        ("{from: 1e-11, to: 3e-11, count: 3}", ["1e-11", "2e-11", "3e-11"]),
    ],
)
def test_ranges(text, values):
    assert plan._values(writing.yaml().load(text), "vary.x") == values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("config: base.yaml\nvary: {width: [1 um]}", "title: is nothing; it must be a text"),
        ("title: t\nvary: {width: [1 um]}", "config: is nothing"),
        (HEAD, "vary: is nothing"),
        (HEAD + "vary: {width: 1 um}", "vary.width: is '1 um'; it must be a list of values"),
        (HEAD + "vary: {width: []}", "vary.width: is an empty list"),
        (HEAD + "vary: {width: [1 um, 1 um]}", "the value 1 um is there more than once"),
        (HEAD + "vary: {width: [50 um]}\nsets: {}", "unknown key 'sets'"),
        (HEAD + "vary: {width: {from: 1, to: 2}}", "vary.width.count: is nothing"),
        (HEAD + "vary: {width: {from: 1, to: 1, count: 2}}", "must differ"),
        (HEAD + "vary: {width: {from: 1 um, to: 2 m, count: 2}}", "must have the same unit"),
        (HEAD + "vary: {width: {from: x, to: 2, count: 2}}", "vary.width.from: is 'x'"),
        (HEAD + "vary: {width: {from: 0, to: 2, count: 2, spacing: log}}", "ends that are not 0"),
        (HEAD + "vary: {width: {from: 1, to: 2, count: 2, spacing: cubic}}", "linear or log"),
        (HEAD + "vary: {width: {from: 1, to: 2, count: 20000}}", "at most 10000"),
        (HEAD + "set: {width: 9 um}\nvary: {width: [50 um]}", "set: width is varied too; keep"),
        (HEAD + "vary: {with: [50 um]}", "unknown key 'with'; did you mean 'width'?"),
        (HEAD + "vary: {width: [50 kg]}", "width: '50 kg' has the wrong unit"),
        (HEAD + "vary: {layers.3.D: [1e-11]}", "the config has no 'layers.3.D'"),
        ("title: t\nconfig: no.yaml\nvary: {width: [1 um]}", "no.yaml: no such config file"),
    ],
)
def test_mistakes_are_one_sentence(tmp_path, capsys, text, message):
    path = write(tmp_path, text)
    assert main(["sweep", str(path), "-o", str(tmp_path / "runs")]) == 2
    stderr = capsys.readouterr().err
    assert message in stderr
    assert "Traceback" not in stderr
    assert not (tmp_path / "runs").exists()


def test_a_number_that_is_no_run(tmp_path, capsys):
    path = write(tmp_path, HEAD + "vary: {width: [40 um, 50 um]}")
    assert main(["sweep", str(path), "--only", "2"]) == 2
    assert "--only 2: the runs are 0 to 1." in capsys.readouterr().err


def leave(run, code, resolved=None, reason="done"):
    """Leave what a run that ended with an exit code leaves."""
    (run.folder / "checkpoints").mkdir(parents=True)
    (run.folder / "checkpoints" / "ck_000003.h5").touch()
    text = loading.resolved_yaml(run.config) if resolved is None else resolved
    (run.folder / "resolved.yaml").write_text(text)
    rows = "step,t_s,tip_um,front_mean_um\n0,0,4,3\n1,100,9,5\n"
    (run.folder / "scalars.csv").write_text(rows)
    if code is not None:
        record = {"exit_code": code, "exit_reason": reason, "steps": 1, "wall_time_s": 2.5}
        (run.folder / "run.json").write_text(json.dumps(record))


def test_states_are_told_from_the_folders(tmp_path):
    sweep = load(tmp_path, HEAD + "vary: {width: [10 um, 20 um, 30 um, 40 um, 50 um]}")
    for run, code in zip(sweep.runs, (0, 3, 4, None), strict=False):
        leave(run, code)
    assert [state.state(run).value for run in sweep.runs] == [
        "done", "failed", "stopped", "stopped", "waiting",
    ]  # fmt: skip
    table = [summary.row(run) for run in sweep.runs]
    assert [row["width"] for row in table] == [1e-5, 2e-5, 3e-5, 4e-5, 5e-5]
    assert table[0]["tip_speed_um_per_s"] == "0.05"  # (9 - 4) um in 100 s
    assert "tip_um" not in table[2]


@pytest.mark.parametrize("keys", [1, 2, 3])
def test_the_summary_has_a_line_per_run_and_a_figure(tmp_path, keys):
    varied = ["width: [10 um, 20 um]", "phase_field.delta: [0, 0.1]", "title: [a, b]"][:keys]
    sweep = load(tmp_path, HEAD + f"vary: {{{', '.join(varied)}}}")
    sweep.folder.mkdir()
    summary.write(sweep)
    assert not (sweep.folder / "summary.png").exists()
    for run in sweep.runs[1:]:
        leave(run, 0)
    summary.write(sweep)
    lines = (sweep.folder / "summary.csv").read_text().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["waiting"] + ["done"] * (2**keys - 1)
    assert png_size(sweep.folder / "summary.png") == (1908, 810)  # 10.6 x 4.5 inches
    fig = figure.drawn(sweep)
    fig.draw_without_rendering()
    legends = [(ax, ax.get_legend()) for ax in fig.axes if ax.get_legend()]
    assert len(legends) == min(keys, 2)
    for ax, legend in legends:  # over no curve, and within the picture
        box = legend.get_window_extent()
        assert box.y0 >= ax.get_window_extent().y1 and box.x1 < fig.bbox.x1


def test_a_legend_of_long_values_takes_the_lines_that_it_needs():
    fig = Figure(figsize=(10.6, 4.5), layout="constrained")
    for ax in fig.subplots(1, 2):
        lines = [Line2D([], []) for _ in range(4)]
        figure.legend_above(ax, lines, [f"Charge at {n} mA/cm2 for 1 hour" for n in range(4)])
    fig.draw_without_rendering()
    left, right = (ax.get_legend().get_window_extent() for ax in fig.axes)
    assert left.x1 < right.x0 and right.x1 < fig.bbox.x1


def test_a_run_of_other_values_is_not_taken_for_ours(tmp_path):
    sweep = load(tmp_path, HEAD + "vary: {width: [10 um]}")
    other = loading.parse(BASE, ["width=11 um"])
    leave(sweep.runs[0], 0, loading.resolved_yaml(other))
    with pytest.raises(InputError, match=r"000: holds a run of other values \(width was 1.1e-05"):
        state.state(sweep.runs[0])


CELL = """\
title: a cell
layers: [{name: a, thickness: 20 um}]
electrochemistry: {closure: single_ion}
protocol:
  steps:
    - {control: current, value: 1 mA/cm2, until: [{time: 1 h}]}
    - Discharge at 1 mA/cm2 for 1 h
"""


def test_a_sweep_over_a_step_of_a_protocol_sums_up_its_cycles(tmp_path):
    """A value of a step that is a section, and a whole line of text."""
    sweep = load(
        tmp_path,
        "title: rates\nconfig: base.yaml\nvary:\n  protocol.steps.0.value: [1 mA/cm2, 2 mA/cm2]\n"
        "  protocol.steps.1: [Discharge at 1 mA/cm2 for 1 h, Discharge at 1 mA/cm2 for 2 h]\n",
        CELL,
    )
    charges = [[step.charge for step in flat(run.config.protocol)] for run in sweep.runs]
    assert charges == [[36e3, -36e3], [36e3, -72e3], [72e3, -36e3], [72e3, -72e3]]
    run = sweep.runs[2]
    leave(run, 0)
    (run.folder / "cycles.csv").write_text(
        "cycle,t_end_s,plated_mAh_per_cm2,stripped_mAh_per_cm2,coulombic_efficiency\n"
        "1,7200,2,1,0.5\n2,14400,2,1.5,0.75\n"
    )
    row = summary.row(run)
    assert row["protocol.steps.0.value"] == 20.0
    assert row["protocol.steps.1"] == "Discharge at 1 mA/cm2 for 1 h"
    names = ("plated_mAh_per_cm2", "stripped_mAh_per_cm2", "last_coulombic_efficiency")
    assert [row[name] for name in names] == ["4", "2.5", "0.75"]


def test_the_page_shows_every_outcome_and_leads_to_the_runs(tmp_path, monkeypatch):
    """A run that failed before its first row too: a cross on the axis, and no line of the rest."""
    monkeypatch.setattr(library, "compressed", lambda: "")
    varied = "vary: {width: [10 um, 20 um, 30 um], phase_field.delta: [0, 0.1]}"
    sweep = load(tmp_path, HEAD.replace("a sweep", "'</script><b>'") + varied)
    reasons = ("done", "no end", "short circuit", "done", "no end")
    for run, code, reason in zip(sweep.runs, (0, 3, 0, 0, 3), reasons, strict=False):
        leave(run, code, reason=reason)
        (run.folder / "report.html").touch()
    (sweep.runs[4].folder / "scalars.csv").write_text("step,t_s,tip_um\n")
    summary.write(sweep)
    page = (sweep.folder / "report.html").read_text(encoding="utf-8")
    outline = Outline(page)
    assert "b" not in outline.tags and "</script><b>" in outline.words
    (chart,) = held(page)["charts"]
    points = {c["name"]: list(zip(c["x"], c["y"], strict=True)) for c in chart["curves"]}
    assert points == {
        "delta 0": [("10 um", 0.05), ("20 um", 0.05)],
        "delta 0.1": [("20 um", 0.05)],
        "failed: no outcome": [("10 um", 0.0), ("30 um", 0.0)],
    }
    links = [value for tag, name, value in outline.attributes if (tag, name) == ("a", "href")]
    assert links == [f"00{number}/report.html" for number in range(5)]
    assert chart["curves"][2]["links"] == ["001/report.html", "004/report.html"]
    states = ("done", "ended", "failed", "waiting")
    assert [word for word in outline.words if word in states] == [
        "waiting", "done", "failed",  # how many of each
        "done", "failed", "ended", "done", "failed", "waiting",
    ]  # fmt: skip
    assert outline.words.count(" short circuit") == 1 and outline.words.count(" no end") == 2


@pytest.mark.parametrize("flags", [[], ["--anyway"]])
def test_runs_of_a_sweep_are_refused_unless_they_are_to_run_anyway(tmp_path, monkeypatch, flags):
    started = []

    class Run:
        returncode = 2

        def __init__(self, command, **_):
            started.append(command)

        def communicate(self, timeout):
            return "", ""

    monkeypatch.setattr(work.subprocess, "Popen", Run)
    path = write(tmp_path, HEAD + "vary: {boundary.phi_anode: [-0.05 V]}")
    assert main(["sweep", str(path), "-o", str(tmp_path / "runs"), "-j", "1", *flags]) == 3
    # Once each: what is refused is refused again.
    assert ["--anyway" in command for command in started] == [bool(flags)]


def test_a_study_of_what_cannot_run_is_refused_unless_it_is_to_run_anyway(tmp_path, monkeypatch):
    base = tmp_path / "base.yaml"
    base.write_text(BASE + "reading: printed\n")
    words = ["converge", str(base), "-o", str(tmp_path / "runs")]
    assert main(words) == 2
    asked = []
    monkeypatch.setattr(converging, "do", lambda plan, means, force: asked.append(means))
    assert main([*words, "--anyway"]) == 1  # nothing is compared
    assert asked == [work.Means(anyway=True)]
