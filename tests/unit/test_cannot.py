# SPDX-License-Identifier: MIT
"""What does not go together by docs/cannot.md is refused, and each half of it is not."""

from pathlib import Path

import pytest

from solver.base.errors import InputError
from solver.input import loading

PAGE = (Path(__file__).parents[2] / "docs" / "cannot.md").read_text(encoding="utf-8")
CELL = """\
title: a cell
layers: [{name: lower, thickness: 25 um}, {name: upper, thickness: 25 um}]
phase_field: {interface_length: 0.44 um}
"""
HELD = ("electrochemistry.control=current", "electrochemistry.current=1 mA/cm**2")
SINGLE_ION = ("electrochemistry.closure=single_ion", *HELD)
BINARY = ("electrochemistry.closure=binary", "electrochemistry.t_plus=0.4", *HELD)
P2 = ("solver.degree=2", "solver.scheme=monolithic")
CRACKS = ("fracture={length: 0.5 um}", "mechanics.feedback=false", "layers.0.G_c=2",
          "layers.1.G_c=2")  # fmt: skip
FLOW = ("lithium.flow=norton",)
PRESSURE = ("mechanics.pressure_potential=true", *SINGLE_ION)
MONOLITHIC, STIFF = ("solver.scheme=monolithic",), ("mechanics.enabled=false",)
ADAPT = ("adapt.enabled=true",)
SKELETON = ("skeleton={count: 2, width: 5 um, start: 10 um, end: 40 um}",)
BAND = ("grain_boundaries={width: 1 um, R_gb: 1e-5}",)
KEYS = {
    SINGLE_ION: "`closure: single_ion`", BINARY: "`closure: binary`", P2: "`solver.degree: 2`",
    ADAPT: "`adapt`", CRACKS: "`fracture`", BAND: "`grain_boundaries`", FLOW: "`lithium.flow`",
    PRESSURE: "`mechanics.pressure_potential`",
}  # fmt: skip
PAIRS = [
    (SINGLE_ION, ("mechanics.feedback=true",), "`mechanics.feedback`", True),
    (SINGLE_ION, SKELETON, "skeleton", True),
    (SINGLE_ION, ("kinetics.interface=printed",), "`kinetics.interface: printed`", True),
    (BINARY, ("layers.1.c0=900",), "several c0", True),
    (BINARY, ("layers.0.sigma_el=1e-9",), "`sigma_el`", False),
    (FLOW, MONOLITHIC, "`solver.scheme: monolithic`", True),
    (FLOW, STIFF, "`mechanics.enabled: false`", True),
    (PRESSURE, MONOLITHIC, "`solver.scheme: monolithic`", True),
    (PRESSURE, STIFF, "`mechanics.enabled: false`", True),
    (ADAPT, SKELETON, "skeleton", True),
    (ADAPT, P2, "`solver.degree: 2`", True),
    (CRACKS, ("mechanics.feedback=true",), "`mechanics.feedback`", True),
    (CRACKS, PRESSURE, "`mechanics.pressure_potential`", True),
    (CRACKS, SKELETON, "skeleton", True),
    (CRACKS, MONOLITHIC, "`solver.scheme: monolithic`", True),
    (CRACKS, ("mechanics.sides.counter=pushed", "mechanics.push_speed=1 nm/s"), "`push_speed`",
     True),
    (P2, ("solver.scheme=split",), "`solver.scheme: split`", True),
    (P2, ("reading=electron_limited",), "`reading: electron_limited`", True),
    (P2, ("kinetics.c_half=1",), "`kinetics.c_half`", True),
    (P2, SKELETON, "skeleton", True),
    (BAND, SKELETON, "skeleton", True),
    (BAND, P2, "`solver.degree: 2`", True),
]


@pytest.mark.parametrize(("first", "second", "words", "alone"), PAIRS)
def test_what_does_not_go_together_is_refused(first, second, words, alone):
    (row,) = [x for x in PAGE.splitlines() if x.startswith(f"| {KEYS[first]}")]
    assert words in row.rpartition(" | ")[2] + row.partition(" | ")[2]
    loading.parse(CELL, list(first))
    if alone:  # what needs a closure of its own is refused without it
        loading.parse(CELL, list(second))
    with pytest.raises(InputError):
        loading.parse(CELL, [*first, *second])


def test_every_pair_of_the_page_is_tried():
    table = PAGE.partition("## What does not go together")[2].partition("\n\nA [protocol]")[0]
    cells = [row.split(" | ")[1] for row in table.splitlines() if row.startswith("| `")]
    assert sum(cell.count(";") + 1 for cell in cells) == len(PAIRS)
