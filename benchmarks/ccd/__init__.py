# SPDX-License-Identifier: MIT
"""Critical current densities: ramps, what they depend on, and a map of stability."""
