# SPDX-License-Identifier: MIT
"""What a run leaves behind."""
