"""What runs of known numbers say together: written by hand, nothing is run."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from solver.base.errors import InputError
from solver.input import loading
from solver.pages import library
from solver.sweep import convergence, convergence_figure, converging, ladder, summary
from tests.unit.test_page import Outline, held
from tests.unit.test_snapshots import png_size

BASE = """\
title: by hand
layers: [{name: a, thickness: 20 um}]
width: 10 um
phase_field: {interface_length: 0.4 um}
mesh: {size_min: 0.2 um, size_max: 0.4 um}
time: {end: 100 s, stop_tip: 12 um}
"""


def write(run, time_to_tip, end=1e9, code=0):
    """A run whose tip goes from 2 to 12.5 um evenly, with the time to 12 um, within a step."""
    run.folder.mkdir(parents=True)
    (run.folder / "resolved.yaml").write_text(loading.resolved_yaml(run.config))
    reason = "done" if code == 0 else "the step fell below dt_min."
    (run.folder / "run.json").write_text(json.dumps({"exit_code": code, "exit_reason": reason}))
    with (run.folder / "scalars.csv").open("w") as file:
        out = csv.writer(file)
        out.writerow(["step", "t_s", "dt_s", "tip_um", "front_mean_um", "deposition_A_per_m2"])
        before = 0.0
        for step in range(16):
            t = time_to_tip / 10 * 0.7 * step
            if t > end:
                break
            tip = 2 + 0.7 * step
            # The mean of a current that grows as t over the step before.
            out.writerow([step, t, t - before, tip, 1 + tip / 4, 0.5 * (before + t)])
            before = t


def study(tmp_path, levels=3, overrides=(), **changes):
    """Runs that take 20 s to 12 um, and 5 s l/l_0 + 0.3 s (h/h_0)^2 + 0.5 s (dt/dt_0)^2 more."""
    found = ladder.plan(Path("base.yaml"), BASE, overrides, tmp_path, levels, 2.0)
    for level, run in enumerate(found.ladder):
        write(run, 20 * (1 + 0.25 * 0.5**level) + 0.3 + 0.5, **changes.get(run.folder.name, {}))
    mesh, step = found.sweep.runs[levels:]
    write(mesh, 25 + 0.3 / 4 + 0.5, **changes.get("mesh", {}))
    write(step, 25 + 0.3 + 0.5 / 4, **changes.get("time_step", {}))
    return found


def test_a_run_of_an_older_version_is_answered_by_a_sentence(tmp_path):
    found = study(tmp_path)
    path = found.ladder[0].folder / "scalars.csv"
    path.write_text(path.read_text().replace("deposition_A_per_m2", "current_A_per_m2"))
    with pytest.raises(InputError, match="scalars.csv: has no column deposition_A_per_m2; a run"):
        convergence.evaluate(found)


def test_the_time_to_the_tip_is_extrapolated_in_everything(tmp_path):
    time, height, current = convergence.evaluate(study(tmp_path)).numbers
    assert (time.name, time.unit) == ("time to 12 um", "s")
    assert time.values["level0"] == pytest.approx(25.8)
    assert time.limit.order == pytest.approx(1, abs=1e-9)
    assert time.value == pytest.approx(20, abs=1e-9)
    # Of the levels 1.25 times what is left, of the checks three times what is left in theirs.
    parts = {"levels": 1.25 * 1.25, "mesh": 3 * 0.075, "time step": 3 * 0.125}
    assert time.errors == pytest.approx(parts)
    assert time.error == pytest.approx(sum(parts.values()))
    assert time.text == "20.0 +- 2.2"
    assert not time.remarks
    # Wherever the tip is at 12 um, the mean height is 4 um.
    assert (height.value, height.error) == pytest.approx((4, 0), abs=1e-9)
    # A current of t A/m^2, known by its means over the steps alone.
    assert current.value == pytest.approx(20, abs=1e-9)


def test_a_cell_has_its_voltage_quoted(tmp_path):
    """U = 2 mV + 10 uV/s t at 20 s, where the tips tend to be at 12 um."""
    given = ["electrochemistry={closure: single_ion, control: current, current: 10}"]
    found = study(tmp_path, overrides=given)
    for run in found.sweep.runs:
        path = run.folder / "scalars.csv"
        head, *lines = path.read_text().splitlines()
        times = [float(line.split(",")[1]) for line in lines]
        lines = [f"{line},{2e-3 + 1e-5 * t!r}" for line, t in zip(lines, times, strict=True)]
        path.write_text("\n".join([f"{head},cell_voltage_V", *lines, ""]))
    *_, voltage = convergence.evaluate(found).numbers
    assert (voltage.name, voltage.unit) == ("cell voltage", "mV")
    assert voltage.value == pytest.approx(2.2, abs=1e-9)


def test_two_levels_have_the_order_of_printed_kinetics_assumed(tmp_path):
    found = convergence.evaluate(study(tmp_path, levels=2))
    time = found.numbers[0]
    assert time.limit.order is None and time.expected == 0.97
    way = 2.5 / (2**0.97 - 1)
    assert time.errors["levels"] == pytest.approx(3 * way)
    assert "0.97 (assumed)" in str(found)


def test_a_run_that_has_not_come_so_far_is_named_and_all_are_compared_where_it_ended(tmp_path):
    found = convergence.evaluate(study(tmp_path, level1={"end": 13.0}))
    assert len(found.remarks) == 1
    assert "level1 ended at" in found.remarks[0] and "below stop_tip 12 um" in found.remarks[0]
    assert found.remarks[0] in str(found).replace("\n", " ")
    time = found.numbers[0]
    height = float(time.name.split()[2])
    # All tips are even: the time to that height is in proportion.
    assert 6 < height < 8
    assert time.value == pytest.approx(20 * (height - 2) / 10)


def test_without_stop_tip_a_run_that_ended_early_is_named(tmp_path):
    found = study(tmp_path, overrides=["time.stop_tip=null", "time.end=20 s"], mesh={"end": 18.0})
    numbers = convergence.evaluate(found)
    assert numbers.numbers[0].name == "tip"
    assert (
        "mesh ended at 17.9" in numbers.remarks[0] and "before time.end 20 s" in numbers.remarks[0]
    )


def test_a_number_without_a_limit_has_no_order_and_a_title_is_no_markup(tmp_path):
    found = study(tmp_path, overrides=["title='[bold]cell'"])
    assert "[bold]cell" in str(convergence.evaluate(found))
    limit = convergence.richardson.limit([1.0, 1.3, 1.1], 2, 1)
    number = convergence.Number("x", "s", {}, 1, limit, {}, [])
    assert convergence.order_text(number) == "none"


def test_a_check_that_repeats_the_coarsest_level_is_remarked_on(tmp_path):
    found = study(tmp_path)
    step = found.sweep.runs[-1]
    shutil.copy(found.ladder[0].folder / "scalars.csv", step.folder / "scalars.csv")
    (remark,) = convergence.evaluate(found).remarks
    assert remark.startswith("time_step is the same run as level0") and "not seen" in remark


def test_a_failed_check_leaves_its_error_unknown(tmp_path):
    found = convergence.evaluate(study(tmp_path, time_step={"code": 3}))
    assert found.remarks == [
        "time_step has not come to its end and counts for nothing: the step fell below dt_min."
    ]
    time = found.numbers[0]
    assert time.remarks == ["time to 12 um: the error of the time step is not known."]
    assert list(time.errors) == ["levels", "mesh"]


def test_a_failed_level_ends_the_ladder(tmp_path):
    found = convergence.evaluate(study(tmp_path, level2={"code": 3}))
    assert list(found.sizes) == ["level0", "level1"]
    assert "level2 has not come to its end" in found.remarks[0]
    with pytest.raises(InputError, match="nothing can be compared: level1 has not come"):
        convergence.evaluate(study(tmp_path / "two", levels=2, level1={"code": 3}))


def test_tips_that_have_not_grown_are_refused(tmp_path):
    with pytest.raises(InputError, match="no height in common"):
        convergence.evaluate(study(tmp_path, level2={"end": 0.5}))


def test_the_outcome_is_written_for_people_and_programs(tmp_path):
    found = converging.write(study(tmp_path))
    with (tmp_path / "convergence.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["time to 12 um", "mean height", "deposition"]
    assert float(rows[0]["value"]) == pytest.approx(20)
    assert float(rows[0]["error"]) == pytest.approx(found.numbers[0].error, rel=5e-3)
    parts = [float(rows[0][f"error_{name}"]) for name in ("levels", "mesh", "time_step")]
    assert sum(parts) == pytest.approx(float(rows[0]["error"]), rel=5e-3)
    assert float(rows[0]["level2"]) == found.numbers[0].values["level2"]
    assert png_size(tmp_path / "convergence.png")[0] > 1500


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (866.7, 86.4, "867 +- 86"),
        (20.0, 0.0213, "20.000 +- 0.021"),
        (12345.0, 1234.0, "12300 +- 1200"),
        (3.0, 0.0, "3 +- 0"),
        (1e-3, 1e-12, "0.001 +- 1e-12"),
    ],
)
def test_a_number_is_written_to_the_digits_that_its_bar_leaves(value, error, text):
    limit = convergence.richardson.Limit(value, error, None, 1, "")
    assert convergence.Number("x", "s", {}, 1, limit, {}, []).text == text


def test_the_figure_clips_no_mark_and_no_label_covers_another(tmp_path):
    """Four error bars: the last one stood on the axis. 5 levels: 7, 8 and 9 % were one blot."""
    found = convergence.evaluate(study(tmp_path, levels=5))
    found = replace(found, numbers=[*found.numbers, found.numbers[0]])
    fig = convergence_figure.drawn(found)
    fig.draw_without_rendering()
    for ax in fig.axes:
        inside = ax.get_window_extent().padded(-3)  # the radius of a mark, in points
        for line in ax.lines[:-1] if ax is fig.axes[0] else ax.lines:
            assert all(inside.contains(*at) for at in ax.transData.transform(line.get_xydata()))
        assert not ax.get_legend().get_window_extent().overlaps(inside)
        labels = [x.get_window_extent() for x in ax.get_yticklabels(which="both") if x.get_text()]
        labels.sort(key=lambda box: box.y0)
        assert len(labels) > 2
        assert all(a.y1 <= b.y0 for a, b in zip(labels, labels[1:], strict=False))


def test_a_run_that_goes_on_says_where_it_is(tmp_path):
    run = study(tmp_path).ladder[0]
    assert summary.standing(run) == "t = 27.09 s, height of the tip (um) 12.5"
    (run.folder / "scalars.csv").unlink()
    assert summary.standing(run) == "begins"


def test_the_page_shows_every_number_and_leads_to_the_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "compressed", lambda: "")
    planned = study(tmp_path)
    for run in planned.sweep.runs[:2]:
        (run.folder / "report.html").touch()
    found = converging.write(planned)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    outline = Outline(page)
    time, *others = held(page)["charts"]
    (curve,) = time["curves"]
    assert len(others) == len(found.numbers) - 1 == 2
    assert curve["x"] == pytest.approx([0.4, 0.2, 0.1, 0])
    assert curve["y"] == pytest.approx([25.8, 23.3, 22.05, 20.8])
    assert curve["links"] == ["level0/report.html", "level1/report.html", None, None]
    assert (time["x"], time["y"]) == ("l (um)", "time to 12 um (s)")
    links = [value for tag, name, value in outline.attributes if (tag, name) == ("a", "href")]
    assert links == ["level0/report.html", "level1/report.html"]
    assert "20.0 ± 2.2" in outline.words
    assert all(sentence in outline.words for sentence in found.sentences)
    converging.write(study(tmp_path / "other", overrides=["output.report=false"]))
    assert not (tmp_path / "other" / "report.html").exists()
