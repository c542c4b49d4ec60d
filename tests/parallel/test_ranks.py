# SPDX-License-Identifier: MIT
"""The split scheme on one and on two ranks takes the same steps to the same state."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from solver.equations.observe import Observer
from tests.ranks import launcher
from tests.small_cell import build, march

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCRIPT = """
import json
from mpi4py import MPI
from tests.parallel.test_ranks import scalars
row = scalars()
if MPI.COMM_WORLD.rank == 0:
    print("ROW", json.dumps(row))
"""


def scalars() -> dict[str, float]:
    """Scalars after a short run."""
    model, integrator = build()
    observer = Observer(model)
    march(integrator, [0.3] * 8)
    return observer.row(8, 2.4, 0.3, 0.0)


def scalars_on(ranks: int) -> dict[str, float]:
    """Scalars after a short run on other ranks."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*launcher(ranks), sys.executable, "-c", SCRIPT],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    rows = [line for line in done.stdout.splitlines() if line.startswith("ROW ")]
    assert done.returncode == 0 and rows, done.stderr
    return json.loads(rows[0][4:])


def test_two_ranks_agree_with_one():
    one, two = scalars(), scalars_on(2)
    assert two["tip_um"] == pytest.approx(one["tip_um"], rel=1e-8)
    assert one["tip_um"] > 3.8, "the tip has not moved"
    for name in ("area_um2", "c_min_mol_m3", "c_max_mol_m3", "phi_min_V", "von_mises_max_MPa"):
        assert two[name] == pytest.approx(one[name], rel=1e-6), name
