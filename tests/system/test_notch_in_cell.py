# SPDX-License-Identifier: MIT
"""A notch under the overpotential of its cell: what presses at its tip, and where the work goes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from benchmarks.adaptive.common import Noted, run
from solver.base.profile import Profile
from solver.cell import domain
from solver.equations.model import Model
from solver.input import loading
from solver.schemes import factory
from solver.stepping.integrator import Integrator
from tests.system.running import EVERY_STEP, called, left_at, rows, same_results, set_all

TEXT = """\
title: A notch in a cell
width: 3 um
layers: [{name: LPSC, thickness: 5 um, K_IC: 0.23 MPa*m^0.5, sigma_ion: 0.5 S/m}]
phase_field: {interface_length: 0.25 um, R_ct: 1 ohm*cm^2}
nuclei: {film: 1.5 um, count: 0}
mesh: {size_min: 0.25 um, size_max: 0.25 um}
fracture: {length: 0.3 um, elements: 2, overpotential_from: fields,
           notches: [{x: 1.5 um, y: 1.5 um, length: 1.2 um}]}
"""
CELL = "electrochemistry={closure: single_ion, control: current, current: %g}"


def settled(*changes: str) -> tuple[Model, factory.Scheme]:
    config = loading.parse(TEXT, changes)
    model = Model(config, domain.build(config, MPI.COMM_SELF))
    model.initialise()
    scheme = factory.create(model, Profile())
    scheme.settle()
    return model, scheme


def pressure(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Heights of nodes about the upper half of the notch [m], and the pressures there [Pa]."""
    x, y = model.V.tabulate_dof_coordinates()[:, :2].T
    near = (np.abs(x - 1.5e-6) < 0.3e-6) & (y > 2.1e-6) & (y < 2.7e-6)
    return y[near], model.equations["d"].pressing.keep()[near]


def test_lithium_presses_by_charge_transfer_and_ohmic_drop_at_its_place():
    """p = F c_Li (eta(i) + i (y - film)/sigma) with eta = 2 RT/F asinh(i/(2 i_0))."""
    model, _ = settled(CELL % 200.0)
    k, i, R_ct, sigma = model.config.constants, 200.0, 1e-4, 0.5
    height, found = pressure(model)
    RT_F = k.R * k.T / k.F
    eta = 2 * RT_F * np.arcsinh(i * R_ct / (2 * RT_F))
    expected = k.F * model.config.lithium.c_Li * (eta + i * (height - 1.5e-6) / sigma)
    assert len(found) > 3 and found == pytest.approx(expected, rel=5e-3)
    assert model.equations["d"].measured()[3] == pytest.approx(expected.max() * 1e-6, rel=0.03)


def test_where_lithium_dissolves_nothing_presses():
    model, _ = settled(CELL % -200.0)
    assert (pressure(model)[1] == 0).all()


def test_printed_kinetics_press_by_how_far_they_are_from_rest():
    """RT/F ln(c/c0) - (phi - phi_eq), with c = c0/2 and phi by hand."""
    model, _ = settled("mechanics.feedback=false")
    s, k = model.state, model.config.constants
    s.c.x.array[:], s.phi.x.array[:] = 500.0, -0.03
    damage = model.equations["d"]
    damage.pressing.find(0.0)
    expected = k.F * 7.64e4 * (0.03 + k.R * k.T / k.F * np.log(0.5))
    assert damage.pressing.keep() == pytest.approx(expected)


def test_work_of_cell_and_growing_deposit_is_found_again():
    """The film grows by 0.14 um, its strain and moduli take the place of the electrolyte's."""
    model, scheme = settled(CELL % 200.0, "time.scheme=backward_euler")
    integrator, damage = Integrator(model, scheme), model.equations["d"]
    integrator.start(0.0)
    first = damage.work.energies()
    for t in range(5):
        integrator.step(1.0)
        integrator.keep(t + 1.0)
    now, sums = damage.work.energies(), damage.work.sums
    stored = now.elastic + now.cracks - first.elastic - first.cracks
    assert abs(stored) > 1e-9
    assert sums.work == pytest.approx(stored + sums.dissipated, rel=0.01)
    assert abs(damage.work.missing) < 0.01


PULSE = (
    "protocol={steps: [{control: rest, until: [{time: 1 s}]}, "
    "{control: current, value: 100 A/m^2, until: [{time: 1 s}]}, "
    "{control: rest, until: [{time: 1 s}]}]}",
    "electrochemistry={closure: single_ion}",
    "time={dt_initial: 0.5 s, dt_max: 0.5 s}",
)


@pytest.fixture(scope="module")
def pulse(tmp_path_factory) -> Path:
    """A current that is switched on for a second and off again."""
    folder = tmp_path_factory.mktemp("pulse")
    (folder / "cell.yaml").write_text(TEXT)
    done = called("run", folder / "cell.yaml", "-o", folder / "run", *EVERY_STEP, *set_all(*PULSE))
    assert done.returncode == 0, done.stderr
    return folder / "run"


def test_work_of_a_current_that_is_switched_on_and_off_is_found_again(pulse):
    found = rows(pulse)
    on = [row["cell_current_A_per_m2"] > 1.0 for row in found]
    assert sum(on) >= 2 and not on[0] and not on[-1]
    assert max(abs(row["crack_balance_rel"]) for row in found) < 1e-2
    work = [row["crack_work_J_per_m"] for row in found]
    most = max(work)
    assert most == pytest.approx(work[on.index(True)], rel=0.1) and work[-1] < 0.3 * most


def test_work_of_a_current_that_is_switched_is_found_again_on_new_meshes(tmp_path):
    """A mesh that is made beside the switch is one of the state before it."""

    class Always(Noted):
        def due(self) -> bool:
            return True

    (tmp_path / "cell.yaml").write_text(TEXT)
    notes = run([*PULSE, "adapt.enabled=true"], tmp_path / "cell.yaml", Always)
    assert len(notes.problem.shifts) == len(notes.rows) == 6
    assert np.abs(notes.column("crack_balance_rel")[2:]).max() < 1e-2  # 0.98 by the wrong pressure


def test_a_restart_beside_a_switch_of_the_current_repeats_the_work(pulse, tmp_path):
    for step in (1, 2, 3, 4, 5):
        folder = left_at(pulse, step, tmp_path / str(step))
        assert called("restart", folder).returncode == 0
        assert same_results(pulse, folder)
