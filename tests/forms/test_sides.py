# SPDX-License-Identifier: MIT
"""What holds a cell and presses on it."""

from __future__ import annotations

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.input import loading
from tests.small_cell import CONFIG, build

E, NU, P = 22.1e9, 0.37, 5e6
ONE = ("layers=[{name: A, thickness: 10 um}]", "nuclei.film=0", "nuclei.count=0",
       "mesh.size_min=2 um", "mesh.size_max=2 um", "mechanics.stack_pressure=5 MPa",
       "solver.pass_tolerance=1e-12")  # fmt: skip
CONFINED = "mechanics.sides={counter: pressure}"
FREE = "mechanics.sides={counter: pressure, left: free, right: free}"
BOTH = "mechanics.sides={anode: pressure, counter: pressure, right: free}"
MODULUS = E * (1 - NU) / ((1 + NU) * (1 - 2 * NU))
PLANE = E / (1 - NU**2)


def strains(model) -> tuple[float, float, float]:
    """Components xx, yy and the largest departure from the strain that they make."""
    x, u = model.V.tabulate_dof_coordinates(), model.state.u.x.array.reshape(-1, 2)
    fits = [np.polyfit(x[:, a], u[:, a], 1) for a in (0, 1)]
    off = max(np.abs(u[:, a] - np.polyval(fits[a], x[:, a])).max() for a in (0, 1))
    return fits[0][0], fits[1][0], off


@pytest.mark.parametrize("scheme", ["split", "monolithic"])
@pytest.mark.parametrize(
    ("sides", "xx", "yy"),
    [
        (CONFINED, 0.0, -P / MODULUS),
        (FREE, P / PLANE * NU / (1 - NU), -P / PLANE),
        (BOTH, P / PLANE * NU / (1 - NU), -P / PLANE),
    ],
)
def test_stack_pressure_on_a_strip(scheme, sides, xx, yy):
    model, _ = build(*ONE, sides, f"solver.scheme={scheme}")
    found = strains(model)
    assert found[0] == pytest.approx(xx, rel=1e-10, abs=1e-14)
    assert found[1] == pytest.approx(yy, rel=1e-10)
    assert found[2] < 1e-10 * P / PLANE * 10e-6


def test_a_fixed_side_does_not_move_along_itself_either():
    model, _ = build(*ONE, "mechanics.sides={anode: fixed, counter: pressure, left: free, right: "
                     "free}")  # fmt: skip
    x, u = model.V.tabulate_dof_coordinates(), model.state.u.x.array.reshape(-1, 2)
    assert not u[x[:, 1] < 1e-9].any()
    assert np.abs(u[:, 0]).max() > 0.1 * P / PLANE * 10e-6


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("mechanics.stack_pressure=1 MPa",), ["stack_pressure", "acts on no side"]),
        (("mechanics.sides.counter=pressure",), ["stack_pressure", "sides.counter", "value"]),
        (("mechanics.stack_pressure=-1", CONFINED), ["stack_pressure", "-1", "greater"]),
        (("mechanics.sides.counter=wall",), ["sides.counter", "wall", "roller"]),
        (
            ("mechanics.sides={anode: free, counter: pressure}", "mechanics.stack_pressure=1 MPa"),
            ["sides.counter", "pushes the cell away", "make anode"],
        ),
        (
            ("mechanics.sides={anode: free, counter: free, left: free, right: free}",),
            ["nothing holds the cell"],
        ),
    ],
)
def test_sides_that_do_not_hold_are_refused(given, words):
    with pytest.raises(InputError) as refused:
        loading.parse(CONFIG, list(given))
    assert all(word in str(refused.value) for word in words), refused.value


def test_pressure_on_both_sides_needs_no_holding_across():
    for sides in (BOTH, "mechanics.sides={anode: free, counter: free}"):
        given = ["mechanics.stack_pressure=1 MPa"] * ("pressure" in sides)
        assert loading.parse(CONFIG, [sides, *given]).mechanics.sides.loose
