# SPDX-License-Identifier: MIT
"""The split scheme against Newton's method for all fields at once, step by step.

The deposit starts in one layer and grows into another of other conductivity, diffusivity,
reference concentration, stiffness and Vegard strain, with the elastic energy acting back on it.
"""

import numpy as np
import pytest

from solver.equations.observe import Observer
from tests.small_cell import build, march

pytestmark = pytest.mark.slow

SMALLER = ("width=5 um", "nuclei.count=1", "mesh.size_min=0.35 um", "mesh.size_max=0.35 um")
AGREEMENT = 1e-6
GROWING = [0.01 * 1.34**k for k in range(20)]
"""From the initial transient to established growth: 8 s, in which the tip moves 1.8 um."""

ELECTRONS = ("reading=electron_limited", "layers.1.sigma_Li=1.91e-7")
"""The reading of Table S1 as it stands, with the deposit of Model 3 in the upper layer."""

QUANTITATIVE = ("kinetics.interface=quantitative",)

SKELETON = "skeleton={count: 1, width: 1.5 um, start: 4.2 um, end: 7 um}"
"""A filament above the nucleus."""
ROLLERS = "mechanics.sides={counter: free, right: free}"


def differences(one, other):
    """Relative differences in L2 of every field, and of the tip; 0 only where both are."""
    out = {}
    for a, b in zip(one.state.functions, other.state.functions, strict=True):
        size = max(np.linalg.norm(a.x.array), np.linalg.norm(b.x.array))
        out[a.name] = np.linalg.norm(a.x.array - b.x.array) / size if size else 0.0
    out["tip"] = abs(Observer(one).tip() / Observer(other).tip() - 1)
    return out


@pytest.mark.parametrize(
    ("steps", "overrides"),
    [
        (GROWING, ()),
        (GROWING[8:16], ("time.scheme=backward_euler",)),
        ([0.3] * 5, ("kinetics.overpotential=applied", "mechanics.enabled=false")),
        ([0.3] * 5, ("mechanics.feedback=false", ROLLERS)),
        (GROWING[4:], ELECTRONS),
        ([0.3] * 5, (SKELETON, "lithium.D=5e-12")),
        (GROWING[4:14], ("kinetics.c_half=300",)),
        (GROWING[6:15], QUANTITATIVE),
        (GROWING[6:15], (*QUANTITATIVE, "transport.in_metal=none")),
    ],
    ids=["sdirk2", "backward_euler", "applied", "one-way", "electrons", "skeleton", "scarce",
         "quantitative", "metal without ions"],
)
def test_schemes_agree(steps, overrides):
    split, split_steps = build(*SMALLER, *overrides)
    whole, whole_steps = build("solver.scheme=monolithic", *SMALLER, *overrides)
    tip = Observer(split).tip()
    for dt in steps:
        march(split_steps, [dt])
        march(whole_steps, [dt])
        worst = differences(whole, split)
        assert max(worst.values()) < AGREEMENT, f"t = {split_steps.history[-1][0]:.3g} s: {worst}"
    assert Observer(split).tip() - tip > 0.05e-6 * len(steps) ** 0.5, "nothing has grown"


def test_step_reports_agree():
    schemes = ("split", "monolithic")
    steps = [build(f"solver.scheme={name}", *SMALLER)[1].step(0.05) for name in schemes]
    assert steps[0].error == pytest.approx(steps[1].error, rel=1e-5)
    assert steps[0].inflow == pytest.approx(steps[1].inflow, rel=1e-5)
