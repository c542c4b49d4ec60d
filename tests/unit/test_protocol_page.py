# SPDX-License-Identifier: MIT
"""What docs/protocols.md shows is read, and is what it says."""

import re
from pathlib import Path

import pytest

from solver.input.protocol import Protocol, flat
from solver.input.writing import yaml

PAGE = (Path(__file__).parents[2] / "docs/protocols.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_example_of_the_page():
    (text,) = (block for block in BLOCKS if "safety" in block)
    found = flat(Protocol(**yaml().load(text)["protocol"]))
    assert len(found) == 22
    assert [s.cycle for s in found[:4]] == [1, 1, 1, 2]
    assert (found[-1].number, found[-1].cycle) == (5, 11)
    assert sum(s.charge for s in found[:-1]) == 0.0


def test_the_ramp_of_the_page():
    (text,) = (block for block in BLOCKS if "ramp:" in block)
    found = flat(Protocol(steps=yaml().load(text)))
    rests = [s for s in found if s.control == "rest"]
    assert sum(s.duration for s in rests) / 3600 == pytest.approx(3.83, abs=0.01)
    assert sum(s.duration for s in found if s.value) / 3600 == pytest.approx(56.014, rel=1e-5)


def test_the_lines_of_the_page():
    (text,) = (block for block in BLOCKS if "Scan" in block)
    assert len(flat(Protocol(steps=text.splitlines()))) == 8
