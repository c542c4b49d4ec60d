# SPDX-License-Identifier: MIT
"""Phase-field simulator of lithium dendrites in layered solid electrolytes."""

__version__ = "0.1.0"
