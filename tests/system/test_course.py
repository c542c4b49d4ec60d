"""A boundary potential that follows a course in time."""

from __future__ import annotations

import json

import pytest

from solver.base.errors import InputError
from solver.equations.conditions import Course
from solver.input import loading
from solver.output import snapshots
from solver.run import launching
from tests.system.running import SMALL, called, left_at, rows, same_results, set_all

pytestmark = pytest.mark.usefixtures("no_figure")

POINTS = ((1.0, 0.0), (3.0, -0.08), (4.0, -0.02))
EMPTY = """\
title: an electrolyte without deposit
width: 5 um
layers: [{name: A, thickness: 10 um}]
phase_field: {L_eta: 0, interface_length: 0.4 um}
nuclei: {count: 0, film: 0 um}
mechanics: {enabled: false}
mesh: {size_min: 1 um, size_max: 1 um}
boundary: {anode_course: [[1 s, 0 V], [3 s, -80 mV], [4 s, -20 mV]]}
time: {end: 6 s}
output: {snapshots: 3}
"""


def ramp(t: float) -> float:
    """What the points say, written out."""
    if t <= 1:
        return 0.0
    if t <= 3:
        return -0.04 * (t - 1)
    return -0.08 + 0.06 * (t - 3) if t <= 4 else -0.02


def test_a_course_is_straight_between_its_points_and_stays_at_the_ends():
    course = Course.through(POINTS)
    for t in (0.0, 1.0, 1.5, 3.0, 3.25, 4.0, 9.0):
        assert course.at(t) == pytest.approx(ramp(t), abs=1e-15)
    assert course.changes and not Course.constant(-0.1).changes
    assert Course.constant(-0.1).at(7.0) == -0.1


def test_the_potential_follows_and_is_linear_across_the_cell(tmp_path):
    config = loading.parse(EMPTY)
    assert config.boundary.phi_anode == -0.08
    assert loading.parse(loading.resolved_yaml(config)) == config
    launching.run(config, EMPTY, tmp_path / "run", quiet=True)
    found = rows(tmp_path / "run")
    assert {1.0, 3.0, 4.0} <= {row["t_s"] for row in found}, "steps land on the corners"
    for row in found:
        assert row["phi_min_V"] == pytest.approx(ramp(row["t_s"]), abs=1e-9)
    for i, t in enumerate(snapshots.times(tmp_path / "run")):
        shown = snapshots.load(tmp_path / "run", i)
        exact = ramp(t) * (1 - shown.points[:, 1] / 10)
        assert shown.fields["phi"] == pytest.approx(exact, abs=1e-7)
    assert snapshots.times(tmp_path / "run") == [0, 1, 2, 3, 4, 6]


def test_restart_within_a_ramp_is_exact(tmp_path):
    course = "boundary.anode_course=[[0, -0.02], [2, -0.1], [3, -0.1]]"
    keys = (course, "time.end=3 s", "output.checkpoint_steps=3", "output.checkpoints_kept=99")
    whole = tmp_path / "whole"
    done = called("run", SMALL, "-o", whole, *set_all(*keys))
    assert done.returncode == 0, done.stderr
    step = max(row["step"] for row in rows(whole) if row["t_s"] < 1.5 and row["step"] % 3 == 0)
    cut = left_at(whole, int(step), tmp_path / "cut")
    assert called("restart", cut).returncode == 0
    assert same_results(whole, cut)


def test_a_jump_of_the_potential_costs_no_rejected_step(tmp_path):
    """Nothing is extrapolated beyond a corner: 5e7 V/s would be, for a nanosecond's ramp."""
    text = SMALL.read_text()
    course = "boundary.anode_course=[[0, -0.05], [1e-6, -0.1], [2, -0.1]]"
    launching.run(loading.parse(text, [course, "time.end=1 s"]), text, tmp_path / "run", quiet=True)
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    constant = [course.replace("-0.05", "-0.1"), "time.end=1 s"]
    launching.run(loading.parse(text, constant), text, tmp_path / "constant", quiet=True)
    steady = json.loads((tmp_path / "constant" / "run.json").read_text())
    assert record["rejected_steps"] <= steady["rejected_steps"] + 2
    ends = [rows(tmp_path / name)[-1]["tip_um"] for name in ("run", "constant")]
    assert ends[0] == pytest.approx(ends[1], rel=1e-4)


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("boundary.phi_anode=-0.1", ["boundary.phi_anode", "-0.1 V", "-0.08 V", "left out"]),
        ("boundary.anode_course=[[2, 0], [1, -0.1]]", ["anode_course.1", "1 s", "2 s", "later"]),
        ("boundary.anode_course=[[2, 0]]", ["boundary.anode_course", "2"]),
        ("boundary.anode_course=[[0, 0], [1, 1 A]]", ["boundary.anode_course.1", "1 A", "V"]),
        ("boundary.anode_course=[[0, 0], [1, 5]]", ["boundary.anode_course.1", "5 V", "overflows"]),
        ("kinetics.overpotential=applied", ["boundary.anode_course", "overpotential: local"]),
    ],
)
def test_what_does_not_fit_together_is_said(override, words):
    with pytest.raises(InputError) as error:
        loading.parse(EMPTY, [override])
    assert all(word in str(error.value) for word in words), error.value
