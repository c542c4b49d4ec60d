# SPDX-License-Identifier: MIT
"""Lithium that flows."""
