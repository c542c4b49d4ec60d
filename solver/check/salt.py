# SPDX-License-Identifier: MIT
"""What the salt of a binary electrolyte allows a cell, while its front is flat."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log, pi

from solver.check.gap import Gap
from solver.input.config import Config
from solver.laws.electrode import Electrode
from solver.laws.salt import SaltElectrode, diffusion_potential


@dataclass(frozen=True, slots=True)
class Salt:
    """What the salt does to a cell, SI.

    Attributes:
        limiting: Current density at which c is 0 at one of the electrodes in the long run [A/m^2].
        sand_time: pi D (F c0/(2 i (1 - t_+)))^2, when c is 0 there before a thick electrolyte [s].
        drop: Difference of c between the electrodes in the long run [mol/m^3].
        settling: L^2/(pi^2 D), the time that takes [s].
        resistance: A drop/c0 per current, the diffusion potential at a small one [ohm m^2].
        voltage: Cell voltage in the long run; infinite beyond the limiting current [V].
        hindrance: 1 over the way through the electrolyte on which c changes so much that the front
            is slower by half [1/m].
    """

    limiting: float
    sand_time: float
    drop: float
    settling: float
    resistance: float
    voltage: float
    hindrance: float


def salt(config: Config, gap: Gap, electrodes: list[Electrode], current: float) -> Salt:
    """Derive the numbers of a config with `closure: binary` at a current density.

    Args:
        config: The config.
        gap: The electrolyte between the electrodes.
        electrodes: The front, and the counter electrode if it is not reversible.
        current: Current density; positive plates at the anode [A/m^2].
    """
    k, c0, t_plus = config.constants, config.parts[0].c0, config.electrochemistry.t_plus
    F_RT, share = k.F / (k.R * k.T), (1 - t_plus) / k.F
    A = diffusion_potential(t_plus, F_RT)
    # c falls towards the electrode that plates: where it is c0 on the average it is 0 there.
    to_mean = gap.to_mean if current >= 0 else gap.diffusion - gap.to_mean
    drop = share * current * gap.diffusion
    at_front = c0 - share * current * gap.to_mean
    front = SaltElectrode(electrodes[0], c0, A)
    D = gap.D_front if current >= 0 else gap.D_counter
    flux = share * abs(current)
    conductance = front.law.conductance(front.law.drive(current))
    return Salt(
        limiting=c0 / (share * to_mean) if share else inf,
        sand_time=pi * D * (c0 / (2 * flux)) ** 2 if flux else inf,
        drop=drop,
        settling=gap.length * gap.diffusion / pi**2,
        resistance=A * share * gap.diffusion / c0,
        voltage=_voltage(gap, current, electrodes, (at_front, at_front + drop), (c0, A)),
        hindrance=share / gap.D_front * ((1 - front.law.alpha) * current + A * conductance) / c0,
    )


def _voltage(
    gap: Gap,
    current: float,
    electrodes: list[Electrode],
    c: tuple[float, float],
    salt: tuple[float, float],
) -> float:
    """Voltage with c at the front and at the counter electrode, for c0 and A of the salt."""
    c0, A = salt
    if min(c) <= 0:
        return inf if current > 0 else -inf
    overpotentials = 0.0
    # The exponents of the counter electrode are given with their places changed.
    for law, at, share in zip(electrodes, c, (1 - electrodes[0].alpha,) * 2, strict=False):
        overpotentials += law.drive(current / (at / c0) ** share)
    return current * gap.ohmic + A * log(c[1] / c[0]) + overpotentials
