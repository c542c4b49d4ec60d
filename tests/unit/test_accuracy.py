"""Errors that are to be expected of a config, and the values proposed for an accuracy."""

from __future__ import annotations

import shlex

import pytest

import solver
from solver.base.errors import InputError
from solver.check import accuracy, cost
from solver.check.groups import groups
from solver.input import loading
from solver.verbs.cli import main
from tests.unit.test_ladder import IONS

FINGERS = """\
title: t
layers: [{name: a, thickness: 50 um}]
phase_field: {interface_length: 0.11 um}
mesh: {size_min: 55 nm, fine_height: 41 um}
time: {end: 1600 s, stop_tip: 41 um}
"""
ACCURACIES = (0.005, 0.03, 0.12, 0.2)


def expected(config):
    return accuracy.errors(config, groups(config))


def proposed(config, text, wanted):
    """The config with the values that are proposed."""
    line = next(x for x in accuracy.lines(config, wanted) if x.startswith("for "))
    words = shlex.split(line.partition(": ")[2])
    assert words[::2] == ["--set"] * (len(words) // 2)
    return loading.parse(text, words[1::2])


def test_errors_are_those_measured_at_the_sizes_measured():
    found = expected(loading.parse(FINGERS))
    assert found.interface == pytest.approx(0.09)
    assert found.mesh == pytest.approx(0.015)
    assert found.step == pytest.approx(0.035)
    assert found.sum == pytest.approx(found.interface + found.mesh + found.step)


def test_errors_fall_with_their_orders():
    base = expected(loading.parse(FINGERS))
    halved = ("phase_field.interface_length=0.055 um", "mesh.size_min=13.75 nm",
              "time.tolerance=0.04")  # fmt: skip
    finer = expected(loading.parse(FINGERS, list(halved)))
    assert base.interface / finer.interface == pytest.approx(2**0.97)
    assert base.mesh / finer.mesh == pytest.approx(4)
    # A quarter of the tolerance halves the step.
    assert base.step / finer.step == pytest.approx(4)
    euler = [expected(loading.parse(FINGERS, ["time.scheme=backward_euler", f"time.tolerance={x}"]))
             for x in (0.16, 0.04)]  # fmt: skip
    assert euler[0].step / euler[1].step == pytest.approx(2)


@pytest.mark.parametrize("wanted", ACCURACIES)
def test_the_values_proposed_are_as_accurate_as_wanted_and_hardly_more(wanted):
    changed = proposed(loading.parse(FINGERS), FINGERS, wanted)
    assert 0.85 * wanted < expected(changed).sum <= wanted * (1 + 1e-9)


@pytest.mark.parametrize("wanted", ACCURACIES[1:])
def test_no_other_share_of_the_errors_is_cheaper(wanted):
    """Without the steps of the start and the mesh away from the front, which obey no power."""
    changed = proposed(loading.parse(FINGERS), FINGERS, wanted)
    assert changed.adapt.enabled

    def price(length, elements, tolerance):
        return length**-2 * elements**2 * tolerance**-0.5

    best = price(
        changed.phase_field.interface_length, changed.adapt.elements, changed.time.tolerance
    )
    its = expected(changed)
    law, mesh, step = accuracy.law(changed), accuracy.MESH, accuracy.STEP["sdirk2"]
    for a, b in ((1.3, 1.0), (0.7, 1.0), (1.0, 1.4), (1.0, 0.6)):
        parts = (a * its.interface, b * its.mesh, its.sum - a * its.interface - b * its.mesh)
        if parts[2] <= 0 or mesh.size_for(parts[1]) > 0.5:  # fewer elements are not offered
            continue
        other = price(
            law.size_for(parts[0]), 1 / mesh.size_for(parts[1]), step.size_for(parts[2]) ** 2
        )
        assert other > 0.97 * best  # the values are rounded to two digits


def test_finer_steps_cost_more():
    base, fine = (loading.parse(FINGERS, [f"time.tolerance={x}"]) for x in (0.16, 0.04))
    steps = [cost.cost(c, groups(c)).steps - cost.STARTING_STEPS for c in (base, fine)]
    assert steps[1] == pytest.approx(2 * steps[0])


def test_the_report_has_it_on_demand():
    config = loading.parse(FINGERS)
    assert solver.report(config).accuracy is None
    report = solver.report(config, accuracy=0.03)
    assert report.accuracy == accuracy.lines(config, 0.03)
    assert "as it is: 14 % (interface 9 %, mesh 1.5 %, time step 3.5 %) of the way" in str(report)
    assert "for 3 %: --set phase_field.interface_length=" in report._repr_html_().replace(
        "&#x27;", "'"
    )


def test_widths_that_no_law_counts_are_named():
    def last(*overrides):
        return accuracy.lines(loading.parse(FINGERS, list(overrides)), 0.03)[-1]

    named = "left as given, with errors that are not counted: grain_boundaries.width"
    assert last("grain_boundaries={width: 2 um, R_gb: 1e-5}") == named
    assert "not counted" not in last()


@pytest.mark.parametrize("text", ["3%", "3 %", "0.03", "3.0%"])
def test_a_share_is_read(tmp_path, capsys, text):
    path = tmp_path / "config.yaml"
    path.write_text(FINGERS)
    assert main(["check", str(path), "--accuracy", text]) == 0
    assert "for 3 %: --set" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0.1%", "accuracy 0.1 %: must be from 0.5 % to 20 %."),
        ("30%", "accuracy 30 %: must be from 0.5 % to 20 %."),
        ("3", "'3' must be a share above 0 and below 1, such as 3%"),
        ("three", "'three' must be a share"),
        ("3%%", "'3%%' must be a share"),
        ("nan", "'nan' must be a share"),
    ],
)
def test_other_shares_are_refused(tmp_path, capsys, text, sentence):
    path = tmp_path / "config.yaml"
    path.write_text(FINGERS)
    assert main(["check", str(path), "--accuracy", text]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err and len(captured.err.splitlines()) == 1
    assert not captured.out


def test_ion_transport_has_no_error_law():
    config = solver.load(IONS)
    with pytest.raises(InputError, match="no errors of ion transport .* converge"):
        solver.report(config, accuracy=0.03)
