# SPDX-License-Identifier: MIT
"""Runs with a pore that is full of lithium: it is an island, and fed by electrons as one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.system.running import called, rows, set_all

pytestmark = pytest.mark.usefixtures("no_figure")

RADIUS, LENGTH, PIXEL = 1.6, 0.3, 0.1
CELL = """\
title: A pore and its lithium
geometry: {image: {file: pore.png, pixel: 0.1 um, colours: {'0': LPSC, '255': pore}}}
regions: [{name: LPSC, sigma_el: 1e-3}, {name: pore, sigma_el: 1e-3}]
electrochemistry: {closure: single_ion, control: current, current: 20 mA/cm**2}
phase_field: {interface_length: 0.3 um, surface_energy: 0.5, delta: 0}
mechanics: {enabled: false}
nuclei: {film: 1.5 um, count: 0, regions: [pore]}
mesh: {size_max: 0.3 um, size_min: 0.3 um}
time: {end: 20 s}
output: {snapshots: 1}
"""
ALIKE = "regions=[{name: LPSC}, {name: pore}]"
VOID = "regions=[{name: LPSC}, {name: pore, sigma_ion: 1e-4}]"
AS_DISK = "nuclei={film: 1.5 um, count: 0, islands: [{x: 3 um, y: 6.5 um, radius: 1.6 um}]}"


def drawn(folder: Path) -> Path:
    """The cell and its picture, in a folder."""
    y, x = (np.indices((115, 60)) + 0.5) * PIXEL
    inside = np.hypot(x - 3, y - 6.5) < RADIUS
    Image.fromarray((inside * 255).astype(np.uint8)[::-1]).save(folder / "pore.png")
    (folder / "cell.yaml").write_text(CELL)
    return folder / "cell.yaml"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """What comes of the cell with other values, by its rows."""
    folder = tmp_path_factory.mktemp("seeded")
    config = drawn(folder)

    def go(name, *overrides):
        done = called("run", config, "-o", folder / name, *set_all(*overrides))
        assert done.returncode == 0, done.stderr
        return rows(folder / name)

    return go


@pytest.fixture(scope="module")
def full(run):
    return run("full")


def test_its_lithium_is_an_island_of_its_area(full):
    """pi (R^2 + pi^2 l^2/3): of the profile of its edge, on triangles of l."""
    assert {row["islands"] for row in full} == {1.0}
    wanted = np.pi * (RADIUS**2 + (np.pi * LENGTH) ** 2 / 3)
    assert full[0]["islands_um2"] == pytest.approx(wanted, rel=0.02)


def test_a_pore_behaves_as_the_disk_that_it_is(full, run):
    """On the same triangles, in an electrolyte alike inside: drift and leakage are the disk's."""
    disk = run("disk", AS_DISK)
    assert disk[-1]["islands_um2"] > disk[0]["islands_um2"] + 1e-4
    gained = [x[-1]["islands_um2"] - x[0]["islands_um2"] for x in (full, disk)]
    assert gained[0] == pytest.approx(gained[1], rel=0.02)
    for key in ("tip_um", "cell_voltage_V", "leak_A_per_m2", "islands_um2"):
        assert full[-1][key] == pytest.approx(disk[-1][key], rel=0.01), key


def test_what_ions_bring_is_what_deposit_gains(full):
    """F c_Li times the area is the charge of the current without the leak, anode and pore alike."""
    t = np.array([row["t_s"] for row in full])
    ions = np.array([row["cell_current_A_per_m2"] - row["leak_A_per_m2"] for row in full])
    charge = 0.5 * float((np.diff(t) * (ions[1:] + ions[:-1])).sum())
    gained = (full[-1]["area_um2"] - full[0]["area_um2"]) * 1e-12 * 96500 * 7.64e4 / 6e-6
    assert gained == pytest.approx(charge, rel=2e-3)
    for row in full[1:]:
        into, out = (row[f"{side}_current_A_per_m2"] for side in ("anode", "cell"))
        assert into == pytest.approx(out, rel=1e-8)


def test_without_electrons_a_full_pore_keeps_its_area(run):
    filled = run("filled", ALIKE, "time.end=4 s")
    assert filled[-1]["islands_um2"] == pytest.approx(filled[0]["islands_um2"], rel=1e-3)


def test_a_disk_whose_front_resists_as_much_as_its_radius_is_not_seen(run):
    """Its dipole is (sigma R_ct - a)/(sigma R_ct + a) of an insulator's, here 0 (Maxwell)."""
    given = ("time.end=0.1 s", f"phase_field.R_ct={RADIUS * 1e-6 / 0.565}")
    empty = run("empty", *given, "nuclei.regions=[]", VOID)
    filled, plain = (run(f"dipole{x}", *given, ALIKE, *x) for x in ((), ("nuclei.regions=[]",)))
    assert {row["islands"] for row in empty} == {0.0}
    voltages = [x[0]["cell_voltage_V"] for x in (filled, plain, empty)]
    insulator = voltages[2] - voltages[1]
    assert insulator > 1e-3
    assert voltages[0] - voltages[1] == pytest.approx(0, abs=0.1 * insulator)


def test_a_front_in_a_void_resists_more_than_an_insulator(run):
    """What `check` remarks on: half of the front lies in the region."""
    early = ("time.end=0.1 s",)
    void, empty = (run(f"void{x}", *early, VOID, *x) for x in ((), ("nuclei.regions=[]",)))
    plain = run("none", *early, ALIKE, "nuclei.regions=[]")
    first = [x[0]["cell_voltage_V"] for x in (void, empty, plain)]
    assert (first[0] - first[2]) / (first[1] - first[2]) == pytest.approx(1.31, abs=0.02)
