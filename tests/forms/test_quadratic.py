# SPDX-License-Identifier: MIT
"""P2 elements: order in space of every field, and what a model of them measures and refuses."""

import numpy as np
import pytest

from benchmarks.verification.quadratic import FIELDS, stage
from solver.base.errors import InputError
from solver.equations.observe import Observer
from solver.input import loading
from tests.small_cell import CONFIG, build

SIZES = {"alone": (0.3, 0.15), "coupled": (0.25, 0.125)}
"""Element sizes [l]; the rung has the fine ones for all."""
P2 = ("solver.scheme=monolithic", "solver.degree=2")


@pytest.mark.parametrize(
    "free",
    [*((name,) for name in FIELDS), pytest.param(FIELDS, marks=pytest.mark.slow)],
    ids="-".join,
)
def test_order_in_space(free):
    sizes = SIZES["coupled" if free == FIELDS else "alone"]
    coarse, fine = (stage(h, free).errors() for h in sizes)
    orders = {name: np.log2(coarse[name] / fine[name]) for name in free}
    assert all(abs(order - 3) < 0.1 for order in orders.values()), orders


def test_split_scheme_refuses_it():
    with pytest.raises(InputError, match="solver.degree: 2 needs solver.scheme: monolithic"):
        loading.parse(CONFIG, ["solver.degree=2"])


@pytest.mark.parametrize("method", ["sdirk2", "backward_euler"])
def test_steps_conserve_lithium(method):
    sizes = ("mesh.size_min=0.5 um", "mesh.size_max=0.5 um")
    model, integrator = build(*P2, *sizes, f"time.scheme={method}")
    observer = Observer(model)
    before, area, tip = observer.content(), observer.deposit_area(), observer.tip()
    assert tip == pytest.approx(Observer(build(*sizes)[0]).tip(), abs=0.02e-6)
    inflow, t = 0.0, 0.0
    for dt in (0.02, 0.05, 0.1):
        inflow += integrator.step(dt).inflow
        t += dt
        integrator.keep(t)
    assert observer.deposit_area() > area * (1 + 1e-4)
    assert observer.content() - before == pytest.approx(inflow, rel=1e-6, abs=1e-11 * before)
