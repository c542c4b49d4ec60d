"""A grain file of EDAX's, turned into an .ang: points and phases are those of the file."""

import numpy as np
import pytest

from benchmarks.geometry import grain_file
from meshes import ebsd, segmentation
from tests.written_map import hexagonal

TEXT = "# Column 1-3: phi1, PHI, phi2\n"


def lines(phase):
    at = hexagonal(8, 7, 0.5)
    phi = np.where(at[:, 0] > 1.9, 1.2, 0.3)
    return TEXT + "".join(
        f"  {a:.5f}   0.50000   0.20000      {x:.5f}      {y:.5f} 900.0  0.100  1.93     1  1 {p}\n"
        for (x, y), a, p in zip(at, phi, phase(at), strict=True)
    )


def test_grains_of_a_grain_file(tmp_path):
    pytest.importorskip("orix", reason="only the environment from PyPI has it")
    path = tmp_path / "a.ang"
    path.write_text(grain_file.converted(lines(lambda at: ["NMC"] * len(at)), "NMC", "32"))
    found = ebsd.read(path)
    assert found.phases == ("NMC",) and len(found.symmetry[0]) == 6
    assert found.pixel == pytest.approx(0.25)
    assert len(segmentation.grains(found, np.radians(5), 5, False)[1]) == 2
    other = lines(lambda at: np.where(at[:, 1] < 1, "no phase", "NMC"))
    path.write_text(grain_file.converted(other, "NMC", "32"))
    assert (ebsd.read(path).phase < 0).sum() == 23


def test_a_file_of_fewer_columns_is_none():
    with pytest.raises(ValueError, match="has 9 columns in the line"):
        grain_file.converted("1 2 3 4 5 6 7 8 NMC\n", "NMC", "32")
