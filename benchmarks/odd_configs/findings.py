# SPDX-License-Identifier: MIT
"""What no cell can show, in the results of a run, and the remark that has to be made on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import exp, isfinite
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas

import solver
from solver.check.groups import groups
from solver.input import electrochemistry
from solver.input.run_config import RunConfig
from solver.laws import scaling
from solver.laws.bounds import BELOW, BREAKDOWN, DILUTE, SMALL_STRAIN, UNBALANCED
from solver.stepping.cycler import RESOLVED

XI = 1e-3
"""By how much xi may leave [0, 1]."""
BORNE = 1e3
"""Pressure that no cell puts on lithium, twice the flow stress of a whisker or more [MPa]."""
WHOLE = 0.5
"""Damage up to which a triangle counts as whole."""
UNLIKE = 1e-6
"""Share of its current by which the electrodes of a cell may differ."""
ROOM = 2.0
"""Factor on the largest speed that the laws have: fronts of a few elements are not exact."""


class Finding(NamedTuple):
    """Something that no cell shows.

    Attributes:
        what: In words, the same for all runs.
        remark: Expression for the remark that says so; None: nothing excuses it.
    """

    what: str
    remark: str | None

    def remarked(self, sentences: list[str]) -> bool:
        """Whether one of the sentences of a run is on it."""
        return self.remark is not None and any(re.search(self.remark, s) for s in sentences)


def findings(config: RunConfig, folder: Path) -> Iterator[Finding]:
    """Look at what a run has left."""
    run = solver.open_run(folder)
    yield from of_rows(config, run.scalars)
    if config.physics != "transport":
        yield from of_solid(config, run.fields())


def of_rows(config: RunConfig, rows: pandas.DataFrame) -> Iterator[Finding]:
    """Look at the rows of scalars.csv."""
    if not all(isfinite(x) for x in rows.iloc[-1]):
        yield Finding("a number is not finite", None)
    look = _of_ions if config.physics == "transport" else _of_deposit
    yield from look(config, rows)


def _of_ions(config, rows) -> Iterator[Finding]:
    for s in config.species:
        start = sum(layer.thickness * layer.c0[s.name] for layer in config.layers)
        through = [rows[f"flux_{s.name}_{side}_mol_m2_s"] for side in ("anode", "counter")]
        passed = sum((abs(flux) * rows["dt_s"]).sum() for flux in through)
        # A steady state may pass a million times what it holds.
        if abs(rows[f"balance_{s.name}_rel"]).max() > UNBALANCED * max(1.0, passed / start):
            yield Finding("the balance of a species is open", f"balance of {s.name} is open")
        given = [layer.c0[s.name] for layer in config.layers]
        given += [e.c[s.name] for e in (config.boundary.anode, config.boundary.counter)
                  if s.name in e.c]  # fmt: skip
        if rows[f"c_{s.name}_min_mol_m3"].min() < -BELOW * max(given):
            yield Finding("c below 0", None)
        if rows[f"c_{s.name}_max_mol_m3"].max() > DILUTE * max(given):
            yield Finding("c above 2 c0", r"exceeds 2 c0")
    if rows["phi_max_V"].iloc[-1] - rows["phi_min_V"].iloc[-1] > BREAKDOWN:
        yield Finding("a voltage that no electrolyte bears", r"decompose")


def _of_deposit(config, rows) -> Iterator[Finding]:
    first, last, c0 = rows.iloc[0], rows.iloc[-1], max(x.c0 for x in config.parts)
    if abs(rows["li_balance_rel"]).max() > UNBALANCED:
        yield Finding("the balance of lithium is open", None)
    if rows["xi_min"].min() < -XI or rows["xi_max"].max() > 1 + XI:
        yield Finding("xi outside [0, 1]", None)
    if "c_min_mol_m3" in rows:
        if rows["c_min_mol_m3"].min() < -BELOW * c0:
            yield Finding("c below 0", r"c falls below 0")
        least = max(c0, config.boundary.c_counter or 0.0)
        if rows["c_max_mol_m3"].max() > DILUTE * least:
            yield Finding("c above 2 c0", r"exceeds 2 c0")
    # Where a run ends, it lands within a thousandth of that height.
    if last["tip_um"] >= electrochemistry.touching(config) * 1e6 * (1 - RESOLVED):
        said = r"short circuit|touches the counter|grows at the counter electrode too"
        yield Finding("metal at the counter electrode", said)
    if last["area_um2"] < 0.1 * first["area_um2"]:
        yield Finding("the deposit is gone", r"no deposit|gone|exhausted|bare|that dissolves")
    if len(rows) > 1 and last["t_s"] > 0:
        speed = abs(last["area_um2"] - first["area_um2"]) * 1e-12 / config.width / last["t_s"]
        # The profile settles on its mesh by a part of its length.
        settling = scaling.interface(config.phase_field).length / last["t_s"]
        if speed > ROOM * _largest_speed(config, rows) + settling:
            yield Finding("a front faster than its law", None)
    if "lithium_pressure_max_MPa" in rows and rows["lithium_pressure_max_MPa"].max() > BORNE:
        said = r"stack_pressure.*outside|strains are not small"
        yield Finding("a pressure that no lithium is under", said)
    if "cell_current_A_per_m2" in rows:
        through = rows["cell_current_A_per_m2"]
        if abs(rows["anode_current_A_per_m2"] - through).max() > UNLIKE * abs(through).max() + 1e-9:
            yield Finding("the electrodes carry unlike currents", None)
    if "cell_voltage_V" in rows and abs(rows["cell_voltage_V"]).max() > BREAKDOWN:
        yield Finding("a voltage that no electrolyte bears", r"decompose")


def of_solid(config: RunConfig, fields: solver.Fields) -> Iterator[Finding]:
    """Look at displacement and stress, if there are any."""
    if "u" in fields and largest_strain(fields) > SMALL_STRAIN:
        yield Finding("a strain that is not small", r"strains are not small")
    if config.lithium.flow == "plastic" and _above_yield(config, fields):
        yield Finding("lithium above its yield stress", None)


def largest_strain(fields: solver.Fields) -> float:
    """Largest amount of a component of the strain of any triangle that is not of a crack.

    Across a crack it is the opening over the width in which the crack is smeared.
    """
    broken = fields["d"][fields.triangles].max(axis=1) > WHOLE if "d" in fields else False
    corners = fields.points[fields.triangles] * 1e-6
    u = fields["u"][fields.triangles]
    edges, moved = corners[:, 1:] - corners[:, :1], u[:, 1:] - u[:, :1]
    gradient = np.linalg.solve(edges, moved)
    strain = abs(gradient + gradient.swapaxes(1, 2)).max(axis=(1, 2)) / 2
    return float(np.where(broken, 0.0, strain).max())


def _above_yield(config, fields) -> bool:
    """Whether a triangle that is all lithium has more than its yield stress."""
    metal = (fields["xi"][fields.triangles] > 0.99).all(axis=1)
    stress = fields["von_mises"][metal]
    return bool(stress.size and stress.max() > 1.01 * config.lithium.yield_stress)


def _largest_speed(config, rows) -> float:
    """What reaction, surface and elasticity can give a front at the extremes of a run [m/s]."""
    i, k = scaling.interface(config.phase_field), config.constants
    F_RT, c0 = k.F / (k.R * k.T), min(x.c0 for x in config.parts)
    phi = max(abs(rows["phi_min_V"]).max(), abs(rows["phi_max_V"]).max())
    phi += abs(config.kinetics.phi_eq)
    c = rows["c_max_mol_m3"].max() / c0 if "c_max_mol_m3" in rows else 1.0
    steep = max(config.kinetics.alpha, 1 - config.kinetics.alpha)
    reaction = 6 * i.L_eta * i.length * max(1.0, c) * exp(min(steep * F_RT * phi, 300.0))
    surface = i.L_sigma * i.kappa_0 / i.length
    elastic = abs(groups(config).elastic_shift) * F_RT * 6 * i.L_eta * i.length
    return reaction + surface + elastic
