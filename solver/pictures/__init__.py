# SPDX-License-Identifier: MIT
"""Figures and films, drawn from the files of a run."""

COLOURS = ("common", "own")
"""One scale of a field for all runs and times, or one for each run."""
