# SPDX-License-Identifier: MIT
"""What everybody may know of a field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from solver.fields import extrapolation
from solver.fields.extrapolation import Extrapolation

Values = dict[str, np.ndarray]
"""Nodal values of several fields by their names."""


class Panel(NamedTuple):
    """How a field is shown: `factor` takes its SI values to the unit in the title.

    `limits` are the ends of the colours, None where the values decide; `robust` is the percentile
    of the values that decides the upper one. `everywhere`: it has a meaning in the skeleton too.
    `in_metal`: it has one in the deposit too.
    """

    field: str
    title: str
    colours: str
    factor: float = 1.0
    limits: tuple[float | None, float | None] = (None, None)
    robust: float = 100.0
    everywhere: bool = False
    in_metal: bool = True


def unchanged(values: np.ndarray) -> np.ndarray:
    """The values themselves."""
    return values


@dataclass(frozen=True)
class Field:
    """One unknown.

    Attributes:
        name: Its symbol in the model, in files and in the code.
        label: What it is, in words.
        unit: Its SI unit.
        components: 1 for a scalar, 2 for a vector; of what is constant per triangle any number.
        per_triangle: Whether it is constant per triangle; else it has values at the nodes.
        evolves: Whether its equation has a rate; the others answer at once.
        extrapolation: In which form it is straight in time, for guesses.
        stored: What an implicit stage starts from, as functions of the nodal values by name.
        transfer: Its values on a new mesh, called as `transfer(transfer, old, new, config)` with
            the Transfer, all values of the old mesh, those of the fields before it on the new mesh,
            and the config. None: interpolated.
        resolved: Its values in the unit in which an adaptive mesh limits their interpolation error,
            called as `resolved(values, config)`. None: the mesh does not heed it.
        extremes: Columns of its least and largest value in scalars.csv, if any.
        panel: How it is drawn, if it is.
    """

    name: str
    label: str
    unit: str
    components: int = 1
    per_triangle: bool = False
    evolves: bool = False
    extrapolation: Extrapolation = extrapolation.straight
    stored: Mapping[str, Callable[[np.ndarray], np.ndarray]] = field(default_factory=dict)
    transfer: Callable[[Any, Values, Values, Any], np.ndarray] | None = None
    resolved: Callable[[np.ndarray, Any], np.ndarray] | None = None
    extremes: tuple[str, str] | None = None
    panel: Panel | None = None


def transferred(fields: Sequence[Field], transfer: Any, old: Values, config: Any) -> Values:
    """Values of all fields on a new mesh, from those on the old one."""
    new: Values = {}
    for f in fields:
        if f.transfer is None:
            new[f.name] = transfer.interpolated(old[f.name])
        else:
            new[f.name] = f.transfer(transfer, old, new, config)
    return new


@dataclass(frozen=True)
class CellField:
    """A number per triangle that is written and drawn, but not solved for."""

    name: str
    label: str
    unit: str
    panel: Panel | None = None
