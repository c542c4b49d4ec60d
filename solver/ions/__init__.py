# SPDX-License-Identifier: MIT
"""Ion transport through a stack of layers without deposition: `physics: transport`."""
