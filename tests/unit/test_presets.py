# SPDX-License-Identifier: MIT
"""Every preset of the Zhang study and of the other layer stacks passes `check`."""

from pathlib import Path

import pytest

from solver.verbs.cli import main

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
PRESETS = [*CONFIGS.glob("zhang2024/*.yaml"), *CONFIGS.glob("stacks/*.yaml")]


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_preset_passes_check(path, capsys):
    assert main(["check", str(path)]) == 0, capsys.readouterr().err
