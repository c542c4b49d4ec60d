# SPDX-License-Identifier: MIT
"""Who is told to stop, and when: signals, tasks of a cluster, sweeps that are over all the same."""

import os
import signal
import subprocess
from types import SimpleNamespace

import pytest
from mpi4py import MPI

from solver.base import launch
from solver.base.errors import InputError, SolverError, Stopped
from solver.base.signals import StopRequest
from solver.sweep import work
from solver.sweep.state import State


@pytest.fixture
def usr1():
    """Restores the handler that pytest runs with."""
    before = signal.getsignal(signal.SIGUSR1)
    yield before
    signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGTERM])
def test_a_signal_is_the_reason_to_stop(usr1, number):
    before = signal.getsignal(number)
    with StopRequest(MPI.COMM_SELF, 0.0, None) as stop:
        assert stop.reason() is None
        os.kill(os.getpid(), number)
        assert stop.reason() == number.name
    # A job script goes on saying it while files are written; others say it once.
    after = signal.SIG_IGN if number == signal.SIGUSR1 else before
    assert signal.getsignal(number) == after


def test_a_run_that_was_not_told_restores_all_handlers(usr1):
    with StopRequest(MPI.COMM_SELF, 0.0, None):
        pass
    assert signal.getsignal(signal.SIGUSR1) == usr1


def test_a_command_that_is_deaf_at_its_start_lives_on():
    script = "kill -USR1 $$; echo alive"
    done = subprocess.run(
        [*launch.DEAF_AT_START, "sh", "-c", script], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "alive\n")


@pytest.mark.parametrize(
    ("variables", "refused"),
    [
        ({"SLURM_STEP_NUM_TASKS": "2"}, True),
        ({"SLURM_STEP_NUM_TASKS": "2", "PMIX_RANK": "0"}, False),
        ({"SLURM_STEP_NUM_TASKS": "2", "SLURM_PTY_PORT": "4242"}, False),
        ({"SLURM_STEP_NUM_TASKS": "1"}, False),
        ({}, False),
    ],
)
def test_tasks_that_do_not_know_of_each_other_are_refused(monkeypatch, variables, refused):
    for name in (*launch.RANK_VARIABLES, "SLURM_STEP_NUM_TASKS", "SLURM_PTY_PORT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if refused:
        with pytest.raises(InputError, match="2 tasks that do not know of each other"):
            launch.require_connected()
    else:
        launch.require_connected()


@pytest.mark.parametrize(
    ("states", "raised"),
    [
        ((State.DONE, State.DONE), None),
        ((State.DONE, State.STOPPED), Stopped),
        ((State.DONE, State.FAILED), SolverError),
    ],
)
def test_a_sweep_that_is_over_was_not_stopped(monkeypatch, states, raised):
    names = [SimpleNamespace(folder=SimpleNamespace(name=f"00{i}")) for i in range(len(states))]
    given = iter(states)
    monkeypatch.setattr(work.state, "state", lambda run: next(given))
    if raised is None:
        work.judge(names, "SIGUSR1")
    else:
        with pytest.raises(raised):
            work.judge(names, "SIGUSR1")
