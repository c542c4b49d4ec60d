# SPDX-License-Identifier: MIT
"""What `check` says of a stack pressure and of lithium that flows."""

from __future__ import annotations

from pathlib import Path

import pytest

import solver
from solver.base.errors import InputError
from solver.check import flow
from solver.check.groups import groups
from solver.input import loading
from solver.materials import MATERIALS

PRESET = Path(__file__).parents[2] / "configs" / "stack_pressure.yaml"
SPEED = 200 / (96500 * 7.64e4)


def lines(*overrides: str):
    config = loading.load(PRESET, list(overrides))
    return {line.name: line for line in flow.lines(config, groups(config))}


def said(*overrides: str) -> list[str]:
    config = loading.load(PRESET, list(overrides))
    return [x for x in solver.report(config).judgements if x.startswith("lithium.")]


def test_shift_of_a_stack_pressure():
    line = lines()["shift by the stack pressure"]
    assert line.value == pytest.approx(5 * 0.135637e-3, rel=3e-6)
    assert "0.1356 mV per MPa" in line.meaning and line.meaning.startswith("of an electrode")
    assert "would be" in lines("mechanics.pressure_potential=false")[line.name].meaning
    none = ("mechanics.stack_pressure=null", "mechanics.sides.counter=roller")
    assert line.name not in lines(*none)
    assert not lines("mechanics.enabled=false", "lithium.flow=none",
                     "mechanics.pressure_potential=false")  # fmt: skip


def test_flow_stress_at_the_rate_of_growth():
    line = lines("nuclei.count=0")["flow stress of lithium"]
    rate, RT = SPEED / 4e-6, 8.314 * 297.15
    known = {name: x.value for name, x in MATERIALS["Li"].others.items()}
    prefactor = known["A"] * 2.718281828459045 ** (-known["Q"] / RT)
    assert line.value == pytest.approx(known["S"] * (rate / prefactor) ** known["m"], rel=1e-9)
    seconds = line.value / (3 * 4.9e9 / 2.72 * rate)
    assert f"{1e3 * seconds:.4g} ms" in line.meaning and f"{1 / rate:.4g} s" in line.meaning
    assert lines("lithium.flow=plastic")["flow stress of lithium"].value == 0.8e6
    assert "flow stress of lithium" not in lines("lithium.flow=none")


def test_keys_of_a_flow_that_is_not_asked_for_are_remarked_on():
    assert any("yield_stress does nothing" in x for x in said("lithium.yield_stress=2 MPa"))
    assert any("norton does nothing" in x for x in
               said("lithium.norton={m: 0.2}", "lithium.flow=plastic"))  # fmt: skip
    assert not any("does nothing" in x for x in said("lithium.norton={m: 0.2}"))


def test_what_a_stack_squeezes_out_through_a_free_side():
    """2 k (1 + a/2h) with the stress that strains lithium by 0.1 until the end."""
    free = ("mechanics.sides.right=free", "lithium.flow=plastic", "nuclei.film=4 um",
            "nuclei.count=0", "lithium.yield_stress=2 MPa")  # fmt: skip
    bears = 2 / 3**0.5 * 2 * (1 + 20 / 8)

    def squeezed(*overrides: str) -> list[str]:
        config = loading.load(PRESET, list(overrides))
        return [x for x in solver.report(config).judgements if x.startswith("mechanics.sides")]

    assert not squeezed(*free, f"mechanics.stack_pressure={0.99 * bears} MPa")
    (sentence,) = squeezed(*free, f"mechanics.stack_pressure={1.01 * bears} MPa")
    assert "right" in sentence and f"{bears:.4g} MPa" in sentence
    both = (*free, "mechanics.sides.left=free")
    assert squeezed(*both, f"mechanics.stack_pressure={0.7 * bears} MPa")
    assert not squeezed(*free[1:], "mechanics.stack_pressure=100 MPa")
    soft = (*free, "lithium.flow=norton")
    # 0.1 in 100 s, in a law of 0.013888 1/s at 1.1 MPa.
    creeps = 2 / 3**0.5 * 1.1 * (1e-3 / 0.0134) ** 0.15 * (1 + 20 / 8)
    assert not squeezed(*soft, f"mechanics.stack_pressure={0.97 * creeps} MPa")
    assert squeezed(*soft, f"mechanics.stack_pressure={1.03 * creeps} MPa")


def test_a_stack_pressure_that_compresses_a_soft_layer_beyond_small_strains():
    soft = ("layers.0.E=12.6 MPa", "layers.0.nu=0.45")
    modulus = 12.6e6 * 0.55 / (1.45 * 0.1)  # between sides that hold it

    def compressed(pressure: float) -> list[str]:
        config = loading.load(PRESET, [*soft, f"mechanics.stack_pressure={pressure}"])
        return [x for x in solver.report(config).judgements if "compresses layers.0" in x]

    assert not compressed(0.099 * modulus)
    (sentence,) = compressed(0.25 * modulus)
    assert "by 0.25:" in sentence


GRAINS = """title: grains under a press
width: 8 um
height: 8 um
geometry: {voronoi: {grain_size: 4 um}}
regions: [{name: soft, E: 12.6 MPa, nu: 0.45}]
electrochemistry: {closure: single_ion}
mechanics: {sides: {counter: pressure}, stack_pressure: 1 MPa}
protocol: {steps: [Rest under 8 GPa for 1 s, Rest under 0 Pa for 1 s]}
"""


def test_pressures_of_steps_and_on_regions_are_judged_alike():
    def of_steps(*overrides: str) -> list[str]:
        config = loading.parse(GRAINS, list(overrides))
        found = flow.judgements(config, groups(config))
        return [sentence.partition(" ")[2] for sentence in found if "steps.0." in sentence]

    slip, *none = of_steps("regions.0.E=300 GPa")
    assert slip.startswith("8 GPa is outside of 1e+04 Pa") and not none
    (slip,) = of_steps("regions.0.E=300 GPa", "protocol.steps=[Rest under 1 mPa for 1 s]")
    assert slip == "1 mPa is outside of 1e+04 Pa to 1 GPa; is the unit right?"
    compressed, _ = of_steps()
    assert compressed.startswith("compresses regions.0 by 1.7e+02:")
    assert of_steps("mechanics.enabled=false") == [
        "does nothing here: it needs mechanics.enabled: true."
    ]


def test_thin_lithium_is_stronger_than_bulk():
    assert any("bulk lithium" in x and "7.9 um" in x for x in said())
    assert not said("lithium.norton={S: 80 MPa}")
    assert not said("nuclei.film=12 um")
    assert not said("lithium.flow=none")


PLASTIC = "lithium.flow=plastic"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (("mechanics.stack_pressure=5",), "mechanics.stack_pressure: 5 Pa is outside of 1e+04 Pa"),
        (("mechanics.stack_pressure=5 GPa",), "mechanics.stack_pressure: 5 GPa is outside"),
        ((PLASTIC, "lithium.yield_stress=0.8"), "lithium.yield_stress: 800 mPa is outside"),
        ((PLASTIC, "lithium.yield_stress=80 GPa"), "lithium.yield_stress: 80 GPa is outside"),
        (("lithium.norton.S=1.1 GPa",), "lithium.norton.S: 1.1 GPa is outside"),
        (("lithium.norton.Q=37 J/mol",), "lithium.norton.Q: 37 J/mol is outside of 1e+04 J/mol"),
    ],
)
def test_slips_of_units_are_remarked_on(changes, words):
    config = loading.load(PRESET, list(changes))
    found = [x for x in solver.report(config).judgements if "is the unit right?" in x]
    assert len(found) == 1 and words in found[0]


@pytest.mark.parametrize(
    "changes",
    [(), (PLASTIC,), (PLASTIC, "lithium.yield_stress=105 MPa"), ("lithium.norton.S=1 MPa",)],
)
def test_what_lithium_and_cells_bear_is_not(changes):
    config = loading.load(PRESET, list(changes))
    assert not any("is the unit right?" in x for x in solver.report(config).judgements)


@pytest.mark.parametrize(
    "changes", [("lithium.norton.Q=370 kJ/mol", "constants.T=25"), ("lithium.norton.A=1e-51 1/s",)]
)
def test_lithium_that_never_flows_is_refused(changes):
    with pytest.raises(InputError, match=r"lithium.norton: A exp\(-Q/RT\) is .* never flows"):
        loading.load(PRESET, list(changes))
