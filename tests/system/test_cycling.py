"""A cell follows a protocol: its steps, their ends, cycles, restarts."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import solver
from solver.base.errors import InputError
from solver.input import loading
from solver.laws.electrode import Electrode
from solver.output import provenance, snapshots
from solver.run import launching
from tests.system.running import EVERY_STEP, called, left_at, rows, same_results

pytestmark = pytest.mark.usefixtures("no_figure")

F, R, T, C_LI = 96500.0, 8.314, 297.15, 76400.0
CHARGE, MAH = F * C_LI, 36000.0
"""Of lithium per volume [C/m^3]; 1 mAh/cm^2 [C/m^2]."""
GAP, SIGMA, R_CT, FILM, HEIGHT, LENGTH = 6e-6, 0.565, 0.76e-4, 6e-6, 12e-6, 0.44e-6
CELL = """\
title: a strip of a cell
width: 1 um
layers: [{name: LPSC, thickness: 12 um}]
electrochemistry: {closure: single_ion, counter_R_ct: 0.76 ohm*cm**2}
phase_field: {interface_length: 0.44 um}
mechanics: {enabled: false}
nuclei: {film: 6 um, count: 0}
mesh: {size_min: 0.22 um, size_max: 0.22 um}
output: {snapshots: 3}
"""
PLATE = "Charge at 1 mA/cm2 for 6 min"
STRIP = "Discharge at 1 mA/cm2 for 6 min"


def run(folder: Path, *steps: str, **protocol) -> list[dict[str, float]]:
    """Run the cell through lines of a protocol, or the rest of a section; returns the scalars."""
    section = {"steps": list(steps), **protocol} if steps else protocol
    text = f"{CELL}protocol: {json.dumps(section)}\n"
    launching.run(loading.parse(text), text, folder, (), quiet=True)
    return rows(folder)


def lasts(found: list[dict[str, float]]) -> list[dict[str, float]]:
    """The rows that end a step of the protocol."""
    pairs = zip(found, [*found[1:], {"protocol_step": None}], strict=True)
    return [row for row, after in pairs if row["protocol_step"] != after["protocol_step"]]


def cycles(folder: Path) -> list[dict[str, float]]:
    with (folder / "cycles.csv").open() as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


def reason(folder: Path) -> str:
    record = provenance.read(folder)
    assert record["exit_code"] == 0
    return record["exit_reason"]


def voltage(current: float, gap: float) -> float:
    """Of the cell with a flat front."""
    front = Electrode(6 * CHARGE * 0.5 * 1.5275e-8, 0.5, F / (R * T))
    counter = Electrode.of_resistance(R_CT, 0.5, F / (R * T))
    return current * gap / SIGMA + front.drive(current) + counter.drive(current)


def test_what_is_plated_is_stripped_again(tmp_path):
    found = run(tmp_path / "run", PLATE, "Rest for 1 min", STRIP)
    start, (plated, rested, stripped) = found[0], lasts(found)
    way = plated["front_mean_um"] - start["front_mean_um"]
    assert way == pytest.approx(1e6 * 10 * 360 / CHARGE, rel=1e-9)
    assert rested["front_mean_um"] - plated["front_mean_um"] == pytest.approx(0, abs=1e-9 * way)
    assert stripped["front_mean_um"] - start["front_mean_um"] == pytest.approx(0, abs=1e-6 * way)
    assert plated["capacity_mAh_per_cm2"] == pytest.approx(10 * 360 / MAH, rel=1e-9)
    assert stripped["capacity_mAh_per_cm2"] == pytest.approx(-10 * 360 / MAH, rel=1e-9)
    assert [row["t_s"] for row in (plated, rested, stripped)] == [360, 420, 780]
    assert all(abs(row["li_balance_rel"]) < 1e-12 for row in found)
    assert plated["cell_voltage_V"] == pytest.approx(voltage(10, GAP - 1e-6 * way), rel=2e-3)
    assert abs(rested["cell_voltage_V"]) < 2e-6
    (cycle,) = cycles(tmp_path / "run")
    assert cycle["coulombic_efficiency"] == pytest.approx(1, rel=1e-9)
    assert reason(tmp_path / "run") == "end of the protocol"


SWEEP = {"control": "voltage", "value": "0 V", "to": "5 mV", "rate": "0.1 mV/s"}


def test_every_kind_of_end_is_landed_on(tmp_path):
    found = run(
        tmp_path / "run",
        "Charge at 10 mA/cm2 until 0.2 mAh/cm2",
        {"control": "current", "value": "5 mA/cm2", "until": [{"voltage_below": "7.93 mV"}]},
        "Charge at 10 mA/cm2 until tip 8.5 um",
        "Hold at -10 mV until 6.2 mA/cm2",
        "Discharge at 10 mA/cm2 until tip 5.5 um",
        SWEEP,
        {**SWEEP, "until": [{"capacity": "2 uAh/cm2"}]},
    )
    capacity, sunk, tip, hold, low, sweep, swept = lasts(found)
    assert capacity["t_s"] == pytest.approx(0.2 * MAH / 100, rel=1e-12)
    assert capacity["capacity_mAh_per_cm2"] == pytest.approx(0.2, rel=1e-9)
    assert sunk["cell_voltage_V"] == pytest.approx(7.93e-3, rel=1e-3)
    assert tip["tip_um"] == pytest.approx(8.5, rel=1e-3)
    assert hold["cell_current_A_per_m2"] == pytest.approx(-62, rel=1e-3)
    assert hold["cell_voltage_V"] == -0.01
    assert low["tip_um"] == pytest.approx(5.5, rel=1e-3) and low["dt_s"] > 1
    assert sweep["t_s"] - low["t_s"] == pytest.approx(50, rel=1e-9)
    assert sweep["cell_voltage_V"] == pytest.approx(5e-3, rel=1e-12)
    assert swept["capacity_mAh_per_cm2"] == pytest.approx(2e-3, rel=1e-3)
    # What was reached was not passed before, so that the states are those of the ends.
    before = found[int(sunk["step"]) - 1]
    assert before["protocol_step"] == 2 and before["cell_voltage_V"] > 7.93e-3 * (1 + 1e-3)


def test_ends_are_landed_on_from_any_first_step(tmp_path):
    """Of 100 s: steps that ended far beyond their ends, and one that is over as it begins."""
    text = json.dumps(
        [
            "Charge at 10 mA/cm2 until tip 6.2 um",
            "Charge at 10 mA/cm2 until 1 mV",
            "Discharge at 10 mA/cm2 until tip 5.9 um",
        ]
    )
    given = [f"protocol.steps={text}", "time.dt_initial=100"]
    launching.run(loading.parse(CELL, given), CELL, tmp_path / "run", given, quiet=True)
    up, over, down = lasts(rows(tmp_path / "run"))
    assert up["tip_um"] == pytest.approx(6.2, rel=1e-3)
    assert over["dt_s"] <= 1e-3 and over["tip_um"] == pytest.approx(up["tip_um"], abs=1e-4)
    assert down["tip_um"] == pytest.approx(5.9, rel=1e-3)


def test_a_current_is_found_from_a_state_of_another_one(tmp_path):
    """300 mA/cm2 either way through a poor conductor, too far for Newton's method."""
    pulses = [f"{way} at 300 mA/cm2 for 1 s" for way in ("Charge", "Discharge")]
    text = json.dumps(["Rest for 1 s", *pulses])
    given = [f"protocol.steps={text}", "layers.0.sigma_ion=0.04"]
    launching.run(loading.parse(CELL, given), CELL, tmp_path / "run", given, quiet=True)
    ends = [row["cell_current_A_per_m2"] for row in lasts(rows(tmp_path / "run"))]
    assert ends == pytest.approx([0, 3000, -3000], rel=1e-9, abs=1e-9)


def test_a_long_rest_takes_as_many_steps_as_doublings(tmp_path):
    """From 1 ms to 20 h: log2(7.2e7) is 26.1."""
    found = run(tmp_path / "run", "Rest for 20 h")
    assert len(found) <= 29
    assert abs(found[-1]["capacity_mAh_per_cm2"]) < 1e-12


def test_a_linear_sweep_of_voltage_is_followed(tmp_path):
    """The charge is that of the triangle of U over the resistance, all but constant here."""
    (last,) = lasts(run(tmp_path / "run", SWEEP))
    resistance = voltage(1.0, GAP)
    charge = last["capacity_mAh_per_cm2"] * MAH
    assert charge == pytest.approx(0.5 * 5e-3 * 50 / resistance, rel=5e-3)


def test_metal_near_the_counter_electrode_ends_the_run(tmp_path):
    found = run(tmp_path / "run", "Charge at 10 mA/cm2 for 1 h", PLATE)
    last = found[-1]
    assert reason(tmp_path / "run").startswith("short circuit, 1.0")
    assert last["tip_um"] == pytest.approx(1e6 * (HEIGHT - 2 * LENGTH), rel=1e-3)
    way = HEIGHT - 2 * LENGTH - FILM
    assert last["t_s"] == pytest.approx(way * CHARGE / 100, rel=2e-2)
    again = called("restart", tmp_path / "run")
    said = again.stdout + again.stderr
    assert again.returncode == 0 and "finished" in said
    assert "short circuit: what is to come after that needs a new run" in said
    assert "time.end" not in said


def test_a_rest_strips_nothing_of_a_thin_film(tmp_path):
    """It is thinner than the 4 l at which one that dissolves counts as bare."""
    section = json.dumps({"steps": ["Rest for 10 s", "Charge at 1 mA/cm2 for 10 s"]})
    text = CELL.replace("film: 6 um", "film: 1.7 um") + f"protocol: {section}\n"
    launching.run(loading.parse(text), text, tmp_path / "run", (), quiet=True)
    assert reason(tmp_path / "run") == "end of the protocol"
    assert rows(tmp_path / "run")[-1]["t_s"] == pytest.approx(20)


def test_a_bare_anode_ends_the_run(tmp_path):
    last = run(tmp_path / "run", "Discharge at 10 mA/cm2 for 1 h", PLATE)[-1]
    assert reason(tmp_path / "run").startswith("anode exhausted, -0.8")
    assert last["tip_um"] == pytest.approx(1e6 * 4 * LENGTH, rel=2e-3)
    assert last["t_s"] == pytest.approx((FILM - 4 * LENGTH) * CHARGE / 100, rel=5e-3)


def test_a_safety_limit_ends_the_run(tmp_path):
    folder = tmp_path / "run"
    found = run(folder, SWEEP, PLATE, safety={"U_max": "3 mV", "I_min": "-1 mA/cm2"})
    assert found[-1]["cell_voltage_V"] == pytest.approx(3e-3, rel=1e-3)
    assert found[-1]["t_s"] == pytest.approx(30, rel=1e-3)
    assert "safety.U_max 0.003" in reason(folder)


def test_the_end_of_the_time_is_said(tmp_path):
    text = f"{CELL}protocol: {json.dumps({'steps': [PLATE, STRIP]})}\n"
    given = ["time.end=540"]
    launching.run(loading.parse(text, given), text, tmp_path / "run", given, quiet=True)
    assert rows(tmp_path / "run")[-1]["t_s"] == 540
    expected = "time.end or time.stop_tip reached, -0.05 mAh/cm2 into step 2 of cycle 1"
    assert reason(tmp_path / "run") == expected


def test_rows_are_as_close_as_asked(tmp_path):
    found = run(
        tmp_path / "run",
        {**SWEEP, "period": "20 s"},
        "Rest for 31 s",
        record={"every": "10 s", "dU": "0.7 mV"},
    )
    times = [row["t_s"] for row in found]
    assert {0, 20, 40, 50, 60, 70, 80, 81} <= set(times) and 30 not in times
    sweep = [row["cell_voltage_V"] for row in found if row["protocol_step"] == 1][1:]
    steps = [b - a for a, b in zip(sweep, sweep[1:], strict=False)]
    assert max(steps) == pytest.approx(7e-4, rel=2e-3)


def test_cycles_are_counted(tmp_path):
    steps = (PLATE, "Discharge at 1 mA/cm2 for 3 min", {"repeat": 3, "of": [1, 2]}, PLATE)
    found = lasts(run(tmp_path / "run", *steps))
    assert [(row["protocol_step"], row["cycle"]) for row in found] == [
        (1, 1), (2, 1), (1, 2), (2, 2), (1, 3), (2, 3), (4, 4),
    ]  # fmt: skip
    table = cycles(tmp_path / "run")
    frame = solver.open_run(tmp_path / "run").cycles
    assert frame.to_dict("records") == table
    assert frame.attrs["units"]["plated_mAh_per_cm2"] == "mAh/cm^2"
    assert [row["cycle"] for row in table] == [1, 2, 3, 4]
    assert [row["t_end_s"] for row in table] == pytest.approx([540, 1080, 1620, 1980])
    assert [row["plated_mAh_per_cm2"] for row in table] == pytest.approx([0.1] * 4, rel=1e-9)
    stripped = [0.05, 0.05, 0.05, 0.0]
    assert [row["stripped_mAh_per_cm2"] for row in table] == pytest.approx(stripped, rel=1e-9)
    assert [row["coulombic_efficiency"] for row in table] == pytest.approx(
        [0.5, 0.5, 0.5, 0.0], rel=1e-9
    )
    # Three snapshots of seven steps: at the ends of every third, and at start and end.
    times = snapshots.times(tmp_path / "run")
    assert times == pytest.approx([0, 900, 1620, 1980])


UNICYCLER = {
    "record": {"time_s": 60},
    "safety": {"max_voltage_V": 1},
    "method": [
        {"step": "tag", "tag": "again"},
        {"step": "constant_current", "current_mA": 0.5, "until_time_s": 180},
        {"step": "open_circuit_voltage", "until_time_s": 30},
        {"step": "constant_current", "current_mA": -0.5, "until_time_s": 180},
        {"step": "constant_voltage", "voltage_V": 0.005, "until_time_s": 40},
        {"step": "loop", "loop_to": "again", "cycle_count": 2},
    ],
}


def test_text_and_unicycler_make_the_same_run(tmp_path):
    file = tmp_path / "cycle.json"
    file.write_text(json.dumps(UNICYCLER))
    run(tmp_path / "json", file=str(file), area_cm2=0.5)
    run(
        tmp_path / "text",
        {"tag": "again"},
        "Charge at 1 mA/cm2 for 3 minutes",
        "Rest for 30 seconds",
        "Discharge at 1 mA/cm2 for 3 minutes",
        "Hold at 5 mV for 40 s",
        {"repeat": 2, "of": [1, 2, 3, 4, 5]},
        record={"every": 60},
        safety={"U_max": 1},
    )
    assert same_results(tmp_path / "json", tmp_path / "text")
    assert len(lasts(rows(tmp_path / "json"))) == 8


def test_restart_needs_no_file_of_the_protocol(tmp_path):
    (tmp_path / "cycle.json").write_text(json.dumps(UNICYCLER))
    (tmp_path / "cell.yaml").write_text(f"{CELL}protocol: {{file: cycle.json, area_cm2: 0.5}}\n")
    done = called("run", tmp_path / "cell.yaml", "-o", tmp_path / "whole", *EVERY_STEP)
    assert done.returncode == 0, done.stderr
    (tmp_path / "cycle.json").unlink()
    cut = left_at(tmp_path / "whole", 30, tmp_path / "cut")
    again = called("restart", cut)
    assert again.returncode == 0, again.stderr
    assert same_results(tmp_path / "whole", cut)


def test_restart_in_any_step_is_exact(tmp_path):
    lines = [PLATE, "Hold at -2 mV until 0.05 mAh/cm2", {"repeat": 2, "of": [1, 2]}]
    (tmp_path / "cell.yaml").write_text(f"{CELL}protocol: {json.dumps({'steps': lines})}\n")
    done = called("run", tmp_path / "cell.yaml", "-o", tmp_path / "whole", *EVERY_STEP)
    assert done.returncode == 0, done.stderr
    found = rows(tmp_path / "whole")
    second = [int(x["step"]) for x in found if (x["protocol_step"], x["cycle"]) == (2, 2)]
    # In the middle of a step, and at its very end.
    for name, step in {"middle": second[len(second) // 2], "end": second[0] - 1}.items():
        cut = left_at(tmp_path / "whole", step, tmp_path / name)
        assert called("restart", cut).returncode == 0
        assert same_results(tmp_path / "whole", cut)
        assert (cut / "cycles.csv").read_bytes() == (tmp_path / "whole/cycles.csv").read_bytes()


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("electrochemistry.control=rest", ["electrochemistry.control", "with a protocol"]),
        ("electrochemistry.current=10", ["electrochemistry.current", "with a protocol"]),
        ("electrochemistry={}", ["protocol", "needs electrochemistry.closure: single_ion"]),
    ],
)
def test_what_does_not_fit_a_protocol_is_said(override, words):
    with pytest.raises(InputError) as error:
        loading.parse(f"{CELL}protocol: {{steps: [Rest for 1 s]}}\n", [override])
    message = str(error.value)
    assert all(word in message for word in words) and len(message.splitlines()) == 1


def test_a_protocol_has_as_much_time_as_it_takes():
    steps = f"[{PLATE}, Hold at 1 V until 1 mA/cm2, {PLATE}]"
    config = loading.parse(f"{CELL}protocol: {{steps: {steps}}}\n")
    assert config.time.end == 360 + 86400 + 360
    assert loading.parse(f"{CELL}protocol: {{steps: {steps}}}\n", ["time.end=5"]).time.end == 5
