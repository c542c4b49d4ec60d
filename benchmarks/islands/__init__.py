# SPDX-License-Identifier: MIT
"""Islands of lithium: one that electrons feed, and some that stripping leaves behind."""
