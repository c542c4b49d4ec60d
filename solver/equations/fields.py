# SPDX-License-Identifier: MIT
"""The state: values of all fields on a mesh."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dolfinx import fem, mesh

from solver.fields.record import Field


class State:
    """Values of the fields: `state["c"]` or `state.c`.

    Those with nodal values are of one degree (P1 or P2), the others constant per triangle.
    """

    def __init__(self, msh: mesh.Mesh, fields: Sequence[Field], degree: int = 1):
        """All zero."""
        shapes = {1: (), 2: (2,)}
        self.spaces = {
            size: fem.functionspace(msh, ("Lagrange", degree, shape))
            for size, shape in shapes.items()
        }
        self._functions = {f.name: fem.Function(self._space(msh, f), name=f.name) for f in fields}

    def _space(self, msh: mesh.Mesh, field: Field) -> fem.FunctionSpace:
        if field.per_triangle:
            return fem.functionspace(msh, ("DG", 0, (field.components,)))
        return self.spaces[field.components]

    def __getitem__(self, name: str) -> fem.Function:
        return self._functions[name]

    def __getattr__(self, name: str) -> fem.Function:
        try:
            return self.__dict__["_functions"][name]
        except KeyError:
            raise AttributeError(f"the state has no field {name}") from None

    @property
    def functions(self) -> tuple[fem.Function, ...]:
        """All fields."""
        return tuple(self._functions.values())

    @property
    def values(self) -> dict[str, np.ndarray]:
        """Nodal values by name, ghosts included: not copies."""
        return {name: f.x.array for name, f in self._functions.items()}

    def arrays(self) -> tuple[np.ndarray, ...]:
        """Copies of all nodal values, ghosts included."""
        return tuple(f.x.array.copy() for f in self.functions)

    def restore(self, arrays: tuple[np.ndarray, ...]) -> None:
        """Set all nodal values, ghosts included."""
        for f, values in zip(self.functions, arrays, strict=True):
            f.x.array[:] = values
