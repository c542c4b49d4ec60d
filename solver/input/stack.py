# SPDX-License-Identifier: MIT
"""All values of a run of the phase field, before anybody has judged them.

Sources of the defaults are abbreviated as in solver.input.sections.
"""

from __future__ import annotations

from typing import Literal

from solver.input.deposit import Nuclei
from solver.input.fracture_section import Fracture
from solver.input.geometry_sections import Geometry, GrainBoundaries
from solver.input.mechanics import Mechanics
from solver.input.numerical_sections import Adapt, Mesh, Output, Solver, Time
from solver.input.own_materials import OwnMaterials
from solver.input.protocol import Protocol
from solver.input.run_config import RunConfig
from solver.input.section import Line
from solver.input.sections import (
    Boundary,
    Constants,
    Electrochemistry,
    Kinetics,
    Layer,
    Length,
    Lithium,
    PhaseField,
    Potential,
    Region,
    Transport,
)
from solver.input.skeleton_section import Skeleton


class CellConfig(RunConfig):
    """The values of a whole run; solver.input.config.Config is the one that has been checked."""

    title: Line
    """One line on what the run is."""
    physics: Literal["dendrite"] = "dendrite"
    """Which equations are solved; `transport`, ions without deposition, has other keys."""
    reading: Literal["ionic", "electron_limited", "printed"] = "ionic"
    """How Table S1's conductivities are read; presets of the section `potential`. `ionic`: Li+
    comes through sigma_ion to a metallic deposit. `electron_limited`: electrons come through the
    deposit's sigma_Li. `printed`: word for word, which `run` refuses."""
    width: Length = 50e-6
    """Width of the cell along the anode [S1]; its height is the sum of the layers."""
    layers: tuple[Layer, ...] = ()
    """The electrolyte layers, from the anode up; one at least, or `regions` instead."""
    height: Length | None = None
    """Height of the cell, if given, must be the sum of the layers' thicknesses; a polycrystal needs
    it."""
    geometry: Geometry | None = None
    """Where the `regions` are that the electrolyte is made of; null: it is made of layers."""
    regions: tuple[Region, ...] = ()
    """What the regions of `geometry` are like: all that a layer has but a thickness."""
    grain_boundaries: GrainBoundaries | None = None
    """What the boundaries of regions and grains do; null: nothing."""
    materials: OwnMaterials = {}
    """Materials of your own that layers may name: a section each, or a YAML file of them, the
    content of which takes its place."""
    constants: Constants = Constants()
    lithium: Lithium = Lithium()
    skeleton: Skeleton | None = None
    """Inert filaments; null: none."""
    phase_field: PhaseField = PhaseField()
    kinetics: Kinetics = Kinetics()
    transport: Transport = Transport()
    potential: Potential = Potential()
    electrochemistry: Electrochemistry = Electrochemistry()
    protocol: Protocol | None = None
    """Steps of current, voltage and rest, instead of `electrochemistry.control`; null: none."""
    boundary: Boundary = Boundary()
    mechanics: Mechanics = Mechanics()
    fracture: Fracture | None = None
    """Cracks in the electrolyte; null: nothing breaks."""
    nuclei: Nuclei = Nuclei()
    mesh: Mesh = Mesh()
    adapt: Adapt = Adapt()
    time: Time = Time()
    solver: Solver = Solver()
    output: Output = Output()

    @property
    def parts(self) -> tuple[Layer, ...] | tuple[Region, ...]:
        """The layers, or the regions instead."""
        return self.layers if self.geometry is None else self.regions

    @property
    def parts_key(self) -> str:
        """The key that they stand under."""
        return "layers" if self.geometry is None else "regions"

    @property
    def cell_height(self) -> float:
        """Height of the cell [m]."""
        return super().cell_height if self.geometry is None else self.height

    @property
    def adaptive(self) -> bool:
        """Whether the mesh is refined and coarsened during the run."""
        return self.adapt.enabled

    @property
    def single_ion(self) -> bool:
        """Whether the electrolyte's only mobile ion is Li+."""
        return self.electrochemistry.closure == "single_ion"

    @property
    def binary(self) -> bool:
        """Whether the electrolyte is that of a salt whose anions move too."""
        return self.electrochemistry.closure == "binary"

    @property
    def is_cell(self) -> bool:
        """Whether all current plates or dissolves lithium, so that a voltage means something."""
        return self.single_ion or self.binary

    @property
    def conducts_electrons(self) -> bool:
        """Whether any part of the electrolyte, or a boundary, lets electrons pass."""
        band = self.grain_boundaries
        return any(part.sigma_el for part in self.parts) or bool(band and band.sigma_el)

    @property
    def conductivities(self) -> list[tuple[float, float]]:
        """Conductivities of deposit and electrolyte in force, layer by layer [S/m]."""
        if self.potential.sigma == "ionic":
            return [(self.lithium.sigma_metal, layer.sigma_ion) for layer in self.parts]
        return [(layer.sigma_Li, layer.sigma_e) for layer in self.parts]
