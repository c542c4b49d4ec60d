# SPDX-License-Identifier: MIT
"""The schemes by the name that a config gives them."""

from __future__ import annotations

from solver.base.profile import Profile
from solver.schemes.monolithic import MonolithicScheme
from solver.schemes.split import SplitScheme
from solver.schemes.system import System

SCHEMES = {"split": SplitScheme, "monolithic": MonolithicScheme}

Scheme = SplitScheme | MonolithicScheme


def create(system: System, profile: Profile) -> Scheme:
    """The scheme that the system's config asks for."""
    return SCHEMES[system.config.solver.scheme](system, profile)
