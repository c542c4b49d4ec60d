# SPDX-License-Identifier: MIT
"""Ion transport against exact solutions: each check runs the program and returns its numbers."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.zhang2024.exact import Mixed, flux_of_single_ion, gouy_chapman
from solver.base.errors import SolverError
from solver.check import ions_limits
from solver.input import loading
from solver.input.ions_config import TransportConfig
from solver.pictures import ions_figure
from solver.run import launching

L, D, C = 100e-6, 2.5e-10, 1000.0
"""Thickness [m], diffusivity of Li+ [m^2/s] and concentration [mol/m^3] of the layer."""
D_ANION = 1e-10

LAYER = """
title: one layer
physics: transport
width: 20 um
species: [{name: Li, charge: 1}, {name: A, charge: -1}]
layers:
  - name: PEO
    thickness: 100 um
    c0: {Li: 1000, A: %g}
    c_im: %g
    D: {Li: 2.5e-10, A: 1e-10}
boundary: {anode: {phi: 0 V}, counter: {}}
mesh: {columns: 2, size_min: 0.5 um, size_max: 4 um}
"""
FREE = LAYER % (C, 0)
"""All anions mobile."""
NARROW = "mesh.columns=1"
"""For fine rows: nothing depends on x."""
FRACTIONS = (0.25, 0.5, 0.75)
"""Immobilised fractions of the mixed case."""
SHARES = (0.04, 0.02, 0.01)
"""Debye lengths over the thickness."""


@dataclass(frozen=True)
class Run:
    """What a run left: its config, the rows of scalars.csv, the columns of profile.csv."""

    config: TransportConfig
    rows: list[dict[str, float]]
    profile: dict[str, np.ndarray]

    @property
    def RT_F(self) -> float:
        """Thermal voltage [V]."""
        k = self.config.constants
        return k.R * k.T / k.F


@dataclass(frozen=True)
class Check:
    """A number that is known otherwise; `error` is relative unless `expected` is 0."""

    name: str
    expected: float
    got: float
    bound: float

    @property
    def error(self) -> float:
        """Distance of the two numbers."""
        return abs(self.got - self.expected) / (abs(self.expected) or 1.0)


def run(folder: Path, text: str, *overrides: str) -> Run:
    """Run a config and read its results.

    Raises:
        DendriteError: What the run raised.
    """
    config = loading.parse(text, list(overrides))
    launching.run(config, text, folder, force=True)
    return read(folder, config)


def read(folder: Path, config: TransportConfig) -> Run:
    """Read the results of a run."""
    with (folder / "scalars.csv").open() as file:
        rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
    return Run(config, rows, ions_figure.read_profile(folder / "profile.csv"))


def limiting_current(folder: Path) -> Check:
    """All anions mobile, 0.3 V: tanh(F U/2RT) of 4 D c/L, 0.99999 of it."""
    done = run(folder, FREE, "boundary.counter.phi=0.3 V")
    got = done.rows[-1]["flux_Li_counter_mol_m2_s"]
    return Check("limiting flux 4 D c/L (mol/m^2/s)", 4 * D * C / L, got, 1e-3)


def single_ion(folder: Path) -> Check:
    """No mobile anions, 0.01 V: ohmic."""
    text = FREE.replace(", {name: A, charge: -1}", "").replace(", A: 1000", "")
    text = text.replace(", A: 1e-10", "").replace("c_im: 0", "c_im: 1000")
    done = run(folder, text, "boundary.counter.phi=0.01 V")
    got = done.rows[-1]["flux_Li_counter_mol_m2_s"]
    expected = flux_of_single_ion(D, C, 0.01, L, done.RT_F)
    return Check("t_+ = 1: flux F D c_im U/(R T L) (mol/m^2/s)", expected, got, 1e-3)


def mixed(folder: Path, fraction: float) -> list[Check]:
    """A fraction of the anions immobilised, 0.008 mol/m^2/s."""
    c_f, c_im, J = C * (1 - fraction), C * fraction, 0.008
    done = run(folder, LAYER % (c_f, c_im), f"boundary.counter.flux.Li={J}")
    exact = Mixed(L, D, c_f, c_im, J)
    y, c = exact.profile()
    found = np.interp(y, 1e-6 * done.profile["y_um"], done.profile["c_A_mol_m3"])
    name = f"{fraction:g} immobilised:"
    voltage = done.rows[-1]["phi_max_V"]
    return [
        Check(f"{name} largest error of c_-", 0.0, np.abs(found / c - 1).max(), 1e-3),
        Check(f"{name} potential drop (V)", exact.voltage(done.RT_F), voltage, 1e-3),
    ]


def sand(folder: Path) -> Check:
    """A layer that is a half space for as long as it takes to empty its end."""
    J = 0.08
    text = FREE.replace("{phi: 0 V}", f"{{flux: {{Li: -{J}}}}}")
    text = text.replace("counter: {}", "counter: {phi: 0, c: {A: 1000}}")
    overrides = ["time.mode=transient", "time.end=60 s", "mesh.size_min=0.05 um", NARROW]
    try:
        run(folder, text, *overrides)
        got = np.inf
    except SolverError:
        got = read(folder, loading.parse(text)).rows[-1]["t_s"]
    return Check("Sand's time (s)", ions_limits.sand_time(D, D_ANION, C, J), got, 0.02)


def thick_double_layer(share: float) -> list[str]:
    """Overrides that make the Debye length this share of the layer."""
    config = loading.parse(FREE, ["boundary.counter.phi=0"])
    layer = config.layers[0]
    factor = (share * L / ions_limits.debye_length(config, layer)) ** 2
    return ["closure=poisson", f"layers.0.epsilon_r={layer.epsilon_r * factor}"]


def charged_wall(folder: Path) -> Check:
    """-50 mV at a wall, 1 % of the layer thick: largest relative error within 5 Debye lengths."""
    wall, debye = -0.05, SHARES[-1] * L
    text = FREE.replace("counter: {}", "counter: {phi: 0, c: {Li: 1000, A: 1000}}")
    rows = ["mesh.size_min=0.05 um", "mesh.size_max=0.2 um", "mesh.growth=1.1", NARROW]
    potential = f"boundary.anode.phi={wall}"
    done = run(folder, text, potential, *thick_double_layer(SHARES[-1]), *rows)
    y, psi = 1e-6 * done.profile["y_um"], done.profile["phi_V"] / done.RT_F
    near = y < 5 * debye
    exact = gouy_chapman(y[near], wall / done.RT_F, debye)
    return Check("Gouy-Chapman profile", 0.0, np.abs(psi[near] / exact - 1).max(), 0.01)


def away_from_charge(folder: Path) -> list[Check]:
    """Poisson against electroneutrality in the middle half, at the same flux of 0.005."""
    drive = "boundary.counter.flux.Li=0.005"
    wanted = run(folder / "neutral", FREE, drive).profile
    text = FREE.replace("{phi: 0 V}", "{phi: 0 V, flux: {Li: -0.005}}")
    y, found = np.linspace(25, 75, 51), []
    for share in SHARES:
        rows = [*thick_double_layer(share), "mesh.size_min=0.2 um"]
        profile = run(folder / f"{share}", text, drive, *rows).profile
        c = [np.interp(y, p["y_um"], p["c_A_mol_m3"]) for p in (wanted, profile)]
        name = f"Poisson, Debye length {share:g} L: distance to electroneutral (of c)"
        found.append(Check(name, 0.0, np.abs(c[1] - c[0]).max() / C, share**1.5))
    return found


def conservation(folder: Path) -> Check:
    """Worst balance of either species in any step at 0.05 V."""
    rows = run(folder, FREE, "boundary.counter.phi=0.05 V").rows
    worst = max(abs(row[f"balance_{name}_rel"]) for row in rows for name in ("Li", "A"))
    return Check("species conserved, worst step", 0.0, worst, 1e-10)


CHECKS: dict[str, Callable[[Path], Check | list[Check]]] = {
    "limiting_current": limiting_current,
    "single_ion": single_ion,
    **{f"mixed_{f:g}": lambda folder, f=f: mixed(folder, f) for f in FRACTIONS},
    "sand": sand,
    "charged_wall": charged_wall,
    "away_from_charge": away_from_charge,
    "conservation": conservation,
}
"""All checks by name; each takes a folder for its results."""
