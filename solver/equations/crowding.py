# SPDX-License-Identifier: MIT
"""More ions than the laws of dilute ones are made for."""

from __future__ import annotations

import numpy as np

from solver.equations.model import Model
from solver.laws.bounds import DILUTE


def remark(model: Model, c_ratio: np.ndarray, where: str = "") -> str:
    """Say that c/c0, at some nodes of each rank, is above that; empty if not. Collective."""
    if model.extremes_of(c_ratio)[1] <= DILUTE:
        return ""
    return (
        f"c exceeds {DILUTE:g} c0{where}: the equations have the laws of dilute ions, in which "
        "nothing limits c; c_max_mol_m3 in scalars.csv says how far it goes"
    )
