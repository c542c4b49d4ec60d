# SPDX-License-Identifier: MIT
"""UFL for laws that serve numbers and forms alike: imported when a form is made.

`check` takes numbers from these laws and works without the libraries of a simulation.
"""

from __future__ import annotations

from typing import Any


class _Ufl:
    """Stands for the module."""

    def __getattr__(self, name: str) -> Any:
        import ufl

        return getattr(ufl, name)


ufl: Any = _Ufl()
