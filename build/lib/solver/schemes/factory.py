# SPDX-License-Identifier: MIT
"""The schemes by the name that a config gives them."""

from __future__ import annotations

from solver.base.profile import Profile
from solver.equations.model import Model
from solver.schemes.monolithic import MonolithicScheme
from solver.schemes.split import SplitScheme

SCHEMES = {"split": SplitScheme, "monolithic": MonolithicScheme}

Scheme = SplitScheme | MonolithicScheme


def create(model: Model, profile: Profile) -> Scheme:
    """The scheme that the model's config asks for."""
    return SCHEMES[model.config.solver.scheme](model, profile)
