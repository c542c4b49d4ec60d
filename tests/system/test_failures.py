# SPDX-License-Identifier: MIT
"""Runs that fail at odd moments: before the first step, while they close, in a wrong library."""

from __future__ import annotations

import json

import numpy as np
import pytest
from mpi4py import MPI  # noqa: F401  (before DOLFINx)

import dolfinx

from solver.base.errors import SolverError, StageRejected
from solver.input import loading
from solver.output import scalars
from solver.run import launching
from solver.schemes.krylov import KrylovField
from solver.stepping.ions_stepping import IonStepping
from solver.verbs.cli import main
from tests.system.running import SMALL
from tests.system.test_verbs import IONS


def test_an_initial_state_without_equilibrium_is_one_sentence(tmp_path, capsys, monkeypatch):
    """A solver finds none, before the first step: the first is that of the displacement."""

    def fail(self, *args, **options):
        raise SolverError(f"the linear solver for {self.unknown.name} failed (PETSc reason -3)")

    monkeypatch.setattr(KrylovField, "solve", fail)
    folder = tmp_path / "run"
    assert main(["run", str(SMALL), "-o", str(folder)]) == 3
    message = capsys.readouterr().err.strip()
    assert message.startswith(
        "dendrite: error: the initial state has no equilibrium: the linear solver for u failed"
    )
    assert len(message.splitlines()) == 1
    record = json.loads((folder / "run.json").read_text())
    assert record["exit_code"] == 3 and record["steps"] == 0
    assert not (folder / "scalars.csv").exists()


def test_an_initial_state_whose_potential_does_not_come_to_rest_is_none(tmp_path, capsys):
    """A layer that conducts a millionth of the other: the first current would be 1e99 A/m2."""
    config = tmp_path / "cell.yaml"
    config.write_text(
        """
title: layers of unlike conductivity
width: 10 um
layers:
  - {name: LPSC, thickness: 10 um, sigma_ion: 1e-5 S/m}
  - {name: other, thickness: 10 um, sigma_ion: 10 S/m}
electrochemistry:
  {closure: single_ion, control: current, current: 0.01 mA/cm**2, counter_R_ct: 0.76 ohm*cm**2}
phase_field: {interface_length: 0.88 um}
mechanics: {enabled: false}
nuclei: {film: 3 um, count: 1, radius: 2 um}
mesh: {size_max: 1.5 um}
adapt: {enabled: true}
time: {end: 3e5 s}
"""
    )
    assert main(["run", str(config), "-o", str(tmp_path / "run")]) == 3
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("dendrite: error: the initial state has no equilibrium: phi ")


def test_files_that_fail_at_the_end_do_not_hide_why_a_run_has(tmp_path, monkeypatch, caplog):
    """A run of ions that fails keeps its own reason and exit code, whatever fails after it."""

    def fail(path, columns):
        raise OSError(28, "No space left on device", str(path))

    def reject(self, dt):
        raise StageRejected("Newton's method does not converge")

    monkeypatch.setattr(scalars, "write_profile", fail)
    monkeypatch.setattr(IonStepping, "step", reject)
    folder = tmp_path / "run"
    words = "fell below a millionth of time.dt_initial.*Newton's method"
    with pytest.raises(SolverError, match=words):
        launching.run(loading.parse(IONS), IONS, folder)
    record = json.loads((folder / "run.json").read_text())
    assert record["exit_code"] == 3 and "Newton's method" in record["exit_reason"]
    assert record["rejected_steps"] == 20  # halved until below 1e-6 of the first step
    log = (folder / "log.txt").read_text()
    assert "profile.csv: cannot be written: No space left on device" in log


def test_a_profile_that_cannot_be_written_fails_a_good_run(tmp_path, monkeypatch):
    def fail(path, columns):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(scalars, "write_profile", fail)
    with pytest.raises(SolverError, match="profile.csv: cannot be written"):
        launching.run(loading.parse(IONS), IONS, tmp_path / "run")
    assert json.loads((tmp_path / "run" / "run.json").read_text())["exit_code"] == 3


@pytest.mark.parametrize("text", [SMALL.read_text(), IONS], ids=["dendrite", "transport"])
def test_a_complex_petsc_is_refused_before_a_folder_is_made(text, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(dolfinx, "default_scalar_type", np.complex128)
    config = tmp_path / "cell.yaml"
    config.write_text(text)
    assert main(["run", str(config), "-o", str(tmp_path / "run")]) == 2
    assert "use their real build" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
