"""Maps of crystal orientations as files: what is read is what was written."""

import numpy as np
import pytest

from meshes import ebsd
from meshes.ebsd import NoMap
from solver.base.errors import InputError
from solver.cell import regions
from solver.check import report
from solver.input import geometry_files, loading
from tests.written_map import ang, ctf, hexagonal, square

pytest.importorskip("orix", reason="orix reads these files; only the environment from PyPI has it")

CUBES = {"Garnet": "m-3m"}
TWO = {"Garnet": "m-3m", "Alumina": "6/mmm"}
COLUMNS, ROWS, STEP = 12, 10, 0.5
PARTS = np.array([(30.0, 40.0, 50.0), (30.0, 40.0, 140.0), (40.0, 40.0, 50.0)])
"""Bunge's angles: the second is the first of a cube, the third is turned by 10 degrees."""
MAP = """\
title: A map
geometry: {ebsd: {file: a.ctf, threshold: 9.9 deg, phases: {Garnet: LLZO}}}
regions: [{name: LLZO, sigma_ion: 0.5}]
nuclei: {film: 2 um, radius: 1 um}
"""


def angles():
    return PARTS[np.tile(np.repeat([0, 1, 2], COLUMNS // 3), ROWS)]


@pytest.fixture
def folder(tmp_path):
    at = square(COLUMNS, ROWS, STEP)
    ctf(tmp_path / "a.ctf", at, angles(), 1, CUBES)
    ang(tmp_path / "a.ang", at, angles(), 1, CUBES)
    return tmp_path


def parsed(folder, *overrides):
    return loading.parse(MAP, list(overrides), name=str(folder / "config.yaml"))


@pytest.mark.parametrize("name", ["a.ctf", "a.ang"])
def test_grains_of_a_file(folder, name):
    """A quarter turn about the cube's z is no boundary; 10 degrees about the sample's are."""
    config = parsed(folder, f"geometry.ebsd.file={folder / name}")
    assert (config.width, config.cell_height) == pytest.approx((6e-6, 5e-6))
    picture = geometry_files.labelled(config)
    assert picture.regions == ("LLZO", "LLZO")
    assert (picture.label == np.repeat([0, 1], [8, 4])).all()
    assert regions.grain_counts(config) == {"LLZO": 2}
    assert regions.boundary_density(config) == pytest.approx(0.25 * np.pi * 5 / 30 * 1e6)
    wider = parsed(folder, f"geometry.ebsd={{file: {folder / name}, threshold: 10.1, "
                           "phases: {Garnet: LLZO}}")  # fmt: skip
    assert geometry_files.labelled(wider).regions == ("LLZO",)


@pytest.mark.parametrize("write", [ctf, ang])
def test_phases_and_points_that_are_not_indexed(folder, write):
    at = square(COLUMNS, ROWS, STEP)
    phase = np.where(at[:, 1] < 2.4, 2, 1)
    phase[(at[:, 0] > 1.9) & (at[:, 0] < 3.9) & (at[:, 1] > 2.9) & (at[:, 1] < 3.9)] = 0
    path = write(folder / f"b.{write.__name__}", at, PARTS[0], phase, TWO)
    part = f"geometry.ebsd={{file: {path}, not_indexed: pore}}"
    named = "regions=[{name: Garnet}, {name: Alumina}, {name: pore, sigma_ion: 1e-6}]"
    config = parsed(folder, part, named)
    assert regions.shares(config) == pytest.approx(
        {"Alumina": 0.5, "Garnet": 0.5 - 8 / 120, "pore": 8 / 120}
    )
    # The first row is uppermost: garnet at the anode.
    corners = np.array([[0.1e-6, 0.1e-6], [0.1e-6, 4.9e-6], [2.6e-6, 1.6e-6]])
    assert regions.region_at(config, corners).tolist() == [0, 1, 2]
    filled = parsed(folder, f"geometry.ebsd={{file: {path}}}", named.replace(", {name: pore, sig"
                    "ma_ion: 1e-6}", ""))  # fmt: skip
    assert regions.shares(filled) == pytest.approx({"Alumina": 0.5, "Garnet": 0.5})


def test_a_hexagonal_grid(folder):
    at = hexagonal(12, 11, 0.5)
    right = np.where((at[:, 0] > 2.9)[:, None], PARTS[2], PARTS[0])
    path = ang(folder / "hex.ang", at, right, 1, CUBES)
    config = parsed(folder, f"geometry.ebsd.file={path}")
    assert config.width == pytest.approx(6e-6)
    assert config.cell_height == pytest.approx(11 * 0.5e-6 * np.sqrt(0.75), rel=0.03)
    assert regions.grain_counts(config) == {"LLZO": 2}
    assert regions.boundary_density(config) == pytest.approx(1 / 6e-6, rel=0.25)


@pytest.mark.parametrize(("wrong", "remarked"), [(11, False), (13, True)])
def test_check_remarks_on_a_map_of_which_more_than_a_tenth_is_noise(folder, wrong, remarked):
    at = square(COLUMNS, ROWS, STEP)
    euler = np.broadcast_to(PARTS[0], (len(at), 3)).copy()
    apart = [column + COLUMNS * row for row in range(0, ROWS, 2) for column in range(0, COLUMNS, 4)]
    euler[apart[:wrong]] = PARTS[2]
    ctf(folder / "noise.ctf", at, euler, 1, CUBES)
    config = parsed(folder, f"geometry.ebsd.file={folder / 'noise.ctf'}")
    said = str(report.report(config))
    assert f"map: {wrong / 120:.3g} of its points are not indexed or in grains of fewer" in said
    assert (f"geometry.ebsd: {wrong / 120:.0%} of the points are not indexed" in said) == remarked
    assert regions.grain_counts(config) == {"LLZO": 1}


def test_names_of_phases_are_those_of_the_file(folder):
    """orix calls them by their formula otherwise, which a file may give as 'none'."""
    assert ebsd.read(folder / "a.ang").phases == ("Garnet",)


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("geometry.ebsd.file=b.ctf", r"geometry\.ebsd\.file: .*b\.ctf does not exist"),
        ("geometry.ebsd.phases={Garnet: LLZO, x: LLZO}", "'x' is no phase of the file; it has: Ga"),
        ("geometry.ebsd.phases={Garnett: LLZO}",
         r"^[^\n]*'Garnett' is no phase of the file; it has: Garnet\.$"),
        ("regions.0.name=C", r"the phase 'Garnet' is in a region 'LLZO', which regions does not"),
        ("geometry.ebsd.threshold=0", r"geometry\.ebsd\.threshold: 0 must be greater than 0 deg"),
        ("geometry.ebsd.threshold=5 um", r"geometry\.ebsd\.threshold: '5 um'"),
        ("geometry.ebsd.smallest=81", r"has no grain of 81 points or more; the largest has 80"),
        ("geometry.ebsd.smallest=0", r"geometry\.ebsd\.smallest: 0 must be greater than or equal"),
        ("geometry.ebsd.not_indexed=pore", "area of points that are not indexed is in a region"),
        ("regions=[{name: LLZO}, {name: C}]", r"nothing of geometry\.ebsd is in the region 'C'"),
        ("width=7 um", r"width: 7 um is not that of .*a\.ctf, 6 um; leave it out"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(folder, override, sentence):
    with pytest.raises(InputError, match=sentence):
        parsed(folder, override)


def test_an_angle_in_radians_is_one_and_one_without_a_unit_is_remarked_on(folder):
    """10 degrees are 0.1745 rad; a bare 0.087 is 0.087 degrees."""
    same, wider = (parsed(folder, f"geometry.ebsd.threshold={x} rad") for x in (0.1727, 0.1763))
    assert same.geometry.ebsd.threshold == pytest.approx(9.895, rel=1e-4)
    assert geometry_files.labelled(same).regions == ("LLZO", "LLZO")
    assert geometry_files.labelled(wider).regions == ("LLZO",)

    def said(value):
        return str(report.report(parsed(folder, f"geometry.ebsd.threshold={value}")))

    assert "if 0.087 is meant in rad, write '0.087 rad'." in " ".join(said(0.087).split())
    assert "ebsd.threshold is" not in said("0.5 deg") + said("0.087 rad")


def test_files_that_are_no_maps(folder):
    def refused(name, sentence):
        with pytest.raises(NoMap, match=sentence):
            ebsd.read(folder / name)

    at = square(COLUMNS, ROWS, STEP)
    (folder / "text.ctf").write_text("Channel Text File\nno map\n")
    refused("text.ctf", "is no map that orix can read")
    (folder / "text.ang").write_text("no map\n")
    refused("text.ang", "is no map that orix can read")
    refused("a.osc", r"its name must end in \.ang \(EDAX\) or \.ctf \(Oxford\)")
    ctf(folder / "short.ctf", at, PARTS[0], 1, CUBES, columns=10)
    refused("short.ctf", "is no map that orix can read")
    ctf(folder / "empty.ctf", at, PARTS[0], 0, CUBES)
    refused("empty.ctf", "has no point that is indexed")
    ctf(folder / "line.ctf", at[:COLUMNS], PARTS[0], 1, CUBES)
    refused("line.ctf", "has one row of points only")
    decimals = (folder / "a.ctf").read_text().replace("0.5\t", "0,5\t")
    (folder / "comma.ctf").write_text(decimals)
    refused("comma.ctf", "is no map that orix can read")
