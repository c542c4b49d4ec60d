"""Fixtures of more than one file."""

import pytest

from tests.unit.docker_box import STANDINS, standin


@pytest.fixture
def box(tmp_path):
    """A folder with stand-ins first on PATH, and the environment to use them."""
    bin_dir, logs = tmp_path / "bin", tmp_path / "logs"
    bin_dir.mkdir()
    logs.mkdir()
    (tmp_path / "work dir").mkdir()
    for name, body in STANDINS.items():
        standin(bin_dir, name, body)
    env = {
        "PATH": f"{bin_dir}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "DENDRITE_CACHE": str(tmp_path / "cache dir"),
        "LOGS": str(logs),
    }
    return tmp_path, bin_dir, env
