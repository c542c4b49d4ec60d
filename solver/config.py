# SPDX-License-Identifier: MIT
"""The input of a run of the phase field: one YAML file, every quantity in SI.

Sources of the defaults are abbreviated as in solver.sections.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from solver import consistency, readings
from solver.materials.layers import filled
from solver.sections import (
    Adapt,
    Boundary,
    Constants,
    Kinetics,
    Layer,
    Length,
    Lithium,
    Mechanics,
    Mesh,
    Nuclei,
    Output,
    PhaseField,
    Potential,
    Section,
    Skeleton,
    Solver,
    Time,
)

TAKEN = {"sigma_ion", "D", "E", "nu"}
"""What a layer takes from its material."""


class Config(Section):
    """A whole run."""

    title: str
    """One line on what the run is."""
    physics: Literal["dendrite"] = "dendrite"
    """Which equations are solved; `transport`, ions without deposition, has other keys."""
    reading: Literal["ionic", "electron_limited", "printed"] = "ionic"
    """How Table S1's conductivities are read; presets of the section `potential`. `ionic`: Li+
    comes through sigma_ion to a metallic deposit. `electron_limited`: electrons come through the
    deposit's sigma_Li. `printed`: word for word, which `run` refuses."""
    width: Length = 50e-6
    """Width of the cell along the anode [S1]; its height is the sum of the layers."""
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)]
    """The electrolyte layers, from the anode up."""
    height: Length | None = None
    """Height of the cell, if given, must be the sum of the layers' thicknesses."""
    constants: Constants = Constants()
    lithium: Lithium = Lithium()
    skeleton: Skeleton | None = None
    """Inert filaments; null: none."""
    phase_field: PhaseField = PhaseField()
    kinetics: Kinetics = Kinetics()
    potential: Potential = Potential()
    boundary: Boundary = Boundary()
    mechanics: Mechanics = Mechanics()
    nuclei: Nuclei = Nuclei()
    mesh: Mesh = Mesh()
    adapt: Adapt = Adapt()
    time: Time = Time()
    solver: Solver = Solver()
    output: Output = Output()

    @model_validator(mode="before")
    @classmethod
    def _reading_is_spelt_out(cls, data: Any) -> Any:
        return readings.spelt_out(data)

    @property
    def cell_height(self) -> float:
        """Sum of the layers' thicknesses [m]."""
        return sum(layer.thickness for layer in self.layers)

    @model_validator(mode="after")
    def _materials_taken(self) -> Config:
        return self.completed(layers=filled(self.layers, self.constants.T, TAKEN))

    @model_validator(mode="after")
    def _values_fit_together(self) -> Config:
        problems = list(consistency.problems(self))
        if problems:
            raise ValueError("\n".join(problems))
        return self
