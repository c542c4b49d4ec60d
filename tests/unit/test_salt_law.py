# SPDX-License-Identifier: MIT
"""An electrode in a binary electrolyte: what a node in a thick front knows of the sharp one."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from solver.laws.electrode import Electrode
from solver.laws.salt import SaltElectrode, diffusion_potential
from solver.terms import salt

F_RT = 96500 / (8.314 * 297.15)
A = 1.2 / F_RT
LAW = SaltElectrode(Electrode(30.0, 0.3, F_RT), 1000.0, A)
RHO, K = 10.0, 0.6 / (96500 * 1e-11)


def current(phi_s, c_s):
    """30 A/m2 (c/c0)^0.7 [exp(0.3 f phi) - exp(-0.7 f phi)]."""
    exponentials = np.exp(0.3 * F_RT * phi_s) - np.exp(-0.7 * F_RT * phi_s)
    return 30.0 * (c_s / 1000) ** 0.7 * exponentials


def seen(phi_s, c_s, x, L):
    """phi and c at a node at x from a front with phi_s and c_s."""
    i = current(phi_s, c_s)
    c = c_s + L * K * i
    return phi_s + x * RHO * i + A * np.log(c / c_s), c


def test_a_is_twice_the_share_of_the_anions():
    assert diffusion_potential(0.4, F_RT) == pytest.approx(A, rel=1e-14)


@pytest.mark.parametrize("c", [250.0, 250, np.float64(250.0), np.array([250.0, 250.0])])
def test_numbers_and_arrays_need_no_forms(monkeypatch, c):
    """`check` knows the exchange current at c where UFL is not installed."""
    monkeypatch.setitem(sys.modules, "ufl", None)
    assert LAW.exchange(c) == pytest.approx(0.25**0.7)


@pytest.mark.parametrize("phi_s", [0.08, 1e-5, -0.05])
@pytest.mark.parametrize("c_s", [3.0, 600.0, 2500.0])
def test_every_node_knows_its_front(phi_s, c_s):
    x = np.array([-5e-7, 0.0, 1e-7, 1e-6, 5e-6])
    L = np.array([0.0, 3e-7, 4e-7, 1e-6, 5e-6])
    # Dissolving feeds c: where that would leave none at a node there is no such node.
    L = np.minimum(L, np.where(phi_s < 0, 0.9 * c_s / (K * abs(current(phi_s, c_s))), 1.0))
    found = LAW.behind(*seen(phi_s, c_s, x, L), x, L, RHO, K)
    assert found.current == pytest.approx(current(phi_s, c_s), rel=1e-9)
    assert found.c_s == pytest.approx(c_s, rel=1e-9)


def test_slopes_are_those_of_the_solution():
    x, L = np.array([-2e-7, 3e-7, 2e-6]), np.array([1e-7, 5e-7, 2e-6])
    phi, c = seen(0.05, 700.0, x, L)
    found = LAW.behind(phi, c, x, L, RHO, K)

    def slope(step, **changed):
        def at(sign):
            given = {"phi": phi, "c": c, "x": x, "L": L}
            given |= {name: given[name] + sign * step * scale for name, scale in changed.items()}
            return LAW.behind(*given.values(), RHO, K).current

        return (at(1) - at(-1)) / (2 * step)

    assert found.per_phi == pytest.approx(slope(1e-6, phi=1), rel=1e-6)
    # phi - A ln c as it is.
    assert found.per_c == pytest.approx(slope(1e-2, c=1, phi=A / c), rel=1e-6)
    assert -found.per_x == pytest.approx(slope(1e-11, x=1), rel=1e-4)
    assert -found.per_L == pytest.approx(slope(1e-11, L=1), rel=1e-4)
    # What divides a change of the speed: d c_s = d c - L K d i.
    i, c_s = current(0.05, 700.0), 700.0
    conductance = (current(0.05 + 1e-6, c_s) - current(0.05 - 1e-6, c_s)) / 2e-6
    assert found.hindrance == pytest.approx(K * (0.7 * i + A * conductance) / c_s, rel=1e-6)


def test_where_salt_is_short_the_current_is_what_comes():
    """c_s cannot be below 0: c/(L k) at most."""
    L = np.array([1e-5])
    found = LAW.behind(np.array([2.0]), np.array([300.0]), L, L, RHO, K)
    assert 0.9 * 300 / (L * K) < found.current < 300 / (L * K)
    assert 0 < found.c_s < 30


def test_none_where_phi_is_a_lithium_reference_s():
    found = LAW.behind(np.zeros(2), np.array([10.0, 2000.0]), np.ones(2), np.ones(2), RHO, K)
    assert np.all(found.current == 0)


def test_less_salt_exchanges_less():
    assert LAW.exchange(250.0) == pytest.approx(0.25**0.7, rel=1e-14)
    assert LAW.exchange(-1.0) == pytest.approx(1e-9**0.7, rel=1e-12)


# --- terms --------------------------------------------------------------------------------


def test_the_electrolyte_alone_stores():
    xi = np.array([0.0, 0.25, 1.0])
    assert salt.storage(900.0, 880.0, xi, 0.5) == pytest.approx([40, 30, 40e-4], rel=1e-12)
    assert salt.stored(np.array([-0.1, 1.1])) == pytest.approx([1, 1e-4])


def test_the_anions_share_of_a_current_stays_behind():
    assert salt.migration(96500.0, 0.4, 96500.0) == pytest.approx(0.6, rel=1e-14)


def test_the_current_is_driven_by_phi_less_the_diffusion_potential():
    """Between 1250 and 800 mol/m3 nothing flows at A ln(1250/800)."""
    low, high = salt.driving(np.array([0.0, A * np.log(1.25 / 0.8)]), np.array([800.0, 1250.0]),
                             1000.0, A)  # fmt: skip
    assert high == pytest.approx(low, rel=1e-12) and low == pytest.approx(-A * np.log(0.8))
    assert np.isfinite(salt.driving(0.0, -5.0, 1000.0, A))
