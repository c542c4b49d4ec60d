# SPDX-License-Identifier: MIT
"""A run: the time loop, the mesh that follows the front, checkpoints and restart."""
