# SPDX-License-Identifier: MIT
"""Ends that a run of the printed equations was not asked for, and what it remarks on its state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solver.input import loading
from solver.input.protocol_steps import Moment
from solver.output import provenance
from solver.run import launching
from solver.run.watching import Watching, limits
from solver.stepping.cycler import Place
from tests.system.running import (
    EVERY_STEP,
    called,
    left_at,
    rows,
    same_results,
    set_all,
    without_figure,
)

HEIGHT, LENGTH = 6.0, 0.4
STRIP = """\
title: a strip
width: 1 um
layers: [{name: A, thickness: 6 um}]
phase_field: {interface_length: 0.4 um}
mechanics: {enabled: false}
nuclei: {film: 3 um, count: 0}
mesh: {size_min: 0.2 um, size_max: 0.2 um}
time: {end: 200 s}
output: {snapshots: 1}
"""


def run(folder: Path, *overrides: str):
    """Run the strip; returns the process and what run.json says."""
    config = folder.with_suffix(".yaml")
    config.write_text(STRIP)
    done = called("run", config, "-o", folder, *set_all(*overrides), *EVERY_STEP)
    assert done.returncode == 0, done.stderr
    return done, provenance.read(folder)


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    folder = tmp_path_factory.mktemp("short") / "run"
    return folder, *run(folder)


def test_metal_at_the_counter_electrode_ends_the_run(short):
    folder, done, record = short
    found = rows(folder)
    touching = HEIGHT - 2 * LENGTH
    assert (record["exit_reason"], record["exit_code"]) == ("short circuit", 0)
    assert found[-1]["tip_um"] == pytest.approx(touching, rel=1e-3)
    assert found[-2]["tip_um"] < touching
    assert record["t_s"] == pytest.approx(found[-1]["t_s"]) and 1.0 < record["t_s"] < 199.0
    last = done.stdout.strip().splitlines()[-2]
    assert last.startswith(f"short circuit: t = {record['t_s']:.6g} s, tip 5.")
    again = called("restart", folder, *set_all("time.end=300 s"))
    assert again.returncode == 0
    assert "short circuit: what is to come after that needs a new run" in again.stdout


def test_lithium_that_grows_at_the_counter_electrode_is_no_short_circuit(tmp_path):
    volts = ("boundary.phi_anode=0.05 V", "boundary.phi_counter=-0.3 V")
    _, record = run(tmp_path / "run", *volts, "time.end=12 s")
    last = rows(tmp_path / "run")[-1]
    assert last["tip_um"] > HEIGHT - 2 * LENGTH  # that of what has grown there
    assert (record["exit_reason"], last["t_s"]) == ("done", 12)


def test_a_state_that_the_laws_are_not_made_for_is_remarked_on_once(short):
    """Li+ pile up ahead of so thick an interface."""
    folder, done, record = short
    (sentence,) = record["remarks"]
    first = next(r for r in rows(folder)[1:] if r["c_max_mol_m3"] > 2000)
    assert sentence.startswith(f"from t = {first['t_s']:.6g} s on c exceeds 2 c0")
    assert done.stdout.count("c exceeds 2 c0") == 1
    assert (folder / "log.txt").read_text().count(f"WARNING {sentence}") == 1


def test_what_is_known_of_a_run_that_goes_on_stands_in_its_record(tmp_path):
    """Judgements from the first step on, remarks from the step that they are about on."""
    said = []

    def look(simulation):
        found = provenance.read(simulation.folder)
        assert found["judgements"] and "exit_code" not in found
        assert found["remarks"] == list(simulation.standing.remarks.values())
        said.append(len(found["remarks"]))

    config = loading.parse(STRIP, ["time.end=30 s", "output.report=false"])
    with without_figure():
        launching.run(config, STRIP, tmp_path / "run", on_step=look, quiet=True)
    assert (said[0], said[-1]) == (0, 1)
    assert provenance.read(tmp_path / "run")["exit_code"] == 0


def test_a_restart_lands_on_the_short_circuit_as_the_run_did(short, tmp_path):
    folder, _, record = short
    again = left_at(folder, record["steps"] - 2, tmp_path / "again")
    done = called("restart", again)
    assert done.returncode == 0 and same_results(folder, again)
    found = json.loads((again / "run.json").read_text())
    assert found["exit_reason"] == "short circuit"
    assert found["remarks"] == record["remarks"] and "c exceeds" not in done.stdout


def test_a_run_that_has_dissolved_its_deposit_says_so_at_its_end(tmp_path):
    done, record = run(tmp_path / "bare", "boundary.phi_anode=0.05 V")
    assert record["exit_reason"] == "done, no deposit is left" and record["t_s"] == 200
    assert done.stdout.strip().splitlines()[-2].startswith("done, no deposit is left: t = 200 s")
    assert rows(tmp_path / "bare")[-1]["tip_um"] == 0


CRACKED = """\
title: A notch
width: 8 um
layers: [{name: A, thickness: 8 um, K_IC: 0.23 MPa*m^0.5}]
phase_field: {interface_length: 0.4 um}
mechanics: {feedback: false}
nuclei: {film: 1 um, count: 0}
fracture: {length: 0.2 um, overpotential_from: fields, notches: [{x: 4 um, y: 1 um, length: 1 um}]}
"""


def test_a_crack_is_a_short_circuit_only_where_lithium_touches_it():
    def through(*changes: str) -> str:
        config = loading.parse(CRACKED, changes)
        (found,) = (x.reason for x in limits(config) if x.end.kind == "crack_counter")
        return found

    full = "a crack full of lithium has reached the counter electrode: short circuit"
    assert through() == full
    dry = through("fracture.notches.0.y=5 um")
    assert "short circuit" not in dry and "no lithium touched fracture.notches.0" in dry
    assert through("fracture.notches.0.y=5 um", "fracture.overpotential_from=given") == full


@pytest.mark.parametrize(
    ("film", "ending"), [("1 um", "done, no deposit is left"), ("0 um", "done")]
)
def test_what_was_never_there_is_not_missed(film, ending):
    watching = Watching(loading.parse(CRACKED, [f"nuclei.film={film}"]), Place())
    assert watching.ending == "done"
    watching._moment = Moment(0.0, 0.0, 0.0, 0.0, tip=0.0, shorted=False)
    assert watching.ending == ending
