# SPDX-License-Identifier: MIT
"""The cell: its geometry, the distributed mesh, its layers, refinement and transfer."""
