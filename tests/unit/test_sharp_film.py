# SPDX-License-Identifier: MIT
"""The sharp film of benchmarks/thin_front, where it has closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import erfc

from benchmarks.thin_front.film import SharpFilm

F_RT = 96500 / (8.314 * 297.15)
FAST = SharpFilm(
    height=200, film=80, D=10, c_Li=76.4, c_inside=None, k_0=1e3, alpha=0.5, F_RT=F_RT,
    phi_anode=-0.05, phi_counter=-0.05, sigma=1e9, sigma_metal=1e9, charge=1e-9, points=200,
)  # fmt: skip
"""A front at equilibrium, without a field, far from both ends."""
C_S = np.exp(-F_RT * 0.05)


@pytest.mark.parametrize("c_inside", [None, 0.0, 0.4])
@pytest.mark.parametrize("c_s", [C_S, 3.0])
def test_between_half_spaces_it_grows_as_the_root_of_time(c_inside, c_s):
    """X = X0 + 2 p sqrt(D t): what diffuses to the front from both sides is c_Li V."""
    phi = np.log(c_s) / F_RT

    def excess(p: float) -> float:
        come = (1 - c_s) / erfc(p)
        if c_inside is not None:
            come -= (c_s - c_inside) / erfc(-p)
        return come - 76.4 * np.sqrt(np.pi) * p * np.exp(p**2)

    way = 2 * brentq(excess, -0.5, 0.5, xtol=1e-15) * np.sqrt(10 * 20.0)
    film = replace(FAST, c_inside=c_inside, phi_anode=phi, phi_counter=phi)
    assert film.thickness(20.0) - 80 == pytest.approx(way, rel=2e-4)


def test_it_is_of_second_order_in_the_volumes():
    found = [replace(FAST, c_inside=0.4, points=n).thickness(20.0) for n in (50, 100, 200)]
    assert np.log2((found[1] - found[0]) / (found[2] - found[1])) == pytest.approx(2, abs=0.2)


def test_slow_front_takes_what_diffusion_and_migration_bring():
    """c_Li V (1 - exp(-e g))/(D e) + c_s exp(-e g) = 1, e = F/RT phi', and Ohm's law."""
    slow = replace(
        FAST, height=20, film=5, c_inside=0.0, phi_anode=-0.1, phi_counter=0, k_0=1e-7, c_Li=1e8,
        sigma=0.5, sigma_metal=1.0, charge=2e3,
    )  # fmt: skip

    def excess(V: float) -> float:
        inside = (0.5 * 0.1 / 15 - 2e3 * V) / (1 + 0.5 * 5 / 15)
        ahead = (0.1 - 5 * inside) / 15
        assert 0.5 * ahead - inside == pytest.approx(2e3 * V)
        phi, e = F_RT * (5 * inside - 0.1), F_RT * ahead
        c_s = (1 - 1e8 * V * -np.expm1(-15 * e) / (10 * e)) * np.exp(15 * e)
        return 1e-7 * (c_s * np.exp(-phi / 2) - np.exp(phi / 2)) - V

    V = brentq(excess, 1e-9, 1e-6, xtol=1e-18)
    way = slow.thickness(5000.0) - slow.thickness(3000.0)
    assert way / 2000 == pytest.approx(V, rel=1e-3)


def test_ions_and_metal_are_conserved():
    """Without a counter electrode's help: c_Li and c of metal and electrolyte, on the grid."""
    film = replace(FAST, height=20, film=5, c_inside=0.3, phi_counter=0.02, points=30)
    c, X = np.linspace(0.2, 0.9, 60), 5.0
    rates = film.rates(np.append(c, X))

    def content(at: float) -> float:
        x, _ = film._grid(X + at * rates[-1])
        values = np.append(c + at * rates[:-1], 1.0)
        volumes = 0.5 * (np.append(0, np.diff(x)) + np.append(np.diff(x), 0))
        return 76.4 * (X + at * rates[-1]) + volumes[:-1] @ values[:-1]

    come = 10 * ((1 - c[-1]) / (d := np.diff(film._grid(X)[0])[-1]))
    come += 10 * F_RT * film.speed(X, c[30])[2] * 0.5 * (1 + c[-1])
    wall = 0.5 * rates[-1] * film._grid(X)[1][-2] * 0.5 * (1 + c[-1])
    assert d > 0
    assert (content(1e-6) - content(-1e-6)) / 2e-6 == pytest.approx(come + wall, rel=1e-6)
