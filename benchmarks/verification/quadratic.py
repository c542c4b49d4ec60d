# SPDX-License-Identifier: MIT
"""The manufactured solution of rung 5 on P2 elements, through one stage of the monolithic scheme.

The stage (y - base)/tau = f(y) + S has the exact fields as its solution if its base is on their
tangent, base = y - tau dy/dt. So nothing of the errors is due to time, and one Newton iteration
per mesh is enough.
"""

from __future__ import annotations

import numpy as np
import ufl

from dolfinx import fem

from benchmarks.verification.common import TIME, Run
from benchmarks.verification.solution import FIELDS, Solution, config
from solver.schemes.monolithic import UX
from solver.schemes.updates import Base

AT, TAU = 0.5, 1.0
"""Time of the comparison, and step of the stage [1/(L_sigma W)]."""
AWAY = 0.1
"""The iteration starts from the exact values of xi and c times 1 minus this."""
SHARE = {"xi": (0,), "c": (1,), "phi": (2,), "u": (3, 4)}
"""Components of a node in the mixed space."""


def stage(h: float, free=FIELDS, degree: int = 2) -> Solution:
    """Solve one stage for some of the fields.

    Args:
        h: Element size [l].
        free: Fields that are solved for; the others are held at their exact values.
        degree: Degree of the elements.

    Returns:
        The solution at the stage's time; its run carries the fields.
    """
    run = Run(config(h, elements={"scheme": "monolithic", "degree": degree}))
    solution, scheme, model = Solution(run), run.scheme, run.model
    solution.time.value = AT * TIME
    base = solution.stage_base(solution.tangent(TAU * TIME), TAU * TIME)
    body = ufl.as_vector(ufl.split(ufl.TestFunction(scheme.space))[UX:])
    load = -scheme.rows.u * ufl.inner(solution.source("u"), body) * model.dx
    scheme.residual_forms.append(fem.form(load))
    every = np.arange(5 * scheme.space.dofmap.index_map.size_local, dtype=np.int32)
    given = [part for name in FIELDS if name not in free for part in SHARE[name]]
    scheme.fixed = np.union1d(scheme.held, every[np.isin(every % 5, given)])
    solution.set(*FIELDS)
    for name in {"xi", "c"}.intersection(free):
        values, held = getattr(run.state, name).x.array, model.held_dofs(name)
        values *= np.where(np.isin(np.arange(len(values)), held), 1.0, 1 - AWAY)
    scheme.solve(base, TAU * TIME)
    return solution
