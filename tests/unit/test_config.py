# SPDX-License-Identifier: MIT
"""The loader: defaults, overrides, rescaling, the resolved file, messages of several mistakes."""

import pytest

from solver.base.errors import InputError
from solver.cell.geometry import cell_geometry
from solver.input.loading import load, parse, resolved_yaml
from solver.laws.scaling import interface

BASE = """
title: a cell
layers:
  - {name: LPSC, thickness: 30 um}
  - {name: LATP, thickness: 20 um, D: 2e-7 cm^2/s}
"""


def test_defaults_are_those_of_table_s1():
    layer = parse(BASE).layers[0]
    assert (layer.D, layer.c0, layer.sigma_Li) == (1e-11, 1000.0, 3.73e-7)


def test_quantities_are_si():
    config = parse(BASE)
    assert config.cell_height == pytest.approx(50e-6)
    assert config.layers[1].D == 2e-11


def test_overrides_reach_sections_lists_and_absent_sections():
    overrides = ["layers.0.D=3e-7 cm^2/s", "time.end=10 min", "nuclei.positions=[1 um, 2 um]"]
    config = parse(BASE, overrides)
    assert config.layers[0].D == 3e-11
    assert config.time.end == 600.0
    assert config.nuclei.positions == (1e-6, 2e-6)


def test_later_override_wins():
    assert parse(BASE, ["time.end=1", "time.end=2"]).time.end == 2.0


def test_resolved_file_gives_the_same_config():
    config = parse(BASE + "time: {stop_tip: 40 um}\nphase_field: {interface_length: 0.4 um}")
    assert parse(resolved_yaml(config)) == config


def test_reading_is_a_preset_that_explicit_values_override():
    text = BASE + "reading: electron_limited\npotential: {charge_scale: 1e-4}"
    potential = parse(text).potential
    assert (potential.source, potential.carrier, potential.sigma) == ("h", "electrons", "printed")
    assert potential.charge_scale == 1e-4
    assert "charge_scale: 0.0001" in resolved_yaml(parse(text))
    assert parse(resolved_yaml(parse(text))) == parse(text)
    assert parse(BASE).potential.sigma == "ionic"
    assert parse(BASE).conductivities == [(1e3, 0.565)] * 2
    assert parse(text).conductivities == [(3.73e-7, 5e-12)] * 2


def test_load_reads_a_file(tmp_path):
    path = tmp_path / "cell.yaml"
    path.write_text(BASE, encoding="utf-8")
    assert load(path, ["title=other"]).title == "other"


def test_rescaling_keeps_what_the_sharp_interface_sees():
    as_given = interface(parse(BASE).phase_field)
    wide = interface(parse(BASE, ["phase_field.interface_length=0.4 um"]).phase_field)
    assert wide.length == pytest.approx(0.4e-6)
    assert wide.surface_energy == pytest.approx(as_given.surface_energy)
    curvature = as_given.L_sigma * as_given.kappa_0
    assert wide.L_sigma * wide.kappa_0 == pytest.approx(curvature)
    assert wide.L_eta * wide.length == pytest.approx(as_given.L_eta * as_given.length)


def test_every_mistake_gets_one_line_and_no_follow_up():
    text = "title: t\nwidht: 1\nlayers: [{name: a, thickness: 5 kg}]\ntime: {end: 0}"
    with pytest.raises(InputError) as caught:
        parse(text, name="cell.yaml")
    lines = str(caught.value).splitlines()
    assert sorted(line.split()[1] for line in lines) == [
        "layers.0.thickness:",
        "time.end:",
        "unknown",
    ]
    assert all(line.startswith("cell.yaml: ") for line in lines)


def test_value_is_shown_as_written():
    with pytest.raises(InputError, match=r"D: '-1e-7 cm\^2/s' must be greater than 0 m\^2/s\."):
        parse(BASE, ["layers.0.D=-1e-7 cm^2/s"])


def test_mistake_in_an_override_names_the_override():
    with pytest.raises(InputError, match=r"^--set time.ned=3: unknown key 'ned' in time; .*'end'"):
        parse(BASE, ["time.ned=3"])


def test_node_estimate_is_the_area_over_that_of_a_node():
    # Equilateral triangles of side s: one node per s^2 sqrt(3)/2.
    config = parse(BASE, ["mesh.size_min=1 um", "mesh.size_max=1 um"])
    assert cell_geometry(config).expected_nodes() == pytest.approx(2500 * 2 / 3**0.5)


def test_node_estimate_of_a_graded_mesh_is_the_integral_over_the_height():
    config = parse(BASE, ["mesh.size_min=0.3 um", "mesh.fine_height=7 um", "mesh.growth=0.05"])
    cell, rows = cell_geometry(config), 200_000
    step = 50 / rows
    density = sum(2 / 3**0.5 / cell.size((i + 0.5) * step) ** 2 for i in range(rows)) * step
    assert cell.expected_nodes() == pytest.approx(50 * density, rel=1e-6)


def test_absurdly_fine_mesh_is_refused_with_its_node_count():
    with pytest.raises(InputError, match=r"mesh.size_min: 1e-09 m .* about 2.3e\+09 nodes"):
        cell_geometry(parse(BASE, ["mesh.size_min=1 nm", "mesh.fine_height=40 um"]))
