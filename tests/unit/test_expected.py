# SPDX-License-Identifier: MIT
"""Nodes of meshes that follow the front: counted beforehand, against meshes that were made."""

from __future__ import annotations

from math import log, pi, sqrt
from pathlib import Path

import pytest
from mpi4py import MPI

from solver.cell import expected
from solver.cell.geometry import cell_geometry
from solver.cell.notches import ROUND
from solver.check import cost
from solver.check.groups import groups
from solver.input import loading
from solver.input.resolution import BEHIND, SLOWEST, TOUCH, resolution
from solver.run.remesher import Remesher

ROOT = Path(__file__).parents[2]
SHIPPED = ("dead_lithium", "island", "polymer", "cell", "cycling", "quickstart", "ccd/llzo",
           "notch_plating")  # fmt: skip
CELL = """\
title: t
width: 20 um
layers: [{name: a, thickness: 40 um}]
phase_field: {interface_length: 0.4 um}
nuclei: {film: 10 um, count: 0}
mesh: {size_max: 0.9 um}
adapt: {enabled: true}
time: {end: 1e6 s, stop_tip: 30 um}
"""


def estimate(config) -> cost.Cost:
    return cost.cost(config, groups(config))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_first_mesh_has_the_nodes_that_check_says(name):
    config = loading.load(ROOT / "configs" / f"{name}.yaml")
    made = Remesher(config, MPI.COMM_SELF).domain.nodes
    assert estimate(config).nodes_start == pytest.approx(made, rel=0.12)


@pytest.mark.parametrize(
    ("config", "overrides", "mean", "end"),
    [
        ("configs/quickstart", (), 24445, 33855),
        ("configs/chen2025/model1", ("0.44 um", "quantitative"), 22468, 36511),
        ("configs/chen2025/model1", ("0.22 um", "quantitative"), 53022, 92141),
        ("configs/chen2025/model3", ("0.22 um", "quantitative"), 60884, 99812),
        ("benchmarks/speed/narrow", ("0.44 um", "printed"), 4623, 7146),
        ("benchmarks/speed/narrow", ("0.11 um", "printed"), 23352, 40403),
    ],
)
def test_a_run_with_fingers_has_the_nodes_that_check_says(config, overrides, mean, end):
    """By runs to their stop_tip; run.json says nodes_mean and nodes."""
    keys = ("phase_field.interface_length", "kinetics.interface")
    sets = [f"{key}={value}" for key, value in zip(keys, overrides, strict=False)]
    found = estimate(loading.load(ROOT / f"{config}.yaml", sets))
    assert found.nodes == pytest.approx(mean, rel=0.3)
    assert found.nodes_end == pytest.approx(end, rel=0.3)
    assert found.memory == pytest.approx(9e3 * found.nodes_end)


def band(r, level: int) -> float:
    """Width of what is refined beyond a level along a flat front that moves as fast as any."""
    ring = (TOUCH + 1 / sqrt(3)) * r.edge(level)
    return (BEHIND + r.ahead + r.margin) * r.length + 2 * ring


def density(edge: float) -> float:
    return 2 / sqrt(3) / edge**2


def test_bands_of_a_flat_front_are_counted_in_equilateral_triangles():
    config = loading.parse(CELL)
    r = resolution(config)
    assert (r.levels, r.ahead) == (2, pytest.approx(log(7.64e4 / 100)))
    areas = [20e-6 * band(r, level) for level in range(2)]
    more = [density(r.edge(n + 1)) - density(r.edge(n)) for n in range(2)]
    nodes = areas[0] * more[0] + areas[1] * more[1]
    assert expected.along_the_front(config) == pytest.approx(nodes, rel=1e-9)
    found = estimate(config)
    base = cell_geometry(config).expected_nodes()
    assert found.nodes_start == found.nodes == found.nodes_end == pytest.approx(base + nodes)


def test_an_island_has_bands_all_round():
    """Inside too, up to BEHIND interface lengths."""
    r, radius = resolution(loading.parse(CELL)), 6e-6
    island = "nuclei.islands=[{x: 10 um, y: 24 um, radius: 6 um}]"
    cell = ("electrochemistry.closure=single_ion", "electrochemistry.control=rest",
            "mechanics.enabled=false")  # fmt: skip
    apart = ("width=40 um", "layers.0.thickness=60 um", "nuclei.film=4 um",
             island.replace("10 um", "20 um").replace("24 um", "34 um"))  # fmt: skip
    more = 0.0
    for level in range(r.levels):
        outer = radius + (r.ahead + r.margin) * r.length + band(r, level) / 2 - 0.5 * (
            BEHIND + r.ahead + r.margin
        ) * r.length  # fmt: skip
        inner = max(0.0, outer - band(r, level))
        more += pi * (outer**2 - inner**2) * (density(r.edge(level + 1)) - density(r.edge(level)))
    with_it = expected.along_the_front(loading.parse(CELL, [*cell, *apart]))
    without = expected.along_the_front(loading.parse(CELL, [*cell, *apart[:-1]]))
    assert with_it - without == pytest.approx(more, rel=0.01)


CRACKED = ("layers.0.K_IC=1 MPa*m^0.5", "layers.0.thickness=50 um", "mechanics.feedback=false")


def test_a_notch_has_bands_all_round():
    """Of so many damage lengths about the line."""
    notch = "fracture={length: 0.6 um, elements: 6, notches: [{x: 10 um, y: 22 um, length: 6 um}]}"
    config = loading.parse(CELL, [*CRACKED, notch, "nuclei.film=0", "nuclei.count=0"])
    r, more = resolution(config), 0.0
    for level in range(r.crack_levels):
        beside = ROUND * 0.6e-6 + (TOUCH + 1 / sqrt(3)) * r.edge(level)
        area = 2 * beside * 6e-6 + pi * beside**2
        more += area * (density(r.edge(level + 1)) - density(r.edge(level)))
    assert r.crack_levels > r.levels
    assert expected.along_the_front(config) == pytest.approx(more, rel=0.01)


def test_a_notch_at_a_front_that_is_as_fine_adds_nothing():
    given = [*CRACKED, "nuclei.film=5 um", "nuclei.count=0"]
    notch = "fracture={length: 0.6 um, elements: 1, notches: [{x: 9 um, y: 6 um, length: 1 um}]}"
    config = loading.parse(CELL, [*given, notch])
    r = resolution(config)
    assert 0 < r.crack_levels <= r.levels
    assert 5e-6 - BEHIND * r.length < 6e-6 - ROUND * 0.6e-6
    assert 5e-6 + (r.ahead + r.margin) * r.length > 7e-6 + ROUND * 0.6e-6
    without = expected.along_the_front(loading.parse(CELL, given))
    assert expected.along_the_front(config) == pytest.approx(without, rel=1e-9)


def test_no_deposit_has_no_front():
    assert expected.along_the_front(loading.parse(CELL, ["nuclei.film=0"])) == 0.0


@pytest.mark.parametrize(("wavelength", "fingers"), [(4e-6, 5), (30e-6, 1)])
def test_fingers_are_of_all_lengths_and_share_the_room_between_them(wavelength, fingers):
    r = resolution(loading.parse(CELL))
    rings = sum(
        2 * (TOUCH + 1 / sqrt(3)) * r.edge(n) * (1 - 1 / 4) * 4.0 ** (n + 1 - r.levels)
        for n in range(r.levels)
    )
    free = (BEHIND + r.ahead + SLOWEST * r.margin) * r.length + rings
    room = 20e-6 / (2 * fingers)
    flanks = (fingers + 1) * 20e-6
    found = expected.of_fingers(loading.parse(CELL), 20e-6, wavelength)
    assert found == pytest.approx(flanks * density(r.size) / sqrt(1 / free**2 + 1 / room**2))


def test_fingers_grow_from_disks_that_are_fed_by_ions_alone():
    def grows(*overrides: str) -> bool:
        found = estimate(loading.parse(CELL, list(overrides)))
        assert found.nodes == pytest.approx((found.nodes_start + found.nodes_end) / 2)
        return found.nodes_end > found.nodes_start

    disks = ("nuclei.count=2", "nuclei.radius=1.5 um")
    assert not grows()
    assert grows(*disks)
    assert not grows(*disks, "reading=electron_limited")
    cell = ("electrochemistry.closure=single_ion", "electrochemistry.control=current",
            "electrochemistry.current=100 mA/cm**2", "mechanics.enabled=false")  # fmt: skip
    assert not grows(*disks, *cell)
    text = cost.text(estimate(loading.parse(CELL, [*disks, *cell])))
    assert "nodes while the front stays flat" in text


def test_a_crack_that_runs_through_adds_its_band_and_its_steps():
    """8 um, 40 l_d; a run had 9,559 nodes when it had got there, and 10 steps on the way."""
    path = ROOT / "configs" / "notch_plating.yaml"
    runs, rests = (loading.load(path, [f"protocol.steps.0.to={x} mA/cm2"]) for x in (24, 21))
    more, less = estimate(runs), estimate(rests)
    assert more.nodes_end == pytest.approx(9559, rel=0.2)
    assert less.nodes_end == less.nodes_start == more.nodes_start
    spans = [estimate(loading.load(path, [f"protocol.steps.0.to={x} mA/cm2", "fracture=null"]))
             for x in (24, 21)]  # fmt: skip
    assert more.steps - spans[0].steps == pytest.approx(10) and less.steps == spans[1].steps
    assert more.seconds > 2 * less.seconds
    still = loading.load(path, ["adapt.enabled=false", "mesh.size_min=0.1 um"])
    assert estimate(still).nodes_end == estimate(still).nodes_start
