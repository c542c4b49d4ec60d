"""Configs of cells of regions: what is taken, and one sentence for every mistake."""

import numpy as np
import pytest
from PIL import Image

from solver.base.errors import InputError
from solver.cell import regions
from solver.cell.geometry import cell_geometry
from solver.input import loading
from solver.input.comparison import differences
from solver.sweep import refining
from tests.written_mesh import grid, halves, write

GRAINS = """\
title: Grains
width: 20 um
height: 20 um
geometry: {voronoi: {grain_size: 5 um}}
regions: [{name: A}, {name: B, sigma_ion: 0.1}]
nuclei: {film: 2 um, radius: 1 um}
"""
MESH = """\
title: A mesh
geometry: {msh: {file: a.msh, unit: 1 um}}
regions: [{name: lower}, {name: upper, sigma_ion: 0.1}]
nuclei: {film: 2 um, radius: 1 um}
"""
PICTURE = """\
title: A picture
geometry: {image: {file: a.png, pixel: 1 um, colours: {'0': A, '#ff0000': B}}}
regions: [{name: A}, {name: B, sigma_ion: 0.1}]
nuclei: {film: 2 um, radius: 1 um}
"""


@pytest.fixture
def folder(tmp_path):
    points, triangles = grid(4, 8, 10.0, 20.0)
    write(tmp_path / "a.msh", points, triangles, halves(points, triangles))
    pixels = np.zeros((20, 10, 3), np.uint8)
    pixels[:5, :4] = [255, 0, 0]
    Image.fromarray(pixels).save(tmp_path / "a.png")
    Image.fromarray(pixels).save(tmp_path / "a.tiff")
    Image.fromarray(np.zeros((20, 10), np.uint16)).save(tmp_path / "deep.tiff")
    other = Image.fromarray(pixels[::-1])
    Image.fromarray(pixels).save(tmp_path / "stack.tiff", save_all=True, append_images=[other])
    return tmp_path


def parsed(folder, text, *overrides):
    return loading.parse(text, list(overrides), name=str(folder / "config.yaml"))


def test_a_file_says_how_large_the_cell_is(folder):
    for text in (MESH, PICTURE):
        config = parsed(folder, text)
        assert (config.width, config.cell_height) == (1e-5, 2e-5)
    assert parsed(folder, MESH, "geometry.msh.unit=2 um").cell_height == 4e-5
    assert parsed(folder, PICTURE, f"geometry.image.file={folder / 'a.tiff'}").width == 1e-5


def test_grey_levels_need_no_quotes(folder):
    grey = np.zeros((20, 10), np.uint8)
    grey[:5, :4] = 255
    Image.fromarray(grey).save(folder / "grey.png")
    where = f"geometry.image={{file: {folder / 'grey.png'}, pixel: 1 um, "
    config = parsed(folder, PICTURE, f"{where}colours: {{0: A, 255: B}}}}")
    assert regions.shares(config) == pytest.approx({"A": 0.9, "B": 0.1})
    assert config.geometry.image.colours == {"0": "A", "255": "B"}


def test_areas_of_regions(folder):
    assert regions.shares(parsed(folder, MESH)) == pytest.approx({"lower": 0.5, "upper": 0.5})
    assert regions.shares(parsed(folder, PICTURE)) == pytest.approx({"A": 0.9, "B": 0.1})
    found = regions.shares(parsed(folder, GRAINS))
    assert sum(found.values()) == pytest.approx(1.0) and 0.3 < found["A"] < 0.7
    config = parsed(folder, GRAINS, "geometry.voronoi.shares={A: 1, B: 0}")
    assert regions.grain_counts(config) == {"A": 20, "B": 0}


def test_the_lowest_row_of_a_picture_is_at_the_anode(folder):
    config = parsed(folder, PICTURE)
    corners = np.array([[0, 0], [0, 2e-5], [3.9e-6, 1.51e-5], [4.1e-6, 1.51e-5], [1e-5, 2e-5]])
    assert regions.region_at(config, corners).tolist() == [0, 1, 1, 0, 0]


def test_a_page_of_a_stack_of_pictures(folder):
    corner = np.array([[0.1e-6, 0.1e-6]])
    for page, region in ((1, 0), (2, 1)):
        where = f"geometry.image={{file: {folder / 'stack.tiff'}, page: {page}, pixel: 1 um, "
        config = parsed(folder, PICTURE, f"{where}colours: {{'0': A, '#ff0000': B}}}}")
        assert regions.region_at(config, corner).tolist() == [region]


def test_a_mesh_of_too_many_nodes_says_what_makes_the_cell_large(folder):
    config = parsed(folder, PICTURE, "geometry.image.pixel=20 mm")
    with pytest.raises(InputError, match=r"nodes in the 200 mm x 400 mm that geometry\.image says"):
        cell_geometry(config)


def test_a_mesh_of_ones_own_is_refined_by_adapt_alone(folder):
    with pytest.raises(InputError, match="is not refined here; use adapt.enabled: true"):
        refining.DENDRITE.checks(parsed(folder, MESH))
    adaptive = parsed(folder, MESH, "adapt={enabled: true}", "mesh.size_max=3.914 um")
    mesh, _ = refining.DENDRITE.checks(adaptive)
    assert set(mesh.changes) == {"adapt.elements", "adapt.tolerance"}


def test_grains_of_given_sizes(folder):
    config = parsed(folder, GRAINS, "geometry.voronoi={grain_size: 3 um, spread: 0}",
                    "regions=[{name: A}]")  # fmt: skip
    assert regions.shares(config) == pytest.approx({"A": 1.0})
    ends = regions.boundaries(config)
    assert np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum() == pytest.approx(
        regions.boundary_density(config) * 400e-12
    )


def test_lengths_of_boundaries(folder):
    assert regions.boundary_density(parsed(folder, MESH)) == pytest.approx(10e-6 / 200e-12)
    steps = (5 + 4) * 1e-6 * np.pi / 4
    assert regions.boundary_density(parsed(folder, PICTURE)) == pytest.approx(steps / 200e-12)
    # With half of the rim, sqrt(2 sqrt(3)/A) = 1.861/sqrt(A) for hexagons of the area A, the least.
    many = parsed(folder, GRAINS, "geometry.voronoi={grain_size: 2 um, lloyd: 30}")
    mean = np.pi * 1e-12
    found = regions.boundary_density(many) + 0.5 * 80e-6 / 400e-12
    assert 1.861 < found * mean**0.5 < 1.04 * 1.861


def test_a_resolved_config_is_the_same_again(folder):
    for text in (GRAINS, MESH, PICTURE):
        config = parsed(folder, text)
        again = loading.parse(config.to_yaml())
        assert not differences(config.model_dump(mode="json"), again.model_dump(mode="json"))


def test_regions_take_materials_and_temperatures(folder):
    config = parsed(folder, GRAINS, "regions.1={name: B, material: LATP}")
    assert config.regions[1].E == 115e9 and config.regions[0].E == 22.1e9
    with pytest.raises(InputError, match=r"regions\.1\.material: 'x' is no known material"):
        parsed(folder, GRAINS, "regions.1={name: B, material: x}")


BAND = "grain_boundaries={width: 1 um, R_gb: 1e-5}"


@pytest.mark.parametrize(
    ("text", "override", "sentence"),
    [
        (GRAINS, "layers=[{name: L, thickness: 1 um}]", "layers: leave them out: with geometry"),
        (GRAINS, "regions=[]", "regions: with geometry this key is required"),
        (GRAINS, "geometry=null", "layers: this key is required"),
        (GRAINS, "height=null", "height: geometry.voronoi needs the height of the cell"),
        (GRAINS, "regions.1.name=A", "regions: names must differ, but 'A'"),
        (GRAINS, "regions.1.name=boundaries", "regions: 'boundaries' is the name of a part"),
        (GRAINS, "regions.1.thickness=1 um", "unknown key 'thickness' in regions.1"),
        (GRAINS, "regions.1.sigma_ion=-1", "regions.1.sigma_ion: -1 must be greater than 0 S/m"),
        (GRAINS, "geometry.voronoi.grain_size=0", "geometry.voronoi.grain_size: 0 must be"),
        (GRAINS, "geometry.voronoi.grain_size=10 nm", r"grain_size: .* makes 5\.1e\+06 grains"),
        (GRAINS, "mesh={size_min: 6 um, size_max: 7 um}", r"than geometry\.voronoi\.grain_size, "),
        (GRAINS, "geometry.voronoi.spread=2", r"geometry\.voronoi\.spread: 2 must be less than"),
        (GRAINS, "geometry.voronoi.spread=-0.1", r"geometry\.voronoi\.spread: -0\.1 must be gre"),
        (GRAINS, "geometry.voronoi.aspect=20", r"geometry\.voronoi\.aspect: 20 must be less than"),
        (GRAINS, "geometry.voronoi.shares={A: 0.5, C: 0.5}", "the share is in a region 'C', which"),
        (GRAINS, "geometry.voronoi.shares={A: 0.5, B: 0.2}", r"shares: add up to 0\.7; must be 1"),
        (GRAINS, "geometry.msh={file: a, unit: 1 um}", "geometry: is a section; it must have exac"),
        (GRAINS, "skeleton={width: 1 um, start: 5 um, end: 8 um}", "skeleton: does not work with"),
        (GRAINS, "grain_boundaries={width: 1 mm}", r"grain_boundaries\.width: 0\.001 m|1 mm must"),
        (GRAINS, "grain_boundaries={width: 1 um, sigma_el: 1}", "sigma_el: needs electrochem"),
        (GRAINS, "grain_boundaries={width: 1 um, R_gb: 1e-5, sigma_ion: 1}",
         r"grain_boundaries\.sigma_ion: does not go together with R_gb"),
        (GRAINS, "grain_boundaries={width: 1 um, thickness: 0.6 um, sigma_ion: 1}",
         r"grain_boundaries\.thickness: 600 nm is more than half of the band's width, 1 um"),
        (MESH, "geometry.msh.file=b.msh", r"geometry\.msh\.file: .*b\.msh does not exist"),
        (MESH, "width=11 um", r"width: 11 um is not that of .*a\.msh, 10 um; leave it out"),
        (MESH, "geometry.msh.unit=1 m", r"unit: the cell would have a width of 10 m; at most 1 m"),
        (MESH, "regions.1.name=C", r"surface 'upper' is in a region 'upper', which regions does "
                                   r"not have; .*, or say which with geometry\.msh\.regions"),
        (MESH, "regions=[{name: lower}, {name: upper}, {name: C}]",
         r"nothing of geometry\.msh is in the region 'C'"),
        (MESH, "geometry.msh.regions={x: lower}", "'x' is no physical surface of the file; "),
        (MESH, "geometry.msh.regions={lowr: lower, upper: C}",
         r"^[^\n]*'lowr' is no physical surface of the file; it has: lower, upper\.$"),
        (MESH, "regions=[{name: lower}, {name: uper}]",
         r"^[^\n]*'upper' is in a region 'upper', which regions does not have; did you[^\n]*$"),
        (MESH, "geometry.msh.boundaries=[x]", "'x' is no physical curve of the file; it has none"),
        (MESH, "geometry.msh.sides={x: anode}", "has no physical curve 'x'; its curves: none"),
        (MESH, "adapt={enabled: true}", r"mesh\.size_max: 1 um promises a base of triangles of "
                                        r"977\.6 nm, .* up to 3\.536 um; set it to 3\.914 um,"),
        (PICTURE, "geometry.image.colours={'0': A}", r"has 20 pixels of colours without a region: "
                                                     r"#ff0000; list them"),
        (PICTURE, "geometry.image.colours={'0': A, red: B}", "'red' must be '#rrggbb' or a grey"),
        (PICTURE, "geometry.image.colours={'0': A, '#ff0000': B, '#000000': B}",
         "'0' and '#000000' are one colour, in the regions 'A' and 'B'"),
        (PICTURE, "geometry.image.file=a.msh", "is no picture that can be read"),
        (PICTURE, "geometry.image.file=b.png", r"geometry\.image\.file: .*b\.png does not exist"),
        (PICTURE, "geometry.image.file=deep.tiff", "has grey levels of more than 8 bits; save it"),
        (PICTURE, "geometry.image.file=stack.tiff", "has 2 pictures; say which with page: 1 to 2"),
        (PICTURE, "geometry.image.page=2", "has 1 pictures, so there is no page 2"),
        (PICTURE, "geometry.image.smoothing=9", r"geometry\.image\.smoothing: 9 must be less than"),
        (PICTURE, "geometry.image.pixel=1 m", r"pixel: the cell would have a width of 10 m; at"),
        (PICTURE, "geometry.ebsd={file: a.ctf}", "geometry: is a section; it must have exactly o"),
        (PICTURE, "regions.1.name=C", r"colour '#ff0000' is in a region 'B', which"),
        (PICTURE, "reading=electron_limited", None),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_a_sentence(folder, text, override, sentence):
    if sentence is None:
        with pytest.raises(InputError, match=r"grain_boundaries\.R_gb: needs potential\.sigma"):
            parsed(folder, text, override, BAND)
        return
    with pytest.raises(InputError, match=sentence) as raised:
        parsed(folder, text, override)
    assert "\n" not in str(raised.value) or "region" in str(raised.value)


def test_regions_without_geometry_are_not_taken():
    layers = "title: x\nlayers: [{name: A, thickness: 50 um}]\n"
    with pytest.raises(InputError, match="regions: need the section geometry"):
        loading.parse(layers, ["regions=[{name: A}]"])
