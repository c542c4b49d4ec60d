# SPDX-License-Identifier: MIT
"""Deposit where a fast grain boundary ends: its speed over that of the front far away.

A flat front in a single-ion conductor, a boundary that stands on it and conducts better than the
grains: as a region of its own width, and as a film spread over a band. Against the closed form of
docs/theory.md, and against finite elements with a sharp front on the same mesh.

docker/run python3 -m benchmarks.grains.fast_boundary      # one minute
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

import solver
from solver.laws import grain_boundary
from tests.written_mesh import write

FOLDER = Path("results/grains")
UM = 1e-6
LENGTH, FILM, GAP, HALF = 0.2, 3.0, 60.0, 40.0
"""Interface length, thickness of the deposit, electrolyte above it, half of the width [um]."""
GRAIN, KAPPA, R_CT = 0.1, 10.0, 4e-5
"""Conductivity of the grains [S/m], that of the boundary in it, and R_ct [ohm m^2]."""
THICKNESSES = (0.8, 0.4, 0.2, 0.1)
"""Of the boundary [um]: from four l down to l/2."""
BANDS = (0.4, 1.6)
"""Widths of the band that stands for a boundary of 0.1 um [um]."""
SECONDS = 10.0
"""One time step: the front moves by some nm."""


class Grid(NamedTuple):
    """A rectangle of triangles: nodes [um], triangles, and the lines that it is made of [um]."""

    points: np.ndarray
    triangles: np.ndarray
    x: np.ndarray
    y: np.ndarray


def grid(finest: float, deep: float, scale: float = 1.0) -> Grid:
    """Squares cut in two, small at the boundary and at the front and larger away from them.

    Args:
        finest: Distance of the lines beside the boundary [um].
        deep: How far from the boundary's middle they are so close [um].
        scale: Factor on all other distances.
    """
    side = _lines(finest, deep, HALF, scale)
    x = np.concatenate([-side[:0:-1], side]) + HALF
    below = _lines(LENGTH / 4 * scale, 6 * LENGTH, FILM, scale)
    above = _lines(LENGTH / 4 * scale, 6 * LENGTH, GAP, scale)
    y = FILM + np.concatenate([-below[:0:-1], above])
    X, Y = np.meshgrid(x, y)
    low = (np.arange(len(y) - 1)[:, None] * len(x) + np.arange(len(x) - 1)).ravel()
    right, up, opposite = low + 1, low + len(x), low + len(x) + 1
    triangles = np.vstack(
        [np.column_stack([low, right, opposite]), np.column_stack([low, opposite, up])]
    )
    return Grid(np.column_stack([X.ravel(), Y.ravel()]), triangles, x, y)


def _lines(finest: float, deep: float, end: float, scale: float) -> np.ndarray:
    """Places from 0 to an end: evenly up to a depth, then each step a fifth longer."""
    count = max(1, round(deep / finest))
    places, step = list(np.linspace(0, deep, count + 1)), deep / count
    while places[-1] < end:
        step *= 1 + 0.2 * scale
        places.append(places[-1] + step)
    places = np.array(places)
    stretched = places > deep
    places[stretched] = deep + (places[stretched] - deep) * (end - deep) / (places[-1] - deep)
    return places


def is_film(mesh: Grid, thickness: float) -> np.ndarray:
    """Which triangles are the boundary's, one of some width [um]."""
    middle = mesh.points[mesh.triangles][:, :, 0].mean(axis=1)
    return np.abs(middle - HALF) < 0.5 * thickness


def run(mesh: Grid, thickness: float, band: float, folder: Path) -> np.ndarray:
    """Speeds of the front along x in one step of the program, over that far away.

    Args:
        mesh: The mesh; its middle line is the boundary's.
        thickness: Of the boundary [um].
        band: Width of the band that stands for it; 0 for a region of that thickness [um].
        folder: Of the run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = np.where(is_film(mesh, 0.0 if band else thickness), "film", "grain").tolist()
    middle = np.flatnonzero(np.isclose(mesh.points[:, 0], HALF))
    line = np.column_stack([middle[:-1], middle[1:]])
    write(folder / "cell.msh", mesh.points, mesh.triangles, names, {"line": line})
    regions = [{"name": "grain", "sigma_ion": GRAIN}]
    regions += [] if band else [{"name": "film", "sigma_ion": KAPPA * GRAIN}]
    given = {
        "title": "A front on which a fast boundary stands",
        "geometry": {"msh": {"file": "cell.msh", "unit": UM, "boundaries": ["line"]}},
        "regions": regions,
        "electrochemistry": {"closure": "single_ion", "control": "voltage", "voltage": 1e-3},
        "phase_field": {"interface_length": LENGTH * UM, "R_ct": R_CT, "delta": 0.0},
        "mechanics": {"enabled": False},
        "nuclei": {"film": FILM * UM, "count": 0},
        "mesh": {"size_min": 0.05 * UM, "size_max": 1 * UM},
        "time": {"end": SECONDS, "dt_initial": SECONDS},
        "output": {"snapshots": 1, "report": False},
    }
    if band:
        given["grain_boundaries"] = {
            "width": band * UM, "thickness": thickness * UM, "sigma_ion": KAPPA * GRAIN,
        }  # fmt: skip
    path = folder / "config.yaml"
    path.write_text(_yaml(given))
    done = solver.simulate(solver.load(path), folder / "run", force=True)
    return _speeds(done, mesh)


def _yaml(given: dict) -> str:
    import yaml

    return yaml.safe_dump(given, sort_keys=False)


def _speeds(done: solver.Run, mesh: Grid) -> np.ndarray:
    before, after = done.fields(0), done.fields(SECONDS)
    place = np.lexsort(np.round(after.points[:, :2], 6).T)
    grown = (after["xi"] - before["xi"])[place].reshape(len(mesh.y), len(mesh.x))
    speed = np.trapezoid(grown, mesh.y, axis=0)
    return speed / speed[0]


def sharp(mesh: Grid, thickness: float) -> np.ndarray:
    """The same of a sharp front: Ohm's law above it, i = phi/R_ct on it."""
    points, triangles = mesh.points * UM, mesh.triangles
    sigma = np.where(is_film(mesh, thickness), KAPPA, 1.0) * GRAIN
    kept = mesh.points[triangles][:, :, 1].mean(axis=1) > FILM
    corners, sigma, triangles = points[triangles[kept]], sigma[kept], triangles[kept]
    opposite = np.roll(corners, -2, axis=1) - np.roll(corners, -1, axis=1)
    a, b = opposite[:, 0], opposite[:, 1]
    area = 0.5 * np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    entries = np.einsum("nix,njx->nij", opposite, opposite) * (sigma / (4 * area))[:, None, None]
    rows, columns = np.repeat(triangles, 3, axis=1).ravel(), np.tile(triangles, 3).ravel()
    on_front = np.flatnonzero(np.isclose(mesh.points[:, 1], FILM))
    share = np.gradient(mesh.x) * UM
    share[[0, -1]] *= 0.5
    rows, columns = np.append(rows, on_front), np.append(columns, on_front)
    entries = np.append(entries.ravel(), share / R_CT)
    matrix = coo_array((entries, (rows, columns)), shape=(len(points),) * 2).tocsr()
    above = np.isclose(mesh.points[:, 1], FILM + GAP)
    free = (mesh.points[:, 1] > FILM - 1e-9) & ~above
    phi = above.astype(float)
    phi[free] = spsolve(matrix[free][:, free].tocsc(), -(matrix @ phi)[free])
    return phi[on_front] / phi[on_front[0]]


def over_film(mesh: Grid, speeds: np.ndarray, thickness: float) -> float:
    """Mean speed over the end of a boundary of some thickness [um]."""
    half = 0.5 * thickness
    x = np.linspace(HALF - half, HALF + half, 201)
    return float(np.interp(x, mesh.x, speeds).mean())


def expected(thickness: float, kappa: float = KAPPA) -> float:
    """The closed form's ratio for a boundary of some thickness [um]."""
    return grain_boundary.speed_ratio(GRAIN, kappa * GRAIN, thickness * UM, R_CT)


if __name__ == "__main__":
    print("| boundary | closed form | sharp front | phase field |")
    for thickness in THICKNESSES:
        mesh = grid(thickness / 8, 2 * thickness)
        found = over_film(mesh, run(mesh, thickness, 0.0, FOLDER / f"{thickness}"), thickness)
        exact = over_film(mesh, sharp(mesh, thickness), thickness)
        numbers = (expected(thickness), exact, found)
        print(f"| {thickness} um |", *(f"{x:.3f} |" for x in numbers), flush=True)
    thickness = THICKNESSES[-1]
    print("| band | closed form of one as wide | phase field, over the band | in its middle |")
    for band in BANDS:
        mesh = grid(band / 16, band)
        speeds = run(mesh, thickness, band, FOLDER / f"{thickness}_{band}")
        kappa = 1 + (KAPPA - 1) * thickness / band
        numbers = (expected(band, kappa), over_film(mesh, speeds, band), speeds.max())
        print(f"| {band} um |", *(f"{x:.3f} |" for x in numbers), flush=True)
