"""What `check` says of regions and boundaries: what they conduct, and what does nothing."""

import numpy as np
import pytest

from solver.cell import effective, regions
from solver.cell.band import Network
from solver.check import electrons, equivalent, report
from solver.check.cell import cell
from solver.check.groups import groups
from solver.check.judging import judgements
from solver.input import loading
from solver.laws import grain_boundary, island, mixtures
from tests.written_mesh import grid, halves, write

MESH = """\
title: Two halves
geometry: {msh: {file: a.msh, unit: 1 um}}
regions: [{name: lower}, {name: upper, sigma_ion: 0.1, D: 3e-12}]
nuclei: {film: 2.5 um, radius: 1 um}
"""
GRAINS = """\
title: Grains
width: 20 um
height: 20 um
geometry: {voronoi: {grain_size: 5 um}}
regions: [{name: A}, {name: B, sigma_ion: 0.1}]
nuclei: {film: 0 um, count: 0}
"""
CELL = """\
title: Grains that leak
width: 20 um
height: 20 um
geometry: {voronoi: {grain_size: 8 um}}
regions: [{name: A, sigma_el: 1e-6}]
grain_boundaries: {width: 1 um, R_gb: 0.1 ohm*cm**2}
electrochemistry: {closure: single_ion, control: current, current: 10}
phase_field: {interface_length: 0.25 um}
nuclei: {film: 2 um, count: 0}
mesh: {size_max: 0.25 um}
adapt: {enabled: true}
"""
FILM = "grain_boundaries={{width: 1 um, sigma_ion: {}}}"
LAYERS = """\
title: Layers
layers: [{name: A, thickness: 50 um}]
grain_boundaries: {width: 2 um, R_gb: 0.1 ohm*cm**2}
"""


@pytest.fixture(autouse=True)
def coarse(monkeypatch):
    """Grids of a few thousand nodes."""
    monkeypatch.setattr(effective, "LEAST", 40)
    monkeypatch.setattr(effective, "MOST", 80)


@pytest.fixture
def mesh(tmp_path):
    """Halves of 10 um, in rows of 2.5 um."""
    points, triangles = grid(4, 8, 10.0, 20.0)
    write(tmp_path / "a.msh", points, triangles, halves(points, triangles))

    def parsed(*overrides):
        return loading.parse(MESH, list(overrides), name=str(tmp_path / "config.yaml"))

    return parsed


def of(text, *overrides):
    return loading.parse(text, list(overrides))


def said(config) -> str:
    return " ".join(judgements(config, groups(config)))


def series(*parts) -> float:
    """Mean conductivity of thicknesses [um] and conductivities one above the other."""
    return sum(x for x, _ in parts) / sum(x / s for x, s in parts)


def test_one_layer_stands_for_what_is_above_the_film(mesh):
    (layer,) = equivalent.stack(mesh())
    assert layer.sigma_ion == pytest.approx(series((7.5, 0.565), (10, 0.1)), rel=1e-5)
    assert pytest.approx(series((7.5, 1e-11), (10, 3e-12)), rel=1e-5) == layer.D
    assert layer.thickness == pytest.approx(20e-6)
    whole = effective.of_regions(mesh("nuclei.film=0"))
    assert whole == pytest.approx(series((10, 0.565), (10, 0.1)), rel=1e-9)


@pytest.mark.parametrize("film", [1.0, 3.3, 6.25])
def test_a_film_may_end_within_a_row_of_triangles(mesh, film):
    """Series of what is above it: rows are 2.5 um, and half of one were 7 % of the cell."""
    found = effective.of_regions(mesh(f"nuclei.film={film} um"))
    assert found == pytest.approx(series((10 - film, 0.565), (10, 0.1)), rel=1e-4)


@pytest.mark.parametrize("film", [0.6, 2.9])
def test_a_film_may_end_within_a_row_of_the_grid(film):
    """Four grains of one kind whose boundaries do nothing: rows are half a um."""
    config = of(GRAINS, "regions=[{name: A}, {name: B, sigma_ion: 0.5650001}]",
                f"nuclei.film={film} um")  # fmt: skip
    assert effective.of_regions(config) == pytest.approx(0.565, rel=1e-5)


def test_boundaries_resist_in_it(mesh):
    band = "grain_boundaries={width: 4 um, R_gb: 1 ohm*cm**2}", "nuclei.film=0"
    excess = 1 / effective.of_regions(mesh(*band)) - 1 / effective.of_regions(mesh(band[1]))
    # 1.6 triangles across its band: they resist too little by an eighth.
    assert 0.8 < excess * 20e-6 / 1e-4 < 0.95


def test_a_large_mesh_is_looked_at_on_a_grid(mesh, monkeypatch):
    monkeypatch.setattr(effective, "LARGEST", 10)
    (layer,) = equivalent.stack(mesh())
    assert layer.sigma_ion == pytest.approx(series((7.5, 0.565), (10, 0.1)), rel=1e-2)


def test_a_film_that_no_grid_resolves_resists_all_the_same():
    """Boundaries of 50 nm in 20 um, taken wider, add up to as much as bands that are resolved."""
    given = "regions=[{name: A}]", "grain_boundaries={width: 50 nm, R_gb: 0.05 ohm*cm**2}"
    wide = effective.of_regions(of(GRAINS, *given, "grain_boundaries.width=1 um"))
    assert effective.of_regions(of(GRAINS, *given)) == pytest.approx(wide, rel=0.05)
    assert effective.of_regions(of(GRAINS, given[0])) == pytest.approx(0.565, rel=1e-12)


def test_electrons_along_boundaries():
    """About half of the boundaries' length goes along any direction; 0 where nothing conducts."""
    config = of(CELL, "regions.0.sigma_el=0", "grain_boundaries.sigma_el=1e-3")
    half = 0.5 * regions.boundary_density(config) * 5e-9 * 1e-3
    assert effective.of_regions(config, "sigma_el") == pytest.approx(half, rel=0.15)
    none = of(CELL, "regions.0.sigma_el=0")
    assert effective.of_regions(none, "sigma_el") == 0.0


def test_voltage_and_resistance_are_those_of_the_computed_conductivity():
    config = of(CELL, "electrochemistry.current=100")
    computed = effective.of_regions(config)
    its = cell(config)
    assert its.ohmic == pytest.approx(18e-6 / computed, rel=1e-12)
    assert computed < 0.9 * 0.565
    assert f"conduct like {computed:.4g} S/m" in str(report.report(config))


def test_no_polycrystal_conducts_beyond_the_bounds():
    """Hashin and Shtrikman, for 20 arrangements of two kinds of grains."""
    for seed in range(20):
        config = of(GRAINS, f"geometry.voronoi={{grain_size: 2 um, seed: {seed}}}")
        found = list(regions.shares(config).values())
        low, high = mixtures.hashin_shtrikman(found, (0.565, 0.1))
        assert low < effective.of_regions(config) < high


@pytest.mark.parametrize(
    ("text", "overrides", "sentence"),
    [
        (CELL, ["geometry.voronoi.grain_size=25 um"], "do nothing: the cell has no boundary"),
        (LAYERS, [], "grain_boundaries do nothing: the cell has one layer."),
        (CELL, ["grain_boundaries.R_gb=0"], "change nothing: give R_gb, or sigma_ion or sigma_el"),
        (CELL, ["grain_boundaries.R_gb=0.3"], "if 0.3 is meant in ohm*cm^2, write '0.3 ohm*cm^2'"),
        (CELL, ["grain_boundaries.R_gb=3000 ohm*cm**2"], "0.3 ohm*m^2 (3000 ohm*cm^2); expected"),
        (CELL, ["grain_boundaries.R_gb=0.3"], "0 ohm*m^2 to 0.01 ohm*m^2 (0 to 100 ohm*cm^2), the"),
        (CELL, ["grain_boundaries.sigma_el=1"], "is 1 S/m (0.01 S/cm); expected are 0 S/m"),
        (CELL, [FILM.format("3 S/cm")], "sigma_ion is 300 S/m (3 S/cm); known are 1e-06 S/m to"),
        (CELL, [FILM.format("1e-9 S/cm")], "sigma_ion is 1e-07 S/m (1e-09 S/cm); known are 1e-06"),
    ],
)
def test_boundaries_that_are_none_or_absurd_are_remarked_on(text, overrides, sentence):
    assert sentence in said(of(text, *overrides))


def test_no_interface_is_advised_that_is_thinner_than_atoms():
    """A fifth of the way that resists as the front does, 0.5 nm beside boundaries of 0.3 ohm m2."""
    absurd = said(of(CELL, "grain_boundaries.R_gb=0.3"))
    assert "no interface is as thin as that, 0.5" in absurd and "interface_length" not in absurd
    assert "phase_field.interface_length <= 1" in said(of(CELL, "grain_boundaries.R_gb=0.01"))


def test_a_film_that_conducts_no_better_than_the_grains_does_nothing():
    """5 nm of 1e-7 S/m would resist 0.05 ohm m^2."""
    idle = "grain_boundaries.sigma_ion 1e-07 S/m changes nothing"
    found = said(of(CELL, FILM.format("1e-9 S/cm")))
    assert idle in found and "thickness/sigma_ion = 0.05 ohm*m^2 (500 ohm*cm^2)" in found
    assert "0.565 S/m changes nothing" in said(of(CELL, FILM.format(0.565)))
    assert "changes nothing" not in said(of(CELL, FILM.format(0.566)))


@pytest.mark.parametrize("override", ["regions.0.sigma_el=0", "grain_boundaries.sigma_el=1e-3"])
def test_boundaries_that_do_something_are_not(override):
    assert "grain_boundaries" not in said(of(CELL, override))


def test_the_remark_on_a_leak_names_what_leaks_most():
    grains = of(CELL, "regions=[{name: A, sigma_el: 1e-5}, {name: B, sigma_el: 1e-2}]")
    assert "use a smaller regions.1.sigma_el" in said(grains)
    film = of(CELL, "grain_boundaries.sigma_el=100 S/m")
    assert "use a smaller grain_boundaries.sigma_el" in said(film)
    few = of(CELL, "regions.0.sigma_el=1e-2", "grain_boundaries.sigma_el=2e-2")
    assert "use a smaller regions.0.sigma_el" in said(few)


def test_an_island_is_fed_by_the_region_it_lies_in(mesh):
    two = "regions=[{name: lower, sigma_el: 1e-6}, {name: upper, sigma_el: 1e-7}]"
    cells = "electrochemistry={closure: single_ion, control: current, current: 1 mA/cm**2}"
    for y, name, sigma in ((6, "lower", 1e-6), (14, "upper", 1e-7)):
        seed = f"nuclei={{film: 2.5 um, count: 0, islands: [{{x: 5 um, y: {y} um, radius: 1 um}}]}}"
        config = mesh(two, cells, seed, "phase_field.interface_length=0.4 um")
        drift, grown = electrons.lines(config, cell(config))[1:]
        assert f"in the region {name}" in drift.meaning and f"region {name}" in grown.meaning
        its, part = cell(config), (y - 2.5) / 17.5
        drive = its.front + part * its.current * its.ohmic - part * its.voltage
        rate = island.growth(sigma * drive, 1e-6, island.reach(20e-6, y * 1e-6), 96500 * 7.64e4)
        assert grown.value == pytest.approx(rate, rel=1e-9)


def test_an_island_on_a_boundary_is_fed_along_it():
    given = ["regions.0.sigma_el=0", "grain_boundaries.sigma_el=1e-3",
             "phase_field.interface_length=0.1 um"]  # fmt: skip
    at = regions.boundaries(of(CELL))[:, 0]
    x, y = at[np.argmin(np.hypot(*(at - 10e-6).T))]
    seed = "nuclei={{film: 2 um, count: 0, islands: [{{x: {}, y: {}, radius: 3e-7}}]}}"
    config = of(CELL, *given, seed.format(x, y))
    assert "along the boundaries that it touches" in str(electrons.lines(config, cell(config)))
    random = np.random.default_rng(0).uniform(4e-6, 16e-6, (200, 2))
    everywhere = Network(regions.boundaries(of(CELL)), 20e-6).distance(random)
    x, y = random[np.argmax(everywhere)]
    inside = of(CELL, *given, seed.format(x, y))
    assert "growth of island" not in str(electrons.lines(inside, cell(inside)))


def test_a_band_adds_its_resistance_to_any_grain():
    sigma = grain_boundary.blocked(np.array([0.5, 0.1]), 1e-4, np.array([1e6, 1e6]))
    assert 1 / sigma - 1 / np.array([0.5, 0.1]) == pytest.approx([100.0, 100.0])
