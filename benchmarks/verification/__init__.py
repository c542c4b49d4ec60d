# SPDX-License-Identifier: MIT
"""The verification ladder: the program's own terms and schemes against numbers known otherwise."""
