# SPDX-License-Identifier: MIT
"""The key `materials`: values of a user's own, with their sources, that layers take by name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from solver.base.units import quantity
from solver.input.construction import validated
from solver.input.section import Line, Section
from solver.input.yaml_file import read_section
from solver.laws.reduction import K_B
from solver.materials import MATERIALS
from solver.materials.records import Conductivity, Material, Value

T = quantity("K", gt=0)


class Sourced(Section):
    """One value."""

    source: Annotated[Line, Field(min_length=1)]
    """Where it is from: a measurement with its date and file, a publication, or "assumed: ..."."""


class OwnConductivity(Sourced):
    """Ionic conductivity at one temperature, or along an Arrhenius line."""

    value: quantity("S/m", gt=0)
    """Conductivity at `T`."""
    T: T
    """Temperature of `value`."""
    E_a: quantity("eV", gt=0, le=10) | None = None
    """Activation energy of sigma T = A exp(-E_a/(k_B T)); null: known at `T` alone."""
    range: tuple[T, T] | None = None
    """Lowest and highest temperature that was measured; needed with `E_a`."""
    uncertainty: quantity("S/m", ge=0) | None = None
    """Of `value`: half of an interval of 95 %; null: not known."""

    @model_validator(mode="after")
    def _line_has_a_range(self) -> OwnConductivity:
        if (self.E_a is None) != (self.range is None):
            raise ValueError("must have both E_a and range, or neither")
        if self.range is not None and not self.range[0] <= self.T <= self.range[1]:
            low, high = self.range
            raise ValueError(f"has T {self.T:g} K outside its range, {low:g} to {high:g} K")
        return self

    @property
    def law(self) -> Conductivity:
        """The same as the library records it."""
        scatter = None if self.uncertainty is None else self.uncertainty / self.value
        if self.E_a is None:
            found = Conductivity.at_one(self.T, self.value, self.source)
        else:
            slope = -self.E_a / (1e3 * K_B)
            found = Conductivity.through(self.T, self.value, slope, self.range, self.source)
        return Conductivity(found.ln_A, found.slope, found.temperatures, self.source, scatter)


class OwnDiffusivity(Sourced):
    """Diffusivity of Li+."""

    value: quantity("m^2/s", gt=0)
    """The value."""
    uncertainty: quantity("m^2/s", ge=0) | None = None
    """Half of an interval of 95 %; null: not known."""


class OwnModulus(Sourced):
    """Young's modulus."""

    value: quantity("Pa", gt=0)
    """The value."""
    uncertainty: quantity("Pa", ge=0) | None = None
    """Half of an interval of 95 %; null: not known."""


class OwnNumber(Sourced):
    """A plain number."""

    value: quantity("")
    """The value."""
    uncertainty: quantity("", ge=0) | None = None
    """Half of an interval of 95 %; null: not known."""


class OwnResistance(Sourced):
    """Charge-transfer resistance of one interface, for `phase_field.R_ct`."""

    value: quantity("ohm*m^2", gt=0)
    """The value."""
    uncertainty: quantity("ohm*m^2", ge=0) | None = None
    """Half of an interval of 95 %; null: not known."""


class OwnMaterial(Section):
    """A material of one's own; a layer that names it takes what it does not give itself."""

    description: Line = ""
    """One line on what it is."""
    sigma_ion: OwnConductivity | None = None
    """Ionic conductivity."""
    D: OwnDiffusivity | None = None
    """Li+ diffusivity."""
    E: OwnModulus | None = None
    """Young's modulus."""
    nu: OwnNumber | None = None
    """Poisson ratio."""
    t_plus: OwnNumber | None = None
    """Transference number of the cation."""
    epsilon_r: OwnNumber | None = None
    """Relative permittivity."""
    R_ct: OwnResistance | None = None
    """Charge-transfer resistance against lithium; listed, for `phase_field.R_ct`."""

    @model_validator(mode="after")
    def _numbers_are_possible(self) -> OwnMaterial:
        for key, low, high in (("nu", -1, 0.5), ("t_plus", 0, 1), ("epsilon_r", 0, 1e30)):
            entry = getattr(self, key)
            if entry is not None and not low <= entry.value <= high:
                raise ValueError(f"has {key} {entry.value:g}, which must be {low:g} to {high:g}")
        return self

    def record(self, name: str) -> Material:
        """The same as the library records it."""
        units = {"D": "m^2/s", "E": "Pa", "nu": "", "t_plus": "", "epsilon_r": ""}
        values = {key: self._value(key, unit) for key, unit in units.items()}
        values = {key: value for key, value in values.items() if value is not None}
        R_ct = self._value("R_ct", "ohm*m^2")
        law = None if self.sigma_ion is None else self.sigma_ion.law
        others = {} if R_ct is None else {"R_ct": R_ct}
        return Material(name, self.description, law, values, others)

    def _value(self, key: str, unit: str) -> Value | None:
        entry = getattr(self, key)
        return entry and Value(entry.value, unit, entry.source, entry.uncertainty)


def _content(data: Any) -> Any:
    """What is in the file that stands for a set of materials."""
    if not isinstance(data, str):
        return data
    found = read_section(Path(data))
    # Mistakes are said of the file, where they stand, and not of the config that names it.
    validated(MaterialFile, {"materials": found}, data)
    return found


def _names_are_new(data: dict[str, OwnMaterial]) -> dict[str, OwnMaterial]:
    taken = sorted(set(data) & set(MATERIALS))
    if taken:
        raise ValueError(f"must not use the library's name '{taken[0]}'; give it another")
    return data


Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
OwnMaterials = Annotated[dict[Name, OwnMaterial], BeforeValidator(_content)]
"""Materials by name, or the path of a YAML file of them, the content of which takes its place."""


class MaterialFile(BaseModel):
    """What a file of materials has in it, under a key of its own."""

    materials: dict[Name, OwnMaterial]

    @model_validator(mode="after")
    def _new(self) -> MaterialFile:
        _names_are_new(self.materials)
        return self


def records(own: dict[str, OwnMaterial]) -> dict[str, Material]:
    """A user's materials as the library records them.

    Raises:
        ValueError: A name is that of a material of the library.
    """
    _names_are_new(own)
    return {name: material.record(name) for name, material in own.items()}


def read(path: Path) -> dict[str, Material]:
    """Read a file of materials.

    Raises:
        InputError: It cannot be read, or a value cannot be used.
    """
    found = validated(MaterialFile, {"materials": read_section(path)}, str(path))
    return records(found.materials)
