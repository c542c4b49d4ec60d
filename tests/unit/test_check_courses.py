# SPDX-License-Identifier: MIT
"""What `check` says where time.end is not the end of a course or a protocol."""

import json

import pytest

from solver.check.courses import judgements
from solver.check.groups import groups
from solver.input import loading

CELL = "title: a cell\nlayers: [{name: a, thickness: 20 um, G_c: 2}]\n"
NOTCHED = ["mechanics.feedback=false", "fracture.length=0.1 um"]
ANODE = "boundary.anode_course=[[0, 0], [100 s, -0.1 V]]"
ETA = "fracture.overpotential_course=[[0, 0], [100 s, 20 mV]]"
CYCLED = ["electrochemistry.closure=single_ion"]


def said(*overrides: str) -> list[str]:
    config = loading.parse(CELL, list(overrides))
    return list(judgements(config, groups(config)))


@pytest.mark.parametrize(
    ("course", "value"), [([ANODE], "-100 mV"), ([*NOTCHED, ETA], "20 mV")]
)
def test_what_holds_after_a_course_and_what_is_left_of_it_is_said(course, value):
    key = course[-1].partition("=")[0]
    (after,) = said(*course, "time.end=1 h")
    first, _, then = after.partition(": ")
    assert first == f"{key} ends at 100 s, before time.end, 3600 s"
    assert then == f"its last value, {value}, holds from then on."
    (left,) = said(*course, "time.end=10 s")
    assert left.startswith(f"{key} goes on to 100 s, beyond time.end, 10 s: ")
    assert not said(*course, "time.end=100 s")


STEPS = ["Rest for 60 s", "Charge at 1 mA/cm2 until 0.2 mAh/cm2", "Charge at 1 mA/cm2 until 1 V"]


@pytest.mark.parametrize(("end", "cut"), [("779 s", True), ("780 s", False)])
def test_a_protocol_takes_as_long_as_its_clocks_and_charges(end, cut):
    """60 s and 720 s; how long the last takes nobody knows before."""
    found = said(*CYCLED, f"protocol.steps={json.dumps(STEPS)}", f"time.end={end}")
    assert found == cut * [
        f"time.end {end} ends the run within its protocol, which takes 780 s at least."
    ]
    # A step that a voltage may end takes no time for sure.
    early = [STEPS[0], "Charge at 1 mA/cm2 until 0.2 mAh/cm2 or until 1 V"]
    assert not said(*CYCLED, f"protocol.steps={json.dumps(early)}", f"time.end={end}")
