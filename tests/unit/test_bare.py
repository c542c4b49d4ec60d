# SPDX-License-Identifier: MIT
"""The program as `pip install .` leaves it: without DOLFINx, MPI, Gmsh, HDF5 and Matplotlib."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from solver.base.launch import HEAVY_LIBRARIES

ROOT = Path(__file__).parents[2]
WITHOUT = """
import contextlib, io, json, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HEAVY:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

HEAVY, LINES = map(json.loads, sys.argv[1:])
sys.meta_path.insert(0, Missing())
from solver.verbs import cli
found = []
for line in LINES:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = cli.main(line.split())
        except SystemExit as end:
            code = end.code
    found.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(found))
"""
WORKS = (
    "--help", "run --help", "schema", "materials", "info",
    "check configs/quickstart.yaml", "check configs/quickstart.yaml --accuracy 3%",
    "check configs/cell.yaml", "check configs/polymer.yaml", "check configs/zhang2024/plm.yaml",
    "check configs/polycrystal.yaml",
    "reduce arrhenius benchmarks/data_reduction/lpsc.csv",
)  # fmt: skip
NEEDS = {
    "run configs/quickstart.yaml -o {}/run": "mpi4py",
    "restart {}": "mpi4py",
    "mesh configs/quickstart.yaml -o {}/cell.msh": "gmsh",
    "plot {}": "matplotlib",
    "movie {} -o {}/growth.gif": "matplotlib",
    "sweep configs/sweeps/quickstart.yaml -o {}/sweep": "h5py",
    "reduce arrhenius benchmarks/data_reduction/lpsc.csv -o {}/fit.png": "matplotlib",
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> dict:
    folder = str(tmp_path_factory.mktemp("run"))
    shutil.copy(ROOT / "configs" / "quickstart.yaml", f"{folder}/resolved.yaml")
    lines = [*WORKS, *(line.replace("{}", folder) for line in NEEDS)]
    words = (WITHOUT, json.dumps(HEAVY_LIBRARIES), json.dumps(lines))
    done = subprocess.run(
        [sys.executable, "-c", *words], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return dict(zip([*WORKS, *NEEDS], json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("line", WORKS)
def test_verb_works(answers, line):
    code, out, err = answers[line]
    assert code == 0 and out and not err


@pytest.mark.parametrize("line", NEEDS)
def test_verb_says_what_is_missing(answers, line):
    code, _, err = answers[line]
    assert code == 2 and len(err.splitlines()) == 1
    assert f"this verb needs {NEEDS[line]}, which this Python does not have" in err


def test_what_is_missing_is_not_what_pip_installs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    installed = {x.split(">")[0].split("=")[0] for x in project["dependencies"]}
    assert not installed & set(HEAVY_LIBRARIES)
