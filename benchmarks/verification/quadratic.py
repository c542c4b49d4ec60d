# SPDX-License-Identifier: MIT
"""The manufactured solution of rung 5 on P2 elements, through one stage of the monolithic scheme.

The stage (y - base)/tau = f(y) + S has the exact fields as its solution if its base is on their
tangent, base = y - tau dy/dt. So nothing of the errors is due to time, and one stage per mesh is
enough. The sources of xi and c are in their bases; those of phi and u are added to the residual.
"""

from __future__ import annotations

import numpy as np
import ufl

from dolfinx import fem

from benchmarks.verification.common import TIME, Run
from benchmarks.verification.solution import FIELDS, Solution, config
from solver.schemes.stage import Base

AT, TAU = 0.5, 1.0
"""Time of the comparison, and step of the stage [1/(L_sigma W)]."""
PARTS = {"xi": (0,), "c": (1,), "phi": (2,), "u": (3, 4)}
"""Components of a node in the mixed space."""


def stage(h: float, free=FIELDS) -> Solution:
    """Solve one stage for some of the fields, from their exact values.

    Args:
        h: Element size [l].
        free: Fields that are solved for; the others are held at their exact values.

    Returns:
        The solution at the stage's time; its run carries the fields.
    """
    run = Run(config(h, elements={"scheme": "monolithic", "degree": 2}))
    solution, scheme = Solution(run), run.scheme
    solution.time.value = AT * TIME
    solution.set(*FIELDS)
    base = _base(solution)
    _hold(scheme, free)
    scheme.solve(base, TAU * TIME)
    return solution


def _base(solution: Solution) -> Base:
    """Base of the stage; what it cannot carry goes into the scheme's residual."""
    run, scheme = solution.run, solution.run.scheme
    s, n, tau = run.state, run.model.numbers, TAU * TIME
    xi, c = s.xi.x.array, s.c.x.array
    rate_xi, rate_c = solution.rates()
    # In all three equations the deposit's increment lacks what its base has of the source.
    deposit = solution.source("xi").x.array
    charge, body = solution.source("phi"), solution.source("u")
    charge.x.array[:] -= n.F * n.c_Li * deposit
    v = ufl.split(ufl.TestFunction(scheme.space))
    rows = {name: e.weight(scheme.tau) for name, e in run.model.equations.items()}
    load = rows["phi"] * charge * v[PARTS["phi"][0]]
    load += rows["u"] * ufl.inner(body, ufl.as_vector([v[k] for k in PARTS["u"]]))
    scheme.residual_forms.append(fem.form(-load * run.model.dx))
    lithium = rate_c - solution.source("c").x.array + n.c_Li * deposit
    base_xi = xi - tau * (rate_xi - deposit)
    nothing = np.zeros_like(xi)
    return Base(xi=base_xi, psi=nothing, h=nothing, charged=nothing, c=c - tau * lithium)


def _hold(scheme, free) -> None:
    every = np.arange(5 * scheme.space.dofmap.index_map.size_local, dtype=np.int32)
    given = [part for name in FIELDS if name not in free for part in PARTS[name]]
    scheme.fixed = np.union1d(scheme.held, every[np.isin(every % 5, given)])
