# SPDX-License-Identifier: MIT
"""What is measured of a state, on states whose measures are known."""

import numpy as np
import pytest

from solver.equations.observe import Observer
from solver.laws.front import from_psi
from tests.small_cell import build

WIDTH = HEIGHT = 10e-6
LENGTH = 0.9e-6
F, C_LI = 96500, 7.64e4


@pytest.fixture(scope="module")
def coarse():
    return build("mesh.size_min=1 um", "mesh.size_max=1 um")[0]


def coordinates(model):
    return model.V.tabulate_dof_coordinates()[:, :2].T


def set_uniform(model, xi=0.25, c=600.0, phi=-0.03):
    s = model.state
    s.xi.x.array[:], s.c.x.array[:], s.phi.x.array[:], s.u.x.array[:] = xi, c, phi, 0


def test_the_tip_of_a_flat_front_is_where_xi_is_one_half(coarse):
    _, y = coordinates(coarse)
    for height in (4.3e-6, 4.71e-6):
        coarse.state.xi.x.array[:] = from_psi(-(y - height) / LENGTH)
        assert Observer(coarse).tip() == pytest.approx(height, rel=1e-12)


def test_the_tip_of_a_slanted_front_is_its_highest_point(coarse):
    x, y = coordinates(coarse)
    coarse.state.xi.x.array[:] = from_psi(-(y - 4.3e-6 - 0.1 * x) / LENGTH)
    assert Observer(coarse).tip() == pytest.approx(5.3e-6, rel=1e-12)


def test_area_and_content_of_linear_fields(coarse):
    x, y = coordinates(coarse)
    set_uniform(coarse)
    coarse.state.xi.x.array[:] = y / HEIGHT
    coarse.state.c.x.array[:] = 900 * x / WIDTH
    observer = Observer(coarse)
    assert observer.deposit_area() == pytest.approx(WIDTH * HEIGHT / 2, rel=1e-12)
    content = (900 + C_LI) * WIDTH * HEIGHT / 2
    assert observer.content() == pytest.approx(content, rel=1e-12)
    row = observer.row(0, 0.0, 0.0, 0.0)
    assert row["area_um2"] == pytest.approx(50, rel=1e-12)
    assert row["front_mean_um"] == pytest.approx(5, rel=1e-12)
    assert row["deposition_A_per_m2"] == 0


def test_current_is_the_charge_of_what_the_last_step_has_deposited(coarse):
    set_uniform(coarse)
    observer = Observer(coarse)
    for grown, dt in ((0.01, 0.2), (0.02, 0.5)):
        coarse.state.xi.x.array[:] += grown
        row = observer.row(1, dt, dt, 0.0)
        current = F * C_LI * grown * HEIGHT / dt
        assert row["deposition_A_per_m2"] == pytest.approx(current, rel=1e-9)


def test_balance_is_what_has_come_without_entering(coarse):
    set_uniform(coarse)
    observer = Observer(coarse)
    coarse.state.c.x.array[:] += 6.0
    entered = 6.0 * WIDTH * HEIGHT
    assert observer.row(1, 1.0, 1.0, entered)["li_balance_rel"] == pytest.approx(0, abs=1e-14)
    # Inflows add up: what enters twice and comes once is missing.
    missing = entered / ((606 + C_LI * 0.25) * WIDTH * HEIGHT)
    row = observer.row(2, 2.0, 1.0, entered)
    assert row["li_balance_rel"] == pytest.approx(-missing, rel=1e-9)


def test_extremes_are_those_of_the_nodes(coarse):
    set_uniform(coarse)
    extremes = {"xi": (0.1, 0.8), "c": (5.0, 1300.0), "phi": (-0.2, 0.07)}
    for name, values in extremes.items():
        getattr(coarse.state, name).x.array[[3, 8]] = values
    row = Observer(coarse).row(0, 0.0, 0.0, 0.0)
    found = [row[name] for name in ("xi_min", "xi_max", "c_min_mol_m3", "c_max_mol_m3",
                                    "phi_min_V", "phi_max_V")]  # fmt: skip
    assert found == [*extremes["xi"], *extremes["c"], *extremes["phi"]]


def test_ions_crowd_where_c_is_above_2_c0_in_the_electrolyte(coarse):
    """Layers have 1000 and 800 mol/m3; metal is named, in which Li+ diffuse as printed."""
    set_uniform(coarse)
    y, c = coordinates(coarse)[1], coarse.state.c.x.array
    c[:] = np.where(y < 0.49 * HEIGHT, 1999.0, 1599.0)
    said = coarse.equations["c"].remark
    assert said() == ""
    node = int(np.argmax(y))
    c[node] = 1601.0
    assert said().startswith("c exceeds 2 c0: ")
    coarse.state.xi.x.array[node] = 0.51
    assert said().startswith("c exceeds 2 c0 in the deposit: ")


def test_von_mises_stress_of_a_stretch_is_that_of_the_stiffer_layer(coarse):
    """Plane strain in x alone: 2 mu strain, whatever lambda is."""
    set_uniform(coarse, xi=0.0)
    x = coarse.Vu.tabulate_dof_coordinates()[:, 0]
    coarse.state.u.x.array[0::2] = 1e-3 * x
    row = Observer(coarse).row(0, 0.0, 0.0, 0.0)
    shear = max(22.1e9 / 2 / 1.37, 50e9 / 2 / 1.3)
    assert row["von_mises_max_MPa"] == pytest.approx(2 * shear * 1e-3 * 1e-6, rel=1e-9)


@pytest.mark.parametrize(("strain", "said"), [(0.099, False), (0.101, True), (-0.101, True)])
def test_strains_that_are_not_small_are_remarked_on(coarse, strain, said):
    """A shear of twice the strain and no stretch: its principal strains are that strain."""
    x = coarse.Vu.tabulate_dof_coordinates()
    coarse.state.u.x.array[:] = 0.0
    coarse.state.u.x.array[0::2] = 2 * strain * x[:, 1]
    found = coarse.equations["u"].remark()
    assert bool(found) is said
    if said:
        assert found.startswith("strains are not small, up to 0.1 by then: ")
