# SPDX-License-Identifier: MIT
"""The pressure of lithium in the equilibrium of the electrodes of a cell."""

from __future__ import annotations

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.input import loading
from tests.small_cell import CONFIG, build, march

NU, P = 0.36, 50e6
PER_MPA = 0.135637e-3
SINGLE_ION = ("electrochemistry.closure=single_ion",)
BINARY = ("electrochemistry.closure=binary", "electrochemistry.t_plus=0.4")
STACK = ("mechanics.sides.counter=pressure", f"mechanics.stack_pressure={P}")
SHIFTED = "mechanics.pressure_potential=true"
CONTROL = "electrochemistry.control=rest"
FILM = ("width=4 um", "nuclei.film=4 um", "nuclei.count=0", "mesh.size_min=0.4 um",
        "mesh.size_max=0.4 um", "phase_field.interface_length=0.4 um", "phase_field.delta=0",
        CONTROL, "solver.pass_tolerance=1e-7",
        "layers=[{name: A, thickness: 10 um, E: 4.9 GPa, nu: 0.36, lambda_i: [0, 0, 0]}]",
        )  # fmt: skip
FREE = ("mechanics.sides.left=free", "mechanics.sides.right=free")


def at_rest(*overrides: str):
    """A film at rest; its equations."""
    return build(*FILM, *STACK, SHIFTED, *overrides)[0].equations


def pressures(equations):
    return equations["xi"].kinetics.pressure


def test_the_printed_constants_make_0_1356_mV_per_MPa():
    assert pressures(at_rest(*SINGLE_ION)).volts * 1e6 == pytest.approx(PER_MPA, rel=3e-6)


@pytest.mark.parametrize("closure", [SINGLE_ION, BINARY])
@pytest.mark.parametrize("counter", ["1 ohm*cm**2", "null"])
@pytest.mark.parametrize(
    ("sides", "share"), [((), (1 + NU) / (3 * (1 - NU))), (FREE, (1 + NU) / 3)]
)
def test_voltage_at_rest_of_an_elastic_film_under_stack_pressure(closure, counter, sides, share):
    """The film has a share of the pressure that acts on the counter electrode's lithium."""
    found = at_rest(*closure, *sides, f"electrochemistry.counter_R_ct={counter}")
    pressure = pressures(found)
    front = found["phi"].model.state.xi.x.array
    at_front = (front > 0.01) & (front < 0.99)
    assert pressure.counter == pytest.approx(P, rel=1e-9)
    assert pressure.front[at_front] == pytest.approx(share * P, rel=1e-7)
    assert found["phi"].voltage == pytest.approx((share - 1) * P * 1e-6 * PER_MPA, rel=4e-6)
    if found["phi"].counter.law is None:  # its metal's voltage is read from the ions' potential
        assert found["phi"].counter.voltage() == pytest.approx(found["phi"].voltage, rel=1e-9)


def test_the_same_pressure_on_both_electrodes_shifts_nothing():
    """Soft lithium under its own yield stress of 1 Pa has the pressure of the stack."""
    flowing = at_rest(*SINGLE_ION, "lithium.flow=plastic", "lithium.yield_stress=1 Pa",
                      "electrochemistry.counter_R_ct=1 ohm*cm**2")  # fmt: skip
    assert pressures(flowing).counter == pytest.approx(P)
    assert abs(flowing["phi"].voltage) < 1e-3 * P * 1e-6 * PER_MPA


def test_a_wall_presses_as_much_as_the_stack_does():
    """What the counter electrode's roller has to hold: a plate on the other side, as strong."""
    sides = ("mechanics.sides={anode: pressure, counter: roller}",)
    found = build(*FILM, *SINGLE_ION, SHIFTED, *sides, STACK[1])[0].equations
    assert pressures(found).counter == pytest.approx(P, rel=1e-6)


def test_a_wall_that_comes_in_shifts_the_voltage_as_a_stack_does():
    stiff = 4.9e9 * (1 - NU) / ((1 + NU) * (1 - 2 * NU))
    speed = P / stiff * 10e-6  # so that it presses as hard after 1 s
    pushed = ("mechanics.sides.counter=pushed", f"mechanics.push_speed={speed}",
              "electrochemistry.counter_R_ct=1 ohm*cm**2")  # fmt: skip
    model, integrator = build(*FILM, *SINGLE_ION, SHIFTED, *pushed)
    march(integrator, [0.999, 0.001])
    pressure, share = pressures(model.equations), (1 + NU) / (3 * (1 - NU))
    at_front = np.abs(model.state.xi.x.array - 0.5) < 0.45
    assert pressure.counter == pytest.approx(P, rel=1e-6)
    assert pressure.front[at_front] == pytest.approx(share * P, rel=1e-4)
    shift = (share - 1) * P * 1e-6 * PER_MPA
    assert model.equations["phi"].voltage == pytest.approx(shift, rel=1e-2)


def test_a_stiff_electrolyte_does_not_change_the_pressure_of_the_metal_behind_the_front():
    stiff = "layers=[{name: A, thickness: 10 um, E: 22.1 GPa, nu: 0.37, lambda_i: [0, 0, 0]}]"
    pressure = pressures(at_rest(*SINGLE_ION, stiff))
    xi = pressure.model.state.xi.x.array
    at_front = np.abs(xi - 0.5) < 0.45
    assert pressure.front[at_front] == pytest.approx((1 + NU) / (3 * (1 - NU)) * P, rel=0.01)


def test_compression_takes_voltage_from_a_current():
    """At a given current the voltage is up by what the pressures make of it, and no more."""
    current = ("electrochemistry.control=current", "electrochemistry.current=1 mA/cm**2",
               "electrochemistry.counter_R_ct=1 ohm*cm**2")  # fmt: skip
    voltages = []
    for shift in ("true", "false"):
        given = (*FILM, *STACK, *SINGLE_ION, *current, f"mechanics.pressure_potential={shift}")
        model, integrator = build(*given)
        march(integrator, [1.0, 1.0])
        voltages.append(model.equations["phi"].voltage)
        assert model.equations["phi"].current == pytest.approx(10.0, rel=1e-9)
    share = (1 + NU) / (3 * (1 - NU)) - 1
    assert voltages[0] - voltages[1] == pytest.approx(share * P * 1e-6 * PER_MPA, rel=1e-4)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((SHIFTED,), ["pressure_potential", "closure"]),
        ((SHIFTED, *SINGLE_ION, "mechanics.enabled=false"), ["mechanics.enabled: true"]),
        ((SHIFTED, *SINGLE_ION, "solver.scheme=monolithic"), ["solver.scheme: split"]),
        (("lithium.flow=norton", "mechanics.enabled=false"), ["lithium.flow: norton", "enabled"]),
        (("lithium.flow=plastic", "solver.scheme=monolithic"), ["lithium.flow: plastic", "split"]),
        (("lithium.flow=melt",), ["lithium.flow", "melt", "norton"]),
        (("lithium.norton.m=0",), ["lithium.norton.m", "0.05"]),
    ],
)
def test_what_pressure_and_flow_need_is_said(given, words):
    closed = [CONTROL] * any("closure" in x for x in given)
    with pytest.raises(InputError) as refused:
        loading.parse(CONFIG, [*given, *closed])
    assert all(word in str(refused.value) for word in words), refused.value
