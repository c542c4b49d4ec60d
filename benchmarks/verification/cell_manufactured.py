# SPDX-License-Identifier: MIT
"""Rung 11: a manufactured solution of a cell with a current and a voltage.

Source: the equations of `electrochemistry.closure: single_ion` (docs/theory.md) in their strong
form,

    xi_t = -L_sigma (g' - kappa_0 lap xi) + div[M s (n . grad psi - 1/l) n] + s i/(F c_Li l),
    div[(1 - xi) sigma grad phi] = F c_Li xi_t,   s = xi (1 - xi),   x = -l psi,
    i = i_0 [exp(F phi_s/2RT) - exp(-F phi_s/2RT)],   phi_s = phi - x i/sigma,

which UFL differentiates, with a counter electrode whose law is another such one, or reversible. xi
and phi_s are chosen and phi follows, so that the exact i is known where the program has to solve
for it at every node. The current is given; the cell voltage U is found with every stage.

Checked: root mean square errors of xi and phi and the error of U over the mesh size, through the
split scheme: order 2 within 0.1 between the two finest meshes. Differences between runs of halved
time steps: order 1 (backward Euler) and 2 (SDIRK2) within 0.1. Normal and mobility of the
sharpening flux are given, as the program takes them from the front before a step.
"""

from __future__ import annotations

import numpy as np

from benchmarks.verification import common
from benchmarks.verification.cell_solution import march
from benchmarks.verification.common import Curve, Result, Row
from benchmarks.verification.manufactured import END, HALVINGS, SIZES, STEPS

FIELDS = ("xi", "phi", "U")
COARSE = 0.5
"""Element size when the time step is refined [l]."""
CASE = "cell"


def space(kinetic: bool, sizes=SIZES, steps: int = STEPS) -> list[Curve]:
    """Return errors of all fields over the element size.

    Args:
        kinetic: Whether the counter electrode has a law of its own.
        sizes: Element sizes [l].
        steps: Time steps.
    """
    errors = [march(h, END, steps, kinetic=kinetic).errors() for h in sizes]
    counter = "kinetic" if kinetic else "reversible"
    return [
        Curve(f"{field}, {counter} counter electrode", sizes, tuple(e[field] for e in errors), 2)
        for field in FIELDS
    ]


def time(scheme: str, halvings=HALVINGS) -> dict[str, float]:
    """Return the order of each field in time, from the last two differences of halved steps."""
    ends = []
    for steps in halvings:
        run = march(COARSE, END, steps, scheme=scheme).run
        voltage = run.model.equations["phi"].voltage
        ends.append((run.state.xi.x.array, run.state.phi.x.array, voltage))
    differences = [
        [np.linalg.norm(a - b) for a, b in zip(*pair, strict=True)]
        for pair in zip(ends, ends[1:], strict=False)
    ]
    return dict(zip(FIELDS, np.log2(np.divide(*differences[-2:])), strict=True))


def rung() -> Result:
    """Run the rung."""
    curves, rows = [*space(kinetic=True), *space(kinetic=False)], []
    for curve in curves:
        got = common.order(curve.steps[-2:], curve.errors[-2:])
        rows.append(Row(CASE, f"order in h, {curve.label}", 2, got, 0.1, "P1", 1))
    for scheme, expected in (("backward_euler", 1), ("sdirk2", 2)):
        for field, got in time(scheme).items():
            quantity = f"order in dt, {field}, {scheme}"
            rows.append(Row(CASE, quantity, expected, got, 0.1, scheme, 1))
    return Result(rows, tuple(curves))
