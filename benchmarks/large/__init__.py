# SPDX-License-Identifier: MIT
"""How large a run can be: memory of every rank, and what ranks send to each other."""
