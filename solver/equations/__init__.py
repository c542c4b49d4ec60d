# SPDX-License-Identifier: MIT
"""The unknowns, their equations on one mesh, and what is measured of them."""
