# SPDX-License-Identifier: MIT
"""The run folder and its files, both ways."""
