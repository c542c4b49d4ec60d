# SPDX-License-Identifier: MIT
"""What tests of several modules start from."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def small_run(tmp_path_factory) -> Path:
    """Folder of a finished run of the small cell, with the checkpoint of every step.

    Tests read it, and change copies.
    """
    # Here, for unit tests that need no DOLFINx.
    from tests.system.running import EVERY_STEP, PROGRAM, SMALL, started

    folder = tmp_path_factory.mktemp("small") / "run"
    # With its figure, as a user runs it.
    done = started([*PROGRAM, "run", SMALL, "-o", folder, *EVERY_STEP], variables={})
    assert done.returncode == 0, done.stderr
    return folder
