# SPDX-License-Identifier: MIT
"""Pointwise laws and closed forms, of numbers, arrays or UFL; no mesh, no config."""
