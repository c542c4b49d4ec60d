# SPDX-License-Identifier: MIT
"""The mobilities of a front that is given by its surface energy and charge-transfer resistance."""

from __future__ import annotations

from math import inf, sqrt

from solver.input.stack import CellConfig
from solver.laws.charge_transfer import ChargeTransfer

AGREE = 1e-9
"""Relative difference up to which a mobility given too is the derived one; a resolved config has
both."""


def charge_transfer(config: CellConfig) -> ChargeTransfer:
    """Return the law between mobilities and what can be measured, with the values of a config."""
    k = config.constants
    return ChargeTransfer(k.F, k.R * k.T, config.lithium.c_Li)


def derived(config: CellConfig) -> dict[str, float]:
    """Find L_eta where R_ct is given, and L_sigma where surface_energy is.

    Raises:
        ValueError: A mobility is given as well and is another one, or none follows.
    """
    p, law, found = config.phase_field, charge_transfer(config), {}
    length, L_eta = sqrt(p.kappa_0 / (2 * p.W)), p.L_eta
    if p.R_ct is not None:
        L_eta = law.rate(p.R_ct, length)
        found["L_eta"] = _agreed(config, "R_ct", "L_eta", L_eta)
    if p.surface_energy is not None:
        if L_eta == 0:
            raise ValueError(
                f"phase_field.surface_energy: {p.surface_energy:g} J/m^2 needs a reaction: an "
                "R_ct, or an L_eta above 0"
            )
        R_ct = law.resistance(L_eta, length) if p.R_ct is None else p.R_ct
        L_sigma = law.mobility(p.surface_energy, p.kappa_0, R_ct)
        found["L_sigma"] = _agreed(config, "surface_energy", "L_sigma", L_sigma)
    return found


def _agreed(config: CellConfig, given: str, mobility: str, value: float) -> float:
    p = config.phase_field
    if not 0 < value < inf:
        raise ValueError(
            f"phase_field.{given}: {getattr(p, given):g} leaves no {mobility} ({value:g}) with "
            "these values"
        )
    own = getattr(p, mobility)
    if mobility in p.model_fields_set and abs(own - value) > AGREE * value:
        raise ValueError(
            f"phase_field.{given}: {getattr(p, given):g} means {mobility} {value:.6g}, but "
            f"{mobility} {own:g} is given too; leave one of them out"
        )
    return value
