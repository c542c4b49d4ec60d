# SPDX-License-Identifier: MIT
"""PEO alone against PEO with a skeleton: two runs side by side, and on a mesh of half the size.

The cells are a quarter of configs/zhang2024/*_dendrite.yaml, which repeat by reflection.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.collections import TriMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.tri import LinearTriInterpolator, Triangulation

from benchmarks.zhang2024.stacks import CONFIGS
from solver import loading, simulation
from solver.output import snapshots

QUARTER = ("width=5 um", "nuclei.positions=[5 um]", "output.snapshots=5", "time.end=5 s")
CASES = {
    "PEO": ("peo_dendrite", QUARTER),
    "PEO + skeleton": ("skeleton_dendrite", (*QUARTER, "skeleton.count=1")),
}
SIZES = {"h": 0.2e-6, "h/2": 0.1e-6}
"""Element sizes [m]."""
GREY = "#9a9a9a"


class Numbers(NamedTuple):
    """A dendrite at the end of a run.

    Attributes:
        t: Time [s].
        tip: Height of the tip [um].
        area: Area of the deposit [um^2].
        branches: Largest number of separate pieces at one height.
        stress_electrolyte: Largest von Mises stress outside filaments [MPa].
        stress_skeleton: Largest von Mises stress inside [MPa]; 0 without any.
        deposit_inside: Largest xi at a node strictly inside filaments.
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
    if not (results / "run.json").exists():
        path = CONFIGS / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        changed = [*overrides, f"mesh.size_min={size}", f"mesh.size_max={size}"]
        config = loading.parse(text, changed)
        simulation.run(config, text, results, changed, force=True)
    return results


def numbers(folder: Path) -> Numbers:
    """Measure the last state of a run."""
    last = snapshots.load(folder)
    with (folder / "scalars.csv").open() as file:
        row = list(csv.DictReader(file))[-1]
    stress, skeleton = last.fields["von_mises"] * 1e-6, last.fields["layer"] == 0
    corners = np.unique(last.triangles[~skeleton])
    inside = np.setdiff1d(np.arange(len(last.points)), corners)
    return Numbers(
        last.time,
        float(row["tip_um"]),
        float(row["area_um2"]),
        branches(last),
        float(stress[~skeleton].max()),
        float(stress[skeleton].max(initial=0.0)),
        float(last.fields["xi"][inside].max(initial=0.0)),
    )


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
        "and deposit (MPa) | peak stress, filaments (MPa) | largest xi inside filaments |",
        "|" + "---|" * 9,
    ]
    for (case, size), n in found.items():
        lines.append(
            f"| {case} | {size} | {n.t:g} | {n.tip:.3f} | {n.area:.2f} | {n.branches} | "
            f"{n.stress_electrolyte:.3g} | {n.stress_skeleton:.3g} | {n.deposit_inside:g} |"
        )
    return lines


def figure(folders: dict[str, Path], path: Path) -> None:
    """Draw phase field, concentration and stress of both cases."""
    panels = (
        ("xi", "phase field ξ", "cividis", 1.0, (0.0, 1.0)),
        ("c", "Li⁺ (mol/m³)", "viridis", 1.0, (0.0, 1000.0)),
        ("von_mises", "von Mises stress (MPa)", "magma", 1e-6, (0.0, 3.0)),
    )
    fig = Figure(figsize=(8.5, 9.5), layout="constrained")
    axes = fig.subplots(len(folders), len(panels), squeeze=False, sharex=True, sharey=True)
    for line, (case, folder) in zip(axes, folders.items(), strict=True):
        state = snapshots.load(folder)
        line[0].set_ylabel(f"{case}, t = {state.time:g} s\ny (µm)")
        for ax, panel in zip(line, panels, strict=True):
            image = _draw(ax, state, *panel)
            if line is axes[-1]:
                ax.set_xlabel("x (µm)")
            else:
                ax.set_title(panel[1], fontsize=10)
                fig.colorbar(
                    image,
                    ax=axes[:, list(line).index(ax)],
                    location="bottom",
                    shrink=0.9,
                    extend="max" if panel[0] == "von_mises" else "neither",
                )
    fig.savefig(path, dpi=130)


def _draw(ax, state: snapshots.Snapshot, name, _label, colours, factor, limits) -> TriMesh:
    values = state.fields[name] * factor
    mesh = Triangulation(*state.points.T, state.triangles)
    if name == "von_mises":
        image = ax.tripcolor(mesh, values, cmap=colours, norm=Normalize(*limits))
    else:
        image = ax.tripcolor(mesh, values, cmap=colours, norm=Normalize(*limits), shading="gouraud")
        inert = state.fields["layer"] == 0
        if inert.any():
            grey = Triangulation(*state.points.T, state.triangles[inert])
            ax.tripcolor(grey, np.zeros(inert.sum()), cmap="Greys", vmin=-1, vmax=1)
    image.set_rasterized(True)
    ax.tricontour(mesh, state.fields["xi"], levels=[0.5], colors="white", linewidths=0.8)
    ax.set_aspect("equal")
    return image
