# SPDX-License-Identifier: MIT
"""How often ranks wait for each other in a pass, beside the linear solvers."""

from collections import Counter

import numpy as np
import pytest
from mpi4py import MPI

from solver.schemes.stage import Stage
from solver.schemes.update import largest, largest_each
from tests.small_cell import build


class Counting:
    """A communicator that counts what is asked of it."""

    def __init__(self, comm):
        self.comm, self.calls = comm, Counter()

    def __getattr__(self, name):
        def counted(*arguments):
            self.calls[name] += 1
            return getattr(self.comm, name)(*arguments)

        return counted


@pytest.fixture(scope="module")
def cell():
    model, integrator = build("mesh.size_min=1 um", "mesh.size_max=1 um")
    model.begin_step(0.0, 0.1, model.base())
    return model, integrator.scheme.updates


@pytest.fixture
def messages(cell, monkeypatch):
    counting = Counting(cell[0].comm)
    monkeypatch.setattr(cell[0], "comm", counting)
    return counting.calls


@pytest.mark.parametrize("name", ["xi", "c", "phi", "u"])
def test_a_field_sends_one_message_in_a_pass(cell, messages, name):
    model, updates = cell
    updates[name].solve(Stage.of(model.base(), 0.1, 1e-4, True), 1)
    assert messages == {"Allreduce": 1}


def test_the_flux_through_the_sides_is_asked_for_once_in_a_stage(cell, messages):
    model, updates = cell
    stage = Stage.of(model.base(), 0.1, 1e-4, True)
    updates["c"].solve(stage, 1)
    messages.clear()
    updates["c"].close(stage, updates["c"].deposit)
    assert messages == {"allreduce": 1}


def test_the_flux_is_that_of_the_last_balance(cell):
    """What phi does after it belongs to the next balance, and stays as it is."""
    model, updates = cell
    c, stage, phi = updates["c"], Stage.of(model.base(), 0.1, 1e-4, True), model.state.phi.x.array
    c.solve(stage, 1)
    c.close(stage, c.deposit)
    before, later = c.inflow, 0.5 * phi
    phi[:] = later
    c.close(stage, c.deposit)
    assert c.inflow == before != 0
    assert (phi == later).all()


def test_largest_magnitudes_of_all_and_of_each():
    arrays = np.array([1.0, -3.0]), np.array([4.0]), np.empty(0)
    assert largest_each(MPI.COMM_SELF, *arrays) == [3.0, 4.0, 0.0]
    assert largest(MPI.COMM_SELF, *arrays) == 4.0


def test_what_is_no_number_is_far_away():
    assert largest_each(MPI.COMM_SELF, np.array([np.nan, 1.0]), np.ones(2)) == [np.inf, 1.0]
