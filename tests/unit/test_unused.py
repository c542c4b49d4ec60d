# SPDX-License-Identifier: MIT
"""Values that a config gives and that nothing takes are remarked on."""

from pathlib import Path

import pytest

import solver
from solver.input import loading

ROOT = Path(__file__).parents[2]

DEPOSITION = "configs/quickstart.yaml", "mechanics.driving=thermodynamic"
STACK = "configs/zhang2024/plm.yaml", "time.end=5 s"


@pytest.mark.parametrize(
    ("given", "idle", "used"),
    [
        (DEPOSITION, "mechanics.feedback=false", "mechanics.feedback=true"),
        (DEPOSITION, "mechanics.enabled=false", "mechanics.enabled=true"),
        (STACK, "time.mode=steady", "time.mode=transient"),
    ],
)
def test_what_does_nothing_is_said(given, idle, used):
    path, override = given
    key = override.partition("=")[0]
    for switch, said in ((idle, True), (used, False)):
        found = solver.report(loading.load(ROOT / path, [override, switch])).judgements
        assert any(x.startswith(key) and "does nothing here" in x for x in found) is said
