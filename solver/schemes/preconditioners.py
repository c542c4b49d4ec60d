# SPDX-License-Identifier: MIT
"""PETSc options of the Krylov solver and the preconditioner of each field: the only place with any.

The multigrid of c and phi is hypre's BoomerAMG where PETSc was built with hypre, as Debian's is,
and PETSc's own GAMG where not, as in the wheel from PyPI.
"""

from __future__ import annotations

from petsc4py import PETSc

BOOMERAMG = {
    "pc_type": "hypre",
    "pc_hypre_type": "boomeramg",
    # Aggressive coarsening with long-range interpolation: a third off set-up and solve together.
    "pc_hypre_boomeramg_agg_nl": 1,
    "pc_hypre_boomeramg_coarsen_type": "HMIS",
    "pc_hypre_boomeramg_interp_type": "ext+i",
    "pc_hypre_boomeramg_P_max": 4,
    "pc_hypre_boomeramg_strong_threshold": 0.5,
    # A level's nodes in one sweep, not coarse ones before fine: one message for two, and one walk
    # through the matrix. Levels of less than 50 nodes are little but messages. Together a third of
    # the messages of a pass, and a sixth of the time of solves on one rank.
    "pc_hypre_boomeramg_no_CF": True,
    "pc_hypre_boomeramg_max_coarse_size": 50,
}
# One system of the quickstart (51k nodes), CPU ms to set up and to solve, and iterations; BoomerAMG
# as it was without the last two options above, which are later than this table:
#
#                              c               phi             u
#   BoomerAMG                  27 + 20 (5)     28 + 14 (4)
#   GAMG as it comes           66 + 14 (4)     67 + 10 (4)     164 + 54 (6)
#   GAMG, SOR                  67 + 10 (3)     68 +  8 (3)     164 + 41 (5)
#   GAMG, Chebyshev/SOR        81 + 17 (3)     82 + 13 (3)     212 + 65 (4)
#   GAMG, SOR, not smoothed    38 + 20 (8)     44 + 16 (7)
#   ILU(2), ICC(2)             11 + 11 (10)     7 +  5 (6)
#
# Thresholds from 0 to 0.05 change nothing beyond 10 %. ILU and ICC are quicker here, for c by 4 s
# of the whole run, but their iterations grow like 1/h: with half of h (200k nodes) ILU(2) for c
# takes 50 + 160 ms (20) and GAMG 327 + 69 (4), and most set-ups serve several solves.
GAMG = {
    "pc_type": "gamg",
    # Unlike Jacobi, it reads the matrix as it is.
    "mg_levels_ksp_type": "richardson",
    "mg_levels_ksp_max_it": 1,
    "mg_levels_pc_type": "sor",
}
if PETSc.Sys.hasExternalPackage("hypre"):
    SCALAR_AMG = BOOMERAMG
    # Half a symmetric sweep down and the other half up: symmetric as a whole, for half the work.
    ONE_SWEEP = {
        "pc_hypre_boomeramg_relax_type_down": "SOR/Jacobi",
        "pc_hypre_boomeramg_relax_type_up": "backward-SOR/Jacobi",
    }
else:
    SCALAR_AMG, ONE_SWEEP = GAMG, {}

XI = {"ksp_type": "cg", "pc_type": "jacobi"}
C = {
    "ksp_type": "gmres",
    # All work vectors in one block: PETSc takes products with vectors that happen to lie at equal
    # distances in memory together, which rounds otherwise, and so no two runs would be equal.
    "ksp_gmres_preallocate": True,
    "ksp_gmres_restart": 20,
    **SCALAR_AMG,
    **ONE_SWEEP,
}
PHI = {"ksp_type": "cg", **SCALAR_AMG, **ONE_SWEEP}
# CPU seconds to set up u's and to solve to 1e-2, iterations, and MB that it takes at most:
#
#                              55,642 nodes        624,484 nodes
#   GAMG as it comes           0.58 + 0.34 (8)     13.7 + 3.7 (10)  379
#   GAMG, SOR                  0.59 + 0.17 (7)     15.0 + 2.5 (9)   379
#   same, three aggressive     0.44 + 0.22 (11)    4.7 + 2.8 (12)   379
#   same, not smoothed         0.15 + 0.47 (29)    1.9 + 9.8 (49)   240
#   BoomerAMG, by components   0.30 + 0.23 (10)    4.1 + 3.7 (15)
#   BoomerAMG, by nodes        0.18 + 0.16 (11)    2.0 + 3.0 (16)   883
#
# and ms, to 1e-4, of a deposit that flows with 13k nodes and of an electrolyte that cracks with 8k:
#
#   GAMG as it comes            90 + 240 (34)      70 + 170 (33)
#   GAMG, SOR                   80 + 100 (28)      80 +  60 (22)
#   same, rigid body modes     110 + 120 (21)
#   BoomerAMG, by nodes         50 + 140 (39)      30 +  90 (40)
#
# A preconditioner serves several solves. BoomerAMG adds a sixth to the memory of a run, and as
# ONE_SWEEP has it CG finds it indefinite on two ranks once they meet along a front.
U = {"ksp_type": "cg", **GAMG, "pc_gamg_threshold": 0.02}
# Where memory is short. Coarse matrices of later levels fill up: of 624,000 nodes the fourth has
# 3,050 rows of 1,300 entries after one aggressive level, and 602 of 440 after three.
U_SPARING = {**U, "pc_gamg_aggressive_coarsening": 3}
D = {"ksp_type": "cg", "pc_type": "jacobi"}
