# SPDX-License-Identifier: MIT
"""What the user says: from YAML to validated values in SI units; never imports DOLFINx."""
