# SPDX-License-Identifier: MIT
"""The input of a run of the phase field: one YAML file, every quantity in SI."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from solver.input import checks, readings
from solver.input.stack import CellConfig
from solver.materials.layers import filled

TAKEN = {"sigma_ion", "D", "E", "nu"}
"""What a layer takes from its material."""


class Config(CellConfig):
    """A whole run."""

    @model_validator(mode="before")
    @classmethod
    def _reading_is_spelt_out(cls, data: Any) -> Any:
        return readings.spelt_out(data)

    @model_validator(mode="after")
    def _materials_taken(self) -> Config:
        return self.completed(layers=filled(self.layers, self.constants.T, TAKEN))

    @model_validator(mode="after")
    def _course_gives_the_largest_drive(self) -> Config:
        boundary, phi_eq = self.boundary, self.kinetics.phi_eq
        if boundary.anode_course is None:
            return self
        farthest = max((phi for _, phi in boundary.anode_course), key=lambda phi: abs(phi - phi_eq))
        if "phi_anode" in boundary.model_fields_set and boundary.phi_anode != farthest:
            raise ValueError(
                f"boundary.phi_anode: {boundary.phi_anode:g} V must be the value of anode_course "
                f"farthest from kinetics.phi_eq, {farthest:g} V, or left out"
            )
        return self.completed(boundary=boundary.model_copy(update={"phi_anode": farthest}))

    @model_validator(mode="after")
    def _values_fit_together(self) -> Config:
        problems = list(checks.problems(self))
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def given(self) -> dict[str, Any]:
        """Return what was given; what agrees with the preset of `reading` follows from it."""
        data = super().given()
        preset = readings.PRESETS[self.reading]
        own = {k: v for k, v in data.pop("potential", {}).items() if preset[k] != v}
        return data | {"potential": own} if own else data
