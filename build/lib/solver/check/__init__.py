# SPDX-License-Identifier: MIT
"""What a config means, before a run: dimensionless groups, judgements, cost."""
