# SPDX-License-Identifier: MIT
"""The figure of a transport run from the files of its folder: profiles along the central axis."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from solver.base.errors import InputError
from solver.pictures import panels
from solver.pictures.panels import FAINT, STYLE, save
from solver.pictures.plots import DPI

STYLES = tuple(
    {"color": colour, "linestyle": line}
    for colour, line in (
        ("#c1440e", "-"), ("#3b6ea5", "--"), ("#4f8a3d", "-."), ("#8a5aa8", ":"), ("#b08900", "-"),
    )
)  # fmt: skip
"""Of the species: lines that lie on each other are told apart by their dashes."""
SHADES = ("#ffffff", "#f0f0ee")


def figure(folder: Path) -> Path:
    """Draw concentrations and potential along the axis of a run.

    Args:
        folder: Run folder with `profile.csv` and `resolved.yaml`.

    Returns:
        The path of `figure.png` in the folder.

    Raises:
        InputError: A file is missing or odd, or the figure cannot be written.
    """
    folder = Path(folder)
    profile = read_profile(folder / "profile.csv")
    title, layers = _read_config(folder / "resolved.yaml")
    with matplotlib.rc_context(STYLE):
        fig = Figure(figsize=(7.5, 6), layout="constrained")
        upper, lower = fig.subplots(2, sharex=True)
        names = [name for name in profile if name.startswith("c_")]
        for name, style in zip(names, STYLES, strict=False):
            label = name.removeprefix("c_").removesuffix("_mol_m3")
            draw_profile(upper, profile, name, style, label)
        draw_profile(lower, profile, "phi_V", STYLES[0], None, 1e3)
        upper.set(ylabel="concentration (mol/m³)", ylim=(0, None))
        lower.set(ylabel="potential φ (mV)", xlabel="distance from the anode (µm)")
        upper.legend(frameon=False)
        for ax in (upper, lower):
            draw_layers(ax, layers, names=ax is upper)
        panels.head(fig, title, 80, size=12)
        return save(fig, folder / "figure.png", DPI)


def draw_profile(
    ax: Axes,
    profile: dict[str, np.ndarray],
    name: str,
    style: dict[str, str],
    label: str | None,
    factor: float = 1.0,
) -> None:
    """Draw one column of a profile times a factor, interrupted where it jumps between layers."""
    for number in np.unique(profile["layer"]):
        of = profile["layer"] == number
        ax.plot(profile["y_um"][of], factor * profile[name][of], linewidth=2, label=label, **style)
        label = None


def draw_layers(ax: Axes, layers: list[tuple[str, float]], names: bool) -> None:
    """Shade the layers, (name, thickness [um]) from the anode, and name them above the axes."""
    start = 0.0
    for i, (name, thickness) in enumerate(layers):
        ax.axvspan(start, start + thickness, color=SHADES[i % 2], zorder=0, linewidth=0)
        if names:
            at = (start + 0.5 * thickness, 1.02)
            ax.text(*at, name, transform=ax.get_xaxis_transform(), color=FAINT, ha="center")
        start += thickness
    ax.set_xlim(0, start)
    ax.spines[["top", "right"]].set_visible(False)


def read_profile(path: Path) -> dict[str, np.ndarray]:
    """Read the columns of a profile.csv.

    Raises:
        InputError: The file is missing or odd.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        found = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    except FileNotFoundError:
        raise InputError(f"{path}: no such file.") from None
    except (OSError, UnicodeDecodeError, IndexError, TypeError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from None
    missing = {"y_um", "layer", "phi_V"} - set(found)
    if missing:
        raise InputError(f"{path}: it has no column {min(missing)}.")
    return found


def _read_config(path: Path) -> tuple[str, list[tuple[str, float]]]:
    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        layers = [(x["name"], 1e6 * float(x["thickness"])) for x in data["layers"]]
        return str(data["title"]), layers
    except (OSError, UnicodeDecodeError, YAMLError, KeyError, TypeError, ValueError):
        raise InputError(f"{path}: cannot be read, or has no title or layers.") from None
