# SPDX-License-Identifier: MIT
"""A ramp of the current, an item of a protocol that stands for many steps."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from solver.base.units import quantity, to_si
from solver.input.section import Section

MOST_CYCLES = 1000
"""Current densities of a ramp."""
Period = quantity("s", gt=0)


class Ramp(Section):
    """Steps of rising current, each a plating and a stripping half cycle."""

    start: quantity("A/m^2", gt=0)
    """First current density."""
    step: quantity("A/m^2", gt=0)
    """Its increase from one cycle to the next."""
    stop: quantity("A/m^2", gt=0)
    """Last current density."""
    mode: Literal["time", "capacity"]
    """Whether half cycles have the same time or the same capacity."""
    half_cycle: Annotated[float, Field(json_schema_extra={"type": ["number", "string"]})]
    """Time or capacity per area of a half cycle, by `mode`."""
    rest: quantity("s", gt=0) | None = None
    """Rest after each half cycle; null: none."""
    period: Period | None = None
    """From one record to the next; null: that of the protocol."""

    @field_validator("half_cycle", mode="before")
    @classmethod
    def _time_or_capacity(cls, value: Any, info: ValidationInfo) -> float:
        unit = {"time": "s", "capacity": "C/m^2"}.get(info.data.get("mode"))
        if unit is None:  # which is said of `mode`
            return 1.0
        found = to_si(value, unit)
        if found <= 0:
            raise ValueError(f"must be greater than 0 {unit}")
        return found

    @model_validator(mode="after")
    def _rises(self) -> Ramp:
        if self.stop < self.start:
            raise ValueError(
                f"has stop {self.stop:g} A/m^2, which must not be below start {self.start:g} A/m^2"
            )
        if (self.stop - self.start) / self.step > MOST_CYCLES:
            raise ValueError(
                f"has step {self.step:g} A/m^2, which must be larger: it gives more than "
                f"{MOST_CYCLES} current densities"
            )
        return self

    @property
    def cycles(self) -> int:
        """How many current densities there are."""
        # The last may be missed by rounding.
        return int((self.stop - self.start) / self.step * (1 + 1e-9) + 1e-9) + 1

    @property
    def currents(self) -> list[float]:
        """The current densities in turn [A/m^2]."""
        # 15 digits, as quantities are read.
        return [float(f"{self.start + k * self.step:.15g}") for k in range(self.cycles)]


class Ramping(Section):
    """A ramp of the current, as an item of the list."""

    ramp: Ramp
