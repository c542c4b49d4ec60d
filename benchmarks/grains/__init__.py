# SPDX-License-Identifier: MIT
"""Lithium and grain boundaries."""
