# SPDX-License-Identifier: MIT
"""PEO against the layers of PLM: profiles in one figure, drop per layer in a table."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from benchmarks.zhang2024.checks import Run, read
from solver.input import loading
from solver.pictures.ions_figure import STYLES, draw_layers, draw_profile
from solver.run import launching

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs" / "zhang2024"
NAMES = ("peo", "peo_mof", "peo_thin", "plm")


class Drop(NamedTuple):
    """What happens across one layer, from the side of the anode to that of the counter electrode.

    Attributes:
        layer: Its name.
        t_plus: Transference number of Li+ at c0.
        slope: Mean gradient of the Li+ concentration [mol/m^3/um].
        phi: Rise of the potential [mV].
        electrode: Rise of the potential of a lithium electrode, (RT/F) ln c + phi [mV].
    """

    layer: str
    t_plus: float
    slope: float
    phi: float
    electrode: float


def run(folder: Path, name: str) -> Run:
    """Run one of the configs."""
    path = CONFIGS / f"{name}.yaml"
    config = loading.load(path)
    launching.run(config, path.read_text(encoding="utf-8"), folder / name, force=True)
    return read(folder / name, config)


def drops(done: Run) -> list[Drop]:
    """Return the drops of a run, layer by layer."""
    found = []
    for number, layer in enumerate(done.config.layers, start=1):
        of = done.profile["layer"] == number
        c, phi, y = (done.profile[name][of] for name in ("c_Li_mol_m3", "phi_V", "y_um"))
        carried = {s.name: layer.D[s.name] * layer.c0[s.name] for s in done.config.species}
        electrode = done.RT_F * np.log(c) + phi
        found.append(
            Drop(
                layer.name,
                carried["Li"] / sum(carried.values()),
                (c[-1] - c[0]) / (y[-1] - y[0]),
                1e3 * (phi[-1] - phi[0]),
                1e3 * (electrode[-1] - electrode[0]),
            )
        )
    return found


def total(done: Run) -> float:
    """Rise of the potential of a lithium electrode across all layers [mV]."""
    return sum(drop.electrode for drop in drops(done))


def figure(peo: Run, plm: Run, path: Path) -> None:
    """Draw both runs of the 20 um domain along the axis."""
    fig = Figure(figsize=(7.5, 8.2), layout="constrained")
    axes = fig.subplots(3, sharex=True)
    columns = (
        ("c_Li_mol_m3", 1.0, "Li⁺ (mol/m³)"),
        ("phi_V", 1e3, "potential φ (mV)"),
        ("electrode", 1e3, "Li electrode (mV)"),
    )
    layers = [(layer.name, 1e6 * layer.thickness) for layer in plm.config.layers]
    for ax, (name, factor, label) in zip(axes, columns, strict=True):
        for done, style, text in ((peo, STYLES[1], "PEO"), (plm, STYLES[0], "PLM")):
            electrode = done.RT_F * np.log(done.profile["c_Li_mol_m3"]) + done.profile["phi_V"]
            profile = {**done.profile, "electrode": electrode - electrode[0]}
            draw_profile(ax, profile, name, style, text, factor)
        ax.set_ylabel(label)
        draw_layers(ax, layers, names=ax is axes[0])
    _label_drops(axes[2], drops(plm), layers)
    axes[0].set_ylim(0, None)
    axes[0].legend(frameon=False, loc="lower right")
    axes[2].set_xlabel("distance from the anode (µm)")
    fig.savefig(path, dpi=130)


def _label_drops(ax, found: list[Drop], layers: list[tuple[str, float]]) -> None:
    start = 0.0
    for drop, (_, thickness) in zip(found, layers, strict=True):
        at = (start + 0.5 * thickness, 0.03)
        text = f"{drop.electrode:.1f} mV"
        ax.text(*at, text, transform=ax.get_xaxis_transform(), ha="center", color="#c1440e")
        start += thickness


def table(runs: dict[str, Run]) -> list[str]:
    """Return the drops of all runs as lines of Markdown."""
    lines = [
        "| config | layer | t_+ | gradient of Li+ (mol/m3/um) | rise of phi (mV) "
        "| rise of a Li electrode (mV) |",
        "|---|---|---|---|---|---|",
    ]
    for name, done in runs.items():
        for d in drops(done):
            numbers = f"{d.t_plus:.3f} | {d.slope:.2f} | {d.phi:.2f} | {d.electrode:.2f}"
            lines.append(f"| {name} | {d.layer} | {numbers} |")
    return lines
