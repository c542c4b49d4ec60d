# SPDX-License-Identifier: MIT
"""Gmsh builders, one module per geometry; lengths in um, as written to .msh files."""
