# SPDX-License-Identifier: MIT
"""The scalar parameters in force."""

from __future__ import annotations

from dataclasses import dataclass

from solver.input.config import Config
from solver.laws import scaling


@dataclass(frozen=True)
class Numbers:
    """Scalar parameters in force (SI).

    Attributes:
        charge: z s F c_Li, what a volume of deposit takes from the current [C/m^3].
        elastic_bound: L_eta/(RT c_Li), the factor on f_els' that binds it to the reaction
            [m^3/J/s]; None: it has that of the well, L_sigma.
    """

    interface: scaling.Interface
    F: float
    F_RT: float
    c_Li: float
    alpha: float
    phi_eq: float
    phi_anode: float
    phi_counter: float
    c_half: float
    applied: bool
    charge: float
    elastic_bound: float | None


def numbers(config: Config) -> Numbers:
    """Collect the scalar parameters of a config."""
    k, b = config.constants, config.boundary
    return Numbers(
        interface=scaling.interface(config.phase_field),
        F=k.F,
        F_RT=k.F / (k.R * k.T),
        c_Li=config.lithium.c_Li,
        alpha=config.kinetics.alpha,
        phi_eq=config.kinetics.phi_eq,
        phi_anode=b.phi_anode,
        phi_counter=b.phi_counter,
        c_half=config.kinetics.c_half,
        applied=config.kinetics.overpotential == "applied",
        charge=_charge(config),
        elastic_bound=_elastic_bound(config),
    )


def _charge(config: Config) -> float:
    p, whole = config.potential, config.constants.F * config.lithium.c_Li
    return p.charge_scale * whole * (1 if p.carrier == "ions" else -1)


def _elastic_bound(config: Config) -> float | None:
    if config.mechanics.driving == "printed":
        return None
    k, interface = config.constants, scaling.interface(config.phase_field)
    return interface.L_eta / (k.R * k.T * config.lithium.c_Li)
