# SPDX-License-Identifier: MIT
"""Every preset of the Zhang study, of layer stacks, of regions and of cracks passes `check`."""

from pathlib import Path

import pytest

from solver.check import ranges
from solver.check.groups import groups
from solver.input import loading
from solver.sweep import plan
from solver.verbs.cli import main

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
CELLS = ("polycrystal", "llzo_leak", "pore", "rough_interface",
         "notch_plating", "notch_plating_llzo")  # fmt: skip
PRESETS = [*CONFIGS.glob("zhang2024/*.yaml"), *CONFIGS.glob("stacks/*.yaml"),
           *(CONFIGS / f"{name}.yaml" for name in CELLS)]  # fmt: skip


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_preset_passes_check(path, capsys):
    assert main(["check", str(path)]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("path", sorted(CONFIGS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_no_value_of_a_preset_is_strange(path):
    text = path.read_text(encoding="utf-8")
    if "vary:" not in text and "physics: transport" not in text:
        config = loading.load(path)
        assert list(ranges.judgements(config, groups(config))) == []


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("sweeps/*.yaml")), ids=lambda path: path.stem)
def test_no_run_of_a_sweep_is_strange(path, tmp_path):
    for run in plan.load(path, tmp_path).runs:
        assert list(ranges.judgements(run.config, groups(run.config))) == []
