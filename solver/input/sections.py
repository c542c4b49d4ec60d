# SPDX-License-Identifier: MIT
"""The sections of a config: frozen pydantic models, every quantity in SI.

Names are the symbols of the model. Sources of the defaults, abbreviated in the descriptions:
[S1] Chen et al. 2025, Table S1; [S3-S5] ibid., conductivity tables; [family] the phase-field
family started by L. Chen et al., J. Power Sources 300 (2015) 376; [Deng] Deng et al.,
J. Electrochem. Soc. 163 (2016) A67; [Zhang] Zhang et al. 2024, Table S1; [ours] our choice.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from solver.base.units import quantity, whole
from solver.input.activated import ActivatedOfCounter, ActivatedOfFront, ActivatedOfLayer
from solver.input.mechanics import Norton
from solver.input.section import Section
from solver.laws.bounds import BREAKDOWN
from solver.materials.lithium import LITHIUM

Length = quantity("m", gt=0, le=1)
Strain = quantity("", ge=-1, le=1)
Point = tuple[quantity("s", ge=0), quantity("V")]


class Constants(Section):
    """Physical constants as printed with the model."""

    F: quantity("C/mol", gt=0) = 96500.0
    """Faraday constant [S1]."""
    R: quantity("J/mol/K", gt=0) = 8.314
    """Gas constant [S1]."""
    T: quantity("K", gt=0) = 297.15
    """Temperature, such as `60 degC`; a plain number is in K [S1]. What has an activation energy
    follows it, and so does a material's conductivity."""


class Named(Section):
    """A part of the electrolyte."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
    """Name of the layer or region in the mesh and in messages."""


class Extended(Named):
    """A part of the electrolyte that reaches from side to side."""

    thickness: Length
    """Extent from the anode towards the counter electrode."""


class Properties(Section):
    """What an electrolyte is like."""

    TAKEN: ClassVar = frozenset({"sigma_ion", "D", "E", "nu"})
    """What a layer takes from its material."""
    IF_KNOWN: ClassVar = frozenset({"K_IC"})
    """The same, where the material has it."""

    material: str | None = None
    """Material of `dendrite materials`, or of the section `materials`, that gives what this layer
    leaves out, at constants.T."""
    sigma_Li: quantity("S/m", gt=0) = 3.73e-7
    """Conductivity of deposit that sits in this layer, with `potential.sigma: printed` [S1, Model
    1]."""
    sigma_e: quantity("S/m", gt=0) = 5e-12
    """Electronic conductivity, with `potential.sigma: printed` [S1, unit read as S/cm]."""
    sigma_ion: quantity("S/m", gt=0) = 0.565
    """Ionic conductivity, with `potential.sigma: ionic`; Li6PS5Cl at 298.15 K [S3]."""
    sigma_el: quantity("S/m", ge=0, le=1) = 0.0
    """Electronic conductivity with `electrochemistry.closure: single_ion`; of sulfides and garnets
    1e-9 to 1e-7 S/cm [ours]."""
    D: quantity("m^2/s", gt=0) = 1e-11
    """Li+ diffusivity [S1]; with `electrochemistry.closure: binary` that of the salt."""
    c0: quantity("mol/m^3", gt=0) = 1000.0
    """Reference and initial Li+ concentration [S1]."""
    E: quantity("Pa", gt=0) = 22.1e9
    """Young's modulus; Li6PS5Cl [Deng]."""
    nu: quantity("", gt=-1, lt=0.5) = 0.37
    """Poisson ratio; Li6PS5Cl [Deng]."""
    G_c: quantity("J/m^2", ge=1e-12, le=1e12) | None = None
    """Energy of a crack per area, with `fracture`; null: that of K_IC [ours]."""
    K_IC: quantity("Pa*m^0.5", ge=1e-6, le=1e15) | None = None
    """Fracture toughness, for G_c = K_IC^2 (1 - nu^2)/E [ours]."""
    lambda_i: tuple[Strain, Strain, Strain] = (-0.866e-3, -0.773e-3, -0.529e-3)
    """Vegard strain of deposit (xx, yy, zz) [family]; other codes use the opposite sign."""
    activated: ActivatedOfLayer | None = None
    """Values with an activation energy [ours]."""


class Layer(Properties, Extended):
    """One electrolyte layer; layers are listed from the anode up."""


class Region(Properties, Named):
    """A part of the electrolyte of any shape, see `geometry`."""


class Lithium(Section):
    """The deposit."""

    c_Li: quantity("mol/m^3", ge=1e-12, le=1e12) = 7.64e4
    """Site density of Li metal [family]."""
    E: quantity("Pa", gt=0) = 4.9e9
    """Young's modulus [Zhang]."""
    nu: quantity("", gt=-1, lt=0.5) = 0.36
    """Poisson ratio [family]."""
    D: quantity("m^2/s", gt=0) | None = None
    """Li+ diffusivity in the deposit, D = h D_deposit + (1-h) D_layer [Zhang]; null: as in the
    layer."""
    sigma_metal: quantity("S/m", gt=0) = 1e3
    """Conductivity of the deposit with `potential.sigma: ionic`: metallic, capped to bound the
    contrast [ours]."""
    flow: Literal["none", "norton", "plastic"] = "none"
    """How the deposit gives way to stress beside its elasticity, at constant volume: not at all, by
    Norton's creep at the rate A exp(-Q/RT) (sigma/S)^(1/m), or as soon as its equivalent stress
    reaches `yield_stress`, at any rate [ours]."""
    norton: Norton = Norton()
    """Constants of its creep."""
    yield_stress: quantity("Pa", gt=0, le=1e12) = LITHIUM.others["yield_stress"].value
    """Of lithium with `flow: plastic`; bulk metal (`dendrite materials Li`). A micrometre of it may
    stand a hundred times as much."""


class PhaseField(Section):
    """Allen-Cahn equation of the phase field xi (1 Li metal, 0 electrolyte)."""

    L_sigma: quantity("m^3/J/s", gt=0) = 5e-6
    """Interface mobility [S1]; or that of `surface_energy`."""
    L_eta: quantity("1/s", ge=0) = 0.5
    """Reaction rate constant [S1]; or that of `R_ct`."""
    surface_energy: quantity("J/m^2", gt=0, le=1e6) | None = None
    """Energy gamma that shifts the equilibrium of a curved front, of lithium metal about 0.5 J/m^2,
    given instead of L_sigma = gamma/(kappa_0 R_ct (F c_Li)^2), with the R_ct in force. Null:
    L_sigma counts; that of S1 means 14.4 J/m^2 [ours]."""
    R_ct: quantity("ohm*m^2", ge=1e-12, le=1e12) | None = None
    """Charge-transfer resistance of a flat front at c0 and a small overpotential, as impedance
    measures it, given instead of L_eta = RT/(6 F^2 c_Li l R_ct) with l = sqrt(kappa_0/2W). Null:
    L_eta counts; that of S1 means 0.76 ohm cm^2 [ours]."""
    activated: ActivatedOfFront | None = None
    """R_ct with an activation energy [ours]."""
    W: quantity("J/m^3", gt=0) = 15e5
    """Height of the double well [S1]."""
    kappa_0: quantity("J/m", gt=0) = 7e-10
    """Gradient energy coefficient [S1]."""
    delta: quantity("", ge=0, lt=1) = 0.1
    """Strength of the anisotropy [S1]."""
    omega: whole(ge=1, le=24) = 4
    """Mode of the anisotropy [family, same delta]."""
    interface_length: Length | None = None
    """Wanted l = sqrt(kappa_0/2W); W, kappa_0, L_sigma, L_eta are rescaled at constant surface
    energy, curvature mobility and small-drive front speed. Null: as given."""


class Kinetics(Section):
    """Butler-Volmer factor B = exp((1-alpha) F eta/RT) - (c/c0) exp(-alpha F eta/RT)."""

    interface: Literal["printed", "quantitative"] = "printed"
    """How the reaction is spread over the front. `printed`: L_eta h'(xi) B, whose error is of first
    order in the interface length [S1]. `quantitative`: so that c, phi and speed ahead of the front
    are those of a sharp one, to second order [ours]."""
    alpha: quantity("", gt=0, lt=1) = 0.5
    """Charge-transfer coefficient [S1]."""
    overpotential: Literal["local", "applied"] = "local"
    """eta = phi - phi_eq with the local phi, or with the anode potential everywhere."""
    phi_eq: quantity("V") = 0.0
    """Equilibrium potential [ours]."""
    c_half: quantity("mol/m^3", ge=0) = 0.0
    """Li+ concentration at which deposit grows half as fast as the equation says: its growth is
    multiplied by c/(c + c_half), a thousandth at least. 0: as printed, where surface tension can
    fill a gap with lithium that is not there [ours]."""


class Transport(Section):
    """Transport of Li+."""

    in_metal: Literal["as_printed", "none"] = "as_printed"
    """Li+ in the deposit. `as_printed`: it diffuses there with the D of the layer [S1]. `none`: it
    does not, so that all of it comes from ahead of the front; needs `kinetics.interface:
    quantitative` [ours]."""


class Electrochemistry(Section):
    """What closes the balances of charge and lithium, and what the cell is connected to."""

    closure: Literal["printed", "single_ion", "binary"] = "printed"
    """`printed`: one potential and Li+ that diffuses, both as printed, where the current of the
    electrodes is not that of the deposit [S1]. `single_ion`: an electrolyte of immobile anions,
    c = c0 throughout; phi is the potential of its ions against a lithium reference, the metal is
    at 0 V, and all current through the cell plates or dissolves lithium. `binary`: the same for an
    electrolyte of a dissolved salt, whose anions move too, so that c falls towards the electrode
    that plates. Both imply `kinetics.interface: quantitative` [ours]."""
    t_plus: quantity("", ge=0, le=1) | None = None
    """Transference number of Li+ with `binary`: the share of a current that they carry where c is
    the same everywhere. PEO-LiTFSI has 0.15 to 0.4 at 60 degC, liquids 0.2 to 0.5 [ours]."""
    control: Literal["voltage", "current", "rest"] = "voltage"
    """What is given with `single_ion` or `binary`: the cell's `voltage`, its `current`, or no
    current [ours]."""
    voltage: quantity("V", gt=-BREAKDOWN, lt=BREAKDOWN) | None = None
    """Potential of the counter electrode's metal over that of the anode's, with `control: voltage`;
    positive plates at the anode [ours]."""
    current: quantity("A/m^2") | None = None
    """Current density, total over the width, with `control: current`; positive plates at the
    anode [ours]."""
    counter_R_ct: quantity("ohm*m^2", ge=1e-12, le=1e12) | None = None
    """Charge-transfer resistance of the counter electrode, of lithium, at a small overpotential;
    RT/(F i_0) of its Butler-Volmer law. Null: reversible, without any [ours]."""
    activated: ActivatedOfCounter | None = None
    """counter_R_ct with an activation energy [ours]."""


class Potential(Section):
    """Charge balance div(sigma_eff grad phi) = z s F c_Li d(source)/dt.

    z is the carrier's charge number, +1 or -1. What is left out is that of `reading`.
    """

    source: Literal["xi", "h"] = "xi"
    """Measure of the deposit that takes the charge: the phase field xi [S1], or h(xi), which
    vanishes ahead of the front as fast as the deposit's share of sigma_eff does [ours]."""
    carrier: Literal["ions", "electrons"] = "ions"
    """Whose current it is: of Li+, from the counter electrode to the front [S1], or of the
    electrons that come from the anode through the deposit [ours]."""
    charge_scale: quantity("", gt=0, le=1) = 1.0
    """s, the part of the deposit's charge that this current has to bring [S1: 1]."""
    sigma: Literal["ionic", "printed"] = "ionic"
    """Conductivities of deposit and electrolyte: `lithium.sigma_metal` and `sigma_ion` of the
    layer, or its `sigma_Li` and `sigma_e`."""


class Boundary(Section):
    """Boundary values; every side not named has zero flux."""

    phi_anode: quantity("V") = -0.10
    """Potential at the anode [S1: 0.10 V between the boundaries]."""
    anode_course: Annotated[tuple[Point, ...], Field(min_length=2)] | None = None
    """Potential at the anode in time, as points [time, potential] with straight lines between;
    phi_anode is then the lowest, which plates fastest. Null: phi_anode throughout [ours]."""
    phi_counter: quantity("V") = 0.0
    """Potential at the counter electrode [S1]."""
    c_counter: quantity("mol/m^3", gt=0) | None = None
    """Li+ concentration at the counter electrode; null: c0 of the last layer."""
