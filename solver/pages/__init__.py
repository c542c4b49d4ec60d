# SPDX-License-Identifier: MIT
"""The page of a run: one file for a browser, from the files of its folder alone."""
