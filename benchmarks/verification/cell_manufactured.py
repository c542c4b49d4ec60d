# SPDX-License-Identifier: MIT
"""Rung 11: a manufactured solution of a cell with a current and a voltage.

Source: the equations of `electrochemistry.closure: single_ion` (docs/theory.md) in their strong
form,

    xi_t = -L_sigma (g' - kappa_0 lap xi) + div[M s (n . grad psi - 1/l) n] + s i/(F c_Li l),
    div[(1 - xi) sigma grad phi] = F c_Li xi_t,   s = xi (1 - xi),   x = -l psi,
    i = i_0 [exp(F phi_s/2RT) - exp(-F phi_s/2RT)],   phi_s = phi - x i/sigma,

which UFL differentiates, with a counter electrode whose law is another such one, or reversible. xi
and phi_s are chosen and phi follows, so that the exact i is known where the program has to solve
for it at every node. The current is given; the cell voltage U is found with every stage. And the
same of `closure: binary`, with the salt's concentration c_s on the front chosen too:

    div[(1 - xi) sigma (grad phi - A grad ln c)] = F c_Li xi_t,   A = 2 (1 - t_+) RT/F,
    (1 - xi) c_t = div[D S grad c] + [c - c_s - (1 - t_+) c_Li] xi_t,
    S = q n n + (1 - xi)(I - n n),
    c_s = c - L k i,   phi_s = phi - x i/sigma - A ln(c/c_s),   k = (1 - t_+)/(F D),

and i_0 (c_s/c0)^(1/2) for i_0, L and q as in solver.laws.in_metal.

Checked: root mean square errors of the fields and the error of U over the mesh size, through the
split scheme: order 2 within 0.1 between the two finest meshes. Differences between runs of halved
time steps: order 1 (backward Euler) and 2 (SDIRK2) within 0.1. Normal, mobility of the sharpening
flux and of curvature are given, as the program takes them from the front before a step.
"""

from __future__ import annotations

import numpy as np

from benchmarks.verification import common
from benchmarks.verification.cell_solution import CellSolution, march
from benchmarks.verification.common import Curve, Result, Row
from benchmarks.verification.manufactured import END, HALVINGS, SIZES, STEPS
from benchmarks.verification.salt_solution import SaltSolution

KINDS = {"single ion": CellSolution, "binary": SaltSolution}
"""By what they are called in the table."""
CASES = (
    ("single ion", True, SIZES, STEPS),
    ("single ion", False, SIZES, STEPS),
    ("binary", True, SIZES, 2 * STEPS),
    ("binary", False, SIZES[:-1], STEPS),
)
"""Kind, whether the counter electrode has a law of its own, element sizes [l] and steps. With the
salt U has a larger error in time, and at a reversible counter electrode it takes three times the
passes.
"""
COARSE = 0.5
"""Element size when the time step is refined [l]."""
CASE = "cell"


def space(kind: str, kinetic: bool, sizes: tuple[float, ...], steps: int) -> list[Curve]:
    """Return errors of all fields and of U over the element size.

    Args:
        kind: Of KINDS.
        kinetic: Whether the counter electrode has a law of its own.
        sizes: Element sizes [l].
        steps: Time steps.
    """
    errors = [march(h, END, steps, kinetic=kinetic, of=KINDS[kind]).errors() for h in sizes]
    counter = "kinetic" if kinetic else "reversible"
    return [
        Curve(f"{field}, {kind}, {counter}", sizes, tuple(e[field] for e in errors), 2)
        for field in errors[0]
    ]


def time(kind: str, scheme: str, halvings=HALVINGS) -> dict[str, float]:
    """Return the orders in time of fields and of U, from the last two differences of halved steps.

    Args:
        kind: Of KINDS.
        scheme: Time scheme.
        halvings: Steps of the runs.
    """
    ends = []
    for steps in halvings:
        solution = march(COARSE, END, steps, scheme=scheme, of=KINDS[kind])
        model = solution.run.model
        fields = {name: model.state[name].x.array for name in solution.sources}
        ends.append({**fields, "U": model.equations["phi"].voltage})
    differences = [
        [np.linalg.norm(a[name] - b[name]) for name in a]
        for a, b in zip(ends, ends[1:], strict=False)
    ]
    return dict(zip(ends[0], np.log2(np.divide(*differences[-2:])), strict=True))


def rung() -> Result:
    """Run the rung."""
    curves, rows = [curve for case in CASES for curve in space(*case)], []
    for curve in curves:
        got = common.order(curve.steps[-2:], curve.errors[-2:])
        rows.append(Row(CASE, f"order in h, {curve.label}", 2, got, 0.1, "P1", 1))
    for kind in KINDS:
        for scheme, expected in (("backward_euler", 1), ("sdirk2", 2)):
            for field, got in time(kind, scheme).items():
                quantity = f"order in dt, {field}, {kind}, {scheme}"
                rows.append(Row(CASE, quantity, expected, got, 0.1, scheme, 1))
    return Result(rows, tuple(curves))
