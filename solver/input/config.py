# SPDX-License-Identifier: MIT
"""The input of a run of the phase field: one YAML file, every quantity in SI."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from solver.input import checks, geometry, mobilities, readings
from solver.input.activated import followed
from solver.input.own_materials import records
from solver.input.protocol import flat, longest
from solver.input.stack import CellConfig
from solver.materials.layers import filled


class Config(CellConfig):
    """A whole run."""

    @model_validator(mode="before")
    @classmethod
    def _reading_is_spelt_out(cls, data: Any) -> Any:
        return readings.spelt_out(data)

    @model_validator(mode="after")
    def _cell_has_parts_and_size(self) -> Config:
        geometry.require_parts(self)
        found = geometry.extent(self)
        # Not marked as given: they would not follow another file.
        return self.completed(**found)

    @model_validator(mode="after")
    def _materials_taken(self) -> Config:
        own, T = records(self.materials), self.constants.T
        return self.completed(**{self.parts_key: filled(self.parts, T, own, self.parts_key)})

    @model_validator(mode="after")
    def _values_follow_the_temperature(self) -> Config:
        k = self.constants
        T, k_B = k.T, k.R / k.F
        key = self.parts_key
        parts = tuple(followed(x, f"{key}.{i}", T, k_B) for i, x in enumerate(self.parts))
        sections = ("phase_field", "electrochemistry")
        found = {name: followed(getattr(self, name), name, T, k_B) for name in sections}
        return self.completed(**{key: parts}, **found)

    @model_validator(mode="after")
    def _front_is_as_the_closure_needs(self) -> Config:
        if not self.is_cell:
            return self
        needed = {"kinetics": ("interface", "quantitative"), "mechanics": ("feedback", False)}
        made = {}
        for name, (key, value) in needed.items():
            section = getattr(self, name)
            if key not in section.model_fields_set:
                # Not marked as given: it would outlive the closure.
                values = {**dict(section), key: value}
                made[name] = section.model_construct(section.model_fields_set, **values)
        return self.completed(**made)

    @model_validator(mode="after")
    def _protocol_has_time(self) -> Config:
        time = self.time
        if self.protocol is None or "end" in time.model_fields_set:
            return self
        # Not marked as given: it would outlive the protocol.
        values = {**dict(time), "end": longest(flat(self.protocol))}
        return self.completed(time=time.model_construct(time.model_fields_set, **values))

    @model_validator(mode="after")
    def _course_gives_the_largest_drive(self) -> Config:
        boundary = self.boundary
        if boundary.anode_course is None:
            return self
        lowest = min(value for _, value in boundary.anode_course)
        if "phi_anode" in boundary.model_fields_set and boundary.phi_anode != lowest:
            raise ValueError(
                f"boundary.phi_anode: {boundary.phi_anode:g} V must be the lowest value of "
                f"anode_course, {lowest:g} V, or left out"
            )
        # Not marked as given: it would not follow another course.
        values = {**dict(boundary), "phi_anode": lowest}
        given = boundary.model_fields_set
        return self.completed(boundary=boundary.model_construct(given, **values))

    @model_validator(mode="after")
    def _front_has_mobilities(self) -> Config:
        found = mobilities.derived(self)
        if not found:
            return self
        # Not marked as given: they would not follow another R_ct, kappa_0 or T.
        values, given = {**dict(self.phase_field), **found}, self.phase_field.model_fields_set
        return self.completed(phase_field=self.phase_field.model_construct(set(given), **values))

    @model_validator(mode="after")
    def _deposit_has_ions(self) -> Config:
        nuclei = self.nuclei
        if nuclei.c_inside is not None:
            return self
        quantitative = self.kinetics.interface == "quantitative" and not self.is_cell
        c_inside = 0.1 * min(layer.c0 for layer in self.parts) if quantitative else 0.0
        values = {**dict(nuclei), "c_inside": c_inside}
        return self.completed(nuclei=nuclei.model_construct(nuclei.model_fields_set, **values))

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
