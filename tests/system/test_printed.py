# SPDX-License-Identifier: MIT
"""The equations exactly as printed: refused, and with --anyway a failure that explains itself."""

import json

import pytest

from tests.system.running import ROOT, called, dendrite

PRINTED = ROOT / "configs" / "chen2025" / "printed.yaml"
COARSE = ("--set", "mesh.size_min=1 um", "--set", "width=10 um")


def test_printed_is_refused_with_its_charge_number(tmp_path):
    done = called("run", PRINTED, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "cannot run: the charge number Pi" in done.stderr and "2.52e+06" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()
    check = called("check", PRINTED)
    assert check.returncode == 2 and "cannot run: the charge number Pi" in check.stderr


@pytest.mark.parametrize("scheme", ["split", pytest.param("monolithic", marks=pytest.mark.slow)])
def test_printed_by_force_fails_with_the_explanation(tmp_path, scheme):
    folder = tmp_path / "out"
    words = ("--anyway", *COARSE, "--set", f"solver.scheme={scheme}")
    done = dendrite("run", PRINTED, "-o", folder, *words)
    assert done.returncode == 3
    assert "the charge number Pi = F c_Li V L/(sigma U) is 2.52e+06" in done.stderr
    assert "Warning" not in done.stderr and "Traceback" not in done.stderr
    assert json.loads((folder / "run.json").read_text())["exit_code"] == 3
