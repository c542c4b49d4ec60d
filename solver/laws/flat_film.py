# SPDX-License-Identifier: MIT
"""What elasticity does to the equilibrium of a flat film of deposit, in closed form."""

from __future__ import annotations

from typing import NamedTuple

from solver.laws import elasticity


class Solid(NamedTuple):
    """An isotropic solid.

    Attributes:
        E: Young's modulus [Pa].
        nu: Poisson's ratio.
    """

    E: float
    nu: float

    @property
    def lame(self) -> tuple[float, float]:
        """Lame's lambda and mu [Pa]."""
        return elasticity.lame(self.E, self.nu)


def driving(
    film: tuple[float, Solid],
    stack: list[tuple[float, Solid]],
    vegard: tuple[float, float, float],
    pressure: float | None,
) -> float:
    """Energy per volume that elasticity adds to a film that grows [J/m^3].

    Film and electrolytes are stretched along neither x nor z; the stress along y is the same in
    all. Through a flat front the integral of f_els' is the jump of f - sigma_yy eps_yy (Eshelby).

    Args:
        film: Its thickness [m] and metal.
        stack: Those of the electrolytes above; the first is at the front.
        vegard: Vegard strain (xx, yy, zz) of the film.
        pressure: On an electrode [Pa]; None: both are held.
    """
    thickness, metal = film
    (lam, mu), (x, y, z) = metal.lame, vegard
    # sigma_yy = stiff eps_yy + locked in the film, and stiff eps_yy above it.
    stiff, locked = lam + 2 * mu, -lam * (x + y + z) - 2 * mu * y
    stress = -(pressure or 0.0)
    if pressure is None:
        moduli = [(t, s.lame[0] + 2 * s.lame[1]) for t, s in stack]
        yielding = thickness / stiff + sum(t / modulus for t, modulus in moduli)
        stress = locked * thickness / stiff / yielding
    strain = (stress - locked) / stiff
    elastic = (-x, strain - y, -z)
    trace = sum(elastic)
    energy = 0.5 * lam * trace * trace + mu * sum(e * e for e in elastic)
    front = stack[0][1].lame
    beside = stress / (front[0] + 2 * front[1])
    return energy - 0.5 * stress * beside - stress * (strain - beside)
