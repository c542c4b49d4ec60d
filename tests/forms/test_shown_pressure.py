# SPDX-License-Identifier: MIT
"""Pressure of lithium that flows, as files and columns have it: means over triangles."""

from __future__ import annotations

import numpy as np
import pytest

from tests.forms import tube

SHEAR = 0.8e6 / np.sqrt(3)
"""What plastic lithium of the default yield stress bears in shear [Pa]."""


def shown(model) -> np.ndarray:
    """The pressure of a model's triangles that files have [Pa]."""
    out = model.equations["u"].stress.pressure()
    return out.x.array[out.function_space.dofmap.list[:, 0]]


@pytest.fixture
def strained():
    """A tube of lithium that is strained at random, and more and half electrolyte further out."""
    model, _ = tube.filled(tube.mesh(6, 6), "lithium.flow=plastic")
    s = model.state
    beyond = np.linalg.norm(model.V.tabulate_dof_coordinates(), axis=1) > 2.2e-6
    s.u.x.array[:] = np.random.default_rng(7).uniform(-1e-10, 1e-10, len(s.u.x.array))
    s.u.x.array[np.repeat(beyond, 2)] *= 10
    s.xi.x.array[beyond] = 0.5
    return model


def means(model) -> tuple[np.ndarray, dict[int, float]]:
    """Which triangles are whole lithium, and the means over these round every node [Pa]."""
    edges, p, found = model.edges, tube.pressure(model), {}
    whole = (model.state.xi.x.array[edges.corners] == 1).all(axis=1)
    for node in range(edges.nodes):
        here = whole & (edges.corners == node).any(axis=1)
        if here.any():
            found[node] = np.average(p[here], weights=edges.areas[here])
    return whole, found


def test_largest_pressure_is_a_mean_over_whole_lithium_round_a_node(strained):
    (whole, found), p = means(strained), tube.pressure(strained)
    assert max(found.values()) < 0.9 * p[whole].max() and p[whole].max() < 0.5 * p.max()
    of_u = strained.equations["u"]
    column = of_u.measured()[of_u.columns().index("lithium_pressure_max_MPa")]
    assert column == pytest.approx(max(found.values()) * 1e-6, rel=1e-12)
    strained.state.xi.x.array[:] = 0.5
    assert of_u.measured()[1] == 0


def test_whole_lithium_shows_the_means_of_its_corners_and_an_interface_its_own(strained):
    whole, found = means(strained)
    of_corners = [np.mean([found[node] for node in t]) for t in strained.edges.corners[whole]]
    assert np.allclose(shown(strained)[whole], of_corners, rtol=1e-12, atol=0)
    before = shown(strained)
    del strained.equations["eps_v"]  # what does not flow does not swing
    assert np.array_equal(shown(strained)[~whole], before[~whole])
    assert np.allclose(shown(strained)[whole], tube.pressure(strained)[whole], rtol=1e-12)


def test_pressure_and_stress_that_are_shown_are_those_of_the_closed_form():
    """Hill's tube, plastic up to 2a; between triangles P1's pressure swings about it.

    With sigma_zz the mean of the others where it flows; 0.3 % of compressibility is left out.
    """
    load, plastic_to = 0.98671e6, 2e-6
    model, scheme = tube.filled(
        tube.mesh(24, 36), "lithium.flow=plastic", "lithium.nu=0.49",
        f"mechanics.stack_pressure={load}",
    )  # fmt: skip
    tube.flow_for(model, scheme, 0.0)
    x = model.V.tabulate_dof_coordinates()[:, :2]
    r = np.linalg.norm(np.stack([model.edges.mean @ x[:, k] for k in (0, 1)]), axis=0)
    flows, held = (r > 1.1 * tube.INNER) & (r < 1.9e-6), (r > 2.1e-6) & (r < 0.95 * tube.OUTER)
    exact = np.where(
        r < plastic_to,
        load - 2 * SHEAR * np.log(r / tube.INNER) - SHEAR,
        -(1 + model.config.lithium.nu) * 2 / 3 * SHEAR * (plastic_to / tube.OUTER) ** 2,
    )
    found = shown(model)
    assert np.ptp(exact[flows]) > 0.4e6
    for where, bound in ((flows, 2e3), (held, 5e2)):
        assert np.abs(found - exact)[where].max() < bound
        assert np.abs(tube.pressure(model) - exact)[where].max() > 4 * bound
    # The von Mises stress of single triangles is no worse than their size.
    out = model.equations["u"].stress.von_mises()
    stress = out.x.array[out.function_space.dofmap.list[:, 0]]
    assert np.allclose(stress[flows], 0.8e6, rtol=1e-9)
    assert np.allclose(stress[held], np.sqrt(3) * SHEAR * (plastic_to / r[held]) ** 2, rtol=0.03)
