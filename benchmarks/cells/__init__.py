# SPDX-License-Identifier: MIT
"""Worked examples of cells with a current and a voltage."""
