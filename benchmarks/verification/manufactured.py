# SPDX-License-Identifier: MIT
"""Rung 5: manufactured solutions of the four fields, alone and all coupled.

Source: smooth fields are chosen, and the sources that make them a solution follow from the strong
equations of Chen et al. 2025 (section 1.6, eqs. 1-4), which UFL differentiates independently of
the program's weak forms. Anisotropy, Butler-Volmer kinetics, migration, Vegard strain and elastic
feedback are all on, with parameters that make every coupling matter.

The sources are loads on the right-hand side of the program's own systems; the scheme is untouched.

Checked: root mean square errors over the mesh size, each field alone (the others held at their
exact values) and all four through the split scheme: order 2 within 0.1 (P1, lumped). Differences
between coupled runs of halved time steps: order 1 (backward Euler) and 2 (SDIRK2) within 0.1.
P2 elements, through one stage of the monolithic scheme (`quadratic`): order 3 within 0.1 between
the two finest meshes.
"""

from __future__ import annotations

import numpy as np

from benchmarks.verification import common, quadratic
from benchmarks.verification.common import Curve, Result, Row
from benchmarks.verification.solution import FIELDS, Solution, march, settle

SIZES = (0.5, 0.25, 0.125)
"""Element sizes [l]."""
END, STEPS = 0.5, 40
"""Time of the comparison [1/(L_sigma W)], and steps to it when the mesh is refined."""
COARSE, HALVINGS = 0.5, (20, 40, 80, 160)
"""Element size [l] and steps when the time step is refined."""
CASE = "manufactured"


def alone(field: str, h: float) -> Solution:
    """Solve for one field with the others held."""
    return settle(h, field, END) if field in ("phi", "u") else march(h, END, STEPS, (field,))


def space() -> tuple[list[Curve], list[Curve]]:
    """Return errors over the element size: each field alone, and coupled."""
    single = [[alone(field, h).errors()[field] for h in SIZES] for field in FIELDS]
    coupled = [march(h, END, STEPS).errors() for h in SIZES]
    return (
        [Curve(f"{f} alone", SIZES, tuple(e), 2) for f, e in zip(FIELDS, single, strict=True)],
        [Curve(f"{f} coupled", SIZES, tuple(e[f] for e in coupled), 2) for f in FIELDS],
    )


def quadratic_space() -> list[Curve]:
    """Return errors of P2 elements over the element size: each field alone, and coupled."""
    curves = []
    for free in (*((field,) for field in FIELDS), FIELDS):
        errors = [quadratic.stage(h, free).errors() for h in SIZES]
        label = "P2 coupled" if free == FIELDS else "P2 alone"
        curves += [Curve(f"{f} {label}", SIZES, tuple(e[f] for e in errors), 3) for f in free]
    return curves


def time(scheme: str, halvings=HALVINGS) -> dict[str, float]:
    """Return the order of each field in time, from the last two differences of halved steps."""
    ends = [march(COARSE, END, n, scheme=scheme).run.state.arrays() for n in halvings]
    differences = [
        [np.linalg.norm(a - b) for a, b in zip(*pair, strict=True)]
        for pair in zip(ends, ends[1:], strict=False)
    ]
    return dict(zip(FIELDS, np.log2(np.divide(*differences[-2:])), strict=True))


def rung() -> Result:
    """Run the rung."""
    single, coupled = space()
    rows = []
    for curve in (*single, *coupled):
        got = common.order(curve.steps, curve.errors)
        rows.append(Row(CASE, f"order in h, {curve.label}", 2, got, 0.1, "P1", 1))
    quadratics = quadratic_space()
    for curve in quadratics:
        got = common.order(curve.steps[-2:], curve.errors[-2:])
        rows.append(Row(CASE, f"order in h, {curve.label}", 3, got, 0.1, "P2", 1))
    for scheme, expected in (("backward_euler", 1), ("sdirk2", 2)):
        for field, got in time(scheme).items():
            quantity = f"order in dt, {field}, {scheme}"
            rows.append(Row(CASE, quantity, expected, got, 0.1, scheme, 1))
    return Result(rows, (*single, *coupled, *quadratics))
