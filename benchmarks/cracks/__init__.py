# SPDX-License-Identifier: MIT
"""Notches full of lithium in the program, against Griffith and Sneddon."""
