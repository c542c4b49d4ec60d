# SPDX-License-Identifier: MIT
"""The program from Python; `solver` itself has the names."""
