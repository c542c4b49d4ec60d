# SPDX-License-Identifier: MIT
"""The items of a protocol's list, as the section `protocol` has them; every quantity in SI."""

from __future__ import annotations

from math import copysign
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from solver.base.units import quantity, whole
from solver.input import protocol_text
from solver.input.complaints import shown
from solver.input.protocol_amounts import Sample
from solver.input.protocol_ramp import Period, Ramping
from solver.input.protocol_steps import ENDS, End
from solver.input.section import Section


class Until(Section):
    """One end of a step: exactly one of these keys."""

    time: quantity("s", gt=0) | None = None
    """Time since the step began."""
    voltage_above: quantity("V") | None = None
    """Cell voltage that is reached from below."""
    voltage_below: quantity("V") | None = None
    """Cell voltage that is reached from above."""
    current_below: quantity("A/m^2", gt=0) | None = None
    """Amount of the current density, of either sign, that is reached from above."""
    capacity: quantity("C/m^2", gt=0) | None = None
    """Amount of the charge per area, of either sign, since the step began."""
    tip: quantity("m", gt=0, le=1) | None = None
    """Height of the highest metal above the anode, reached from below by a current that plates and
    from above by one that strips."""
    short: Literal[True] | None = None
    """Metal connects the electrodes."""

    @model_validator(mode="after")
    def _one_key(self) -> Until:
        if len(self._set()) != 1:
            raise ValueError(
                f"must have exactly one of the keys {', '.join(type(self).model_fields)}"
            )
        return self

    def _set(self) -> dict[str, float]:
        return {k: v for k in type(self).model_fields if (v := getattr(self, k)) is not None}

    @model_serializer
    def _written(self) -> dict[str, float]:
        return self._set()

    @property
    def end(self) -> End:
        """The end as the cell's control reads it."""
        ((kind, value),) = self._set().items()
        return End(kind, 0.0 if kind == "short" else value)


class Stepping(Section):
    """What all steps have."""

    control: str
    """What is held."""
    until: tuple[Until, ...] = ()
    """Ends, of which the first that is met counts."""
    period: Period | None = None
    """From one record to the next; null: that of the protocol."""
    stack_pressure: quantity("Pa", ge=0, le=1e10) | None = None
    """On the sides that are `pressure`, as long as the step lasts; null: that of `mechanics`."""

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends as the cell's control reads them."""
        return tuple(item.end for item in self.until)

    @field_validator("until")
    @classmethod
    def _ends_of_the_control(cls, until: tuple[Until, ...], info: ValidationInfo) -> Any:
        control = info.data["control"]
        for kind in (item.end.kind for item in until):
            if kind not in ENDS[control]:
                allowed = ", ".join(ENDS[control])
                raise ValueError(f"has {kind}, but control: {control} can end by {allowed}")
        return until

    @model_validator(mode="after")
    def _has_an_end(self) -> Stepping:
        if not self.until and getattr(self, "to", None) is None:
            raise ValueError(
                "must have an end, 'until' with at least one of "
                f"{', '.join(ENDS[self.control])}: without one it would go on for ever"
            )
        return self


class Held(Stepping):
    """What steps that hold a value have."""

    value: float
    to: float | None = None
    rate: float | None = None

    @model_validator(mode="after")
    def _way_and_rate(self) -> Held:
        if (self.to is None) != (self.rate is None):
            given, lacking = ("to", "rate") if self.rate is None else ("rate", "to")
            raise ValueError(f"has {given} without {lacking}; they must be given together")
        if self.to is None:
            return self
        if self.rate <= 0:
            raise ValueError(f"has the rate {self.rate:g}, which must be greater than 0")
        if self.to == self.value:
            raise ValueError(f"goes from {self.value:g} to {self.to:g}; they must differ")
        return self

    @property
    def slope(self) -> float:
        """Change of the value in time, in SI."""
        return 0.0 if self.to is None else copysign(self.rate, self.to - self.value)

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends, that of the way to `to` too."""
        if self.to is None:
            return super().ends
        time = float(f"{(self.to - self.value) / self.slope:.15g}")
        return (End("time", time), *super().ends)


class Current(Held):
    """A held current density; positive plates at the anode."""

    control: Literal["current"]
    """`current`."""
    value: quantity("A/m^2")
    """Current density, positive where it plates at the anode."""
    to: quantity("A/m^2") | None = None
    """Where the current density goes to, in a line, and ends; null: it stays at `value`."""
    rate: quantity("A/m^2/s") | None = None
    """Amount of its change in time on the way to `to`."""

    @model_validator(mode="after")
    def _is_no_rest(self) -> Current:
        if self.value == 0 and self.to is None:
            raise ValueError("has the value 0, which must be another number; use control: rest")
        return self


class Voltage(Held):
    """A held cell voltage: counter electrode against anode."""

    control: Literal["voltage"]
    """`voltage`."""
    value: quantity("V")
    """Cell voltage, positive where it plates at the anode."""
    to: quantity("V") | None = None
    """Where the voltage goes to, in a line, and ends; null: it stays at `value`."""
    rate: quantity("V/s") | None = None
    """Amount of its change in time on the way to `to`."""


class Rest(Stepping):
    """No current."""

    control: Literal["rest"]
    """`rest`."""


class Repeat(Section):
    """The steps before it, again."""

    repeat: whole(ge=1, le=1_000_000)
    """How many times they run in all, the first time included."""
    of: Annotated[tuple[whole(ge=1), ...], Field(min_length=1)]
    """Their numbers in the list, counted from 1; they end just before this item."""


class Tag(Section):
    """A name for a place in the list; nothing happens there."""

    tag: Annotated[str, Field(min_length=1)]


CONTROLS = {"current": Current, "voltage": Voltage, "rest": Rest}
OTHERS = {"repeat": Repeat, "ramp": Ramping, "tag": Tag}


def _item(value: Any, info: ValidationInfo) -> Section:
    """Make an item of what a user wrote, a section or a line of text."""
    if isinstance(value, str):
        sample = Sample(info.data.get("area_cm2"), info.data.get("capacity"))
        return _of_text(protocol_text.parsed(value, sample))
    if not isinstance(value, dict):
        raise ValueError("must be a line of text or a section")
    return known_keys(_model(value), value).model_validate(value)


def known_keys(model: type[Section], value: dict) -> type[Section]:
    """Return a class of sections if it has all keys of a section as it was written.

    Raises:
        ValueError: It has not. Where several classes can stand, pydantic does not know which
            keys to speak of.
    """
    unknown = next((key for key in value if key not in model.model_fields), None)
    if unknown is not None:
        known = ", ".join(model.model_fields)
        raise ValueError(f"has the unknown key {shown(unknown)}; it must have keys of {known}")
    return model


def _of_text(step: dict) -> Section:
    try:
        return CONTROLS[step["control"]].model_validate(step)
    except ValidationError as error:
        raise ValueError(str(error.errors()[0]["ctx"]["error"])) from None


def _model(value: dict) -> type[Section]:
    if "control" in value:
        control = value["control"]
        if not isinstance(control, str) or control not in CONTROLS:
            raise ValueError(
                f"has control: {shown(control)}, which must be one of {', '.join(CONTROLS)}"
            )
        return CONTROLS[control]
    found = next((key for key in OTHERS if key in value), None)
    if found is None:
        raise ValueError(f"must have one of the keys control, {', '.join(OTHERS)}")
    return OTHERS[found]


Item = Annotated[Current | Voltage | Rest | Repeat | Ramping | Tag, BeforeValidator(_item)]
"""What can stand in the list."""
