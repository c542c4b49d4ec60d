# SPDX-License-Identifier: MIT
"""Ion transport on one and on two ranks leaves the same profile."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from solver.pictures import ions_figure
from tests.ranks import launcher

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "configs" / "zhang2024" / "plm.yaml"
COARSE = ["--set", "mesh.size_min=0.3 um", "--set", "mesh.columns=4"]


def test_two_ranks_agree_with_one(tmp_path):
    profiles = []
    for ranks in (1, 2):
        folder = tmp_path / str(ranks)
        done = subprocess.run(
            [*launcher(ranks), sys.executable, "-m", "solver", "run", str(CONFIG),
             "-o", str(folder), *COARSE],
            cwd=ROOT, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        profiles.append(ions_figure.read_profile(folder / "profile.csv"))
    one, two = profiles
    for name, values in one.items():
        assert np.allclose(two[name], values, rtol=1e-7, atol=1e-9), name
