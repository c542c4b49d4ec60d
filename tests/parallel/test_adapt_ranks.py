"""A remeshed run on other numbers of ranks: the same meshes and the same curve."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parallel.test_restart_ranks import TWO, agree
from tests.system.running import HERE, PROGRAM, called, left_at, set_all, started

pytestmark = pytest.mark.slow

CONFIG = HERE / "adaptive.yaml"
OPTIONS = set_all("time.end=8 s", "output.snapshots=1")
EARLY = 8
"""A step before the first remesh."""


def meshes(folder: Path) -> list[str]:
    """Nodes before and after every remesh, from the log."""
    lines = (folder / "log.txt").read_text().splitlines()
    return [line.partition(" s: ")[2] for line in lines if "nodes become" in line]


@pytest.fixture(scope="module")
def on_one(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ranks") / "one"
    done = called("run", CONFIG, "-o", folder, *OPTIONS)
    assert done.returncode == 0, done.stderr
    return folder


def test_there_and_back_with_a_remesh_on_each(on_one, tmp_path):
    assert len(meshes(on_one)) >= 1
    folder = left_at(on_one, EARLY, tmp_path / "two")
    (folder / "log.txt").unlink()
    done = started([*TWO, *PROGRAM, "restart", folder])
    assert done.returncode == 0, done.stderr
    assert meshes(folder) == meshes(on_one)
    assert agree(folder, on_one)
    back = left_at(folder, EARLY + 2, tmp_path / "back")
    (back / "log.txt").unlink()
    assert called("restart", back).returncode == 0
    assert meshes(back) == meshes(on_one)
    assert agree(back, on_one)
