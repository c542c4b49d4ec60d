# SPDX-License-Identifier: MIT
"""Ion transport against exact solutions: what a run leaves in its folder, as a user gets it."""

from __future__ import annotations

import json

import pytest

from benchmarks.zhang2024.checks import CHECKS, FREE, read
from solver.input import loading
from solver.output import snapshots
from solver.verbs.cli import main
from tests.unit.test_page import held

SLOW = ("sand", "charged_wall")


@pytest.mark.usefixtures("no_figure")
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in CHECKS],
)
def test_number_is_the_exact_one(name, tmp_path):
    found = CHECKS[name](tmp_path)
    for check in found if isinstance(found, list) else [found]:
        assert check.error < check.bound, check


@pytest.mark.usefixtures("no_figure")
def test_unattainable_flux_ends_with_the_limiting_one(tmp_path, capsys):
    config = tmp_path / "cell.yaml"
    config.write_text(FREE.replace("2.5e-10", "1e-10"))
    flux = ["--set", "boundary.counter.flux.Li=0.01"]
    assert main(["run", str(config), "-o", str(tmp_path / "run"), *flux]) == 3
    message = capsys.readouterr().err.strip()
    assert len(message.splitlines()) == 1
    # 4 D c/L of D = 1e-10.
    assert "0.01 mol/m^2/s" in message and "0.004 mol/m^2/s" in message
    left = read(tmp_path / "run", loading.load(config, flux[1:])).rows
    assert min(row["c_Li_min_mol_m3"] for row in left) > 0
    assert json.loads((tmp_path / "run" / "run.json").read_text())["exit_code"] == 3
    assert main(["check", str(config), *flux]) == 2
    assert "limiting flux is 0.004 mol/m^2/s" in capsys.readouterr().err


def test_folder_has_the_promised_files_and_is_not_overwritten(tmp_path):
    config = tmp_path / "cell.yaml"
    config.write_text(FREE)
    words = ["run", str(config), "-o", str(tmp_path / "run"), "--set", "boundary.counter.phi=0.01"]
    assert main(words) == 0
    names = {"config.yaml", "resolved.yaml", "run.json", "log.txt", "scalars.csv", "profile.csv"}
    found = {path.name for path in (tmp_path / "run").iterdir()}
    assert found == names | {"checkpoints", "fields.xdmf", "fields", "figure.png", "report.html"}
    page = held((tmp_path / "run" / "report.html").read_text(encoding="utf-8"))
    assert [chart["y"] for chart in page["charts"]][-2:] == [
        "concentration (mol/m³)", "potential (mV)",
    ]  # fmt: skip
    assert len(page["pictures"]["fields"]) == 3
    fields = snapshots.load(tmp_path / "run").fields
    assert set(fields) == {"c_Li", "c_A", "phi", "layer"}
    resolved = loading.load(tmp_path / "run" / "resolved.yaml")
    assert resolved == loading.load(config, ["boundary.counter.phi=0.01"])
    assert main(words) == 2
    assert main(["plot", str(tmp_path / "run")]) == 0
