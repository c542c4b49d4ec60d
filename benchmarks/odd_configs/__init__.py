# SPDX-License-Identifier: MIT
"""Valid configs with odd values: what comes of them, and whether it is remarked on."""
