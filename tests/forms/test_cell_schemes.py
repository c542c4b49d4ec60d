# SPDX-License-Identifier: MIT
"""A cell with a current and a voltage: split scheme against Newton's method for all of it."""

import numpy as np
import pytest

from solver.base.profile import Profile
from solver.equations.observe import Observer
from solver.schemes.monolithic import MonolithicScheme
from tests.small_cell import build, march, vector

CELL = ("width=5 um", "mechanics.enabled=false",
        "layers.0.thickness=3.6 um", "mesh.size_min=0.4 um", "mesh.size_max=0.4 um",
        "nuclei.count=1")  # fmt: skip
"""A half-disk whose tip is at the border of two layers at the start."""
CLOSURES = {
    "single ion": ("electrochemistry.closure=single_ion",),
    "binary": ("electrochemistry.closure=binary", "electrochemistry.t_plus=0.4",
               "layers.1.c0=1000"),
}  # fmt: skip
KINETIC = ("electrochemistry.counter_R_ct=5e-5",)


def control(name: str, value: float) -> tuple[str, ...]:
    return f"electrochemistry.control={name}", f"electrochemistry.{name}={value}"


CASES = {
    "current": control("current", 200),
    "current, kinetic": (*control("current", 200), *KINETIC),
    "voltage": control("voltage", 0.02),
    "voltage, kinetic": (*control("voltage", -0.02), *KINETIC),
    "rest": ("electrochemistry.control=rest",),
    "rest, kinetic": ("electrochemistry.control=rest", *KINETIC),
}
COMPARED = [*(("single ion", case) for case in CASES), ("binary", "current"),
            ("binary", "voltage, kinetic"), ("binary", "rest, kinetic")]  # fmt: skip


@pytest.mark.parametrize(("closure", "case"), COMPARED)
def test_schemes_agree(closure, case):
    given = (*CELL, *CLOSURES[closure], *CASES[case])
    split, split_steps = build(*given)
    whole, whole_steps = build("solver.scheme=monolithic", *given)
    start = split.state.xi.x.array.copy()
    for dt in (0.0, 0.5, 1.0, 1.0):
        if dt:
            march(split_steps, [dt])
            march(whole_steps, [dt])
        one, other = (model.equations["phi"] for model in (split, whole))
        for a, b in zip(split.state.functions, whole.state.functions, strict=True):
            apart = np.linalg.norm(a.x.array - b.x.array)
            assert apart <= 1e-6 * np.linalg.norm(a.x.array), a.name
        assert other.voltage == pytest.approx(one.voltage, rel=1e-6)
        assert other.current == pytest.approx(one.current, rel=1e-6, abs=1e-5)
        assert Observer(whole).tip() == pytest.approx(Observer(split).tip(), rel=1e-8)
    assert np.abs(split.state.xi.x.array - start).max() > 1e-3, "nothing has moved"


def test_step_reports_agree():
    cell = (*CELL, *CLOSURES["single ion"], *CASES["current"])
    made = [build(f"solver.scheme={name}", *cell) for name in ("split", "monolithic")]
    one, other = (steps.step(0.5) for _, steps in made)
    assert other.inflow == pytest.approx(one.inflow, rel=1e-6)
    assert one.inflow == pytest.approx(0.5 * 200 * 5e-6 / 96500, rel=1e-10)
    assert other.error == pytest.approx(one.error, rel=1e-5)


@pytest.fixture(scope="module")
def scheme(request):
    model, _ = build(*CELL, *CLOSURES[request.param], *CASES["current, kinetic"])
    random, s = np.random.default_rng(2), model.state
    n = len(s.xi.x.array)
    base = model.base()
    model.begin_step(0.0, 0.3, base)
    s.xi.x.array[:], s.phi.x.array[:] = random.uniform(0.1, 0.9, n), random.uniform(-0.1, 0.1, n)
    if "c" in model.equations:
        s.c.x.array[:] = random.uniform(300, 1500, n)
    model.coefficients.kinetics.near.x.array[:] = random.integers(0, 2, n)
    scheme = MonolithicScheme(model, Profile())
    scheme.evaluate(base, 0.3)
    scheme.fixed = np.empty(0, dtype=np.int32)
    return scheme


@pytest.mark.parametrize(
    ("scheme", "field"), [*((name, field) for name in CLOSURES for field in ("xi", "phi")),
                          ("binary", "c")], indirect=["scheme"])  # fmt: skip
def test_taylor_remainder_is_second_order(scheme, field):
    """Also of the speed, whose equation the nodes have solved: |F(y + s d) - F(y) - s J d|."""
    names, block = [e.field.name for e in scheme.equations], scheme.block

    def residual(values):
        scheme.x.array[:] = values
        scheme._residual(None, scheme.x, scheme.b)
        return scheme.b.array.reshape(-1, block).copy()

    start = scheme.unknown.x.array.copy()
    direction = np.zeros((len(start) // block, block))
    direction[:, names.index(field)] = np.random.default_rng(5).uniform(-0.05, 0.05, len(direction))
    direction = direction.ravel()
    at_start = residual(start)
    scheme._jacobian(None, scheme.x, scheme.matrix, None)
    d, image = scheme.matrix.createVecRight(), scheme.matrix.createVecLeft()
    d.array[:] = direction
    scheme.matrix.mult(d, image)
    linear = image.array.reshape(-1, block)
    sizes = []
    for s in (0.1, 0.05):
        remainder = residual(start + s * direction) - at_start - s * linear
        sizes.append(np.linalg.norm(remainder, axis=0))
    residual(start)
    least = 1e-11 * np.linalg.norm(at_start, axis=0)
    changed = np.flatnonzero(sizes[0] > least)
    assert 0 in changed
    for row in changed:
        assert np.log2(sizes[0][row] / sizes[1][row]) == pytest.approx(2, abs=0.15), row


@pytest.mark.parametrize("scheme", CLOSURES, indirect=True)
def test_forms_conduct_as_the_edges(scheme):
    model = scheme.system
    random, s = np.random.default_rng(1), model.state
    kept = s.arrays()
    s.xi.x.array[:] = random.uniform(0, 1, len(s.xi.x.array))
    s.phi.x.array[:] = random.uniform(-1, 1, len(s.xi.x.array))
    system = model.equations["phi"].linear_system()
    system.assemble()
    phi = model.equations["phi"]
    form = phi.conduction({e.field.name: e.function for e in scheme.equations}, model.v)
    driving = phi.driving() if "c" in model.equations else s.phi.x.array
    assert system.product(driving) == pytest.approx(vector(form), rel=1e-10, abs=1e-12)
    system.destroy()
    s.restore(kept)
