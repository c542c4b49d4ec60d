# SPDX-License-Identifier: MIT
"""What a stack of layers can carry: closed forms for one cation and one anion.

At a steady flux J of cations of charge z towards the anode, with the anion, of charge -n, at rest,
c_- = A exp(n psi) in every layer, and

    J y/D_+ = Phi(c_-(y)) - Phi(c_-(0)),   Phi = (1 + n/z) c_- + c_im/n ln c_-.

Between layers c_+^n c_-^z is continuous (Donnan). A layer without immobilised anions cannot carry
more than empties its end towards the anode; one with them can carry any flux.
"""

from __future__ import annotations

from math import exp, inf, log, log1p, pi, sqrt
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


def salt_diffusivity(config: TransportConfig, layer: Layer) -> float | None:
    """Diffusivity of a salt of one cation and one anion, ideal [m^2/s]; None for other ions.

    (z_+ u_+ D_- - z_- u_- D_+)/(z_+ u_+ - z_- u_-) with mobilities u = D (Newman and Thomas-Alyea,
    Electrochemical Systems), in a layer without immobilised ions.
    """
    if len(config.species) != 2 or layer.c_im:
        return None
    plus, minus = sorted(config.species, key=lambda s: -s.charge)
    if not plus.charge > 0 > minus.charge:
        return None
    D_plus, D_minus = layer.D[plus.name], layer.D[minus.name]
    difference = plus.charge * D_plus - minus.charge * D_minus
    return D_plus * D_minus * (plus.charge - minus.charge) / difference


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
        and one anion, the anion at rest at the electrode where the cation leaves.
    """
    if [s.charge > 0 for s in sorted(config.species, key=lambda s: s.charge)] != [False, True]:
        return None
    minus, plus = sorted(config.species, key=lambda s: s.charge)
    cation, anion = plus.name, minus.name
    b, layers = config.boundary, config.layers
    F = config.constants.F
    currents = [side.current for side in (b.anode, b.counter)]
    if currents != [None, None] and config.species[0].name != cation:
        return None  # the first species brings the current, and Li+ may be at rest
    fluxes = [
        side.flux.get(cation) if side.current is None else side.current / (plus.charge * F)
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
        charges=(plus.charge, -minus.charge),
    )
    return Prescribed(abs(given), limit)


def limiting_flux(
    stack: list[tuple[float, float, float]],
    total: float,
    c_far: float | None = None,
    charges: tuple[int, int] = (1, 1),
) -> float:
    """Largest steady flux of cations through a stack [mol/m^2/s]; infinite if there is none.

    Args:
        stack: Thickness [m], D_+ [m^2/s] and c_im [mol/m^3] of the layers, from the electrode where
            cations leave.
        total: Free anions per area of a closed stack [mol/m^2].
        c_far: Concentration of anions held at the far end [mol/m^3], which `total` then follows.
        charges: z of the cation and n of the anion, both positive.
    """
    first = next((i for i, (_, _, c_im) in enumerate(stack) if c_im == 0), None)
    if first is None:
        return inf
    above = stack[first:]

    def excess(log_J: float) -> float:
        amount, c_end = _profile(above, exp(log_J), charges)
        return amount - total if c_far is None else c_end - c_far

    level = total / sum(L for L, _, _ in stack) if c_far is None else c_far
    scale = log(above[0][1] * level / above[0][0])
    return exp(brentq(excess, scale - 20, scale + 20, xtol=1e-12))


def _profile(
    stack: list[tuple[float, float, float]], J: float, charges: tuple[int, int]
) -> tuple[float, float]:
    """Anions per area and at the far end of a stack that is empty at its near end."""
    (z, n), c, before, amount = charges, 0.0, 0.0, 0.0
    for L, D, c_im in stack:
        c_low = _beyond(c, before, c_im, charges)
        c = _far_end(c_low, c_im, J * L / D, charges)
        # The integral of c_- dy = (D/J) c_- dPhi.
        amount += D / J * ((1 + n / z) * (c * c - c_low * c_low) / 2 + c_im / n * (c - c_low))
        before = c_im
    return amount, c


def _beyond(c: float, before: float, c_im: float, charges: tuple[int, int]) -> float:
    """Anions beside a layer in which there are c, by Donnan's equilibrium."""
    z, n = charges
    if c == 0 or before == c_im:
        return c

    def excess(log_c: float) -> float:
        return n * log((n * exp(log_c) + c_im) / (n * c + before)) + z * (log_c - log(c))

    # Between none immobilised and as many in either layer.
    least = log(c) - n / z * log1p(c_im / (n * c + before))
    return exp(brentq(excess, least, log(c + before / n), xtol=1e-14))


def _far_end(c_low: float, c_im: float, rise: float, charges: tuple[int, int]) -> float:
    """Solve Phi(c) = Phi(c_low) + rise for c."""
    z, n = charges
    slope = 1 + n / z
    if c_im == 0:
        return c_low + rise / slope

    def excess(c: float) -> float:
        return slope * (c - c_low) + c_im / n * log(c / c_low) - rise

    return brentq(excess, c_low, c_low + rise / slope, xtol=TINY, rtol=1e-14)
