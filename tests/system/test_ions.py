# SPDX-License-Identifier: MIT
"""Ion transport against exact solutions: what a run leaves in its folder, as a user gets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.zhang2024.exact import Mixed, flux_of_single_ion, gouy_chapman
from solver import loading
from solver.cli import main
from solver.errors import SolverError
from solver.ions import figure, limits, simulation
from solver.output import snapshots

L, D, C = 100e-6, 2.5e-10, 1000.0
BINARY = """
title: one layer
physics: transport
width: 20 um
species: [{name: Li, charge: 1}, {name: A, charge: -1}]
layers:
  - name: PEO
    thickness: 100 um
    c0: {Li: 1000, A: %g}
    c_im: %g
    D: {Li: 2.5e-10, A: 1e-10}
boundary: {anode: {phi: 0 V}, counter: {}}
mesh: {columns: 2, size_min: 0.5 um, size_max: 4 um}
"""
FREE = BINARY % (C, 0)


def run(folder: Path, text: str, *overrides: str):
    """Run and return the config, the rows of scalars.csv and the profile."""
    config = loading.parse(text, list(overrides))
    simulation.run(config, text, folder)
    return config, rows(folder), figure.read_profile(folder / "profile.csv")


def rows(folder: Path) -> list[dict[str, float]]:
    with (folder / "scalars.csv").open() as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


def RT_F(config) -> float:
    k = config.constants
    return k.R * k.T / k.F


def test_high_voltage_draws_the_limiting_current(tmp_path):
    config, table, _ = run(tmp_path / "a", FREE, "boundary.counter.phi=0.3 V")
    # c(L)/c(0) = exp(F U/RT): i/i_lim = tanh(F U/2RT).
    expected = 4 * D * C / L * np.tanh(0.3 / 2 / RT_F(config))
    assert table[-1]["flux_Li_counter_mol_m2_s"] == pytest.approx(expected, rel=1e-3)
    assert limits.limiting_flux([(L, D, 0.0)], C * L) == pytest.approx(4 * D * C / L, rel=1e-12)


def test_single_ion_conducts_without_a_gradient(tmp_path):
    text = FREE.replace(", {name: A, charge: -1}", "").replace(", A: 1000", "").replace(
        ", A: 1e-10", ""
    )  # fmt: skip
    config, table, profile = run(
        tmp_path / "a", text, "layers.0.c_im=1000", "boundary.counter.phi=0.01 V"
    )
    expected = flux_of_single_ion(D, C, 0.01, L, RT_F(config))
    assert table[-1]["flux_Li_counter_mol_m2_s"] == pytest.approx(expected, rel=1e-9)
    assert profile["c_Li_mol_m3"] == pytest.approx(C, rel=1e-9)


@pytest.mark.parametrize("fraction", [0.25, 0.5, 0.75])
def test_mixed_anions_follow_the_exact_profile(fraction, tmp_path):
    text = BINARY % (C * (1 - fraction), C * fraction)
    J = 0.008
    config, table, profile = run(tmp_path / "a", text, f"boundary.counter.flux.Li={J}")
    exact = Mixed(L, D, C * (1 - fraction), C * fraction, J)
    y, c = exact.profile()
    found = np.interp(y, 1e-6 * profile["y_um"], profile["c_A_mol_m3"])
    assert np.abs(found / c - 1).max() < 1e-3
    assert table[-1]["phi_max_V"] == pytest.approx(exact.voltage(RT_F(config)), rel=1e-3)
    # Neutrality holds against all quadratics: at a node up to an error of interpolation.
    assert profile["c_Li_mol_m3"] - profile["c_A_mol_m3"] == pytest.approx(C * fraction, rel=1e-4)


def test_every_species_is_conserved_in_every_step(tmp_path):
    _, table, _ = run(tmp_path / "a", FREE, "boundary.counter.phi=0.05 V")
    for row in table:
        assert abs(row["balance_Li_rel"]) < 1e-10
        assert abs(row["balance_A_rel"]) < 1e-10


def test_unattainable_flux_ends_with_the_limiting_one(tmp_path, capsys):
    config = tmp_path / "cell.yaml"
    config.write_text(FREE.replace("2.5e-10", "1e-10"))
    flux = ["--set", "boundary.counter.flux.Li=0.01"]
    assert main(["run", str(config), "-o", str(tmp_path / "run"), *flux]) == 3
    message = capsys.readouterr().err.strip()
    assert len(message.splitlines()) == 1
    # 4 D c/L of D = 1e-10.
    assert "0.01 mol/m^2/s" in message and "0.004 mol/m^2/s" in message
    assert min(row["c_Li_min_mol_m3"] for row in rows(tmp_path / "run")) > 0
    assert json.loads((tmp_path / "run" / "run.json").read_text())["exit_code"] == 3
    assert main(["check", str(config), *flux]) == 2
    assert "limiting flux is 0.004 mol/m^2/s" in capsys.readouterr().err


def test_depletion_comes_at_sands_time(tmp_path):
    J = 0.08
    text = FREE.replace("{phi: 0 V}", f"{{flux: {{Li: -{J}}}}}").replace(
        "counter: {}", "counter: {phi: 0, c: {A: 1000}}"
    )
    with pytest.raises(SolverError, match="used up"):
        run(tmp_path / "a", text, "time.mode=transient", "time.end=60 s", "mesh.size_min=0.05 um")
    expected = limits.sand_time(D, 1e-10, C, J)
    assert rows(tmp_path / "a")[-1]["t_s"] == pytest.approx(expected, rel=0.02)


def thick_double_layer(factor: float) -> list[str]:
    """Overrides that make the Debye length this fraction of the layer."""
    config = loading.parse(FREE, ["boundary.counter.phi=0"])
    debye = limits.debye_length(config, config.layers[0])
    return ["closure=poisson", f"layers.0.epsilon_r={5 * (factor * L / debye) ** 2}"]


def test_charged_wall_has_the_gouy_chapman_profile(tmp_path):
    wall, share = -0.05, 0.01
    text = FREE.replace("counter: {}", "counter: {phi: 0, c: {Li: 1000, A: 1000}}")
    config, _, profile = run(
        tmp_path / "a", text, f"boundary.anode.phi={wall}", *thick_double_layer(share),
        "mesh.size_min=0.05 um", "mesh.size_max=0.5 um",
    )  # fmt: skip
    y, psi = 1e-6 * profile["y_um"], profile["phi_V"] / RT_F(config)
    near = y < 5 * share * L
    exact = gouy_chapman(y[near], wall / RT_F(config), share * L)
    assert np.abs(psi[near] / exact - 1).max() < 0.01


def test_poisson_becomes_electroneutral_as_the_debye_length_shrinks(tmp_path):
    """Fluxes fixed, so that both closures have the same current; compared in the middle half."""
    text = FREE.replace("{phi: 0 V}", "{phi: 0 V, flux: {Li: -0.005}}")
    drive = ["boundary.counter.flux.Li=0.005"]
    neutral = FREE
    _, _, wanted = run(tmp_path / "neutral", neutral, *drive)
    errors = []
    for i, share in enumerate((0.04, 0.02, 0.01)):
        more = thick_double_layer(share)
        _, _, found = run(tmp_path / str(i), text, *drive, *more, "mesh.size_min=0.2 um")
        y = np.linspace(25, 75, 51)
        profiles = (np.interp(y, p["y_um"], p["c_A_mol_m3"]) for p in (wanted, found))
        errors.append(np.abs(np.subtract(*profiles)).max() / C)
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 2e-3


def test_folder_has_the_promised_files_and_is_not_overwritten(tmp_path):
    config = tmp_path / "cell.yaml"
    config.write_text(FREE)
    words = ["run", str(config), "-o", str(tmp_path / "run"), "--set", "boundary.counter.phi=0.01"]
    assert main(words) == 0
    names = {"config.yaml", "resolved.yaml", "run.json", "log.txt", "scalars.csv", "profile.csv"}
    found = {path.name for path in (tmp_path / "run").iterdir()}
    assert found == names | {"fields.xdmf", "fields", "figure.png"}
    fields = snapshots.load(tmp_path / "run").fields
    assert set(fields) == {"c_Li", "c_A", "phi", "layer"}
    resolved = loading.load(tmp_path / "run" / "resolved.yaml")
    assert resolved == loading.load(config, ["boundary.counter.phi=0.01"])
    assert main(words) == 2
    assert main(["plot", str(tmp_path / "run")]) == 0
