# SPDX-License-Identifier: MIT
"""A cell with a current and a voltage: flat fronts in a single-ion conductor by closed forms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from solver.base.profile import Profile
from solver.cell import domain
from solver.equations.model import Model
from solver.input import loading
from solver.laws.front import from_psi
from solver.run import launching
from solver.schemes import factory
from solver.stepping.integrator import Integrator
from tests.system.running import (
    EVERY_STEP,
    called,
    left_at,
    rows,
    same_results,
    set_all,
)

pytestmark = pytest.mark.usefixtures("no_figure")

STRIP = """\
title: a flat front in a single-ion conductor
width: 1 um
layers: [{name: LPSC, thickness: 53.5 um}]
phase_field: {interface_length: 0.44 um, delta: 0}
electrochemistry: {closure: single_ion, control: current, current: 1 mA/cm**2}
mechanics: {enabled: false}
nuclei: {film: 6 um, count: 0}
mesh: {size_min: 0.22 um, size_max: 0.22 um}
time: {end: 0.1 s, tolerance: 0.02}
output: {snapshots: 1}
"""
FINGERS = """\
title: fingers in a single-ion conductor of two layers
width: 6 um
layers: [{name: A, thickness: 5 um}, {name: B, thickness: 5 um, sigma_ion: 0.2}]
phase_field: {interface_length: 0.4 um}
electrochemistry: {closure: single_ion, control: current, current: 20 mA/cm**2,
                   counter_R_ct: 0.5 ohm*cm**2}
nuclei: {film: 2 um, radius: 1.5 um, count: 1}
mesh: {size_min: 0.25 um, size_max: 0.25 um}
time: {end: 40 s}
output: {snapshots: 2}
"""
FILM, GAP, SIGMA, CHARGE = 6e-6, 47.5e-6, 0.565, 96500 * 7.64e4
RT_F = 8.314 * 297.15 / 96500
I_0 = 6 * CHARGE * 0.5 * np.sqrt(7e-10 / 3e6)
"""Exchange current density of Table S1, 337.85 A/m2."""


def overpotential(current, i_0):
    """(2RT/F) asinh(i/2 i_0) [V]."""
    return 2 * RT_F * np.arcsinh(current / (2 * i_0))


def exchange(i_0: float) -> str:
    """Give the front this exchange current density [A/m2]."""
    return f"phase_field.L_eta={0.5 * i_0 / I_0}"


def held_at(volts: float) -> list[str]:
    cell = "electrochemistry"
    return [f"{cell}.control=voltage", f"{cell}.current=null", f"{cell}.voltage={volts}"]


def run(folder: Path, *overrides: str, text: str = STRIP) -> list[dict[str, float]]:
    """Rows of a run, in which the deposit is the charge that has passed, to round-off."""
    config = loading.parse(text, list(overrides))
    launching.run(config, text, folder, quiet=True)
    found = rows(folder)
    for row in found:
        assert abs(row["li_balance_rel"]) < 1e-12
    return found


def of_voltage(volts: float, gap: float, i_0: float = I_0) -> float:
    """Current density of a flat front before a reversible electrode [A/m2]."""
    return brentq(
        lambda i: i * gap / SIGMA + overpotential(i, i_0) - volts, -1e6, 1e6, xtol=1e-12, rtol=1e-14
    )


def grown(volts: float, t: float, gap: float, i_0: float = I_0) -> float:
    """How far a flat front has grown at time t at a constant voltage [m]."""

    def speed(_, x):
        return [of_voltage(volts, gap - x[0], i_0) / CHARGE]

    return solve_ivp(speed, (0, t), [0.0], rtol=1e-10, atol=1e-15).y[0, -1]


# --- current ------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_voltage_of_a_current_over_20_um(tmp_path):
    """0.8407 mV + 2 x 0.7574 mV = 2.35551 mV at the start, 2.17852 mV 10 um later."""
    resistance = f"electrochemistry.counter_R_ct={RT_F / I_0}"
    found = run(tmp_path / "run", resistance, "time.end=14745 s")
    t, height, voltage = (
        np.array([row[name] for row in found]) for name in ("t_s", "area_um2", "cell_voltage_V")
    )
    height, way = 1e-6 * height, 1e-6 * (height - height[0])
    assert way[-1] > 19.99e-6
    assert way[-1] / t[-1] == pytest.approx(1.35637e-9, rel=1e-5)
    assert np.allclose(way[1:], 10 / CHARGE * t[1:], rtol=1e-6, atol=2e-15)
    expected = 10 * (FILM + GAP - height) / SIGMA + 2 * overpotential(10, I_0)
    assert np.abs(voltage / expected - 1).max() < 0.005
    assert voltage[:6] == pytest.approx(2.35551e-3, rel=1e-3)
    assert np.interp(FILM + 10e-6, height, voltage) == pytest.approx(2.17852e-3, rel=0.003)


@pytest.mark.parametrize(("border", "delta"), [(20e-6, 0.1), (3e-6, 0.0)])
def test_layers_in_series(tmp_path, border, delta):
    """Of a border in the electrolyte, or in the metal; a flat front has R_ct in any direction."""
    layers = f"{{name: A, thickness: {border}, sigma_ion: 0.1}}"
    layers += f", {{name: B, thickness: {FILM + GAP - border}}}"
    coarse = "mesh.size_max=0.5 um", "mesh.fine_height=10 um"
    given = f"layers=[{layers}]", f"phase_field.delta={delta}", *coarse
    for row in run(tmp_path / "run", *given):
        front = row["area_um2"] * 1e-6
        through = max(border - front, 0.0) / 0.1 + (FILM + GAP - max(border, front)) / SIGMA
        expected = 10 * through + overpotential(10, I_0)
        assert row["cell_voltage_V"] == pytest.approx(expected, rel=1e-3)


def test_the_current_is_that_of_both_electrodes(tmp_path):
    for row in run(tmp_path / "run", "electrochemistry.current=-123.4"):
        assert row["cell_current_A_per_m2"] == pytest.approx(-123.4, rel=1e-9)
        if row["step"]:
            # From areas with ten digits: 1e-15 m of 6e-6 m.
            assert row["deposition_A_per_m2"] == pytest.approx(-123.4, rel=1e-8)


@pytest.mark.parametrize("i_0", [10.0, 1.0])
def test_overpotential_of_the_counter_electrode(tmp_path, i_0):
    """24.64 mV and 118.40 mV: phi is highest at the electrode, and the voltage of its metal."""
    last = run(tmp_path / "run", f"electrochemistry.counter_R_ct={RT_F / i_0}")[-1]
    drop = last["cell_voltage_V"] - last["phi_max_V"]
    assert drop == pytest.approx(overpotential(10, i_0), rel=1e-8)
    assert drop * 1e3 == pytest.approx({10: 24.64, 1: 118.40}[i_0], rel=1e-4)


@pytest.mark.parametrize("i_0", [10.0, 1.0])
def test_overpotential_of_the_front(tmp_path, i_0):
    last = run(tmp_path / "run", exchange(i_0))[-1]
    drop = last["cell_voltage_V"] - 10 * GAP / SIGMA
    assert drop * 1e3 == pytest.approx({10: 24.64, 1: 118.40}[i_0], rel=1e-3)


def test_a_rest_passes_nothing(tmp_path):
    rest = ("electrochemistry.control=rest", "electrochemistry.current=null")
    last = run(tmp_path / "run", *rest, "electrochemistry.counter_R_ct=0.76 ohm*cm**2")[-1]
    assert abs(last["cell_current_A_per_m2"]) < 1e-10
    assert abs(last["cell_voltage_V"]) < 2e-6, "well and gradient of a flat front balance"


@pytest.mark.slow
def test_a_film_dissolves_as_fast_as_the_current_says(tmp_path):
    longer = ("layers.0.thickness=67.5 um", "nuclei.film=20 um")
    found = run(tmp_path / "run", *longer, "electrochemistry.current=-100", "time.end=500 s")
    first, last = found[0], found[-1]
    way = (last["area_um2"] - first["area_um2"]) * 1e-6
    assert way == pytest.approx(-100 * 500 / CHARGE, rel=1e-8)
    expected = -100 * (67.5e-6 - last["area_um2"] * 1e-6) / SIGMA - overpotential(100, I_0)
    assert last["cell_voltage_V"] == pytest.approx(expected, rel=0.005)


# --- voltage ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_hold_at_10_mV(tmp_path):
    """One linear R_ct: 62.573 A/m2 at the start, 20 um after 2095.5 s, 80.376 A/m2 then."""
    found = run(tmp_path / "run", *held_at(0.01), "time.end=2095.5 s")
    assert all(row["cell_voltage_V"] == 0.01 for row in found)
    assert found[3]["cell_current_A_per_m2"] == pytest.approx(62.573, rel=0.003)
    way = found[-1]["area_um2"] - found[0]["area_um2"]
    assert way == pytest.approx(20, rel=0.003)
    assert way * 1e-6 == pytest.approx(grown(0.01, 2095.5, GAP), rel=2e-4)
    assert found[-1]["cell_current_A_per_m2"] == pytest.approx(80.376, rel=0.01)


@pytest.mark.parametrize(("elements", "volts"), [(1, 0.1), (2, 0.5), (2, -0.1)])
def test_a_strip_of_one_or_two_triangles_across_passes_the_current_of_its_voltage(
    tmp_path, elements, volts
):
    """4 and 5 of its edges cross the front."""
    layers = "layers=[{name: A, thickness: 10 um}, {name: B, thickness: 20 um, sigma_ion: 0.02}]"
    width = f"width={0.22 * elements} um"
    coarse = "mesh.size_max=1 um", "mesh.fine_height=9 um"
    last = run(tmp_path / "run", layers, width, *coarse, *held_at(volts))[-1]
    above = 10e-6 - 1e-6 * last["area_um2"] / (0.22 * elements)
    sharp = of_voltage(volts, above + 20e-6 * SIGMA / 0.02)
    assert last["cell_current_A_per_m2"] == pytest.approx(sharp, rel=1e-3)


NARROW = ("layers.0.thickness=26 um", "time.end=20 s", "time.tolerance=0.005",
          "solver.pass_tolerance=1e-5")  # fmt: skip


@pytest.mark.slow
def test_the_current_of_a_voltage_at_a_thick_interface(tmp_path):
    """i = 1000 A/m2 before a gap of 20 um at 95.98 mV."""
    found = run(tmp_path / "run", *NARROW, *held_at(0.09598))
    for row in found[1:]:
        gap = 26e-6 - row["area_um2"] * 1e-6
        sharp = of_voltage(0.09598, gap)
        assert row["cell_current_A_per_m2"] == pytest.approx(sharp, rel=5e-4)
    way = (found[-1]["area_um2"] - found[0]["area_um2"]) * 1e-6
    assert way == pytest.approx(grown(0.09598, 20, 26e-6 - found[0]["area_um2"] * 1e-6), rel=5e-4)


@pytest.mark.slow
def test_the_error_of_quick_kinetics_is_of_second_order_in_the_interface_length(tmp_path):
    """i_0 ten times that of Table S1: sigma R_ct is 4.3 um, no longer far above l."""
    errors = []
    for length in (1.76, 0.88):
        size = [f"mesh.{key}={length / 4} um" for key in ("size_min", "size_max")]
        given = [f"phase_field.interface_length={length} um", exchange(10 * I_0), *size]
        wide = ["width=2 um", "nuclei.film=14 um", "layers.0.thickness=34 um"]
        folder = tmp_path / f"l_{length}"
        found = run(folder, *NARROW, *held_at(0.09598), *given, *wide)
        start = found[0]["area_um2"] / 2
        way, gap = found[-1]["area_um2"] / 2 - start, 34 - start
        errors.append(way * 1e-6 / grown(0.09598, 20, gap * 1e-6, 10 * I_0) - 1)
    assert abs(errors[1]) < 0.005
    assert np.log2(errors[0] / errors[1]) > 2, errors


# --- ripples, fingers, restarts ----------------------------------------------------------------


def rate_of_growth(
    wavelength: float, current: float, gap: float, stiffness: float, sigma: float = SIGMA
) -> float:
    """Of a small ripple of a sharp front, (V/(sigma R) - Gamma q^2)/(1 + tanh(q L)/(sigma R q)).

    Gamma is L_sigma kappa_0 times the stiffness (gamma + gamma'')/gamma_0.
    """
    q, V = 2 * np.pi / wavelength, current / CHARGE
    equivalent = sigma * RT_F / I_0 / np.sqrt(1 + (current / (2 * I_0)) ** 2)
    gained = V / equivalent - stiffness * 5e-6 * 7e-10 * q**2
    return gained / (1 + np.tanh(q * gap) / (equivalent * q))


def growth(wavelength: float, current: float, way: float, number: int, *given: str) -> float:
    """Growth rate of a ripple that a front before 20 um has in so many steps of a way [1/s]."""
    given = [f"width={wavelength / 2}", f"electrochemistry.current={current}",
             "layers.0.thickness=26 um", "nuclei.film=5.25 um", "mesh.size_max=1 um",
             "mesh.size_min=0.15 um", "solver.pass_tolerance=1e-5", "solver.max_passes=50",
             *given]  # fmt: skip
    config = loading.parse(STRIP, given)
    model = Model(config, domain.build(config, MPI.COMM_WORLD))
    steps = Integrator(model, factory.create(model, Profile()))
    model.initialise()
    x, y = model.V.tabulate_dof_coordinates().T[:2]
    wave, xi = np.cos(2 * np.pi * x / wavelength), model.state.xi.x.array
    xi[:] = from_psi(-(y - 5.25e-6 - 4e-8 * wave) / 0.44e-6)
    steps.scheme.settle()
    steps.start(0.0)
    t, amplitudes, dt = [], [], way * CHARGE / current / number
    for step in range(1, number + 1):
        steps.step(dt)
        steps.keep(step * dt)
        t.append(step * dt)
        amplitudes.append(model.lumped_mass @ (wave * xi))
    settled = round(0.3 * number)
    return np.polyfit(t[settled:], np.log(amplitudes[settled:]), 1)[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wavelength", "delta", "rate"),
    [(20e-6, 0.0, 4.690e-3), (10e-6, 0.0, 4.011e-3), (10e-6, 0.1, 4.936e-3)],
)
def test_a_ripple_grows_as_that_of_a_sharp_front(wavelength, delta, rate):
    """At 100 mA/cm2 before a gap of 20 um, while the front goes 1.5 um.

    Across the anode gamma is gamma_0 sqrt(1 + delta cos(4 theta)), theta = pi/2.
    """
    gamma = np.sqrt(1 + delta)
    stiffness = gamma - 16 * delta / (2 * gamma)
    assert rate_of_growth(wavelength, 1000, 20e-6, stiffness) == pytest.approx(rate, rel=1e-3)
    given = f"phase_field.delta={delta}", "mesh.fine_height=11 um"
    assert growth(wavelength, 1000, 1.5e-6, 40, *given) == pytest.approx(rate, rel=0.02)


def test_a_ripple_that_surface_energy_holds_back_grows_as_that_of_a_sharp_front():
    """By three quarters. With the field of the reaction's current alone it is 10 % too slow."""
    given = "phase_field.delta=0", "layers.0.sigma_ion=0.1", "mesh.fine_height=10 um"
    rate = rate_of_growth(10e-6, 100, 19.3e-6, 1.0, sigma=0.1)
    assert growth(10e-6, 100, 1.2e-6, 16, *given) == pytest.approx(rate, rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("adapting", [False, True])
def test_fingers_get_all_of_the_current(tmp_path, adapting):
    found = run(tmp_path / "run", *(ADAPTING if adapting else ()), text=FINGERS)
    for row in found[1:]:
        assert row["cell_current_A_per_m2"] == pytest.approx(200, rel=1e-9)
        assert row["deposition_A_per_m2"] == pytest.approx(200, rel=1e-7)
    passed = sum(row["dt_s"] for row in found) * 200 / CHARGE * 6
    assert found[-1]["area_um2"] - found[0]["area_um2"] == pytest.approx(passed * 1e6, rel=1e-8)
    assert found[-1]["tip_um"] > found[0]["tip_um"] + 0.9
    assert ("nodes become" in (tmp_path / "run/log.txt").read_text()) == adapting


CONTROLS = {"current": (), "voltage": tuple(held_at(0.02))}
ADAPTING = ("adapt.enabled=true", "mesh.size_max=0.8 um", "adapt.margin=0.5")


@pytest.mark.slow
@pytest.mark.parametrize("given", [*CONTROLS.values(), ADAPTING], ids=[*CONTROLS, "adapting"])
def test_a_restart_repeats_the_run_to_the_last_bit(tmp_path, given):
    config, whole = tmp_path / "fingers.yaml", tmp_path / "whole"
    config.write_text(FINGERS)
    given = set_all("time.end=40 s", *given)
    assert called("run", config, "-o", whole, *EVERY_STEP, *given).returncode == 0
    adapting = "nodes become" in (whole / "log.txt").read_text()
    assert adapting == any("adapt" in word for word in given)
    for step in (1, 14):
        folder = left_at(whole, step, tmp_path / f"again_{step}")
        assert called("restart", folder).returncode == 0
        assert same_results(whole, folder)


def test_the_end_of_the_lithium_ends_the_run(tmp_path):
    config = tmp_path / "strip.yaml"
    config.write_text(STRIP)
    given = set_all("electrochemistry.current=-1e4", "nuclei.film=1.4 um", "time.end=100 s")
    done = called("run", config, "-o", tmp_path / "run", *given)
    assert done.returncode == 0 and "anode exhausted" in done.stdout, done.stderr
