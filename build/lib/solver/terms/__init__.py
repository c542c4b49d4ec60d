# SPDX-License-Identifier: MIT
"""Weak-form terms, one pure function each.

Every term is written as it stands on the left-hand side of ``residual = 0``. What is lumped
accepts numpy arrays and UFL expressions alike, so that the nodal arithmetic of the split scheme
and the forms of the monolithic one cannot differ.
"""
