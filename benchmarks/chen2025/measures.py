# SPDX-License-Identifier: MIT
"""What is read off a run folder: histories, times of arrival, stresses of a snapshot."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from solver.laws.elasticity import lame
from solver.laws.energy import h
from solver.output import snapshots
from solver.output.snapshots import Snapshot


@dataclass(frozen=True)
class Run:
    """A finished run, read from its folder."""

    folder: Path

    @cached_property
    def columns(self) -> dict[str, np.ndarray]:
        """Columns of scalars.csv."""
        with (self.folder / "scalars.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}

    @cached_property
    def config(self) -> dict:
        """The resolved config."""
        text = (self.folder / "resolved.yaml").read_text(encoding="utf-8")
        return YAML(typ="safe", pure=True).load(text)

    @property
    def end(self) -> float:
        """Time at which it ended [s]."""
        return float(self.columns["t_s"][-1])

    def at(self, name: str, t: float) -> float:
        """A column at time `t` [s], linear between steps; NaN after the end."""
        times = self.columns["t_s"]
        if t > times[-1] * (1 + 1e-9):
            return float("nan")
        return float(np.interp(t, times, self.columns[name]))

    def arrival(self, height: float) -> float:
        """Time at which the tip reaches a height [um]; NaN if it does not."""
        tip, times = self.columns["tip_um"], self.columns["t_s"]
        above = np.flatnonzero(tip >= height)
        if not len(above) or above[0] == 0:
            return float("nan")
        i = above[0]
        return float(np.interp(height, tip[i - 1 : i + 1], times[i - 1 : i + 1]))

    def snapshot(self, t: float) -> Snapshot:
        """The snapshot nearest to time `t` [s]."""
        times = np.array(snapshots.times(self.folder))
        return snapshots.load(self.folder, int(np.argmin(np.abs(times - t))))


def stress(run: Run, snapshot: Snapshot) -> np.ndarray:
    """Stress at the centre of every cell, shape (cells, 4): xx, yy, zz, xy [Pa].

    Written out from the strong form, without the program's own forms.
    """
    x, t = snapshot.points[snapshot.triangles], snapshot.triangles
    a, b = x[:, 1] - x[:, 0], x[:, 2] - x[:, 0]
    area = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    u = snapshot.fields["u"][t] * 1e6  # [um], as the points
    p, q = u[:, 1] - u[:, 0], u[:, 2] - u[:, 0]
    d_dx = (p * b[:, 1:] - q * a[:, 1:]) / area[:, None]
    d_dy = (q * a[:, :1] - p * b[:, :1]) / area[:, None]
    share = h(snapshot.fields["xi"][t].mean(axis=1))
    layers = run.config["layers"]
    number = np.round(snapshot.fields["layer"]).astype(int) - 1
    vegard = np.array([layer["lambda_i"] for layer in layers])[number] * share[:, None]
    strain = np.column_stack([d_dx[:, 0], d_dy[:, 1], 0 * share]) - vegard
    electrolyte = np.array([lame(layer["E"], layer["nu"]) for layer in layers])[number]
    metal = np.array(lame(run.config["lithium"]["E"], run.config["lithium"]["nu"]))
    lam, mu = (share * metal[i] + (1 - share) * electrolyte[:, i] for i in (0, 1))
    normal = (lam * strain.sum(axis=1))[:, None] + 2 * mu[:, None] * strain
    return np.column_stack([normal, mu * (d_dx[:, 1] + d_dy[:, 0])])


def von_mises(sigma: np.ndarray) -> np.ndarray:
    """Von Mises stress [Pa] of stresses xx, yy, zz, xy."""
    s = sigma[:, :3] - sigma[:, :3].mean(axis=1, keepdims=True)
    return np.sqrt(1.5 * ((s**2).sum(axis=1) + 2 * sigma[:, 3] ** 2))


@dataclass(frozen=True)
class TipStress:
    """Stresses within two interface lengths of the highest tip [MPa]: mean and peak."""

    hydrostatic: float
    peak_von_mises: float


def tip_stress(run: Run, t: float) -> TipStress:
    """Stresses at the highest tip at time `t` [s]."""
    snapshot = run.snapshot(t)
    sigma = stress(run, snapshot)
    centres = snapshot.points[snapshot.triangles].mean(axis=1)
    xi = snapshot.fields["xi"]
    metal = np.flatnonzero(xi > 0.5)
    tip = snapshot.points[metal[np.argmax(snapshot.points[metal, 1])]]
    length = run.config["phase_field"]["interface_length"] * 1e6
    near = np.hypot(*(centres - tip).T) < 2 * length
    inside = near & (xi[snapshot.triangles].mean(axis=1) > 0.5)
    hydrostatic = sigma[inside, :3].mean() if inside.any() else float("nan")
    return TipStress(float(hydrostatic) * 1e-6, float(von_mises(sigma[near]).max()) * 1e-6)


def extrapolated(lengths, values) -> tuple[float, float]:
    """Value at interface length 0 and the order, from the three finest lengths.

    Returns:
        Richardson's extrapolation for lengths in a constant ratio, and the order that it found;
        where the differences do not shrink, NaN for both.
    """
    (l1, l2, _), (v1, v2, v3) = lengths[-3:], values[-3:]
    coarse, fine = v1 - v2, v2 - v3
    if fine == 0 or not coarse / fine > 1:
        return float("nan"), float("nan")
    order = float(np.log(coarse / fine) / np.log(l1 / l2))
    return float(v3 - fine / ((l1 / l2) ** order - 1)), order
