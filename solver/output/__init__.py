# SPDX-License-Identifier: MIT
"""What a run leaves behind: field snapshots for ParaView, and the figure made from them."""
