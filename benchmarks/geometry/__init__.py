# SPDX-License-Identifier: MIT
"""Pictures, maps of orientations and meshes of other people, read or refused."""
