# SPDX-License-Identifier: MIT
"""Read by Python at its start where this folder is on PYTHONPATH: runs draw no figure at their end.

Its drawing is most of what a small run computes.
"""

from solver.base import physics

for name, known in physics.PHYSICS.items():
    # Like a figure, it takes the run folder and returns a path.
    physics.PHYSICS[name] = known._replace(figure="output.snapshots:Path")
