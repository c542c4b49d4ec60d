"""Regions full of lithium at the start: where their lithium is, and which cannot have any."""

import numpy as np
import pytest
from PIL import Image

from solver.base.errors import InputError
from solver.cell import initial
from solver.check import electrons, report
from solver.check.cell import cell
from solver.check.groups import groups
from solver.check.judging import judgements
from solver.input import loading
from solver.laws import island

RADIUS, LENGTH, PIXEL = 4.0, 0.4, 0.2
CENTRE = np.array([8.0, 10.0])
CELL = """\
title: A pore and its lithium
geometry: {image: {file: pore.png, pixel: 0.2 um, colours: {'0': LPSC, '255': pore}}}
regions: [{name: LPSC}, {name: pore, sigma_ion: 1e-4 S/m}]
electrochemistry: {closure: single_ion, control: current, current: 20 mA/cm**2}
phase_field: {interface_length: 0.4 um, surface_energy: 0.5 J/m**2}
mechanics: {enabled: false}
nuclei: {film: 2 um, count: 0, regions: [pore]}
mesh: {size_max: 0.8 um}
adapt: {enabled: true}
"""


def drawn(path, radius=RADIUS, centre=CENTRE, shape=(90, 80)):
    """A picture of a disk, the lowest row last."""
    y, x = (np.indices(shape) + 0.5) * PIXEL
    inside = np.hypot(x - centre[0], y - centre[1]) < radius
    Image.fromarray((inside * 255).astype(np.uint8)[::-1]).save(path)


@pytest.fixture
def parsed(tmp_path):
    drawn(tmp_path / "pore.png")

    def parse(*overrides):
        return loading.parse(CELL, list(overrides), name=str(tmp_path / "config.yaml"))

    return parse


def test_distances_are_those_of_the_disk_that_is_drawn(parsed):
    x, y = (a.ravel() * 1e-6 for a in np.meshgrid(np.arange(0, 16, 0.11), np.arange(2.5, 18, 0.13)))
    wanted = np.minimum(np.hypot(x - 8e-6, y - 1e-5) - RADIUS * 1e-6, y - 2e-6)
    found = initial.distance_in(parsed(), x, y)
    near = np.abs(wanted) < 2 * LENGTH * 1e-6
    assert near.sum() > 1000
    assert np.abs(found - wanted)[near].max() < 0.5 * PIXEL * 1e-6
    assert abs((found - wanted)[near].mean()) < 0.05 * PIXEL * 1e-6


def test_the_area_of_its_lithium_in_closed_form(parsed):
    """A profile 1/(1 + exp(d/l)) round a disk has pi (R^2 + pi^2 l^2/3): a Fermi integral."""
    h = 0.02
    x, y = (a.ravel() for a in np.meshgrid(np.arange(h / 2, 16, h), np.arange(5, 18, h)))
    distance = initial.distance_in(parsed("nuclei.film=0.8 um"), x * 1e-6, y * 1e-6)
    found = initial.phase_field(distance, LENGTH * 1e-6).sum() * h * h
    assert found == pytest.approx(np.pi * (RADIUS**2 + (np.pi * LENGTH) ** 2 / 3), rel=6e-3)


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        (["nuclei.regions=[pore, pore]"], r"nuclei\.regions: 'pore' is named twice"),
        (["nuclei.regions=[hole]"], r"nuclei\.regions: 'hole' is no region; did you mean 'pore'"),
        (["electrochemistry={closure: printed}"], r"nuclei\.regions: needs electrochemistry\.clos"),
        (["nuclei.film=6 um"], r"nuclei\.regions: 'pore' reaches from 6e-06 to 1\.4e-05 m"),
        (["nuclei.film=6.1 um"], "must lie between the deposit on the anode, up to 6.1e-06 m"),
        (["phase_field.interface_length=3 um"], "a part of 'pore' is nowhere deeper than 3.6"),
        (["solver.scheme=monolithic"], r"nuclei\.regions: needs solver\.scheme: split"),
        (["geometry={voronoi: {grain_size: 5 um}}", "height=18 um"],
         r"nuclei\.regions: needs geometry\.image or geometry\.ebsd"),
        (["nuclei.regions=[LPSC]"], r"'LPSC' reaches from 0 to 1\.8e-05 m"),
    ],
)  # fmt: skip
def test_what_cannot_be_full_of_lithium_is_refused(parsed, overrides, sentence):
    with pytest.raises(InputError, match=sentence):
        parsed(*overrides)


def test_a_tenth_of_a_micrometre_of_electrolyte_is_enough(parsed):
    assert parsed("nuclei.film=5.9 um").nuclei.regions == ("pore",)


def test_a_region_at_the_counter_electrode_is_refused(parsed, tmp_path):
    drawn(tmp_path / "pore.png", centre=(8.0, 13.6))
    with pytest.raises(InputError, match="2 interface lengths from the counter electrode at 1.8e"):
        parsed()


def test_a_front_in_an_insulator_is_remarked_on(parsed):
    """Its current would be less than that of an insulator of its shape."""
    said, alike = (" ".join(judgements(c, groups(c))) for c in (
        parsed(), parsed("regions.1.sigma_ion=0.565")))  # fmt: skip
    assert "whose sigma_ion 0.0001 S/m is not that of the electrolyte round it, 0.565" in said
    assert "nuclei.regions" not in alike
    hole = "regions=[{name: LPSC}, {name: pore, sigma_ion: 1e-4}, {name: hole, sigma_ion: 1e-4}]"
    beside = parsed("geometry.image.colours={'0': LPSC, '255': pore, '128': hole}", hole)
    assert "is not that of the electrolyte round it, 0.565" in " ".join(
        judgements(beside, groups(beside))
    )


def test_colours_that_the_picture_does_not_have_are_named(parsed):
    regions = "regions=[{name: LPSC}, {name: pore, sigma_ion: 1e-4}, {name: hole, sigma_ion: 1e-4}]"
    more = "geometry.image.colours={'0': LPSC, '255': pore, '128': hole, '#00ff00': hole}"
    config = parsed(more, regions)
    (sentence,) = [x for x in judgements(config, groups(config)) if "colours" in x]
    assert "'128', '#00ff00' of " in sentence and "have no pixel" in sentence
    assert not [x for x in judgements(parsed(), groups(parsed())) if "colours" in x]


def test_a_surface_energy_that_is_not_lithiums_is_remarked_on(parsed):
    def said(gamma):
        config = parsed(f"phase_field.surface_energy={gamma}")
        return " ".join(judgements(config, groups(config)))

    assert "surface_energy 4 J/m^2 is 8 times lithium's, 0.5 J/m^2" in said("4")
    assert "come out 2.8 times as wide" in said("4")
    assert "surface_energy" in said("0.09") and "surface_energy" in said("2.01")
    assert "surface_energy" not in said("0.1") and "surface_energy" not in said("2")


def test_check_says_which_pore_is_full(parsed):
    full, empty = (str(report.report(parsed(*x))) for x in ((), ("nuclei.regions=[]",)))
    assert "pore: 17.5" in full and "full of lithium at the start" in full
    assert "full of lithium" not in empty and "lithium goes round it" in empty
    better = str(report.report(parsed("nuclei.regions=[]", "regions.1.sigma_ion=1e-2")))
    assert "lithium goes round it" not in better


def test_a_speck_beside_a_pore_is_too_thin(parsed, tmp_path):
    drawn(tmp_path / "pore.png")
    picture = np.array(Image.open(tmp_path / "pore.png"))
    picture[20:23, 5:8] = 255
    Image.fromarray(picture).save(tmp_path / "pore.png")
    with pytest.raises(InputError, match="a part of 'pore' is nowhere deeper than 82.91 nm"):
        parsed()


def test_lithium_from_side_to_side_is_remarked_on(parsed, tmp_path):
    assert "from side to side" not in " ".join(judgements(parsed(), groups(parsed())))
    y, _ = np.indices((90, 80))
    Image.fromarray(((abs(y - 45) < 8) * 255).astype(np.uint8)).save(tmp_path / "pore.png")
    band = parsed()
    assert "lithium of pore reaches from side to side" in " ".join(judgements(band, groups(band)))


def ellipses(path, *those, shape=(90, 80)):
    """A picture of ellipses: middle, half width and half height of each [um]."""
    y, x = (np.indices(shape) + 0.5) * PIXEL
    inside = [((x - i) / a) ** 2 + ((y - j) / b) ** 2 < 1 for i, j, a, b in those]
    Image.fromarray((np.any(inside, axis=0) * 255).astype(np.uint8)[::-1]).save(path / "pore.png")


@pytest.mark.parametrize(
    ("those", "name"),
    [
        ([(8, 10, 4, 2)], "drift of the lithium of pore"),
        ([(8, 10, 4, 2), (8, 5, 1.3, 1.3)],
         "drift of the lithium of pore, the largest of 2 pieces"),
        ([(0, 10, 4, 2)], "drift of the lithium of pore"),
        ([(16, 10, 4, 2)], "drift of the lithium of pore"),
    ],
)  # fmt: skip
def test_a_pore_drifts_as_the_ellipse_that_it_is(parsed, tmp_path, those, name):
    """4 by 2 um, whole or half beside a mirror: (1 + k) i/(F c_Li (1 + k sigma R/m)), k = 1/2."""
    ellipses(tmp_path, *those)
    config = parsed("phase_field.R_ct=1e-6", "regions.1.sigma_ion=1e-4")
    its = cell(config)
    (line,) = [x for x in electrons.lines(config, its) if "drift" in x.name]
    assert line.name == name and "in the region LPSC" in line.meaning
    charge, m = 96500 * 7.64e4, island.Ellipse(4e-6, 2e-6).mean
    assert 0.849 * 2e-6 < m < 4e-6
    exact = 1.5 * its.current / charge / (1 + 0.5 * 0.565e-6 / m)
    assert line.value == pytest.approx(exact, rel=0.01)
    # A half fills half as much, and less than a third.
    assert ("takes 50% of the width" in line.meaning) is (0 < those[0][0] < 16)


def test_a_high_pore_is_not_alone_though_it_is_narrow(parsed, tmp_path):
    """It draws current as a disk of the radius (b (a + b)/2)^(1/2), 2.6 um, of 16 um."""
    ellipses(tmp_path, (8, 10, 1, 3.2))
    config = parsed()
    (line,) = [x for x in electrons.lines(config, cell(config)) if "drift" in x.name]
    share = 2 * (3.2 * 4.2 / 2) ** 0.5 / 16
    assert share == pytest.approx(0.324, abs=1e-3)
    assert "of the width" not in line.meaning
    ellipses(tmp_path, (8, 10, 1, 4.2))
    config = parsed()
    (line,) = [x for x in electrons.lines(config, cell(config)) if "drift" in x.name]
    assert "a disk that takes 41% of the width" in line.meaning


def test_a_pore_askew_is_told_from_one_along_the_cell(parsed, tmp_path):
    y, x = (np.indices((90, 80)) + 0.5) * PIXEL
    along, across = (x - 8 + y - 10) / 2**0.5, (y - 10 - x + 8) / 2**0.5
    inside = (along / 3) ** 2 + (across / 1) ** 2 < 1
    Image.fromarray((inside * 255).astype(np.uint8)[::-1]).save(tmp_path / "pore.png")
    config = parsed()
    (line,) = [x for x in electrons.lines(config, cell(config)) if "drift" in x.name]
    assert "stands askew" in line.meaning
    ellipses(tmp_path, (8, 10, 3, 1))
    (line,) = [x for x in electrons.lines(parsed(), cell(parsed())) if "drift" in x.name]
    assert "askew" not in line.meaning


def test_a_pore_from_side_to_side_has_no_drift_of_its_own(parsed, tmp_path):
    ellipses(tmp_path, (8, 10, 400, 2))
    config = parsed()
    assert not [x for x in electrons.lines(config, cell(config)) if "drift" in x.name]


@pytest.mark.parametrize(
    ("those", "words"),
    [
        ([(8, 4.8, 2, 1.9)], "begins 1 um above the anode's deposit, less than 3 l = 1.2 um"),
        ([(8, 5.3, 2, 1.9)], ""),
        ([(4, 10, 2, 2), (9, 10, 2, 2)], "is 2 pieces, some less than 3 l = 1.2 um from each"),
        ([(4, 10, 2, 2), (10, 10, 2, 2)], ""),
    ],
)
def test_full_pores_that_are_as_good_as_one_are_remarked_on(parsed, tmp_path, those, words):
    """A film of 2 um; gaps of 1 and 2 um, told to some two pixels of 0.2 um."""
    ellipses(tmp_path, *those)
    config = parsed("regions.1.sigma_ion=0.565")
    said = [x for x in judgements(config, groups(config)) if "the lithium of pore" in x]
    assert [words in sentence for sentence in said] == [True] * bool(words)


@pytest.mark.parametrize(
    ("y", "words"),
    [(10, "overlap: they are one island"), (5.2, "overlap"), (4.4, "may join"), (3.3, "")],
)
def test_an_island_in_or_beside_a_full_pore_is_remarked_on(parsed, y, words):
    """A disk of 0.9 um under one of 4 um about y = 10 um."""
    seed = f"nuclei.islands=[{{x: 8 um, y: {y} um, radius: 0.9 um}}]"
    config = parsed(seed, "nuclei.film=0.5 um")
    said = [x for x in judgements(config, groups(config)) if "nuclei.islands.0 and the" in x]
    assert [words in sentence for sentence in said] == [True] * bool(words)
