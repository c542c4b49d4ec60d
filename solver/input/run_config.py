# SPDX-License-Identifier: MIT
"""What the configs of all kinds of physics have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from solver.base.errors import InputError
from solver.input.construction import plain, validated
from solver.input.section import Section
from solver.input.writing import NoSuchPlace, place, resolved_yaml


class RunConfig(Section):
    """The values of a whole run.

    Every kind of physics has at least the keys title, physics, width, layers (each with a name and
    a thickness), mesh, time (with max_wall) and output.
    """

    @property
    def cell_height(self) -> float:
        """Sum of the layers' thicknesses [m]."""
        return sum(layer.thickness for layer in self.layers)

    @property
    def parts(self) -> tuple[Any, ...]:
        """What the electrolyte is made of: the layers, or regions of any shape instead."""
        return self.layers

    @property
    def parts_key(self) -> str:
        """The key that they stand under."""
        return "layers"

    @property
    def adaptive(self) -> bool:
        """Whether the mesh is refined and coarsened during the run."""
        return False

    def with_(self, changes: Mapping[str, Any]) -> Self:
        """Return a changed copy, validated as a whole.

        What follows from other values, such as the properties of a layer's material at
        `constants.T`, follows anew.

        Args:
            changes: Dotted key -> value as in a file or a section: `{"time.end": "900 s"}`;
                `layers.0.D` reaches into lists.

        Raises:
            InputError: There is no such key, or a value cannot be used.
        """
        data, name = self.given(), type(self).__name__
        for key, value in changes.items():
            try:
                place(data, key, plain(value))
            except NoSuchPlace as error:
                raise InputError(f"{name}: {error}.") from None
        return validated(type(self), data, name)

    def to_yaml(self) -> str:
        """Return every value in SI units as the text of a config, which can be run again."""
        return resolved_yaml(self)
