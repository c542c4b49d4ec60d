"""Runs in cells of regions: like those of layers, on any mesh and after any remesh."""

from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI
from PIL import Image

from benchmarks.grains import fast_boundary
from solver.base import compat
from solver.cell import domain, network
from solver.equations.model import Model
from solver.input import loading
from solver.laws import grain_boundary
from solver.output import light, snapshots
from solver.run.remesher import Remesher
from tests.system.running import HERE, called, left_at, rows, same_results, without_figure

GRAINS = HERE / "grains.yaml"
LAYERS = """\
title: two layers
width: 4 um
layers:
  - {name: lower, thickness: 2 um}
  - {name: upper, thickness: 2 um, sigma_ion: 0.2, D: 2e-11, E: 60 GPa, nu: 0.3}
phase_field: {interface_length: 0.4 um}
nuclei: {film: 1 um, count: 1, radius: 0.8 um}
mesh: {size_min: 0.4 um, size_max: 0.4 um}
time: {end: 0.2 s}
solver: {pass_tolerance: 1e-9, max_passes: 100}
output: {snapshots: 1}
"""
FIRM = "solver: {pass_tolerance: 1e-9, max_passes: 100}\n"
GROWTH = """\
mechanics: {enabled: false}
electrochemistry: {closure: single_ion, control: current, current: 100}
"""
AS_PICTURE = """\
title: the same as a picture
geometry: {image: {file: a.png, pixel: 0.1 um, colours: {'0': lower, '255': upper}}}
regions:
  - {name: lower}
  - {name: upper, sigma_ion: 0.2, D: 2e-11, E: 60 GPa, nu: 0.3}
"""
AS_MESH = """\
title: the same as a mesh of one's own
geometry: {msh: {file: cell.msh, unit: 1 um}}
regions:
  - {name: lower}
  - {name: upper, sigma_ion: 0.2, D: 2e-11, E: 60 GPa, nu: 0.3}
"""


@pytest.mark.parametrize(
    "closure", ["{closure: printed}", "{closure: single_ion, control: current, current: 100}"]
)
def test_a_stack_runs_alike_as_layers_and_as_a_mesh(tmp_path, closure):
    layers = tmp_path / "layers.yaml"
    layers.write_text(f"{LAYERS}electrochemistry: {closure}\n")
    shared = layers.read_text().partition("phase_field")
    (tmp_path / "mesh.yaml").write_text("".join([AS_MESH, *shared[1:]]))
    assert called("mesh", layers, "-o", tmp_path / "cell.msh").returncode == 0
    for name in ("layers", "mesh"):
        done = called("run", tmp_path / f"{name}.yaml", "-o", tmp_path / name)
        assert done.returncode == 0, done.stderr
    one, other = rows(tmp_path / "layers"), rows(tmp_path / "mesh")
    assert len(one) > 5
    for a, b in zip(one, other, strict=True):
        for key in ("tip_um", "area_um2", "phi_min_V", "deposition_A_per_m2"):
            assert b[key] == pytest.approx(a[key], rel=1e-10, abs=1e-12), key


def test_a_stack_runs_alike_as_layers_and_as_a_picture(tmp_path):
    """On other triangles: nodes have moved to the interface, 2 um up, that no row of them is at."""
    pixels = np.zeros((40, 40), np.uint8)
    pixels[:20] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    way = f"{LAYERS}{GROWTH}".replace("end: 0.2 s", "end: 60 s").replace(FIRM, "")
    (tmp_path / "layers.yaml").write_text(way)
    shared = way.partition("phase_field")
    (tmp_path / "picture.yaml").write_text("".join([AS_PICTURE, *shared[1:]]))
    for name in ("layers", "picture"):
        done = called("run", tmp_path / f"{name}.yaml", "-o", tmp_path / name)
        assert done.returncode == 0, done.stderr
    one, other = rows(tmp_path / "layers"), rows(tmp_path / "picture")
    assert one[-1]["tip_um"] > one[0]["tip_um"] + 0.5  # from the lower layer into the upper one
    for key, share in {"tip_um": 0.005, "area_um2": 0.005, "phi_min_V": 0.01}.items():
        assert other[-1][key] == pytest.approx(one[-1][key], rel=share), key


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grains") / "whole"
    done = called("run", GRAINS, "-o", folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "log.txt").read_text().count("nodes become") >= 1
    return folder


def test_grains_run_and_restart_to_the_last_bit(grown, tmp_path):
    folder = left_at(grown, 5, tmp_path / "again")
    assert called("restart", folder).returncode == 0
    assert same_results(grown, folder)


def test_all_current_plates(grown):
    """The deposit grows by i t/(F c_Li) whatever stands in its way."""
    first, last = rows(grown)[0], rows(grown)[-1]
    grown_um2 = last["area_um2"] - first["area_um2"]
    assert grown_um2 == pytest.approx(100 * 60 / (96500 * 7.64e4) * 1e6 * 8, rel=1e-6)


def test_the_field_layer_counts_grains(grown):
    last = snapshots.load(grown, -1)
    assert set(last.fields[light.LAYER]) == set(range(1, 10))


def test_a_band_is_found_anew_on_every_mesh(tmp_path):
    """Its density adds up to the length of the boundary, on the base and where it is refined."""
    config = loading.load(GRAINS, ["geometry.voronoi.seed=4"])
    width = config.grain_boundaries.width
    found = []
    for mesh in (domain.build(config, MPI.COMM_WORLD), Remesher(config, MPI.COMM_WORLD).domain):
        g = network.density(mesh, width)
        corners = mesh.mesh.geometry.x[compat.geometry_dofmap(mesh.mesh)][:, :, :2]
        (ux, uy), (vx, vy) = (corners[:, i].T - corners[:, 0].T for i in (1, 2))
        found.append((mesh.cells, float(0.5 * np.abs(ux * vy - uy * vx) @ g.x.array)))
    (coarse, first), (fine, second) = found
    assert fine > 2 * coarse
    assert second == pytest.approx(first, rel=1e-3)


def test_properties_in_the_band_are_those_of_the_boundary():
    config = loading.load(GRAINS, ["electrochemistry.control=rest", "electrochemistry.current=null",
                                   "grain_boundaries.sigma_el=1e-3"])  # fmt: skip
    model = Model(config, domain.build(config, MPI.COMM_WORLD))
    sigma, D, sigma_el = (model.per_layer(key).x.array for key in ("sigma_ion", "D", "sigma_el"))
    grain = model.domain.layer_field([0.565, 0.2], "sigma").x.array
    g = network.density(model.domain, 0.8e-6).x.array
    assert 0 < (g > 0).mean() < 1
    assert 1 / sigma - 1 / grain == pytest.approx(1e-5 * g, rel=1e-9, abs=1e-12)
    slower = D / 1e-11
    assert slower == pytest.approx(sigma / grain)
    film = grain_boundary.with_film(0.0, 1e-3, 5e-9, g)
    assert sigma_el == pytest.approx(film)


def test_a_film_of_ions_conducts_along_and_resists_nothing():
    film = "grain_boundaries={width: 0.8 um, thickness: 0.1 um, sigma_ion: 5}"
    config = loading.load(GRAINS, [film])
    model = Model(config, domain.build(config, MPI.COMM_WORLD))
    sigma, D = (model.per_layer(key).x.array for key in ("sigma_ion", "D"))
    grain = model.domain.layer_field([0.565, 0.2], "sigma").x.array
    g = network.density(model.domain, 0.8e-6).x.array
    assert sigma == pytest.approx(grain + (5 - grain) * 1e-7 * g)
    assert pytest.approx(1e-11 * sigma / grain) == D


@pytest.mark.parametrize("band", [0.0, 1.6])
def test_lithium_grows_faster_where_a_fast_boundary_ends(tmp_path, monkeypatch, band):
    """By the closed form of a boundary as wide as the band, as a region and as a film."""
    monkeypatch.setattr(fast_boundary, "GAP", 20.0)
    monkeypatch.setattr(fast_boundary, "HALF", 20.0)
    mesh, kappa = fast_boundary.grid(0.2, 1.2, 2.0), fast_boundary.KAPPA
    with without_figure():
        speeds = fast_boundary.run(mesh, 0.4, band, tmp_path)
    if band:
        kappa = 1 + (kappa - 1) * 0.4 / band
    found = fast_boundary.over_film(mesh, speeds, band or 0.4)
    excess = fast_boundary.expected(band or 0.4, kappa) - 1
    assert found - 1 == pytest.approx(excess, rel=0.15)
