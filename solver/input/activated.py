# SPDX-License-Identifier: MIT
"""Values that are known at one temperature and follow `constants.T` by an activation energy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from solver.base.units import quantity, to_si
from solver.input.section import Section
from solver.laws.activation import Activation

AVOGADRO_CHARGE = 96485.33212
"""Charge of a mole of electrons [C/mol]: 1 eV is this many J/mol."""
AGREE = 1e-9
"""Relative difference up to which a value given too is the one that follows; a resolved config has
both."""


def _electronvolts(value: Any) -> float:
    try:
        return to_si(value, "eV")
    except ValueError as error:
        if "wrong unit" not in str(error):
            raise
    try:
        return float(f"{to_si(value, 'J/mol') / AVOGADRO_CHARGE:.15g}")
    except ValueError:
        raise ValueError("has the wrong unit; it must be convertible to eV or to J/mol") from None


Energy = Annotated[
    float,
    Field(json_schema_extra={"type": ["number", "string"], "unit": "eV"}, gt=0, le=5),
    BeforeValidator(_electronvolts),
]


class Activated(Section):
    """A value with the temperature that it was measured at, and its activation energy."""

    T: quantity("K", gt=0)
    """Temperature at which it has the value, such as `25 degC`."""
    E_a: Energy
    """Activation energy, in eV or kJ/mol."""

    def factor(self, activation: Activation) -> float:
        """What it rises by from its temperature to another."""
        return activation.rate

    def at(self, T: float, k_B: float) -> float:
        """Its value at a temperature [K], with Boltzmann's constant in eV/K."""
        # Rounded as all quantities are, so that at its own temperature it is the value.
        return float(f"{self.value * self.factor(Activation(self.E_a, self.T, T, k_B)):.15g}")


class ActivatedConductivity(Activated):
    """A conductivity sigma with sigma T = A exp(-E_a/(k_B T))."""

    value: quantity("S/m", gt=0)
    """The value."""

    def factor(self, activation: Activation) -> float:
        """What it rises by from its temperature to another."""
        return activation.conductivity


class ActivatedDiffusivity(Activated):
    """A diffusivity D = A exp(-E_a/(k_B T))."""

    value: quantity("m^2/s", gt=0)
    """The value."""


class ActivatedResistance(Activated):
    """A charge-transfer resistance RT/(F i_0) with i_0 = A exp(-E_a/(k_B T))."""

    value: quantity("ohm*m^2", ge=1e-12, le=1e12)
    """The value."""

    def factor(self, activation: Activation) -> float:
        """What it rises by from its temperature to another."""
        return activation.resistance


class ActivatedOfLayer(Section):
    """What follows `constants.T` in a layer, instead of the keys of the layer itself."""

    sigma_ion: ActivatedConductivity | None = None
    """Ionic conductivity; null: as the layer has it."""
    D: ActivatedDiffusivity | None = None
    """Li+ diffusivity; null: as the layer has it."""


class ActivatedOfFront(Section):
    """What follows `constants.T` at the front, instead of `phase_field.R_ct`."""

    R_ct: ActivatedResistance | None = None
    """Charge-transfer resistance, E_a that of its exchange current density; null: `R_ct`."""


class ActivatedOfCounter(Section):
    """What follows `constants.T` at the counter electrode, instead of `counter_R_ct`."""

    counter_R_ct: ActivatedResistance | None = None
    """Charge-transfer resistance, E_a that of its exchange current density; null:
    `counter_R_ct`."""


def activated_values(section: Section) -> Iterator[tuple[str, Activated]]:
    """The keys of a section that have an activation energy, and what was given of them."""
    given = section.activated
    for key in type(given).model_fields if given is not None else ():
        if (value := getattr(given, key)) is not None:
            yield key, value


def followed(section: Section, name: str, T: float, k_B: float) -> Section:
    """Return a section whose values with an activation energy are those at a temperature.

    Args:
        section: One with a key `activated`.
        name: What messages call it.
        T: Temperature [K].
        k_B: Boltzmann constant [eV/K].

    Raises:
        ValueError: A value is given in the section itself too, and is another one.
    """
    found = {}
    for key, value in activated_values(section):
        found[key], own = value.at(T, k_B), getattr(section, key)
        if key in section.model_fields_set and abs(own - found[key]) > AGREE * found[key]:
            raise ValueError(
                f"{name}.{key}: {own:g} is given, and {name}.activated.{key} makes it "
                f"{found[key]:.6g} at {T:g} K; leave one of them out"
            )
    if not found:
        return section
    # Not marked as given: they would not follow another T.
    return section.model_construct(set(section.model_fields_set), **{**dict(section), **found})
