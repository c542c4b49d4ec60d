"""u's multigrid where ranks meet everywhere."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parallel.test_restart_ranks import TWO

ROOT = Path(__file__).parents[2]


def solved(*launcher: str) -> dict:
    """What `tests.parallel.shuffled` prints."""
    command = [*launcher, sys.executable, "-m", "tests.parallel.shuffled"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("launcher", [(), tuple(TWO)])
def test_it_is_definite_however_the_nodes_are_shared_out(launcher):
    """As hypre's is not whose smoother lets two ranks correct the same error, each all of it."""
    found = solved(*launcher)
    assert found["reason"] > 0
    assert found["left"] < 2e-8 and found["iterations"] < 80
