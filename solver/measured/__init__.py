# SPDX-License-Identifier: MIT
"""What users bring from the laboratory: tables, and the files of instruments."""
