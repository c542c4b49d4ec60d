# SPDX-License-Identifier: MIT
"""What holds a cell and presses on it."""

from __future__ import annotations

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.input import loading
from tests.small_cell import CONFIG, build, march

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


PUSHED = (*(x for x in ONE if not x.startswith("mechanics")), "mechanics.push_speed=2 nm/s",
          "layers.0.lambda_i=[0, 0, 0]")  # fmt: skip


@pytest.mark.parametrize("scheme", ["split", "monolithic"])
@pytest.mark.parametrize(
    ("side", "along", "free"),
    [
        ("left", 0, "counter"), ("right", 0, "counter"),
        ("anode", 1, "right"), ("counter", 1, "right"),
    ],
)
def test_a_pushed_side_comes_in_at_its_speed(scheme, side, along, free):
    sides = f"mechanics.sides={{{side}: pushed, {free}: free}}"
    model, integrator = build(*PUSHED, sides, f"solver.scheme={scheme}")
    assert not model.state.u.x.array.any()
    for times in (1, 2):
        march(integrator, [2.5])
        found = strains(model)
        strain = -2e-9 * 2.5 * times / 10e-6
        assert found[along] == pytest.approx(strain, rel=1e-9)
        assert found[1 - along] == pytest.approx(-NU / (1 - NU) * strain, rel=1e-9)
        assert found[2] < 1e-9 * abs(strain) * 10e-6
        equation = model.equations["u"]
        row = dict(zip(equation.columns(), equation.measured(), strict=True))
        assert row["wall_pressure_MPa"] == pytest.approx(-PLANE * strain * 1e-6, rel=1e-9)
    at_side = model.domain.dofs(model.V, side)
    moved = model.state.u.x.array.reshape(-1, 2)[at_side, along]
    assert moved == pytest.approx(1e-8 if side in ("left", "anode") else -1e-8, rel=1e-12)


def test_without_mechanics_a_pushed_side_stays():
    pushed = ("mechanics.sides.counter=pushed", "mechanics.push_speed=1 nm/s")
    model, integrator = build("mechanics.enabled=false", *pushed, *ONE[3:5])
    march(integrator, [1.0])
    assert not model.state.u.x.array.any()


@pytest.mark.parametrize("flow", ["none", "norton"])
def test_what_a_wall_bears_is_known_at_the_default_tolerance(flow):
    """There is no load that its forces could be judged by."""
    given = ("mechanics.sides={right: pushed, counter: free}", "mechanics.push_speed=2 nm/s",
             "mesh.size_min=0.5 um", "mesh.size_max=0.5 um", f"lithium.flow={flow}",
             "layers.0.lambda_i=[0, 0, 0]", "layers.1.lambda_i=[0, 0, 0]",
             "mechanics.feedback=false")  # fmt: skip
    found = []
    for tolerance in ("3e-3", "1e-8"):
        model, integrator = build(*given, f"solver.pass_tolerance={tolerance}")
        march(integrator, [0.1, 0.1, 0.2])
        found.append(model.equations["u"].measured()[-1])
    assert found[0] == pytest.approx(found[1], rel=1e-4)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("mechanics.push_speed=1 nm/s",), ["push_speed", "moves no side", "1 nm/s"]),
        (("mechanics.sides.counter=pushed",), ["push_speed", "sides.counter", "value"]),
        (("mechanics.sides.counter=pushed", "mechanics.push_speed=-1 nm/s"),
         ["push_speed", "-1 nm/s", "above 0", "contact"]),
        (("mechanics.sides={counter: pushed, anode: free}", "mechanics.push_speed=1 nm/s"),
         ["sides.counter", "pushes the cell away", "make anode"]),
        (("mechanics.sides={counter: pushed, left: fixed}", "mechanics.push_speed=1 nm/s"),
         ["sides.counter", "corner", "left", "not fixed"]),
        (("mechanics.sides={counter: pushed, anode: pushed}", "mechanics.push_speed=1 nm/s"),
         ["anode and counter are pushed", "one side"]),
        (("mechanics.sides.counter=pushed", "mechanics.push_speed=1 nm/s",
          "fracture={length: 1 um}", "mechanics.feedback=false", "layers.0.G_c=2",
          "layers.1.G_c=2"), ["sides.counter", "without fracture"]),
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
