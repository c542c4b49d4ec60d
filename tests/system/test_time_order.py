# SPDX-License-Identifier: MIT
"""Orders in time of all fields: a planar front in the coupled cell, against many small steps.

The start is a front that has been growing for 4 s, because the initial state is not in balance and
every method is of lower order in a jump.
"""

import numpy as np
import pytest

from solver.equations.observe import Observer
from solver.laws.tableau import METHODS
from tests.small_cell import build, march

pytestmark = pytest.mark.slow

PLANAR = (
    "width=0.4 um",
    "mesh.size_min=0.2 um",
    "mesh.size_max=0.2 um",
    "nuclei.count=0",
    "solver.scheme=monolithic",
)
SPAN = 2.0
REFERENCE_STEPS = 128


def advance(model, integrator, start, steps):
    """State and tip after `steps` equal steps over the span."""
    model.state.restore(start)
    integrator.start(0.0)
    march(integrator, [SPAN / steps] * steps)
    return [np.array([Observer(model).tip()]), *model.state.arrays()]


@pytest.fixture(scope="module")
def growing():
    """A third-order integrator, a growing state, and the reference after the span."""
    model, integrator = build(*PLANAR, "time.scheme=sdirk3")
    march(integrator, [0.003] * 20 + [0.1] * 40)
    start = model.state.arrays()
    return model, integrator, start, advance(model, integrator, start, REFERENCE_STEPS)


@pytest.mark.parametrize(
    ("method", "expected", "short"),
    # The stages of sdirk3 are of order 1 alone, so stiff diffusion takes some of its order from c.
    [("backward_euler", 1, 0.1), ("sdirk2", 2, 0.1), ("sdirk3", 3, 0.65)],
)
def test_order_in_time(growing, method, expected, short):
    model, integrator, start, reference = growing
    if method != "sdirk3":
        model, integrator = build(*PLANAR, f"time.scheme={method}")
    errors = [
        [np.linalg.norm(a - b) / np.linalg.norm(b) for a, b in zip(values, reference, strict=True)]
        for values in (advance(model, integrator, start, steps) for steps in (16, 32))
    ]
    orders = dict(zip(("tip", "xi", "c", "phi", "u"), np.log2(np.divide(*errors)), strict=True))
    assert min(orders.values()) > expected - short, orders
    assert orders["xi"] == pytest.approx(expected, abs=max(0.15, 0.5 * short))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_conserves_lithium(method):
    model, integrator = build(f"time.scheme={method}", "mechanics.enabled=false")
    observer = Observer(model)
    before, t, inflow = observer.content(), 0.0, 0.0
    for dt in (0.01, 0.1, 0.3):
        inflow += integrator.step(dt).inflow
        t += dt
        integrator.keep(t)
    assert abs(inflow) > 1e-4 * before  # much has entered
    assert observer.content() - before == pytest.approx(inflow, abs=1e-13 * before)
