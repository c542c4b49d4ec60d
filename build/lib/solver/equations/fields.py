# SPDX-License-Identifier: MIT
"""The unknowns: one table of names, symbols and units, and the State that carries them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dolfinx import fem, mesh


class FieldInfo(NamedTuple):
    """How a field is named in files and on figures."""

    name: str
    label: str
    unit: str


TABLE = (
    FieldInfo("xi", "phase field", "1"),
    FieldInfo("c", "Li+ concentration", "mol/m^3"),
    FieldInfo("phi", "potential", "V"),
    FieldInfo("u", "displacement", "m"),
    FieldInfo("von_mises", "von Mises stress", "Pa"),
    FieldInfo("layer", "layer number from the anode", "1"),
)
INFO = {info.name: info for info in TABLE}


@dataclass(frozen=True)
class State:
    """Phase field, concentration, potential and displacement, all of one degree (P1 or P2)."""

    xi: fem.Function
    c: fem.Function
    phi: fem.Function
    u: fem.Function

    @classmethod
    def zero(cls, msh: mesh.Mesh, degree: int = 1) -> State:
        """Return a state of zeros on a mesh."""
        V = fem.functionspace(msh, ("Lagrange", degree))
        Vu = fem.functionspace(msh, ("Lagrange", degree, (2,)))
        scalars = (fem.Function(V, name=name) for name in ("xi", "c", "phi"))
        return cls(*scalars, fem.Function(Vu, name="u"))

    @property
    def functions(self) -> tuple[fem.Function, ...]:
        """All unknowns."""
        return self.xi, self.c, self.phi, self.u

    def arrays(self) -> tuple[np.ndarray, ...]:
        """Copies of all nodal values, ghosts included."""
        return tuple(f.x.array.copy() for f in self.functions)

    def restore(self, arrays: tuple[np.ndarray, ...]) -> None:
        """Set all nodal values, ghosts included."""
        for f, values in zip(self.functions, arrays, strict=True):
            f.x.array[:] = values
