# SPDX-License-Identifier: MIT
"""Up to where the laws are trusted: what configs, `check` and runs hold states against."""

DILUTE = 2.0
"""c/c0 up to which ions count as dilute: what a salt has at the counter electrode at its limiting
current, where the other electrode has none left."""
BREAKDOWN = 2.5
"""Voltage between two lithium electrodes, or over an electrolyte, from which on it decomposes and
the exponentials of the electrodes leave all numbers [V]."""
UNBALANCED = 1e-9
"""Share of lithium, or of a species, up to which a balance counts as closed."""
ASTRAY = 0.01
"""Share of the work on cracks up to which it counts as found again."""
BELOW = 1e-6
"""Share of c0 by which a concentration below 0 counts as 0."""
SMALL_STRAIN = 0.1
"""Strain up to which the laws of small strains are taken for good."""
