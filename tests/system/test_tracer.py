"""A field of one's own: two new modules, and a line in each of two existing files.

The modules in tests/system/tracer are put into a copy of the program. Nothing else is told of the
tracer, and yet it is stepped by both schemes, remeshed, written, drawn, saved and restarted.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from solver.base.exchange import Slices
from solver.cell.base_mesh import Base
from solver.cell.indicator import areas
from solver.cell.mesh_tables import MeshTables
from solver.cell.refinement import Refined, recall
from solver.input import loading
from solver.input.resolution import resolution
from solver.output import checkpoint, snapshots
from solver.output.checkpoint import Checkpoint
from tests.system.running import HERE, ROOT, SMALL, left_at, rows, same_results, set_all

D = 1e-12
"""[m^2/s]"""
HEIGHT = 8e-6
"""Of the cell in adaptive.yaml."""
END = 8.0
TOUCHED = {
    "input/stack.py": (
        "    skeleton: Skeleton | None = None\n",
        '    tracer: quantity("m^2/s", gt=0) | None = None\n    """Diffusivity of the tracer."""\n',
    ),
    "fields/known.py": ('"displacement", "damage")', '"displacement", "damage", "tracer")'),
}
ADAPTIVE = HERE / "adaptive.yaml"
SETTINGS = (f"tracer={D}", f"time.end={END}", "time.tolerance=0.05", "mesh.size_max=0.4 um",
            "mechanics.enabled=false")  # fmt: skip


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Path:
    """A copy of the program with the tracer."""
    root = tmp_path_factory.mktemp("program")
    skip = shutil.ignore_patterns("*.pyc.*")  # which another process is writing
    for name in ("solver", "meshes"):
        shutil.copytree(ROOT / name, root / name, ignore=skip)
    for module in ("fields", "equations"):
        shutil.copy(HERE / "tracer" / f"{module}.py", root / "solver" / module / "tracer.py")
    for name, (after, line) in TOUCHED.items():
        path = root / "solver" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(after) == 1
        replaced = line if "tracer" in line and after.startswith('"') else line + after
        path.write_text(text.replace(after, replaced), encoding="utf-8")
    stack = root / "solver" / "input" / "stack.py"
    imported = "from solver.base.units import quantity\n"
    text = stack.read_text(encoding="utf-8")
    first = text.index("from solver.")
    stack.write_text(text[:first] + imported + text[first:], encoding="utf-8")
    return root


CALLS = """
import json, sys
from solver.verbs import cli
sys.exit(max(cli.main(words) for words in json.loads(sys.argv[1])))
"""


def run(program: Path, *calls: list[str | Path], figure: bool = False) -> None:
    """Call the program with the tracer once or more, in one process."""
    path = [] if figure else [str(HERE / "figureless")]
    done = subprocess.run(
        [sys.executable, "-c", CALLS, json.dumps(calls, default=str)],
        cwd=program, env=os.environ | {"PYTHONPATH": os.pathsep.join([*path, str(program)])},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def finished(program, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tracer") / "run"
    run(program, ["run", ADAPTIVE, "-o", folder, *set_all(*SETTINGS)], figure=True)
    return folder


def amplitude(t: float, height: float = HEIGHT) -> float:
    """Of the slowest mode, 1 at the start."""
    return float(np.exp(-D * (np.pi / height) ** 2 * t))


def test_it_decays_as_its_equation_says(finished):
    for row in rows(finished)[::7]:
        left = amplitude(row["t_s"])
        assert row["q_max_mol_m3"] - 1 == pytest.approx(left, rel=5e-3)
        assert 1 - row["q_min_mol_m3"] == pytest.approx(left, rel=5e-3)


def test_it_is_written_and_drawn(program, finished, tmp_path):
    shown = snapshots.load(finished)
    wanted = 1 + amplitude(END) * np.cos(np.pi * shown.points[:, 1] / (HEIGHT * 1e6))
    assert shown.fields["q"] == pytest.approx(wanted, abs=5e-3)
    run(program, ["plot", finished, "--fields", "xi,q", "-o", tmp_path / "q.png"])
    assert (tmp_path / "q.png").stat().st_size > 20_000


def mesh_of(saved: Checkpoint) -> Refined:
    """The mesh of a checkpoint of this cell."""
    config = loading.load(ADAPTIVE, [s for s in SETTINGS if not s.startswith("tracer")])
    base = Base(MeshTables.recalled(saved.rows, "base"), resolution(config).levels)
    shares = Slices.equal(MPI.COMM_SELF, len(base.tables.triangles))
    return recall(base, shares, saved.rows("leaves/order"), saved.rows("leaves/level"))


def test_it_is_conserved_over_remeshing(finished):
    contents, meshes = [], set()
    for path in checkpoint.all_in(finished):
        saved = checkpoint.read(path)
        mesh, last = mesh_of(saved), len(saved.record.times) - 1
        per_cell = areas(mesh.points, mesh.triangles)
        contents.append(per_cell @ saved.rows(f"state_{last}/q")[mesh.triangles].mean(axis=1))
        meshes.add(len(mesh.triangles))
    assert len(meshes) > 1, "no remesh between the checkpoints"
    assert contents == pytest.approx([contents[0]] * len(contents), rel=1e-12, abs=0)


def test_it_restarts_to_the_last_bit(program, finished, tmp_path):
    step = checkpoint.step_of(checkpoint.all_in(finished)[-2])
    cut = left_at(finished, step, tmp_path / "cut")
    run(program, ["restart", cut])
    assert same_results(finished, cut)


def test_both_schemes_agree(program, tmp_path):
    coarse = ("mesh.size_min=1 um", "mesh.size_max=1 um", "time.end=0.25 s", f"tracer={D}",
              "mechanics.enabled=false", "solver.pass_tolerance=1e-8",
              "solver.max_passes=100")  # fmt: skip
    schemes = ("split", "monolithic")
    run(program, *(
        ["run", SMALL, "-o", tmp_path / scheme, *set_all(*coarse, f"solver.scheme={scheme}")]
        for scheme in schemes
    ))  # fmt: skip
    last = {scheme: rows(tmp_path / scheme)[-1]["q_max_mol_m3"] for scheme in schemes}
    assert last["split"] == pytest.approx(last["monolithic"], rel=1e-7)
    assert last["split"] - 1 == pytest.approx(amplitude(0.25, 10e-6), rel=2e-3)
