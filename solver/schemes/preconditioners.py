# SPDX-License-Identifier: MIT
"""PETSc options of the Krylov solvers."""

from __future__ import annotations

AMG = {
    "pc_type": "hypre",
    "pc_hypre_type": "boomeramg",
    # Aggressive coarsening with long-range interpolation: a third off set-up and solve together.
    "pc_hypre_boomeramg_agg_nl": 1,
    "pc_hypre_boomeramg_coarsen_type": "HMIS",
    "pc_hypre_boomeramg_interp_type": "ext+i",
    "pc_hypre_boomeramg_P_max": 4,
}
GMRES = {
    # All work vectors in one block: PETSc takes products with vectors that happen to lie at equal
    # distances in memory together, which rounds otherwise, and so no two runs would be equal.
    "ksp_gmres_preallocate": True,
}
ELASTIC_AMG = {"pc_type": "gamg", "pc_gamg_threshold": 0.02}
