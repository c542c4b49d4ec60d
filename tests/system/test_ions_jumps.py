# SPDX-License-Identifier: MIT
"""Transient ion transport from a start at which concentrations jump, as nobody's unknowns do."""

from __future__ import annotations

import json
import os
import signal
from math import log, pi, sqrt

import pytest

from solver.check import ions_limits
from solver.input import loading
from solver.output import checkpoint
from solver.stepping.stepper import Stepper
from tests.system import running
from tests.unit.test_ion_config import CALCIUM

TWO = """
title: Two layers
physics: transport
width: 2 um
species: [{name: Li, charge: 1}, {name: X, charge: -1}]
layers:
  - {name: free, thickness: 10 um, c0: {Li: 1000, X: 1000}, D: {Li: 1e-10, X: 2e-10}}
  - {name: fixed, thickness: 10 um, c0: {Li: 1000, X: 500}, c_im: 500, D: {Li: 1e-10, X: 2e-10}}
boundary: {anode: {phi: 0 V}}
constants: {T: 25 degC}
mesh: {columns: 1, size_min: 0.2 um, size_max: 2 um, growth: 1.5}
time: {mode: transient, end: 10 s, tolerance: 0.01}
output: {snapshots: 1}
"""
EVEN = ("layers.1.c0={Li: 1000, X: 1000}", "layers.1.c_im=0", "mesh.size_max=1 um")
D_NA, D_K, D_CL = 1.33e-9, 1.96e-9, 2.03e-9
JUNCTION = f"""
title: NaCl beside KCl
physics: transport
width: 2 um
species: [{{name: Na, charge: 1}}, {{name: K, charge: 1}}, {{name: Cl, charge: -1}}]
layers:
  - name: NaCl
    thickness: 10 um
    c0: {{Na: 100, K: 0.01, Cl: 100.01}}
    D: &D {{Na: {D_NA}, K: {D_K}, Cl: {D_CL}}}
  - {{name: KCl, thickness: 10 um, c0: {{Na: 0.01, K: 100, Cl: 100.01}}, D: *D}}
boundary: {{anode: {{phi: 0 V}}}}
constants: {{T: 25 degC}}
mesh: {{columns: 1, size_min: 0.2 um, size_max: 2 um, growth: 1.5}}
time: {{mode: transient, end: 1 ms, tolerance: 0.01}}
output: {{snapshots: 1}}
"""


def run(tmp_path, text: str, *overrides: str):
    config, folder = tmp_path / "cell.yaml", tmp_path / "run"
    config.write_text(text)
    done = running.called("run", config, "-o", folder, "--force", *running.set_all(*overrides))
    assert done.returncode == 0, done.stderr
    return loading.load(folder / "resolved.yaml"), running.rows(folder)


def forced(tmp_path, *overrides: str):
    words = running.set_all(*overrides)
    done = running.called("restart", tmp_path / "run", "--force", *words)
    assert done.returncode == 0, done.stderr
    return running.rows(tmp_path / "run")


def drop(rows) -> float:
    return rows[-1]["phi_max_V"] - rows[-1]["phi_min_V"]


def test_layers_with_immobilised_anions_come_to_donnan_equilibrium(tmp_path):
    config, rows = run(tmp_path, TWO)
    k = config.constants
    # c^2 = a (a + 500) of c mobile anions in the free layer, a in the other, c + a = 1500.
    c = 3e6 / 3500
    # Rows begin with the state that the config gives.
    assert rows[0]["c_X_min_mol_m3"] == pytest.approx(500, rel=1e-12)
    assert rows[-1]["c_X_max_mol_m3"] == pytest.approx(c, rel=1e-4)
    assert rows[-1]["c_X_min_mol_m3"] == pytest.approx(1500 - c, rel=1e-4)
    assert drop(rows) == pytest.approx(k.R * k.T / k.F * log(c / (1500 - c)), rel=2e-4)
    assert max(abs(row["balance_X_rel"]) for row in rows) < 1e-10


def test_liquid_junction_of_two_chlorides_has_its_potential(tmp_path):
    """Lewis and Sargent: RT/F ln((D_K + D_Cl)/(D_Na + D_Cl)), 4.415 mV."""
    config, rows = run(tmp_path, JUNCTION)
    k = config.constants
    exact = k.R * k.T / k.F * log((D_K + D_CL) / (D_NA + D_CL))
    assert exact == pytest.approx(4.415e-3, rel=1e-3)
    assert drop(rows) == pytest.approx(exact, rel=2e-3)


def left(rows) -> float:
    """Of X through the anode, per area [mol/m^2]."""
    return -sum(row["dt_s"] * row["flux_X_anode_mol_m2_s"] for row in rows)


def left_a_half_space(t: float) -> float:
    """Of a salt whose electrode has held half of c0 for a time: 2 (c0 - c) sqrt(D t/pi)."""
    D = 2 * 1e-10 * 2e-10 / 3e-10
    return 2 * 500 * sqrt(D * t / pi)


# Backward Euler in one step of all the time has 11 % too little.
@pytest.mark.parametrize("first", ["null", "0.1 s"])
def test_electrode_that_holds_another_concentration_than_the_start(tmp_path, first):
    half, end = "boundary.anode.c={X: 500}", "time.end=0.1 s"
    _, rows = run(tmp_path, TWO, *EVEN, half, end, f"time.dt_initial={first}")
    assert left(rows) == pytest.approx(left_a_half_space(0.1), rel=0.01)


def test_electrode_that_is_forced_to_hold_another_concentration(tmp_path):
    _, rows = run(tmp_path, TWO, *EVEN, "time.end=1 s")
    before = len(rows)
    # The size that the restart recalls would take it to the end at once.
    assert rows[-1]["dt_s"] > 0.1
    rows = forced(tmp_path, "boundary.anode.c={X: 500}", "time.end=1.1 s")
    assert left(rows[before:]) == pytest.approx(left_a_half_space(0.1), rel=0.01)


def test_steps_go_on_as_long_where_nothing_that_is_forced_makes_c_jump(tmp_path):
    _, rows = run(tmp_path, TWO, *EVEN, "time.end=1 s")
    before = len(rows)
    rows = forced(tmp_path, "time.tolerance=0.001", "time.end=3 s")
    assert rows[before]["dt_s"] >= rows[before - 1]["dt_s"]


def test_whatever_the_state_is_out_of_balance_with_is_met_by_a_small_step(tmp_path):
    _, rows = run(tmp_path, TWO, *EVEN, "time.end=1 s")
    D = "layers.0.D={Li: 1e-10, X: 1e-10}"
    for i, change in enumerate((D, "layers.1.epsilon_r=6", "constants.T=30 degC")):
        before = len(rows)
        rows = forced(tmp_path, change, f"time.end={2 + i}")
        # 1e-4 of (20 um)^2/D.
        assert rows[before]["dt_s"] == pytest.approx(4e-4, rel=1e-9), change


def test_restart_before_the_first_step_is_the_same_run(tmp_path):
    run(tmp_path, TWO, "time.end=10 ms", "output.checkpoint_steps=1", "output.checkpoints_kept=99")
    again = running.left_at(tmp_path / "run", 0, tmp_path / "again")
    assert [checkpoint.step_of(path) for path in checkpoint.all_in(again)] == [0]
    assert running.called("restart", again).returncode == 0
    assert running.same_results(tmp_path / "run", again)


def test_forced_boundary_value_is_in_force(tmp_path):
    run(tmp_path, TWO, "time.end=1 ms")
    rows = forced(tmp_path, "boundary.counter={phi: 0.1, c: {X: 400}}", "time.end=2 ms")
    assert rows[-1]["phi_max_V"] == pytest.approx(0.1, rel=1e-5)
    assert min(row["c_X_min_mol_m3"] for row in rows if row["t_s"] > 1.1e-3) < 400 * (1 + 1e-9)
    assert max(abs(row["balance_X_rel"]) for row in rows) < 1e-10


def test_stack_of_a_divalent_salt_is_empty_at_its_limiting_flux(tmp_path):
    """At 0.999 of the limit of free CaCl2 beside immobilised anions c is 0.1 % of its drop."""
    limit = ions_limits.prescribed(loading.parse(CALCIUM)).limit
    flux = 0.999 * limit
    _, rows = run(
        tmp_path, CALCIUM, f"boundary.counter.flux.Ca={flux}",
    )  # fmt: skip
    # c falls by J/D_+/1.5 per way: over 20 um that is all that there is.
    fall = flux / 2e-10 / 1.5 * 20e-6
    assert rows[-1]["c_Cl_min_mol_m3"] == pytest.approx(fall * 0.001 / 0.999, rel=0.3)


def test_run_of_which_every_try_fails_heeds_signals(tmp_path, monkeypatch):
    fail, tries = Stepper.fail, []

    def interrupted(self: Stepper, dt: float, reason: str) -> None:
        tries.append(dt)
        os.kill(os.getpid(), signal.SIGTERM)
        fail(self, dt, reason)

    monkeypatch.setattr(Stepper, "fail", interrupted)
    config = tmp_path / "cell.yaml"
    config.write_text(TWO)
    flux = running.set_all("boundary.counter.flux.X=-1e6")
    done = running.called("run", config, "-o", tmp_path / "run", *flux)
    assert done.returncode == 4 and "SIGTERM" in done.stderr
    assert len(tries) == 1


def test_ions_that_are_no_longer_dilute_are_remarked_on(tmp_path):
    """phi that is held at both electrodes lets Li+ through one alone: 0.5 V fills it."""
    end = ("time.end=1 s", "boundary.counter.phi=0.5", "layers.1.c0={Li: 1000, X: 1000}")
    _, rows = run(tmp_path, TWO, *end, "layers.1.c_im=0")
    assert rows[-1]["c_Li_max_mol_m3"] > 2000
    said = json.loads((tmp_path / "run" / "run.json").read_text())["remarks"]
    (sentence,) = (s for s in said if "c of Li exceeds 2 c0" in s)
    first = next(row for row in rows[1:] if row["c_Li_max_mol_m3"] > 2000)
    assert sentence.startswith(f"from t = {first['t_s']:.6g} s on")
    assert (tmp_path / "run" / "log.txt").read_text().count(sentence) == 1
    assert not any("decompose" in s for s in said)
