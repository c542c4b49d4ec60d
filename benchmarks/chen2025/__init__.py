# SPDX-License-Identifier: MIT
"""Models 1, 2 and 3 of Chen et al. (2025), and how sure their tips are."""
