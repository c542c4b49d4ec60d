"""A run whose mesh follows the front: a remesh loses nothing and compiles nothing."""

from __future__ import annotations

import json
import weakref
from pathlib import Path

import numpy as np
import pytest
from ffcx.codegeneration import jit
from mpi4py import MPI

from solver.base import log
from solver.cell.indicator import areas
from solver.input import loading
from solver.laws.front import psi
from solver.output import checkpoint, run_folder, snapshots
from solver.run.checkpointing import Source
from solver.run.dendrite import Dendrite
from solver.run.remesher import Remesher
from solver.run.simulation import Simulation
from tests.system.running import HERE, called, left_at, rows, same_results, without_figure

CONFIG = HERE / "adaptive.yaml"


class Watched(Dendrite):
    """Notes tip, lithium and nodes at every remesh, and whether the last model outlives it."""

    def __init__(self, *args):
        super().__init__(*args)
        self.seen, self.outlived = [], []

    def remesh(self) -> None:
        before, model = self._figures(), weakref.ref(self.model)
        super().remesh()
        self.outlived.append(model() is not None)
        self.seen.append((before, self._figures()))

    def _figures(self) -> dict[str, float]:
        finest, mesh = self.remesher.resolution.levels, self.remesher._mesh
        middle = mesh.points[mesh.triangles].mean(axis=1)
        film = mesh.level[(middle[:, 1] > 0.8e-6) & (middle[:, 1] < 1e-6)]
        return {
            "tip": self.observer.tip(),
            "lithium": self.observer.content(),
            "area": self.observer.deposit_area(),
            "nodes": self.domain.nodes,
            "film_on_finest": float((film == finest).mean()),
            "due": self.due(),
        }


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("adapt") / "whole"
    text = CONFIG.read_text()
    config = loading.parse(text)
    run_folder.prepare(folder, text, loading.resolved_yaml(config), force=False)
    log.setup(0)
    compiled, compile_objects = [], jit._compile_objects

    def counted(*args, **options):
        compiled.append(args)
        return compile_objects(*args, **options)

    with pytest.MonkeyPatch.context() as patch, run_folder.logged(folder, MPI.COMM_WORLD):
        simulation = Simulation(config, Source(text), folder, MPI.COMM_WORLD, problem=Watched)
        patch.setattr(jit, "_compile_objects", counted)
        with without_figure():
            simulation.run()
    simulation.compiled = len(compiled)
    return simulation


def test_the_mesh_follows_the_front_and_coarsens_behind_it(run):
    assert len(run.problem.seen) >= 2
    for before, after in run.problem.seen:
        assert before["due"] and not after["due"]
    first, last = run.problem.seen[0][0], run.problem.seen[-1][1]
    # The top of the film is deep in the metal at the end.
    assert first["film_on_finest"] == 1 and last["film_on_finest"] < 0.5


def test_the_interface_is_on_finest_triangles_in_every_snapshot(run):
    size = run.problem.remesher.resolution.size
    for number in range(len(snapshots.times(run.folder))):
        shot = snapshots.load(run.folder, number)
        close = (np.abs(psi(shot.fields["xi"].astype(float))) < 2)[shot.triangles]
        area = areas(shot.points * 1e-6, shot.triangles)[close.any(axis=1)]
        assert np.sqrt(4 / 3**0.5 * area.max()) < 1.3 * size


def test_a_remesh_moves_nothing(run):
    size = run.problem.remesher.resolution.size
    for before, after in run.problem.seen:
        assert abs(after["tip"] - before["tip"]) < size / 10
        assert after["lithium"] == pytest.approx(before["lithium"], rel=1e-13)
        assert after["area"] == pytest.approx(before["area"], rel=1e-5)
    assert max(abs(row["li_balance_rel"]) for row in rows(run.folder)) < 1e-12


def test_nothing_of_an_old_mesh_is_kept(run):
    assert run.problem.outlived == [False] * len(run.problem.seen)


def test_nothing_is_compiled_for_a_new_mesh(run):
    """Forms differ by their mesh alone; the first mesh has had them compiled or found."""
    assert run.compiled == 0


def test_layers_and_sides_are_those_of_the_cell_on_every_mesh(run):
    for number in range(len(snapshots.times(run.folder))):
        shot = snapshots.load(run.folder, number)
        area = areas(shot.points, shot.triangles)
        for layer in (1, 2):
            assert area[shot.fields["layer"] == layer].sum() == pytest.approx(32, rel=1e-12)
    d = run.problem.remesher.domain
    x = d.mesh.geometry.x
    for side, (axis, value) in {"anode": (1, 0), "counter": (1, 8e-6), "left": (0, 0)}.items():
        nodes = np.unique(d.dofs(run.problem.model.V, side))
        along = run.problem.model.V.tabulate_dof_coordinates()[nodes]
        assert np.abs(along[:, axis] - value).max() < 1e-15
        assert np.ptp(along[:, 1 - axis]) == pytest.approx(8e-6)
        assert len(nodes) == (np.abs(x[:, axis] - value) < 1e-15).sum()


def test_the_log_and_run_json_tell_of_the_meshes(run):
    record = json.loads((run.folder / "run.json").read_text())
    assert record["remeshes"] == len(run.problem.seen)
    assert record["nodes"] == run.problem.seen[-1][1]["nodes"] == run.problem.remesher.domain.nodes
    known = [figures["nodes"] for pair in run.problem.seen for figures in pair]
    assert min(known) < record["nodes_mean"] < max(known)
    text = (run.folder / "log.txt").read_text()
    for before, after in run.problem.seen:
        assert f"{before['nodes']} nodes become {after['nodes']}" in text


def test_a_restart_between_remeshes_repeats_the_run(run, tmp_path):
    folder = left_at(run.folder, first_remesh(run.folder) + 3, tmp_path / "again")
    done = called("restart", folder)
    assert done.returncode == 0, done.stderr
    assert same_results(run.folder, folder)
    record = json.loads((folder / "run.json").read_text())
    assert record["remeshes"] == len(run.problem.seen)


def first_remesh(folder: Path) -> int:
    """Step after which the first remesh came."""
    lines = (folder / "log.txt").read_text().splitlines()
    line = next(line for line in lines if "become" in line)
    return int(line.partition("step ")[2].partition(":")[0])


def test_the_base_of_a_checkpoint_makes_the_same_mesh_again(run):
    """Nodes are matched bitwise, so the base must come back as it was."""
    saved = checkpoint.read(checkpoint.all_in(run.folder)[-1])
    again = Remesher(run.config, MPI.COMM_WORLD, saved)
    assert again.domain.nodes == run.problem.remesher.domain.nodes
    fresh = Remesher(run.config, MPI.COMM_WORLD)
    for name, values in vars(fresh._base.tables).items():
        assert np.array_equal(values, saved.rows(f"base/{name}")), name
    for name in ("order", "level", "keys", "triangles", "edge_tags"):
        same = getattr(again._mesh, name), getattr(run.problem.remesher._mesh, name)
        assert np.array_equal(*same), name


@pytest.mark.parametrize(
    ("override", "key"),
    [
        ("adapt.elements=0.4", "mesh.size_max: 800 nm must be at least 1 um"),
        ("mesh.size_max=9 um", "mesh.size_max: the triangles that adapt refines"),
        ("adapt.elements=0", "adapt.elements"),
        ("adapt.margin=-1", "adapt.margin"),
        ("adapt.elements=2e4", "adapt.elements"),
        ("adapt.speed=1", "adapt.speed"),
    ],
)
def test_impossible_meshes_are_refused_in_one_sentence(tmp_path, override, key):
    done = called("run", CONFIG, "-o", tmp_path / "none", "--set", override)
    assert done.returncode == 2 and key in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_run_cannot_become_adaptive(run, tmp_path):
    folder = left_at(run.folder, 5, tmp_path / "changed")
    done = called("restart", folder, "--force", "--set", "adapt.enabled=false")
    assert done.returncode == 2 and "adapt.enabled was True, is False" in done.stderr
    done = called("restart", folder, "--set", "adapt.margin=2")
    assert done.returncode == 2 and "adapt.margin" in done.stderr and "--force" in done.stderr
