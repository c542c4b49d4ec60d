# SPDX-License-Identifier: MIT
"""The program: one thin module per group of verbs."""
