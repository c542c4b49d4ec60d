# SPDX-License-Identifier: MIT
"""Steps in time: the methods, their error estimate, the size of a step."""
