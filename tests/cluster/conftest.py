"""Slurm for the tests of this folder, and what stands in for Apptainer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import local_slurm

ROOT = Path(__file__).resolve().parents[2]

# Debian has no Apptainer: its options end at the image; what follows is for docker/run.
APPTAINER = f"""\
#!/bin/bash
while [[ $1 != *.sif ]]; do shift; done
shift
words=()
for word; do
    if [[ $word == dendrite ]]; then words+=(python3 -m solver); else words+=("$word"); fi
done
exec {ROOT}/docker/run "${{words[@]}}"
"""
CONFIG = """\
title: a small cell
width: 5 um
layers:
  - {name: lower, thickness: 5 um}
  - {name: upper, thickness: 5 um, D: 2e-11, sigma_ion: 0.2, E: 60 GPa, nu: 0.3}
phase_field: {interface_length: 0.4 um}
nuclei: {film: 1 um, count: 1, radius: 1 um}
mesh: {size_min: 0.4 um, size_max: 0.4 um}
time: {end: 20 s, dt_max: 0.05 s}
output: {snapshots: 4}
"""


@pytest.fixture(scope="session")
def slurm(tmp_path_factory) -> Iterator[local_slurm.LocalSlurm]:
    reason = local_slurm.missing()
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("slurm")
    (folder / "bin").mkdir()
    apptainer, image = folder / "bin" / "apptainer", folder / "dendrite.sif"
    apptainer.write_text(APPTAINER)
    apptainer.chmod(0o755)
    image.touch()
    slurm = local_slurm.LocalSlurm(folder, ROOT)
    slurm.environment |= {
        "PATH": f"{apptainer.parent}:{slurm.environment['PATH']}",
        "DENDRITE_IMAGE": str(image),
        "DENDRITE_ENV": "root",
        # The two nodes are one machine, whose cores all ranks share.
        "OMPI_MCA_mpi_yield_when_idle": "1",
        "OMPI_MCA_btl": "self,sm,tcp",
        "OMPI_MCA_btl_tcp_if_include": "lo",
    }
    try:
        slurm.start()
        yield slurm
    finally:
        slurm.stop()


@pytest.fixture(scope="session")
def config(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("config") / "config.yaml"
    path.write_text(CONFIG)
    return path


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory, config) -> dict[int, Path]:
    """Run folders that no signal has met, by the number of ranks."""
    folder = tmp_path_factory.mktemp("undisturbed")
    for ranks in (1, 2):
        words = ["run", config, "-o", folder / str(ranks), "-n", ranks]
        subprocess.run(
            list(map(str, [ROOT / "docker" / "run", "python3", "-m", "solver", *words])),
            env=os.environ | {"DENDRITE_ENV": "root"}, check=True, stdout=subprocess.DEVNULL,
            timeout=300,
        )  # fmt: skip
    return {ranks: folder / str(ranks) for ranks in (1, 2)}
