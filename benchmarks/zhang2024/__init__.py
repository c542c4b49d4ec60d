# SPDX-License-Identifier: MIT
"""Ion transport, skeleton dendrites and data reduction of Zhang et al. 2024."""
