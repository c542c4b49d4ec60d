# SPDX-License-Identifier: MIT
"""A crack through a cell whose mesh follows it: how far, at what cost in energy, restart, ranks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from solver.base.errors import SolverError
from solver.cell import crack_indicator
from solver.input import loading
from solver.input.resolution import resolution
from solver.output import snapshots
from solver.run.dendrite import Dendrite
from solver.run.remesher import Remesher
from tests.parallel.test_restart_ranks import TWO
from tests.system.running import (
    EVERY_STEP,
    HERE,
    PROGRAM,
    called,
    left_at,
    rows,
    same_results,
    started,
)

CONFIG = HERE / "crack.yaml"


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("crack") / "run"
    done = called("run", CONFIG, "-o", folder, *EVERY_STEP)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("angle", [60, 90])
def test_a_notch_is_found_in_a_base_that_is_coarser_than_it_is_long(angle):
    wide = ["width=16 um", "mesh.size_max=8 um", "fracture.length=0.12 um"]
    layers = "layers=[{name: LPSC, thickness: 8 um, K_IC: 0.23 MPa*m^0.5}]"
    notch = f"fracture.notches=[{{x: 7.7 um, length: 1.2 um, angle: {angle} deg}}]"
    made = Dendrite(loading.parse(CONFIG.read_text(), [*wide, layers, notch]), MPI.COMM_SELF)
    made.model.initialise()
    top = 1.2e-6 * np.sin(np.radians(angle))
    assert abs(made.model.equations["d"].tip() - top) < 0.12e-6
    assert not made.due()


def column(folder: Path, name: str) -> np.ndarray:
    return np.array([row[name] for row in rows(folder)])


def edges(shot: snapshots.Snapshot) -> np.ndarray:
    """Longest edges of all triangles [um]."""
    corners = shot.points[shot.triangles]
    return np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)


def test_a_crack_runs_through_the_cell_and_ends_the_run(finished):
    tip = column(finished, "crack_tip_um")
    assert tip[column(finished, "t_s") <= 2] == pytest.approx(tip[0])
    assert tip[-1] == pytest.approx(4.0) and tip[-2] < 4.0
    ending = json.loads((finished / "run.json").read_text())["exit_reason"]
    assert "a crack full of lithium has reached the counter electrode" in ending
    assert column(finished, "t_s")[-1] < 12


def test_triangles_are_fine_at_the_crack_alone(finished):
    r, shot = resolution(loading.load(CONFIG)), snapshots.load(finished, -1)
    d, size = shot.fields["d"][shot.triangles].max(axis=1), edges(shot)
    finest = 1e6 * r.edge(r.crack_levels)
    assert finest <= 0.25 / 2 < 2 * finest
    # In the last step it ran ahead until its damage had left them.
    behind = shot.points[shot.triangles][:, :, 1].max(axis=1) < 3.0
    assert size[(d > crack_indicator.LEFT) & behind].max() < 1.5 * finest
    assert size[d < 0.01].max() > 4 * finest


def test_work_is_what_is_stored_spent_and_dissipated(finished):
    work, lost = (column(finished, f"crack_{x}_J_per_m") for x in ("work", "dissipated"))
    stored = column(finished, "crack_J_per_m") + column(finished, "elastic_J_per_m")
    assert work[1:] == pytest.approx((stored - stored[0] + lost)[1:], rel=0.01)
    assert (np.diff(lost) >= 0).all() and lost[-1] > 0.05 * work[-1]
    found = (work - (stored - stored[0]) - lost)[1:] / np.cumsum(np.abs(np.diff(work)))
    # Energies have ten digits, and are up to 14 times the work.
    assert column(finished, "crack_balance_rel")[1:] == pytest.approx(found, abs=1e-8)


@pytest.fixture(scope="module")
def running() -> Dendrite:
    """A crack in the middle of the cell, when a new mesh is due."""
    made = Dendrite(loading.load(CONFIG), MPI.COMM_SELF)
    made.start()
    for t in range(4):
        made.step(1.0)
        made.integrator.keep(t + 1.0)
        if made.due():
            return made
    raise AssertionError("no crack")


def test_a_new_mesh_keeps_the_tip_and_heals_nothing(running):
    r = running.remesher.resolution
    damage = running.model.equations["d"]
    where, d = running.model.V.tabulate_dof_coordinates(), damage.function.x.array.copy()
    before = damage.tip(), *damage.work.energies(), damage.work.sums
    running.remesh()
    damage = running.model.equations["d"]
    new, found = running.model.V.tabulate_dof_coordinates(), damage.function.x.array
    distance = np.linalg.norm(where[:, None] - new[None], axis=2)
    same = distance.argmin(axis=1)
    kept = distance[np.arange(len(where)), same] < 1e-12
    assert (found[same[kept]] == d[kept]).all() and d[~kept].max(initial=0.0) < 1e-3
    assert abs(damage.tip() - before[0]) < 1e-12
    assert damage.work.energies().cracks == pytest.approx(before[2], rel=1e-3)
    assert damage.work.sums == before[-1]
    # With what presses gone it has nothing to run for: what moves it is the new mesh.
    damage.before, damage.time = found.copy(), 0.0
    running.scheme.settle()
    assert abs(damage.tip() - before[0]) < r.edge(r.crack_levels)


def test_a_crack_restarts_to_the_last_bit_across_new_meshes(finished, tmp_path):
    folder = left_at(finished, 3, tmp_path / "again")
    assert called("restart", folder).returncode == 0
    assert same_results(finished, folder)


@pytest.mark.slow
def test_a_crack_is_the_same_on_two_ranks_and_new_meshes(finished, tmp_path):
    folder = tmp_path / "two"
    done = started([*TWO, *PROGRAM, "run", CONFIG, "-o", folder])
    assert done.returncode == 0, done.stderr
    for name in ("crack_um", "crack_opened_um2", "crack_J_per_m", "crack_work_J_per_m"):
        one, two = column(finished, name), column(folder, name)
        assert two == pytest.approx(one, rel=1e-4, abs=1e-4 * one.max())


def leapt() -> Dendrite:
    """Damage at a corner of triangles of 2 um, 16 l_d, far from the notch."""
    fine = ["fracture.length=0.12 um", "fracture.notches=[{x: 2 um, length: 1.2 um}]"]
    made = Dendrite(loading.parse(CONFIG.read_text(), fine), MPI.COMM_SELF)
    made.start()
    far = np.linalg.norm(made.model.V.tabulate_dof_coordinates()[:, :2] - [7e-6, 4e-6], axis=1)
    made.model.state.d.x.array[far.argmin()] = 1.0
    made.integrator.start(0.0)
    return made


def test_a_crack_that_has_leapt_into_large_triangles_gets_its_mesh_at_once(monkeypatch):
    made, meshes = leapt(), []
    follow = Remesher._follow
    monkeypatch.setattr(Remesher, "_follow", lambda *x: meshes.append(1) or follow(*x))
    assert made.remesher.crack_due(made.model)
    made.remesh()
    assert not made.remesher.crack_due(made.model)
    # d falls from 1 to 0.25 over 1.5 um at most, and every mesh reaches 0.24 um farther.
    assert 2 <= len(meshes) <= 8
    assert made.model.equations["d"].tip() == pytest.approx(4e-6)


def test_a_crack_that_no_mesh_is_fine_enough_for_ends_the_run(monkeypatch):
    made = leapt()
    monkeypatch.setattr(crack_indicator, "damaged", lambda *_: [])
    before = made.remesher._mesh
    with pytest.raises(SolverError, match="in triangles that are too large for it after 16 new"):
        made.remesh()
    assert made.remesher._mesh is before  # what is saved then is the last state on its mesh
