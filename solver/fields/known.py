# SPDX-License-Identifier: MIT
"""The fields there are. A new one is a line here and a module in each of fields and equations."""

from __future__ import annotations

import importlib

from solver.fields.displacement import PRESSURE, VON_MISES
from solver.fields.record import CellField, Field

MODULES = ("phase_field", "concentration", "potential", "electrons", "displacement", "damage")
"""Names of the modules of solver.fields and solver.equations, in the order of a pass."""

FIELDS: tuple[Field, ...] = tuple(
    importlib.import_module(f"solver.fields.{name}").FIELD for name in MODULES
)
LAYER = CellField(
    name="layer", label="number of the layer from the anode, or of the grain", unit="1"
)
INFO: dict[str, Field | CellField] = {x.name: x for x in (*FIELDS, VON_MISES, PRESSURE, LAYER)}
"""All that is written, by name."""
PANELS = tuple(x.panel for x in INFO.values() if x.panel is not None)
"""The lightness of all their colour maps grows evenly, so they can be read in grey and by the
colour-blind."""
