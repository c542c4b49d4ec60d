"""A prescribed current brings the potential of its electrode as one scalar unknown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solver.base.errors import InputError, SolverError
from solver.check.ions_limits import prescribed
from solver.input import loading
from solver.run import launching
from tests.system.running import called, left_at, rows, same_results

pytestmark = pytest.mark.usefixtures("no_figure")

F, RT = 96500.0, 8.314 * 297.15
CURRENT, D, T_PLUS, LENGTH = 5.0, 1e-11, 0.4, 50e-6
BINARY = f"""\
title: a binary electrolyte at a given current
physics: transport
width: 5 um
constants: {{T: 297.15, F: {F}, R: 8.314}}
species: [{{name: Li, charge: 1}}, {{name: A, charge: -1}}]
layers:
  - {{name: lower, thickness: 20 um, c0: {{Li: 1000, A: 1000}},
     D: {{Li: {D / 2 / (1 - T_PLUS)}, A: {D / 2 / T_PLUS}}}}}
  - {{name: upper, thickness: 30 um, c0: {{Li: 1000, A: 1000}},
     D: {{Li: {D / 2 / (1 - T_PLUS)}, A: {D / 2 / T_PLUS}}}}}
boundary: {{anode: {{current: {-CURRENT}}}, counter: {{phi: 0}}}}
mesh: {{columns: 2}}
"""
SINGLE_ION = f"""\
title: a single-ion conductor at a given current
physics: transport
width: 5 um
constants: {{T: 297.15, F: {F}, R: 8.314}}
species: [{{name: Li, charge: 1}}]
layers:
  - {{name: lower, thickness: 20 um, c0: {{Li: 1000}}, c_im: 1000, D: {{Li: 2e-11}}}}
  - {{name: upper, thickness: 30 um, c0: {{Li: 1000}}, c_im: 1000, D: {{Li: 5e-12}}}}
boundary: {{anode: {{phi: 0}}, counter: {{current: {CURRENT}}}}}
mesh: {{columns: 2}}
"""
TRANSIENT = ("time.mode=transient", "time.end=8 s", "time.tolerance=1e-3",
             "output.checkpoint_steps=5", "output.checkpoints_kept=100")  # fmt: skip


def run(text: str, folder: Path, *overrides: str) -> list[dict[str, float]]:
    config = loading.parse(text, list(overrides))
    launching.run(config, text, folder, overrides, quiet=True)
    return rows(folder)


def test_steady_profile_and_potential_of_a_binary_electrolyte(tmp_path):
    last = run(BINARY, tmp_path / "run")[-1]
    assert last["flux_Li_anode_mol_m2_s"] == pytest.approx(-CURRENT / F, rel=1e-10)
    assert last["flux_Li_counter_mol_m2_s"] == pytest.approx(CURRENT / F, rel=1e-8)
    across = CURRENT * (1 - T_PLUS) * LENGTH / (F * D)
    low, high = last["c_Li_min_mol_m3"], last["c_Li_max_mol_m3"]
    assert high - low == pytest.approx(across, rel=1e-6)
    # Anions at rest: their electrochemical potential is the same everywhere.
    assert last["phi_min_V"] == pytest.approx(-RT / F * np.log(high / low), rel=1e-6)


def test_ohms_law_of_a_single_ion_conductor(tmp_path):
    last = run(SINGLE_ION, tmp_path / "run")[-1]
    resistance = sum(L * RT / (F * F * d * 1000) for L, d in ((20e-6, 2e-11), (30e-6, 5e-12)))
    assert last["phi_max_V"] == pytest.approx(CURRENT * resistance, rel=1e-9)


@pytest.mark.parametrize("side", ["anode", "counter"])
def test_transient_carries_the_current_at_every_step(tmp_path, side):
    """On a half space c falls by 2 i (1 - t_+)/F sqrt(t/(pi D)) (Sand 1901)."""
    other = {"anode": "counter", "counter": "anode"}[side]
    boundary = (f"boundary.{side}={{current: -3}}", f"boundary.{other}={{phi: 0}}")
    found = run(BINARY, tmp_path / "run", *boundary, *TRANSIENT)
    assert len(found) > 10
    for row in found[1:]:
        assert row[f"flux_Li_{side}_mol_m2_s"] == pytest.approx(-3 / F, rel=1e-10)
        assert abs(row["balance_Li_rel"]) < 1e-10
    fall = 2 * 3 * (1 - T_PLUS) / F * np.sqrt(found[-1]["t_s"] / (np.pi * D))
    assert 1000 - found[-1]["c_Li_min_mol_m3"] == pytest.approx(fall, rel=2e-3)


def test_restart_is_exact(tmp_path):
    run(BINARY, tmp_path / "whole", *TRANSIENT)
    cut = left_at(tmp_path / "whole", 5, tmp_path / "cut")
    done = called("restart", cut)
    assert done.returncode == 0, done.stderr
    assert same_results(tmp_path / "whole", cut)


def test_a_current_of_anions_has_no_limit_of_cations():
    """The first species brings it: 2 F D- c0/(t_+ L), with Li+ at rest."""
    swapped = BINARY.replace(
        "[{name: Li, charge: 1}, {name: A, charge: -1}]",
        "[{name: A, charge: -1}, {name: Li, charge: 1}]",
    )
    assert prescribed(loading.parse(BINARY)).flux == pytest.approx(CURRENT / F)
    assert prescribed(loading.parse(swapped)) is None


def test_more_than_the_limiting_current_is_said(tmp_path):
    """2 F D c0/((1 - t_+) L) of a binary electrolyte, 64.33 A/m2."""
    limit = 2 * F * D * 1000 / ((1 - T_PLUS) * LENGTH)
    with pytest.raises(SolverError) as error:
        current = f"boundary.anode.current={-1.02 * limit}"
        run(BINARY, tmp_path / "run", current, "mesh.size_min=1 um", "mesh.size_max=1 um")
    message = str(error.value)
    assert f"{limit / F:.4g} mol/m^2/s" in message and "boundary.*.current" in message


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("boundary.anode.phi=0", ["boundary.anode", "current and phi", "follows"]),
        ("boundary.anode.flux={Li: 1e-5}", ["boundary.anode", "current and flux.Li", "follows"]),
        ("closure=poisson", ["boundary.anode.current", "electroneutral", "flux.Li"]),
        ("boundary.counter={current: 5}", ["phi must be given", "reference"]),
        ("boundary.anode.current=1 A", ["boundary.anode.current", "1 A", "A/m^2"]),
    ],
)
def test_what_does_not_fit_together_is_said(override, words):
    with pytest.raises(InputError) as error:
        loading.parse(BINARY, [override])
    assert all(word in str(error.value) for word in words), error.value
