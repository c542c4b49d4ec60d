# SPDX-License-Identifier: MIT
"""The table of a run: what it keeps of an earlier one."""

import pytest

from solver.base.errors import InputError
from solver.output.scalars import ScalarFile

NAMES = ("step", "t_s", "deposition_A_per_m2")


def written(path, rows, names=NAMES, kept=0):
    file = ScalarFile(path, names, 10, kept)
    for row in rows:
        file.write(dict(zip(names, row, strict=True)))
    file.close()


def test_first_rows_of_an_earlier_run_are_kept(tmp_path):
    path = tmp_path / "scalars.csv"
    written(path, [(0, 0.0, 0.0), (1, 1.0, 2.5)])
    written(path, [(1, 0.5, 2.0)], kept=1)
    assert path.read_text().splitlines() == [",".join(NAMES), "0,0,0", "1,0.5,2"]


def test_rows_are_not_put_below_other_columns(tmp_path):
    """As a run of another version has them."""
    path = tmp_path / "scalars.csv"
    written(path, [(0, 0.0, 0.0)], ("step", "t_s", "current_A_per_m2"))
    before = path.read_bytes()
    with pytest.raises(InputError, match="columns of another version or config"):
        ScalarFile(path, NAMES, 10, rows=1)
    assert path.read_bytes() == before
