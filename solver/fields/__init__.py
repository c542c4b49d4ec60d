# SPDX-License-Identifier: MIT
"""The fields as records: names, units, and in which form each is straight in time and space.

Whatever treats all fields alike (guesses, transfer to a new mesh, checkpoints, snapshots, pictures,
columns of extremes) loops over these records. A field's equation is in solver.equations, in a
module of the same name. Needs no DOLFINx.
"""
