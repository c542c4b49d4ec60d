# SPDX-License-Identifier: MIT
"""A rank that waits for long sleeps between its questions."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from mpi4py import MPI

from solver.base import patience
from solver.base.launch import mpirun

ROOT = Path(__file__).parents[2]
OPEN_MPI = MPI.get_vendor()[0] == "Open MPI" and MPI.get_vendor()[1][:2] == (5, 0)
SCRIPT = """
import json, resource, time
from mpi4py import MPI
from solver.base import patience
comm = MPI.COMM_WORLD

def naps():
    # Times that rank 0 has given its core away of its own accord, while rank 1 keeps it waiting.
    comm.Barrier()
    before, end = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw, time.perf_counter() + 0.5
    while comm.rank == 1 and time.perf_counter() < end:
        pass
    comm.Barrier()
    return resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw - before

spins, begun, long = naps(), patience.begin(comm), naps()
if comm.rank == 0:
    print("FOUND", json.dumps([spins, begun, long]))
"""


@pytest.fixture(scope="module")
def found():
    """Naps of a rank in half a second before, whether it is patient then, and naps after."""
    # As a user starts it: Open MPI told to yield by tests.ranks yields from the start.
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    env.pop(patience.CHOSEN, None)
    done = subprocess.run(
        [mpirun() or "mpirun", "-n", "2", sys.executable, "-c", SCRIPT],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith("FOUND ")]
    assert done.returncode == 0 and lines, done.stderr
    return json.loads(lines[0][6:])


def test_a_rank_naps_in_a_long_wait(found):
    before, begun, after = found
    assert begun == OPEN_MPI
    if OPEN_MPI:
        assert before < 50
        assert after > 500


def test_a_library_that_cannot_be_loaded_ends_nothing(tmp_path):
    broken = tmp_path / "broken.so"
    broken.write_bytes(b"of another machine")
    assert not patience._replaced(str(broken))


def test_who_chooses_how_to_wait_is_left_alone(monkeypatch):
    monkeypatch.setenv(patience.CHOSEN, "0")
    assert not patience._applies()


def test_nothing_is_changed_on_one_rank():
    assert not patience.begin(MPI.COMM_SELF)
