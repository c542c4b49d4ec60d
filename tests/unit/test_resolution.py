"""How fine an adaptive mesh is to be, from the config alone."""

from math import log, sqrt

import pytest

from solver.base.errors import InputError
from solver.cell.geometry import cell_geometry
from solver.cell.triangles import size_at_front
from solver.check import report
from solver.input import loading
from solver.input.resolution import resolution

CONFIG = """\
title: adaptive
layers: [{name: A, thickness: 50 um}]
phase_field: {interface_length: 0.44 um}
mesh: {size_max: 1 um}
adapt: {enabled: true}
"""


def parsed(*overrides: str):
    return loading.parse(CONFIG, list(overrides))


def test_the_base_is_as_coarse_as_allowed_for_whole_halvings():
    r = resolution(parsed())
    assert r.size == pytest.approx(0.22e-6)
    assert r.levels == 2 and r.edge(0) == pytest.approx(0.88e-6)
    assert resolution(parsed("mesh.size_max=0.88 um")).levels == 2
    assert resolution(parsed("mesh.size_max=0.87 um")).levels == 1


def test_the_printed_interface_takes_seven_halvings():
    """l = sqrt(7e-10/(2*15e5)) = 15.28 nm: at l/h = 3 from 652 nm."""
    r = resolution(parsed("phase_field.interface_length=null", "adapt.elements=3"))
    assert r.length == pytest.approx(sqrt(7e-10 / 3e6))
    assert r.levels == 7 and r.edge(0) == pytest.approx(128 * r.length / 3)


def test_the_tail_ahead_is_resolved_until_its_lithium_is_a_tenth_of_c0():
    r = resolution(parsed())
    assert r.ahead == pytest.approx(log(7.64e4 / 100))
    assert 7.64e4 / (1 + 2.718281828459045**r.ahead) == pytest.approx(100, rel=2e-3)


def test_without_adapt_there_are_no_levels_and_mesh_rules():
    config = parsed("adapt.enabled=false", "mesh.size_min=0.5 um", "mesh.growth=0.1")
    assert resolution(config).levels == 0
    assert size_at_front(config, 2e-6) == pytest.approx(0.7e-6)
    assert size_at_front(parsed("mesh.size_min=0.5 um"), 2e-6) == pytest.approx(0.22e-6)


def test_the_base_is_uniform_whatever_mesh_says_of_grading():
    cell = cell_geometry(parsed("mesh.size_min=0.1 um", "mesh.fine_height=40 um"))
    assert cell.size(0) == cell.size(50) == pytest.approx(0.88)


def test_more_nodes_than_a_machine_holds_are_refused():
    with pytest.raises(InputError, match=r"^adapt\.elements: 100 makes a mesh of about"):
        cell_geometry(parsed("adapt.elements=100", "phase_field.interface_length=null"))


def test_check_tells_of_the_levels():
    text = str(report.report(parsed("time.stop_tip=41 um")))
    assert "2 refinements of 880 nm" in text


def test_a_coarse_front_is_judged():
    text = str(report.report(parsed("adapt.elements=1")))
    assert "interface not resolved: adapt.elements 1 should be at least 2" in text
