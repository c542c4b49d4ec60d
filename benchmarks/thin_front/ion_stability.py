# SPDX-License-Identifier: MIT
"""Growth rate of a ripple on the program's thick front in a single-ion conductor, without a mesh.

    docker/run python3 -m benchmarks.thin_front.ion_stability                # two tables, 5 s
    docker/run python3 -m benchmarks.thin_front.ion_stability --mobility 8   # V l
    docker/run python3 -m benchmarks.thin_front.ion_stability 40 --gamma 25 --tail 8 --finer 2

The linear stability of the front of `ion_ripple`, exact along it and on a fine line across it: what
differs from the sharp front's rate is of the interface length l alone. At a height x above the
front the level of xi is moved by A(x) cos qy, and phi by f(x) i/sigma cos qy. With w = xi (1 - xi),
M the mobility of the sharpening flux and Gamma = L_sigma kappa_0,

    s w A = V w A' + Gamma (w^2 A')'/w + (M w A')' - Gamma q^2 w A + w v,
    ((1 - xi) f')' - q^2 (1 - xi) f = s w A/(V l),
    v = [ V (f + A) + x Gamma q^2 A(0) ]/(sigma R + x),

where v is the change of the speed that nodes read. Beyond the tails, |x| > 5 l, nodes have v of
x = 0 and no flux, and ahead of the front A comes back to A(0) at the rate V/l. Without the term of
Gamma q^2 in v the field across the front is taken for that of the reaction's current alone.

The error is of second order where V l is small against Gamma; what is beyond the tails leaves 5e-4
of l/um. So the order is clean with a larger Gamma and tails that end further out.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import splu

from benchmarks.thin_front.ion_ripple import (
    CHARGE,
    CURRENT,
    GAMMA,
    GAP,
    I_0,
    RT_F,
    SIGMA,
    UM,
    WAVELENGTHS,
    rate,
)
from solver.equations.thin_front import SHARPENING, TAIL
from solver.laws.electrode import BEHIND

V = CURRENT / CHARGE / UM
"""Speed of the front [um/s]."""
SIGMA_R = SIGMA * RT_F / I_0 / np.sqrt(1 + (CURRENT / (2 * I_0)) ** 2) / UM
"""Way in the electrolyte that resists as the front does [um]."""
CAPILLARY = GAMMA / UM**2
"""Gamma of Table S1 [um^2/s]."""
LENGTHS = 0.88, 0.44, 0.22, 0.11, 0.055, 0.0275
"""Of the interface in the tables [um]."""
PER_LENGTH, BEYOND = 20, 6.0
"""Points to an interface length; lengths beyond the tails to which the levels are followed."""
WIDER, WIDEST = 1.03, 0.05
"""Growth of the intervals beyond, from one to the next, and the largest [um]."""
IN_METAL = 1e-9
"""Least share of ions."""
ITERATIONS = 12
"""Of a rate, from that of the sharp front."""


@dataclass(frozen=True)
class Front:
    """What a thick front is like.

    Attributes:
        mobility: Of the sharpening flux [V l].
        whole: Whether nodes take the field for that of all the front's current.
        capillary: Gamma [um^2/s].
        tail: Where the tails end [l].
        finer: Points of the line over those of `PER_LENGTH` and `WIDEST`.
    """

    mobility: float = SHARPENING
    whole: bool = True
    capillary: float = CAPILLARY
    tail: float = TAIL
    finer: int = 1

    @property
    def reach(self) -> float:
        """Distance to which the levels of xi are followed [l]."""
        return self.tail + BEYOND


def line(front: Front, length: float) -> np.ndarray:
    """Heights above the front, from the metal to the counter electrode [um]."""
    per_length = PER_LENGTH * front.finer
    count = round(front.reach * per_length)
    near = np.arange(-count, count + 1) * length / per_length
    steps = [length / per_length]
    while sum(steps) < GAP - near[-1]:
        steps.append(min(steps[-1] * WIDER ** (1 / front.finer), WIDEST / front.finer))
    far = np.cumsum(steps)
    return np.concatenate([near, near[-1] + far * (GAP - near[-1]) / far[-1]])


def growth(wavelength: float, length: float, thick: Front = Front()) -> float:
    """Growth rate on the thick front over that on the sharp one, less 1.

    Args:
        wavelength: Of the ripple [um].
        length: Interface length [um].
        thick: The front.
    """
    x, q = line(thick, length), 2 * np.pi / wavelength
    middle, dx = (x[1:] + x[:-1]) / 2, np.diff(x)
    volume = (np.concatenate([dx, [0]]) + np.concatenate([[0], dx])) / 2
    n, front = len(x), int(np.abs(x).argmin())
    xi, between = (1 / (1 + np.exp(np.minimum(at / length, 200))) for at in (x, middle))
    spread, spread_between = xi * (1 - xi), between * (1 - between)
    tail, identity = np.abs(x) > thick.tail * length, sparse.identity(n, format="csr")
    of_front = sparse.csr_matrix((np.ones(n), (np.arange(n), np.full(n, front))), (n, n))

    def times(values) -> sparse.dia_matrix:
        return sparse.diags(np.broadcast_to(np.asarray(values, dtype=float), n))

    def diffusion(share) -> sparse.csr_matrix:
        c = share / dx
        diagonal = -np.concatenate([c, [0]]) - np.concatenate([[0], c])
        return sparse.diags([c, diagonal, c], [-1, 0, 1]).tocsr()

    two = np.concatenate([[dx[0]], x[2:] - x[:-2], [dx[-1]]])
    ends = np.concatenate([[-1], np.zeros(n - 2), [1]])
    slope = times(1 / two) @ sparse.diags([-1, ends, 1], [-1, 0, 1], shape=(n, n))
    sees = times(~tail) + times(tail) @ of_front
    read = sees @ times(V / (SIGMA_R + np.maximum(x, -BEHIND * length)))
    ohmic = np.maximum(x, -BEHIND * length) / (SIGMA_R + np.maximum(x, -BEHIND * length))
    in_front = np.abs(middle) <= thick.tail * length
    sharpening = thick.mobility * V * length * in_front * spread_between
    levels = (
        V * slope
        + times(1 / (spread**2 * volume)) @ diffusion(thick.capillary * spread_between**2)
        + times(1 / (spread * volume)) @ diffusion(sharpening)
        - thick.capillary * q**2 * identity
        + read
        + times(V / length * (tail & (x > 0))) @ (of_front - identity)
    )
    if thick.whole:
        levels += thick.capillary * q**2 * sees @ times(ohmic) @ of_front
    # Beyond the reach there is no xi to speak of.
    within = np.abs(x) < (thick.reach - 0.5) * length
    levels = times(within) @ levels + times(~within) @ (of_front - identity)
    ions = diffusion(1 - between + IN_METAL) - times(q**2 * (1 - xi + IN_METAL) * volume)
    inside = np.arange(n) < n - 1
    ions = times(inside) @ ions + times(~inside)
    of_phi = times(within) @ read
    stored = times(inside * spread * volume / (V * length))
    left = sparse.bmat([[levels, of_phi], [None, ions]], format="csc")
    right = sparse.bmat(
        [[times(within.astype(float)), None], [stored, sparse.csr_matrix((n, n))]], format="csc"
    )
    sharp = float(rate(wavelength, GAP, thick.capillary * UM**2))
    # The slow mode by inverse iteration: to all others the front answers much faster.
    solve, mode, shift = splu(left - sharp * right).solve, np.ones(2 * n), 0.0
    for _ in range(ITERATIONS):
        mode = solve(right @ mode)
        shift = 1 / mode[front]
        mode *= shift
    return shift / sharp


def row(wavelength: float, thick: Front) -> list[str]:
    """Errors of a wavelength at all lengths, each with the order from the length before it."""
    errors = np.array([growth(wavelength, length, thick) for length in LENGTHS])
    found = [f"{100 * errors[0]:+.3f} %"]
    for coarse, fine in pairwise(errors):
        order = f"{np.log2(coarse / fine):.2f}" if coarse * fine > 0 else "-"
        found.append(f"{100 * fine:+.3f} % ({order})")
    return found


def main(words: list[str]) -> int:
    """Print the errors of a mobility, with the field of the reaction's current and of all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wavelength", nargs="*", type=float, default=WAVELENGTHS, help="[um]")
    parser.add_argument("--mobility", type=float, default=SHARPENING, help="of the flux [V l]")
    parser.add_argument("--gamma", type=float, default=1.0, help="L_sigma kappa_0 over Table S1's")
    parser.add_argument("--tail", type=float, default=TAIL, help="where the tails end [l]")
    parser.add_argument("--finer", type=int, default=1, help="times the points")
    given = parser.parse_args(words)
    capillary = given.gamma * CAPILLARY
    print(f"Gamma/V = {capillary / V:.3g} um, tails to {given.tail:g} l; in brackets the order")
    for whole, name in ((False, "the reaction's current"), (True, "all of the current")):
        thick = Front(given.mobility, whole, capillary, given.tail, given.finer)
        heading = "".join(f" l = {x:g} um |" for x in LENGTHS)
        print(f"\n| {name}, {given.mobility:g} V l |{heading}")
        print("|---" * (1 + len(LENGTHS)) + "|")
        for wavelength in given.wavelength:
            print(f"| {wavelength:g} um | " + " | ".join(row(wavelength, thick)) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
