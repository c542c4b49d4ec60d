# SPDX-License-Identifier: MIT
"""How an implicit stage of the coupled equations is solved."""
