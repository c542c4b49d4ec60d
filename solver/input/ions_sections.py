# SPDX-License-Identifier: MIT
"""All values of `physics: transport`, before anybody has judged them; every quantity in SI.

Sources of the defaults, abbreviated in the descriptions: [Zhang] Zhang et al. 2024; [CODATA]
exact constants of CODATA 2018; [ours] our choice.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from solver.base.units import duration, quantity, whole
from solver.input import numerical_sections
from solver.input.own_materials import OwnMaterials
from solver.input.run_config import RunConfig
from solver.input.section import Line, Section
from solver.input.sections import Length
from solver.laws import reduction

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Concentration = quantity("mol/m^3", gt=0)
Diffusivity = quantity("m^2/s", gt=0)


class Constants(Section):
    """Physical constants."""

    F: quantity("C/mol", gt=0) = reduction.F
    """Faraday constant [CODATA]."""
    R: quantity("J/mol/K", gt=0) = reduction.R
    """Gas constant [CODATA]."""
    eps_0: quantity("F/m", gt=0) = 8.8541878128e-12
    """Vacuum permittivity [CODATA]."""
    T: quantity("K", gt=0) = 300.0
    """Temperature [Zhang, Table S1]."""


class Species(Section):
    """One kind of mobile ion."""

    name: Name
    """Name in the other sections and in the results."""
    charge: whole(ge=-6, le=6)
    """Charge number z, not 0."""


class Layer(Section):
    """One layer; layers are listed from the anode up."""

    TAKEN: ClassVar = frozenset({"sigma_ion", "t_plus", "epsilon_r"})
    """What a layer takes from its material."""
    IF_KNOWN: ClassVar = frozenset()
    """The same, where the material has it."""

    name: Name
    """Name of the layer in the mesh and in messages."""
    thickness: Length
    """Extent from the anode towards the counter electrode."""
    material: str | None = None
    """Material of `dendrite materials`, or of the section `materials`, that gives what this layer
    leaves out, at constants.T."""
    c0: dict[str, Concentration]
    """Initial concentration of every species; with c_im electrically neutral."""
    c_im: quantity("mol/m^3", ge=0) = 0.0
    """Immobilised anions, of charge number -1 [Zhang]."""
    sigma_ion: quantity("S/m", gt=0) | None = None
    """Ionic conductivity at c0; gives the D of one cation and one anion that are left out."""
    t_plus: quantity("", gt=0, le=1) | None = None
    """Transference number of the cation, its share of sigma_ion."""
    D: dict[str, Diffusivity] | None = None
    """Diffusivity of every species; null: from sigma_ion and t_plus by Nernst-Einstein."""
    epsilon_r: quantity("", ge=0, le=1e30) = 5.0
    """Relative permittivity; used by `poisson` alone [ours, typical of PEO]."""


class Electrode(Section):
    """What is held at an electrode; every species not named has zero flux."""

    phi: quantity("V") | None = None
    """Potential in the electrolyte; null: uncharged (`poisson`) or following from the flux."""
    current: quantity("A/m^2") | None = None
    """Mean current density into the electrolyte: the first species brings what the others, by their
    `flux` or `c`, do not. The potential is the same all along the electrode and follows from it
    (`electroneutral`)."""
    flux: dict[str, quantity("mol/m^2/s")] = {}
    """Prescribed flux of a species into the electrolyte."""
    c: dict[str, Concentration] = {}
    """Prescribed concentration of a species."""


class Boundary(Section):
    """The electrodes; the other two sides are closed."""

    anode: Electrode = Electrode()
    counter: Electrode = Electrode()


class Mesh(Section):
    """Rows of triangles, thin at the electrodes and between layers."""

    size_min: Length = 0.1e-6
    """Height of the rows next to electrodes and between layers [ours]."""
    size_max: Length = 1e-6
    """Largest height of a row [ours]."""
    growth: quantity("", ge=1, le=10) = 1.2
    """Ratio of the heights of neighbouring rows [ours]."""
    columns: whole(ge=1, le=1000) = 8
    """Equal columns over the width [ours]."""


class Time(Section):
    """Steady state, or transient with error-controlled steps."""

    mode: Literal["steady", "transient"] = "steady"
    """`steady`: implicit Euler with growing steps until nothing changes. `transient`: up to
    `end`."""
    end: quantity("s", gt=0) = 3600.0
    """End of a transient."""
    dt_initial: quantity("s", gt=0) | None = None
    """First step; null: 1e-4 of the diffusion time of the stack [ours], which is also the longest
    of a transient from a start at which c jumps."""
    tolerance: quantity("", gt=0, le=0.1) = 1e-4
    """Largest estimated error per step of a transient, relative to the largest c0 [ours]."""
    max_wall: duration(gt=0) | None = None
    """Wall time after which the run ends with a checkpoint (exit code 4), counted anew after a
    restart; null: no limit. `--max-wall` overrides it."""


class Solver(Section):
    """Elements."""

    degree: Literal[1, 2] = 2
    """Degree of the elements."""


class Output(numerical_sections.Output):
    """What is written, and how often."""

    snapshots: whole(ge=1, le=100_000) = 10
    """Field snapshots of a transient, at equal time intervals; a steady state has one."""


class StackConfig(RunConfig):
    """The values of a whole run; solver.input.ions_config.TransportConfig has been checked."""

    title: Line
    """One line on what the run is."""
    physics: Literal["transport"]
    """Which equations are solved; `dendrite`, the phase field, has other keys."""
    closure: Literal["electroneutral", "poisson"] = "electroneutral"
    """What determines the potential."""
    width: Length = 20e-6
    """Width of the cell along the anode [Zhang]; its height is the sum of the layers."""
    species: Annotated[tuple[Species, ...], Field(min_length=1)]
    """The mobile ions; the electrodes exchange the first one."""
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)]
    """The layers, from the anode up."""
    boundary: Boundary
    materials: OwnMaterials = {}
    """Materials of your own that layers may name: a section each, or a YAML file of them, the
    content of which takes its place."""
    constants: Constants = Constants()
    mesh: Mesh = Mesh()
    time: Time = Time()
    solver: Solver = Solver()
    output: Output = Output()
