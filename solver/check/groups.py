# SPDX-License-Identifier: MIT
"""Derived numbers and dimensionless groups of a config: arithmetic only, no mesh, no run.

Every number is for the state at the start: the front on the initial film, c = c0, the whole
potential difference available. Layers other than the one at the front enter through the
resistances of the stack, sum(thickness/D) and sum(thickness/sigma).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, inf, pi, sqrt

import numpy as np

from solver.base.errors import InputError
from solver.cell.triangles import size_at_front
from solver.check import equivalent
from solver.check.cell import cell
from solver.check.gap import above
from solver.input.config import Config
from solver.input.electrochemistry import first_pressure
from solver.input.mechanics import HOLDING
from solver.input.mobilities import charge_transfer
from solver.input.sections import Layer
from solver.laws import elasticity, scaling
from solver.laws.flat_film import Solid, driving
from solver.laws.front_speed import drive_at_speed, planar_front_speed
from solver.laws.in_metal import METALS
from solver.laws.thin_front import capillary_factor, stiffness

TIP_GAIN = 3.0
"""Mean speed of tips over the flat front's transport limit at the start: tips cross the 50 um
cell of Table S1 at 41 nm/s where that limit is 13 nm/s (the gap shrinks, tips gather flux). A front
that needs electrons through its deposit stays flat and gains nothing."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Numbers of one config, SI.

    Attributes:
        interface: Phase-field parameters in force, after rescaling.
        size_start: Element size at the top of the nuclei [m].
        size_fine: Largest element size inside `fine_height` [m].
        size_end: Element size where the tip ends its way [m].
        tip_end: Height where the tip ends its way [m].
        drive: b = -L_eta B/(L_sigma W) at c = c0 and the anode potential; positive plates.
        unit_speed: L_sigma W l, the unit of tabulated front speeds [m/s].
        speed: Kinetic speed of the planar front at that drive and c = c0 [m/s].
        critical_radius: L_sigma kappa_0/V [m].
        sand_time: pi D c0^2/(4 J^2) at the kinetic flux J = c_Li V [s].
        speed_diffusion: Largest speed that diffusion across the stack can feed [m/s].
        speed_migration: The same for migration alone [m/s].
        speed_tip: Estimated mean speed of the tips [m/s].
        drive_tip: Drive at which the planar front has that speed.
        migration: F U/RT, migration over diffusion across the stack.
        charge: Pi = s F c_Li V L/(sigma U) with the conductivity in force: sigma_ion, or sigma_Li.
        charge_printed: The same with the printed sigma_Li and s = 1.
        speed_charge: sigma U/(s F c_Li L), what this current can feed across the cell [m/s].
        capillary_length: d0 = L_sigma kappa_0/(dV/dc c0) [m].
        wavelength: 2 pi sqrt(3 d0 L), fastest growing perturbation (Mullins-Sekerka) [m].
        stiffness: Smallest (gamma + gamma'')/gamma_0 over all directions.
        chi: Factor on curvature in the anode layer with `kinetics.interface: quantitative`, else 1.
        tail: V_tip l/(chi L_sigma kappa_0): beyond 2 the front's own tail is another than its
            profile.
        R_ct: RT/(6 F^2 c_Li L_eta l), charge-transfer resistance of a flat front [ohm m^2].
        surface_energy: L_sigma kappa_0 R_ct (F c_Li)^2, what the curvature mobility stands for with
            these kinetics [J/m^2].
        elastic: Elastic over electrochemical driving force of a fully confined deposit.
        vegard: Relative change of volume of the deposit, sum of lambda_i (anode layer).
        elastic_shift: By which elasticity, as it acts on the phase field, shifts the equilibrium of
            the initial film; positive dissolves [V].
        elastic_bound: The same as thermodynamics has it, f/(F c_Li) [V].
        rest_current: Current density at which a flat film dissolves for that at no voltage
            [A/m^2].
    """

    interface: scaling.Interface
    size_start: float
    size_fine: float
    size_end: float
    tip_end: float
    drive: float
    unit_speed: float
    speed: float
    critical_radius: float
    sand_time: float
    speed_diffusion: float
    speed_migration: float
    speed_tip: float
    drive_tip: float
    migration: float
    charge: float
    charge_printed: float
    speed_charge: float
    capillary_length: float
    wavelength: float
    stiffness: float
    chi: float
    tail: float
    R_ct: float
    surface_energy: float
    elastic: float
    vegard: float
    elastic_shift: float
    elastic_bound: float
    rest_current: float


def groups(config: Config) -> Groups:
    """Compute the derived numbers of a config.

    Raises:
        InputError: The numbers are so extreme that they overflow, or the mesh is too large.
    """
    try:
        found = _groups(config)
        return _of_cell(config, found) if config.is_cell else found
    except (ArithmeticError, ValueError) as error:  # overflow, or numpy on what overflowed
        raise InputError(
            f"phase_field, kinetics: values so far apart that no front speed follows ({error})."
        ) from None


def _groups(config: Config) -> Groups:
    p = scaling.interface(config.phase_field)
    layer, c_Li, height = at_front(config), config.lithium.c_Li, config.cell_height
    F_RT = config.constants.F / (config.constants.R * config.constants.T)
    U = config.boundary.phi_counter - config.boundary.phi_anode
    eta = config.boundary.phi_anode - config.kinetics.phi_eq
    cathodic = exp(-config.kinetics.alpha * F_RT * eta)
    B = exp((1 - config.kinetics.alpha) * F_RT * eta) - cathodic

    unit_speed = p.L_sigma * p.W * p.length
    drive = _ratio(p.L_eta * -B, p.L_sigma * p.W)
    speed = planar_front_speed(drive) * unit_speed
    if drive > 0:
        speed /= 1 + config.kinetics.c_half / layer.c0
    diffusion, migration = _transport_limits(config, F_RT, U)
    # Between electrodes of one potential the front's own overpotential is all there is.
    volts, per_speed = max(abs(U), abs(eta)), config.constants.F * c_Li
    resistance = config.potential.charge_scale * sum(_resistances(config))
    speed_charge = volts / (per_speed * resistance)
    charge = abs(speed) / speed_charge if speed else 0.0
    stack = equivalent.stack(config)
    printed = per_speed * abs(speed) * sum(x.thickness / x.sigma_Li for x in stack)
    speed_tip = min(abs(speed), TIP_GAIN * (diffusion + migration))
    if drive < 0:
        speed_tip = abs(speed)  # what dissolves needs no Li+, and no finger grows
    elif config.potential.carrier == "electrons":
        # The way through the deposit is half the cell on average.
        speed_tip = min(abs(speed), diffusion + migration, 2 * speed_charge)
    capillary = _ratio(p.L_sigma * p.kappa_0, 6 * p.L_eta * cathodic * p.length)
    tip_end = config.time.stop_tip or height
    if drive <= 0:
        tip_end = config.nuclei.top  # nothing rises above it
    front = charge_transfer(config)
    R_ct = front.resistance(p.L_eta, p.length) if p.L_eta else inf
    chi = 1.0
    if config.kinetics.interface == "quantitative":
        metal = METALS[config.transport.in_metal]
        k_c = 6 * p.L_eta * p.length * cathodic / layer.c0
        chi = capillary_factor(k_c, c_Li / layer.D, p.length, metal.mean)
    shift, bound = _elastic_shift(config, F_RT)
    return Groups(
        interface=p,
        size_start=size_at_front(config, config.nuclei.top),
        size_fine=size_at_front(config, 0.0),
        size_end=size_at_front(config, tip_end),
        tip_end=tip_end,
        drive=drive,
        unit_speed=unit_speed,
        speed=speed,
        critical_radius=_ratio(p.L_sigma * p.kappa_0, abs(speed)),
        sand_time=_sand_time(layer, c_Li * speed) if drive > 0 else inf,
        speed_diffusion=diffusion,
        speed_migration=migration,
        speed_tip=speed_tip,
        drive_tip=drive_at_speed(speed_tip / unit_speed, abs(drive)),
        migration=F_RT * U,
        charge=charge,
        charge_printed=printed / volts if speed else 0.0,
        speed_charge=speed_charge,
        capillary_length=capillary,
        wavelength=2 * pi * sqrt(3 * capillary * height) if drive > 0 else inf,
        stiffness=smallest_stiffness(config.phase_field.delta, config.phase_field.omega),
        chi=chi,
        tail=_ratio(speed_tip * p.length, chi * p.L_sigma * p.kappa_0),
        R_ct=R_ct,
        surface_energy=front.surface_energy(p.L_sigma, p.kappa_0, R_ct),
        elastic=_ratio(p.L_sigma * _confined(config), p.L_eta * abs(B)),
        vegard=sum(layer.lambda_i),
        elastic_shift=shift,
        elastic_bound=bound,
        rest_current=_ratio(shift, R_ct + _diffusion_resistance(config, F_RT)) if shift else 0.0,
    )


def _elastic_shift(config: Config, F_RT: float) -> tuple[float, float]:
    """What elasticity shifts the equilibrium by, as it acts and as thermodynamics has it [V]."""
    mechanics, film = config.mechanics, config.nuclei.film
    if not (mechanics.enabled and mechanics.feedback and config.phase_field.L_eta):
        return 0.0, 0.0
    stack = [(t, Solid(x.E, x.nu)) for t, x in above(config, film)]
    held = {"anode", "counter"} <= set(mechanics.sides.of(*HOLDING))
    pressure = first_pressure(config)
    metal, vegard = Solid(config.lithium.E, config.lithium.nu), at_front(config).lambda_i
    f = driving((film, metal), stack, vegard, None if held else pressure)
    bound = f / (config.constants.F * config.lithium.c_Li)
    if mechanics.driving == "thermodynamic":
        return bound, bound
    p, share = config.phase_field, 1.0
    if config.kinetics.interface == "quantitative":
        # The stiffness of a front that faces y. The tail divides this term too: its chi cancels.
        share = float(stiffness(pi / 2, p.delta, p.omega))
    return f * share * p.L_sigma / (p.L_eta * F_RT), bound


def _diffusion_resistance(config: Config, F_RT: float) -> float:
    """RT L/(F^2 D c0) of the electrolyte above the film, for a small current [ohm m^2]."""
    way = sum(t / (x.D * x.c0) for t, x in above(config, config.nuclei.film))
    return way / (config.constants.F * F_RT)


def at_front(config: Config) -> Layer:
    """The layer that the front of the initial film is in."""
    return above(config, config.nuclei.film)[0][1]


def _sand_time(layer: Layer, flux: float) -> float:
    return _ratio(pi * layer.D * layer.c0 * layer.c0, 4 * flux * flux)


def _of_cell(config: Config, found: Groups) -> Groups:
    """The groups of a cell with a current and a voltage: its current says how fast the front is.

    Nothing is depleted, and no voltage drops before the front that its speed does not know.
    """
    its, p = cell(config), found.interface
    speed, curvature = abs(its.speed), p.L_sigma * p.kappa_0
    drive = its.speed / (6 * found.unit_speed)
    return replace(
        found,
        drive=drive,
        drive_tip=abs(drive),
        speed=its.speed,
        speed_tip=speed,
        critical_radius=_ratio(curvature, speed),
        wavelength=its.shortest,
        chi=1.0,
        tail=speed * p.length / curvature,
        charge=0.0,
        sand_time=inf,
    )


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else inf


def _resistances(config: Config) -> list[float]:
    """Thickness over the conductivity that has to carry the current, layer by layer [m^2/S]."""
    if config.potential.sigma == "ionic":
        return [layer.thickness / layer.sigma_ion for layer in equivalent.stack(config)]
    # The better of the two printed ones: sigma_e is 1e5 times less still.
    return [layer.thickness / layer.sigma_Li for layer in equivalent.stack(config)]


def _transport_limits(config: Config, F_RT: float, U: float) -> tuple[float, float]:
    """Speeds that diffusion and migration can feed [m/s].

    Diffusion: D c/(c_Li L) from the concentration at the counter electrode to a depleted front.
    Migration: D c0 (F/RT) |phi'|/(c_Li - c0), the field in the anode layer following from the
    conductivities of the stack; nothing where the field drives Li+ away from the anode.
    """
    layer, c_Li, stack = at_front(config), config.lithium.c_Li, equivalent.stack(config)
    c_counter = config.boundary.c_counter or stack[-1].c0
    diffusion = c_counter / (c_Li * sum(x.thickness / x.D for x in stack))
    key = "sigma_ion" if config.potential.sigma == "ionic" else "sigma_e"
    resistance = sum(x.thickness / getattr(x, key) for x in stack)
    field = max(U, 0.0) / (getattr(layer, key) * resistance)
    migration = _ratio(layer.D * layer.c0 * F_RT * field, max(c_Li - layer.c0, 0.0))
    return diffusion, migration


def smallest_stiffness(delta: float, omega: int) -> float:
    """Return the minimum of (gamma + gamma'')/gamma_0 for gamma^2 ~ 1 + delta cos(omega theta).

    With kappa linear in cos and gamma = sqrt(2 kappa W)/6. Not positive: some directions are
    missing from the equilibrium shape and the phase-field equation is ill-posed.
    """
    return float(stiffness(np.linspace(0, pi / omega, 361), delta, omega).min())


def _confined(config: Config) -> float:
    """Return lambda : C_Li : lambda [J/m^3], the largest over the layers."""
    E, nu = config.lithium.E, config.lithium.nu
    lam, mu = elasticity.lame(E, nu)
    strains = [layer.lambda_i for layer in config.parts]
    return max(lam * sum(s) ** 2 + 2 * mu * sum(x * x for x in s) for s in strains)
