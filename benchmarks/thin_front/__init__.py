# SPDX-License-Identifier: MIT
"""The quantitative kinetics against a front without thickness."""
