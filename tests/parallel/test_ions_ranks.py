# SPDX-License-Identifier: MIT
"""Ion transport on one and on two ranks leaves the same profile."""

import numpy as np
import pytest

from solver.pictures import ions_figure
from tests.ranks import launcher
from tests.system.running import PROGRAM, ROOT, called, set_all, started

pytestmark = pytest.mark.slow

CONFIG = ROOT / "configs" / "zhang2024" / "plm.yaml"
COARSE = set_all("mesh.size_min=0.3 um", "mesh.columns=4")


def test_two_ranks_agree_with_one(tmp_path):
    alone = called("run", CONFIG, "-o", tmp_path / "1", *COARSE)
    both = started([*launcher(2), *PROGRAM, "run", CONFIG, "-o", tmp_path / "2", *COARSE])
    assert (alone.returncode, both.returncode) == (0, 0), alone.stderr + both.stderr
    one, two = (ions_figure.read_profile(tmp_path / ranks / "profile.csv") for ranks in "12")
    for name, values in one.items():
        assert np.allclose(two[name], values, rtol=1e-7, atol=1e-9), name
