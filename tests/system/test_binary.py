# SPDX-License-Identifier: MIT
"""A cell with a binary electrolyte: flat fronts by closed forms, fingers, restarts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from solver.base.profile import Profile
from solver.cell import domain
from solver.equations.model import Model
from solver.input import loading
from solver.laws.front import from_psi
from solver.run import launching
from solver.schemes import factory
from solver.stepping.integrator import Integrator
from tests.system.running import EVERY_STEP, called, left_at, rows, same_results, set_all

pytestmark = pytest.mark.usefixtures("no_figure")

THICK = """\
title: a flat front before 100 um of a binary electrolyte
width: 1 um
layers: [{name: PEO, thickness: 106 um}]
phase_field: {interface_length: 0.44 um, delta: 0}
electrochemistry: {closure: binary, t_plus: 0.4}
mechanics: {enabled: false}
nuclei: {film: 6 um, count: 0}
mesh: {size_min: 0.22 um, size_max: 1 um, fine_height: 7 um}
time: {tolerance: 0.01}
solver: {pass_tolerance: 1.0e-4}
output: {snapshots: 1}
"""
FINGERS = """\
title: fingers in a binary electrolyte of two layers
width: 6 um
layers: [{name: A, thickness: 5 um, D: 2e-11}, {name: B, thickness: 5 um, sigma_ion: 0.2}]
phase_field: {interface_length: 0.4 um}
electrochemistry: {closure: binary, t_plus: 0.4, control: current, current: 20 mA/cm**2,
                   counter_R_ct: 0.5 ohm*cm**2}
nuclei: {film: 2 um, radius: 1.5 um, count: 1}
mesh: {size_min: 0.25 um, size_max: 0.8 um}
adapt: {enabled: true, margin: 0.5}
mechanics: {enabled: false}
time: {end: 20 s}
output: {snapshots: 2}
"""
F, SIGMA, C_LI, T_PLUS = 96500, 0.565, 7.64e4, 0.4
RT_F = 8.314 * 297.15 / F
A = 2 * (1 - T_PLUS) * RT_F
I_0 = 6 * F * C_LI * 0.5 * np.sqrt(7e-10 / 3e6)


def overpotential(current, c, i_0=I_0):
    """(2RT/F) asinh(i/2 i_0 (c/c0)^(1/2)) [V]."""
    return 2 * RT_F * np.arcsinh(current / (2 * i_0 * np.sqrt(c / 1000)))


def run(folder: Path, *overrides: str, text: str = THICK) -> list[dict[str, float]]:
    """Rows of a run, whose current is the deposit's and passes both electrodes in every step."""
    config = loading.parse(text, list(overrides))
    launching.run(config, text, folder, quiet=True)
    found = rows(folder)
    for row in found:
        assert abs(row["li_balance_rel"]) < 1e-12
    return found


def current(amperes: float) -> list[str]:
    return ["electrochemistry.control=current", f"electrochemistry.current={amperes}"]


def steps(*texts: str) -> str:
    return 'protocol={"steps": [' + ", ".join(f'"{x}"' for x in texts) + "]}"


THIN = ("layers.0.thickness=34 um", "nuclei.film=14 um", "layers.0.D=1.24e-10",
        "electrochemistry.counter_R_ct=7.58e-5", "time.tolerance=0.005",
        "solver.pass_tolerance=1e-5")  # fmt: skip


# --- before a half space ------------------------------------------------------------------


def test_pulse_and_rest(tmp_path):
    """496.09 mol/m3 after 20 s at 50 A/m2, 205.49 after 20 s more, and 12.808 mV between them."""
    found = run(tmp_path / "run", steps("Charge at 5 mA.cm-2 for 20 s", "Rest for 20 s"))
    pulse, rest = (next(x for x in found if abs(x["t_s"] - t) < 1e-9) for t in (20, 40))
    fallen = 2 * 50 * (1 - T_PLUS) / F / 1e-11 * np.sqrt(1e-11 * 20 / np.pi)
    assert fallen == pytest.approx(496.09, abs=0.01)
    for row, expected in ((pulse, fallen), (rest, (np.sqrt(2) - 1) * fallen)):
        assert 1000 - row["c_front_min_mol_m3"] == pytest.approx(expected, rel=0.01)
        assert row["c_max_mol_m3"] - 1000 == pytest.approx(expected, rel=0.003)
    c_1, c_2 = rest["c_front_min_mol_m3"], rest["c_max_mol_m3"]
    assert rest["cell_voltage_V"] == pytest.approx(A * np.log(c_2 / c_1), rel=1e-3)
    assert rest["cell_voltage_V"] * 1e3 == pytest.approx(12.808, rel=0.01)
    assert abs(rest["cell_current_A_per_m2"]) < 1e-10
    gap = 106e-6 - pulse["area_um2"] * 1e-6
    c_1, c_2 = pulse["c_front_min_mol_m3"], pulse["c_max_mol_m3"]
    expected = 50 * gap / SIGMA + A * np.log(c_2 / c_1) + overpotential(50, c_1)
    assert pulse["cell_voltage_V"] == pytest.approx(expected, rel=3e-3)


def test_sands_time(tmp_path):
    """81.3 s at 50 A/m2: no voltage lets more pass."""
    thicker = ("layers.0.thickness=206 um", "mesh.size_max=2 um")
    found = run(tmp_path / "run", steps("Charge at 5 mA.cm-2 for 1 h or until 0.3 V"), *thicker)
    sand = np.pi * 1e-11 * (F * 1000 / (2 * 50 * (1 - T_PLUS))) ** 2
    assert sand == pytest.approx(81.26, abs=0.01)
    assert found[-1]["t_s"] == pytest.approx(sand, rel=0.02)
    assert found[-1]["c_front_min_mol_m3"] < 5


def test_a_current_beyond_its_salt_ends_in_a_sentence(tmp_path):
    config = tmp_path / "cell.yaml"
    config.write_text(THICK)
    given = set_all(*current(500), "time.end=10 s", "layers.0.thickness=30 um",
                    "solver.pass_tolerance=3e-3", "solver.max_passes=8")  # fmt: skip
    done = called("run", config, "-o", tmp_path / "run", *given)
    assert done.returncode == 3 and "takes more salt" in done.stderr, done.stderr


def test_a_voltage_beyond_the_salt_draws_the_limiting_current(tmp_path):
    """c falls to 0 at the front; what is at the counter electrode then says how much passes."""
    held = ("electrochemistry.control=voltage", "electrochemistry.voltage=0.5 V")
    finer = ("mesh.fine_height=15 um", "time.end=4 s", "time.tolerance=0.02")
    last = run(tmp_path / "run", *THIN, *held, *finer)[-1]
    gap, c_2 = 34e-6 - last["area_um2"] * 1e-6, last["c_max_mol_m3"]
    c_1 = last["c_front_min_mol_m3"]
    assert 0 < c_1 < 25
    limit = (c_2 - c_1) * F * 1.24e-10 / ((1 - T_PLUS) * gap)
    assert last["cell_current_A_per_m2"] == pytest.approx(limit, rel=0.01)
    assert limit == pytest.approx(2 * F * 1.24e-10 * 1000 / ((1 - T_PLUS) * gap), rel=0.05)


# --- the steady state ---------------------------------------------------------------------


def settled(folder: Path, length: float, amperes: float, faster: float = 1.0, *more: str):
    """The last row of a thin cell in its steady state, and the voltage of sharp fronts there."""
    size = [f"mesh.{key}={length / 4} um" for key in ("size_min", "size_max")]
    given = [f"phase_field.interface_length={length} um", f"phase_field.L_eta={0.5 * faster}"]
    width = max(length, 1.0)
    last = run(
        folder, *THIN, *current(amperes), *size, *given, f"width={width} um", "time.end=8 s", *more
    )[-1]
    gap = 34e-6 - last["area_um2"] * 1e-6 / width
    fallen = amperes * (1 - T_PLUS) * gap / (F * 1.24e-10)
    # The salt that there is decides one c: that at the counter electrode, as it is.
    c_2 = last["c_max_mol_m3"] if amperes > 0 else last["c_min_mol_m3"]
    c_1 = c_2 - fallen
    voltage = amperes * gap / SIGMA + A * np.log(c_2 / c_1)
    voltage += overpotential(amperes, c_1, faster * I_0)
    voltage += overpotential(amperes, c_2, RT_F / 7.58e-5)
    return last, c_1, c_2, voltage


def test_the_steady_state(tmp_path):
    """i (1 - t_+) L/(F D) across, and the voltage with it."""
    last, c_1, c_2, voltage = settled(tmp_path / "run", 0.88, 500)
    assert c_2 - last["c_front_min_mol_m3"] == pytest.approx(c_2 - c_1, rel=2e-3)
    # The front goes on into the profile of the start, about whose middle there is c0.
    assert c_2 == pytest.approx(1000 + 500 * (1 - T_PLUS) * 10e-6 / (F * 1.24e-10), rel=3e-3)
    assert last["cell_voltage_V"] == pytest.approx(voltage, rel=1e-3)


def test_the_steady_state_of_a_front_that_dissolves(tmp_path):
    last, c_1, c_2, voltage = settled(tmp_path / "run", 0.88, -500)
    assert c_1 > 1.4 * c_2
    assert last["cell_voltage_V"] == pytest.approx(voltage, rel=2e-3)


def test_the_error_is_of_second_order_in_the_interface_length(tmp_path):
    """i_0 ten times that of Table S1: what resists as much as the front is 3 um, hardly above l."""
    errors = []
    for length in (1.76, 0.88):
        last, *_, voltage = settled(tmp_path / f"l_{length}", length, 1000, 10.0)
        errors.append(last["cell_voltage_V"] - voltage)
    assert abs(errors[1]) < 2e-4
    assert np.log2(errors[0] / errors[1]) > 2, errors


@pytest.mark.parametrize("given", [50.0, -50.0])
def test_without_anions_that_move_it_is_a_single_ion_conductor(tmp_path, given):
    short = (*current(given), "layers.0.thickness=20 um", "time.end=5 s",
             "electrochemistry.counter_R_ct=7.58e-5")  # fmt: skip
    alone = run(tmp_path / "alone", *short, "electrochemistry.closure=single_ion",
                "electrochemistry.t_plus=null")  # fmt: skip
    salt = run(tmp_path / "salt", *short, "electrochemistry.t_plus=1")
    assert len(salt) == len(alone)
    for a, b in zip(alone, salt, strict=True):
        assert b["cell_voltage_V"] == pytest.approx(a["cell_voltage_V"], rel=1e-6)
        assert b["area_um2"] == pytest.approx(a["area_um2"], rel=1e-10)
        assert b["c_min_mol_m3"] == b["c_max_mol_m3"] == pytest.approx(1000, rel=1e-12)


# --- ripples, fingers, restarts ------------------------------------------------------------


def rate_of_growth(wavelength: float, given: float, gap: float, c: float) -> float:
    """Of a small ripple of a sharp front that lies at c, once the salt before it has settled.

    The single-ion conductor's with 1/(sigma R) + k (i_c + i_phi A/c) for 1/(sigma R).
    """
    q, k = 2 * np.pi / wavelength, (1 - T_PLUS) / (F * 1.24e-10)
    conductance = np.hypot(given / 2, I_0 * np.sqrt(c / 1000)) / RT_F
    hindrance = conductance / SIGMA + k * (given / 2 + A * conductance) / c
    gained = hindrance * given / (F * C_LI) - 5e-6 * 7e-10 * q**2
    return gained / (1 + hindrance * np.tanh(q * gap) / q)


@pytest.mark.parametrize(("wavelength", "within"), [(20e-6, 0.015), (10e-6, 0.045)])
def test_a_ripple_grows_as_that_of_a_sharp_front(wavelength, within):
    """At 100 mA/cm2 before 21 um: three and four times as fast as without a salt."""
    film, slope = 5.25e-6, 1000 * (1 - T_PLUS) / (F * 1.24e-10)
    given = [*current(1000), f"width={wavelength / 2}", "layers.0.thickness=26 um",
             "layers.0.D=1.24e-10", f"nuclei.film={film}", "electrochemistry.counter_R_ct=7.58e-5",
             "mesh.fine_height=7.5 um", "solver.pass_tolerance=1e-5"]  # fmt: skip
    config = loading.parse(THICK, given)
    model = Model(config, domain.build(config, MPI.COMM_WORLD))
    integrator = Integrator(model, factory.create(model, Profile()))
    model.initialise()
    x, y = model.V.tabulate_dof_coordinates().T[:2]
    wave, xi = np.cos(2 * np.pi * x / wavelength), model.state.xi.x.array
    xi[:] = from_psi(-(y - film - 4e-8 * wave) / 0.44e-6)
    model.state.c.x.array[:] = 1000 + slope * (np.maximum(y, film) - 15.6e-6)
    integrator.scheme.settle()
    integrator.start(0.0)
    grown, expected, dt = [], [], 8e-7 * F * C_LI / 1000 / 10
    for number in range(1, 11):
        integrator.step(dt)
        integrator.keep(number * dt)
        grown.append(np.log(model.lumped_mass @ (wave * xi)))
        at = film + 8e-8 * number
        c = 1000 + slope * (at - 15.6e-6)
        expected.append(rate_of_growth(wavelength, 1000, 26e-6 - at, c))
    assert grown[-1] - grown[3] == pytest.approx(dt * np.trapezoid(expected[3:]), rel=within)



@pytest.mark.slow
def test_fingers_get_all_of_the_current_and_a_restart_repeats_them_to_the_last_bit(tmp_path):
    config, whole = tmp_path / "fingers.yaml", tmp_path / "whole"
    config.write_text(FINGERS)
    assert called("run", config, "-o", whole, *EVERY_STEP).returncode == 0
    assert "nodes become" in (whole / "log.txt").read_text()
    found = rows(whole)
    for row in found[1:]:
        assert row["cell_current_A_per_m2"] == pytest.approx(200, rel=1e-9)
        assert row["deposition_A_per_m2"] == pytest.approx(200, rel=1e-7)
        assert abs(row["li_balance_rel"]) < 1e-12
    assert found[-1]["tip_um"] > found[0]["tip_um"] + 0.5
    assert found[-1]["c_front_min_mol_m3"] < found[-1]["c_max_mol_m3"] - 300
    folder = left_at(whole, 11, tmp_path / "again")
    assert called("restart", folder).returncode == 0
    assert same_results(whole, folder)
