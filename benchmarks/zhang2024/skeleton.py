# SPDX-License-Identifier: MIT
"""PEO alone against PEO with a skeleton: two runs side by side, and on a mesh of half the size.

The cells are a quarter of configs/zhang2024/*_dendrite.yaml, which repeat by reflection.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import TriMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.tri import LinearTriInterpolator, Triangulation

from benchmarks.zhang2024.stacks import CONFIGS
from solver.cell.indicator import areas
from solver.input import loading
from solver.output import provenance, snapshots
from solver.run import launching

END = 3.0
"""Time at which the cases are compared [s]."""
QUARTER = ("width=5 um", "nuclei.positions=[5 um]", f"time.end={END}", "output.snapshots=3")
CASES = {
    "PEO": ("peo_dendrite", QUARTER),
    "PEO + skeleton": ("skeleton_dendrite", (*QUARTER, "skeleton.count=1")),
}
PRINTED: dict[str, tuple[str, ...]] = {
    "PEO": (),
    "PEO + skeleton": ("skeleton={count: 1, width: 20 um, start: 50 um, end: 250 um}",),
}
"""Cases with the interface as printed, by what they change in peo_dendrite_printed.yaml."""
SIZES = {"h": 0.2e-6, "h/2": 0.1e-6}
"""Element sizes [m]."""


class Numbers(NamedTuple):
    """A dendrite at the end of a run.

    Attributes:
        t: Time [s]; END, or the last one before it.
        tip: Height of the tip [um].
        area: Area of the deposit [um^2].
        branches: Largest number of separate pieces at one height.
        stress_electrolyte: Largest von Mises stress outside filaments [MPa].
        stress_skeleton: Largest von Mises stress inside [MPa]; 0 without any.
        deposit_inside: Integral of xi over the filaments' own nodes [um^2].
    """

    t: float
    tip: float
    area: float
    branches: int
    stress_electrolyte: float
    stress_skeleton: float
    deposit_inside: float


def run(folder: Path, case: str, size: float) -> Path:
    """Run a case with elements of a size [m], unless its results are there; returns the folder."""
    name, overrides = CASES[case]
    results = folder / f"{name}_{1e9 * size:.0f}nm"
    if not _has_ended(results):
        path = CONFIGS / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        changed = [*overrides, f"mesh.size_min={size}", f"mesh.size_max={size}"]
        config = loading.parse(text, changed)
        launching.run(config, text, results, changed, force=True)
    return results


def at_end(folder: Path) -> snapshots.Snapshot:
    """Return the state of a run at `END`."""
    times = np.array(snapshots.times(folder))
    return snapshots.load(folder, int(np.abs(times - END).argmin()))


def numbers(folder: Path) -> Numbers:
    """Measure the state of a run at `END`."""
    last = at_end(folder)
    row = min(_rows(folder), key=lambda row: abs(row["t_s"] - END))
    stress, skeleton = last.fields["von_mises"] * 1e-6, last.fields["layer"] == 0
    return Numbers(
        last.time,
        row["tip_um"],
        row["area_um2"],
        branches(last),
        float(stress[~skeleton].max()),
        float(stress[skeleton].max(initial=0.0)),
        deposit_inside(last),
    )


def _has_ended(results: Path) -> bool:
    return (results / "run.json").exists() and bool(provenance.outcome(provenance.read(results)))


def deposit_inside(state: snapshots.Snapshot) -> float:
    """Integral of xi over the filaments [um^2], nodes on their surfaces left to the electrolyte."""
    skeleton = state.fields["layer"] == 0
    filaments = state.triangles[skeleton]
    own = ~np.isin(filaments, state.triangles[~skeleton])
    xi = np.where(own, state.fields["xi"][filaments], 0.0)
    return float(areas(state.points, filaments) @ xi.mean(axis=1))


def printed(folder: Path) -> list[str]:
    """Run both cases with the interface as printed; return their numbers as lines of Markdown."""
    lines = [
        "| case | t (s) | tip (um) | area (um2) | peak stress (MPa) |",
        "|---|---|---|---|---|",
    ]
    path = CONFIGS / "peo_dendrite_printed.yaml"
    text = path.read_text(encoding="utf-8")
    for case, overrides in PRINTED.items():
        results = folder / f"printed_{len(overrides)}"
        if not _has_ended(results):
            config = loading.parse(text, list(overrides))
            launching.run(config, text, results, overrides, force=True)
        row = _rows(results)[-1]
        columns = ("t_s", "tip_um", "area_um2", "von_mises_max_MPa")
        lines.append(f"| {case} | " + " | ".join(f"{row[name]:.4g}" for name in columns) + " |")
    return lines


def _rows(folder: Path) -> list[dict[str, float]]:
    with (folder / "scalars.csv").open() as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


def branches(state: snapshots.Snapshot) -> int:
    """Largest number of separate intervals of xi > 1/2 on any horizontal line."""
    mesh = Triangulation(*state.points.T, state.triangles)
    mesh.set_mask(state.fields["layer"] == 0)
    xi = LinearTriInterpolator(mesh, state.fields["xi"])
    low, high = state.points.min(axis=0), state.points.max(axis=0)
    x, y = (np.linspace(a, b, 401) for a, b in zip(low, high, strict=True))
    inside = np.ma.filled(xi(*np.meshgrid(x, y)), 0.0) > 0.5
    starts = np.diff(inside.astype(int), axis=1, prepend=0) == 1
    return int(starts.sum(axis=1).max())


def table(found: dict[tuple[str, str], Numbers]) -> list[str]:
    """Return the numbers of all runs as lines of Markdown."""
    lines = [
        "| case | elements | t (s) | tip (um) | area (um2) | branches | peak stress, electrolyte "
        "and deposit (MPa) | peak stress, filaments (MPa) | xi inside filaments (um2) |",
        "|" + "---|" * 9,
    ]
    for (case, size), n in found.items():
        lines.append(
            f"| {case} | {size} | {n.t:g} | {n.tip:.3f} | {n.area:.2f} | {n.branches} | "
            f"{n.stress_electrolyte:.3g} | {n.stress_skeleton:.3g} | {n.deposit_inside:g} |"
        )
    return lines


def figure(folders: dict[str, Path], path: Path) -> None:
    """Draw phase field, concentration and stress of both cases, reflected at the nucleus."""
    panels = (
        ("xi", "phase field ξ", "cividis", 1.0, (0.0, 1.0)),
        ("c", "Li⁺ (mol/m³)", "viridis", 1.0, (0.0, 1000.0)),
        ("von_mises", "von Mises stress (MPa)", "magma", 1e-6, (0.0, 3.0)),
    )
    fig = Figure(figsize=(11, 5), layout="constrained")
    axes = fig.subplots(1, 6, sharex=True, sharey=True).reshape(3, 2)
    states = {case: _reflected(at_end(folder)) for case, folder in folders.items()}
    for pair, (name, label, *scale) in zip(axes, panels, strict=True):
        for ax, (case, state) in zip(pair, states.items(), strict=True):
            image = _draw(ax, state, name, *scale)
            ax.set_title(case, fontsize=10)
            ax.set_xlabel("x (µm)")
        fig.colorbar(image, ax=list(pair), location="bottom", shrink=0.9, label=label)
    axes[0, 0].set_ylabel("y (µm)")
    fig.suptitle(f"t = {states['PEO'].time:g} s", fontsize=11)
    fig.savefig(path, dpi=130)


def _reflected(state: snapshots.Snapshot) -> snapshots.Snapshot:
    """The state beside its mirror image at the right side."""
    mirror = state.points * [-1, 1] + [2 * state.points[:, 0].max(), 0]
    points = np.vstack((state.points, mirror))
    triangles = np.vstack((state.triangles, state.triangles + len(state.points)))
    fields = {name: np.concatenate((values, values)) for name, values in state.fields.items()}
    return snapshots.Snapshot(state.time, points, triangles, fields)


def _draw(
    ax: Axes, state: snapshots.Snapshot, name: str, colours: str, factor: float, limits: tuple
) -> TriMesh:
    values, norm = state.fields[name] * factor, Normalize(*limits)
    mesh = Triangulation(*state.points.T, state.triangles)
    inert = state.fields["layer"] == 0
    if name == "von_mises":
        image = ax.tripcolor(mesh, values, cmap=colours, norm=norm)
    else:
        image = ax.tripcolor(mesh, values, cmap=colours, norm=norm, shading="gouraud")
        if inert.any():
            grey = Triangulation(*state.points.T, state.triangles[inert])
            ax.tripcolor(grey, np.zeros(inert.sum()), cmap="Greys", vmin=-1, vmax=1)
    image.set_rasterized(True)
    solved = Triangulation(*state.points.T, state.triangles[~inert])
    ax.tricontour(solved, state.fields["xi"], levels=[0.5], colors="white", linewidths=0.8)
    ax.set_aspect("equal")
    return image
