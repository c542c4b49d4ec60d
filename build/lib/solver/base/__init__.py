# SPDX-License-Identifier: MIT
"""What knows no physics: units, errors, log, files, signals, MPI and DOLFINx's versions."""
