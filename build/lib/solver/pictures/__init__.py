# SPDX-License-Identifier: MIT
"""Figures and films, drawn from the files of a run."""
