"""Which runs a study of convergence asks for; nothing is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.base.errors import InputError
from solver.cell.triangles import size_at_front
from solver.input import loading
from solver.sweep import ladder
from solver.verbs.cli import main

BASE = """\
title: t
layers: [{name: a, thickness: 20 um}]
width: 10 um
phase_field: {interface_length: 0.4 um}
mesh: {size_min: 0.2 um, fine_height: 5 um, growth: 0.3}
"""
IONS = """\
title: t
physics: transport
species: [{name: Li, charge: 1}, {name: X, charge: -1}]
layers: [{name: a, thickness: 4 um, c0: {Li: 1000, X: 1000}, D: {Li: 1e-11, X: 1e-11}}]
boundary: {anode: {phi: 0 V}, counter: {flux: {Li: 0.001}}}
mesh: {size_min: 0.1 um, size_max: 0.4 um, growth: 1.44}
"""


def planned(text=BASE, overrides=(), levels=3, ratio=2.0):
    return ladder.plan(Path("base.yaml"), text, overrides, Path("runs"), levels, ratio)


def test_a_level_has_every_length_of_the_discretisation_divided():
    found = planned(ratio=1.5)
    assert [run.folder.name for run in found.ladder] == ["level0", "level1", "level2"]
    assert found.ladder[0].config == loading.parse(BASE) == found.config
    for level, run in enumerate(found.ladder):
        c, factor = run.config, 1.5**level
        assert c.phase_field.interface_length == pytest.approx(0.4e-6 / factor)
        for height in (0.0, 5e-6, 8e-6, 20e-6):
            coarse = size_at_front(found.config, height)
            assert size_at_front(c, height) == pytest.approx(coarse / factor)
        assert c.time == found.config.time


def test_a_check_differs_from_the_coarsest_level_in_one_thing():
    mesh, step = planned().sweep.runs[3:]
    base = planned().config
    assert mesh.config == base.with_(
        {"mesh.size_min": 0.1e-6, "mesh.size_max": 0.5e-6, "mesh.growth": 0.15}
    )
    # The estimate is of second order: a quarter of it takes steps of half the size.
    assert step.config == base.with_({"time.tolerance": 0.04})


def test_an_adaptive_mesh_keeps_its_elements_per_length():
    found = planned(overrides=["adapt.enabled=true", "adapt.elements=3"])
    fine = found.ladder[2].config
    assert fine.phase_field.interface_length == pytest.approx(0.1e-6)
    assert (fine.adapt, fine.mesh) == (found.config.adapt, found.config.mesh)
    mesh = found.sweep.runs[3].config
    assert (mesh.adapt.elements, mesh.adapt.tolerance) == (6, found.config.adapt.tolerance / 4)
    assert mesh.phase_field == found.config.phase_field


def test_the_printed_interface_is_the_coarsest_level_where_none_is_asked_for():
    found = planned(BASE.replace("interface_length: 0.4 um", "delta: 0.1"), levels=2)
    length = found.ladder[1].config.phase_field.interface_length
    assert length == pytest.approx((7e-10 / 3e6) ** 0.5 / 2)


def test_overrides_make_the_same_config():
    for run in planned(overrides=["layers.0.D=2e-11"]).sweep.runs:
        assert loading.parse(BASE, list(run.overrides)) == run.config
        assert run.config.layers[0].D == 2e-11


def test_the_expected_orders_are_those_of_the_methods():
    def orders(*overrides):
        found = planned(overrides=overrides)
        return [check.order for check in found.study.checks(found.config)]

    assert orders() == [2, 2]
    assert orders("time.scheme=backward_euler") == [2, 1]
    assert orders("solver.degree=2", "solver.scheme=monolithic") == [3, 2]


def test_rows_of_ion_transport_are_split_and_a_steady_state_has_no_step():
    found = planned(IONS)
    assert len(found.sweep.runs) == 3
    fine = found.ladder[1].config.mesh
    # Two neighbouring rows of a level are one of the level before it: growth to the power of 1/2.
    assert (fine.size_min, fine.size_max) == pytest.approx((0.05e-6, 0.2e-6))
    assert fine.growth == pytest.approx(1.2)
    assert found.study.order(found.config) == 3
    step = planned(IONS, ["time.mode=transient"]).sweep.runs[-1]
    assert step.folder.name == "time_step"
    assert step.config.time.tolerance == pytest.approx(0.25e-4)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"levels": 1}, "levels 1: must be from 2 to 6"),
        ({"levels": 7}, "levels 7"),
        ({"ratio": 1.1}, "ratio 1.1: must be from 1.2 to 4"),
        ({"ratio": 5.0}, "ratio 5"),
        ({"levels": 6, "ratio": 4.0}, r"base.yaml \(level[345]\): .*nodes"),
        ({"overrides": ["width=-1"]}, "width"),
    ],
)
def test_bad_input(options, words):
    with pytest.raises(InputError, match=words):
        planned(**options)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--levels", "two"], "'two' must be a whole number of at least 1"),
        (["--ratio", "nan"], "'nan' must be a number above 0"),
        (["--levels", "1"], "levels 1: must be from 2 to 6."),
        (["--set", "mesh.size=1"], "unknown key 'size' in mesh"),
    ],
)
def test_bad_arguments_end_with_one_sentence(tmp_path, capsys, words, sentence):
    base = tmp_path / "base.yaml"
    base.write_text(BASE)
    assert main(["converge", str(base), "-o", str(tmp_path / "runs"), *words]) == 2
    error = capsys.readouterr().err
    assert sentence in error and len(error.splitlines()) == 1
    assert not (tmp_path / "runs").exists()


def test_a_missing_config_is_named(tmp_path, capsys):
    assert main(["converge", str(tmp_path / "none.yaml")]) == 2
    assert "no such config file" in capsys.readouterr().err
