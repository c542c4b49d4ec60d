# SPDX-License-Identifier: MIT
"""What a stack of layers can carry: closed forms for one cation and one anion of charge +-1.

At a steady flux J of cations towards the anode, with the anion at rest, c_- = A exp(psi) in every
layer, and

    J y/D_+ = Phi(c_-(y)) - Phi(c_-(0)),   Phi = 2 c_- + c_im ln c_-.

Between layers c_+ c_- is continuous (Donnan). A layer without immobilised anions cannot carry more
than empties its end towards the anode; one with them can carry any flux.
"""

from __future__ import annotations

from math import exp, inf, log, pi, sqrt
from typing import NamedTuple

from scipy.optimize import brentq

from solver.input.ions_config import Layer, TransportConfig

TINY = 1e-300


class Prescribed(NamedTuple):
    """The flux that a config prescribes, and what the stack can carry [mol/m^2/s]."""

    flux: float
    limit: float


def debye_length(config: TransportConfig, layer: Layer) -> float:
    """Debye length sqrt(eps RT/(F^2 sum z^2 c)) of a layer at the start [m]."""
    k = config.constants
    strength = sum(s.charge**2 * layer.c0[s.name] for s in config.species)
    return sqrt(k.eps_0 * layer.epsilon_r * k.R * k.T / (k.F * k.F * strength))


def diffusion_time(config: TransportConfig) -> float:
    """(sum of thickness/sqrt(D))^2 for the slowest species [s]."""
    return max(
        sum(x.thickness / sqrt(x.D[s.name]) for x in config.layers) ** 2 for s in config.species
    )


def resistance(config: TransportConfig) -> float:
    """Sum of thickness/conductivity over the layers at the start [ohm m^2]."""
    return sum(x.thickness / conductivity(config, x) for x in config.layers)


def conductivity(config: TransportConfig, layer: Layer) -> float:
    """Conductivity F^2/(RT) sum z^2 D c of a layer at the start [S/m]."""
    k = config.constants
    total = sum(s.charge**2 * layer.D[s.name] * layer.c0[s.name] for s in config.species)
    return k.F * k.F / (k.R * k.T) * total


def sand_time(D_plus: float, D_minus: float, c0: float, J: float) -> float:
    """Time after which a half space is empty at its electrode [s].

    t = pi D_amb (c0/(2 J t_-))^2 with the ambipolar diffusivity and the anion's transference number
    of a binary electrolyte (Sand 1901; Newman and Thomas-Alyea, Electrochemical Systems).

    Args:
        D_plus: Diffusivity of the cation [m^2/s].
        D_minus: Diffusivity of the anion [m^2/s].
        c0: Concentration of either [mol/m^3].
        J: Flux of cations out of the electrolyte [mol/m^2/s].
    """
    D_amb = 2 * D_plus * D_minus / (D_plus + D_minus)
    t_minus = D_minus / (D_plus + D_minus)
    return pi * D_amb * (c0 / (2 * J * t_minus)) ** 2


def prescribed(config: TransportConfig) -> Prescribed | None:
    """Largest steady flux through a stack against the one that its config prescribes.

    Returns:
        Both; None if the config prescribes none, or has other ions or boundaries than one cation
        and one anion of charge +-1, the anion at rest at the electrode where the cation leaves.
    """
    if sorted(s.charge for s in config.species) != [-1, 1]:
        return None
    names = {s.charge: s.name for s in config.species}
    cation, anion = names[1], names[-1]
    b, layers = config.boundary, config.layers
    F = config.constants.F
    currents = [side.current for side in (b.anode, b.counter)]
    if currents != [None, None] and config.species[0].name != cation:
        return None  # the first species brings the current, and Li+ may be at rest
    fluxes = [
        side.flux.get(cation) if side.current is None else side.current / F
        for side in (b.anode, b.counter)
    ]
    given = next((f for f in fluxes if f), None)
    if given is None or cation in b.anode.c or cation in b.counter.c:
        return None
    emptied_at_anode = (given < 0) == (fluxes[0] == given)
    near, far = (b.anode, b.counter) if emptied_at_anode else (b.counter, b.anode)
    if near.flux.get(anion) or far.flux.get(anion) or anion in near.c:
        return None
    stack = layers if emptied_at_anode else layers[::-1]
    limit = limiting_flux(
        [(x.thickness, x.D[cation], x.c_im) for x in stack],
        total=sum(x.thickness * x.c0[anion] for x in stack),
        c_far=far.c.get(anion),
    )
    return Prescribed(abs(given), limit)


def limiting_flux(
    stack: list[tuple[float, float, float]], total: float, c_far: float | None = None
) -> float:
    """Largest steady flux of cations through a stack [mol/m^2/s]; infinite if there is none.

    Args:
        stack: Thickness [m], D_+ [m^2/s] and c_im [mol/m^3] of the layers, from the electrode where
            cations leave.
        total: Free anions per area of a closed stack [mol/m^2].
        c_far: Concentration of anions held at the far end [mol/m^3], which `total` then follows.
    """
    first = next((i for i, (_, _, c_im) in enumerate(stack) if c_im == 0), None)
    if first is None:
        return inf
    above = stack[first:]

    def excess(log_J: float) -> float:
        amount, c_end = _profile(above, exp(log_J))
        return amount - total if c_far is None else c_end - c_far

    level = total / sum(L for L, _, _ in stack) if c_far is None else c_far
    scale = log(above[0][1] * level / above[0][0])
    return exp(brentq(excess, scale - 20, scale + 20, xtol=1e-12))


def _profile(stack: list[tuple[float, float, float]], J: float) -> tuple[float, float]:
    """Anions per area and at the far end of a stack that is empty at its near end."""
    c, before, amount = 0.0, 0.0, 0.0
    for L, D, c_im in stack:
        # c_+ c_- is continuous from the layer before.
        product = c * (c + before)
        c_low = 2 * product / (sqrt(c_im * c_im + 4 * product) + c_im) if product else 0.0
        c = _far_end(c_low, c_im, J * L / D)
        # The integral of c_- dy = (D/J) c_- dPhi.
        amount += D / J * (c * (c + c_im) - c_low * (c_low + c_im))
        before = c_im
    return amount, c


def _far_end(c_low: float, c_im: float, rise: float) -> float:
    """Solve Phi(c) = Phi(c_low) + rise for c."""
    if c_im == 0:
        return c_low + 0.5 * rise

    def excess(c: float) -> float:
        return 2 * (c - c_low) + c_im * log(c / c_low) - rise

    return brentq(excess, c_low, c_low + 0.5 * rise, xtol=TINY, rtol=1e-14)
