# SPDX-License-Identifier: MIT
"""Figures (placeholder until merged)."""
def figure(folder):
    return folder / "figure.png"
