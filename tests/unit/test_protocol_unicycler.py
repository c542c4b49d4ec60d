# SPDX-License-Identifier: MIT
"""aurora-unicycler's JSON: files that version 0.4.6 has written, and what is refused of them.

`protocols/ccd.json` and `cycles.json` are its own; the lines below are those of its own
`to_pybamm_experiment`, which spells out loops.
"""

import copy
import json
from pathlib import Path

import pytest

from solver.base.errors import InputError
from solver.input.construction import validated
from solver.input.located import located
from solver.input.protocol import Protocol, flat
from solver.input.protocol_steps import End

FILES = Path(__file__).parent / "protocols"
CCD = [
    "Charge at 0.2 mA for 30 minutes or until 0.5 V",
    "Rest for 300.0 seconds",
    "Discharge at 0.2 mA for 30 minutes or until -0.5 V",
    "Rest for 300.0 seconds",
    "Charge at 0.4 mA for 30 minutes or until 0.5 V",
    "Rest for 300.0 seconds",
    "Discharge at 0.4 mA for 30 minutes or until -0.5 V",
    "Rest for 300.0 seconds",
    {"repeat": 3, "of": [5, 6, 7, 8]},
]
INNER = ["Charge at 0.5C for 1 minute", "Discharge at 0.5C until -0.2 V"] * 3
OUTER = [
    "Charge at 0.1C until 0.2 V",
    *INNER,
    "Hold at -0.05 V until 0.05C",
    "Hold at 0.05 V for 2 hours or until 0.05 mA",
]
CYCLES = ["Rest for 3600.0 seconds", *OUTER, *OUTER, "Charge at 1.0 mA for 2 hours"]


def content(name):
    return json.loads((FILES / name).read_text(encoding="utf-8"))


@pytest.fixture
def changed(tmp_path):
    """Function: a file changed by a function of its content, as a path."""

    def write(change, name="ccd.json"):
        data = content(name)
        change(data)
        path = tmp_path / "changed.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        return str(path)

    return write


def read(path, **values):
    return Protocol(file=str(path), **{"area_cm2": 0.785, **values})


def test_text_and_json_are_the_same_steps_to_the_bit():
    file = read(FILES / "ccd.json")
    text = Protocol(steps=CCD, area_cm2=0.785, record=file.record, safety=file.safety)
    assert flat(file) == flat(text)
    assert file.steps == text.steps
    assert len(flat(file)) == 16
    assert {s.cycle for s in flat(file)} == {1, 2, 3, 4}


def test_loops_in_loops_tags_and_rates_are_those_of_its_own_export():
    file = flat(read(FILES / "cycles.json"))
    capacity = f"{1.5 / 0.785!r} mAh/cm2"
    text = flat(Protocol(steps=CYCLES, area_cm2=0.785, capacity=capacity))
    assert [s[:5] for s in file] == [s[:5] for s in text]
    # Numbers count tags and loops, as loop_to does.
    assert [s.number for s in file[:10]] == [1, 3, 5, 6, 5, 6, 5, 6, 8, 9]


def test_record_and_safety_are_per_area():
    protocol = read(FILES / "ccd.json", area_cm2=2)
    assert protocol.record.model_dump() == {"every": 10.0, "dU": 0.001, "dI": None}
    safety = {"U_max": 1.0, "U_min": -1.0, "I_max": 25.0, "I_min": None}
    assert protocol.safety.model_dump() == safety


def test_what_the_section_says_itself_wins():
    found = read(FILES / "cycles.json", capacity="3 mAh/cm2", record={"every": 1})
    assert found.record.every == 1.0
    assert flat(found)[1].value == 3.0  # C/10


def test_scan_is_a_linear_change(changed):
    scan = {"step": "voltage_scan", "start_voltage_V": 0.2, "end_voltage_V": -0.1,
            "scan_rate_mV_per_s": 0.5}  # fmt: skip
    (step,) = flat(read(changed(lambda d: d.update(method=[scan]))))
    assert step[:4] == ("voltage", 0.2, -5e-4, (End("time", 600.0),))


@pytest.mark.parametrize(
    ("rate", "value"),
    [(0.2, 3.0), ("C/5", 3.0), ("1/5", 3.0), ("D/2", -7.5), ("2 C / 4", 7.5), ("0.2", 3.0)],
)
def test_rates_as_fractions(changed, rate, value):
    def change(data):
        data["sample"]["capacity_mAh"] = 1.5
        data["method"] = [{"step": "constant_current", "rate_C": rate, "until_time_s": 9}]

    assert flat(read(changed(change), area_cm2=1))[0].value == value


def test_0_is_not_given(changed):
    def change(data):
        data["method"][0].update(rate_C=0, until_voltage_V=0)

    assert flat(read(changed(change), area_cm2=1))[0].ends == (End("time", 1800.0),)


def test_the_direction_of_a_voltage_is_that_of_the_current(changed):
    def change(data):
        data["method"][2].update(until_voltage_V=0.5, until_time_s="")

    assert flat(read(changed(change)))[2].ends == (End("voltage_below", 0.5),)


def test_one_step_can_be_repeated_which_unicycler_refuses_by_number(changed):
    by_number = changed(lambda d: d["method"][8].update(loop_to=8))
    assert len(flat(read(by_number))) == 10


def test_loops_to_neighbouring_tags_begin_at_the_same_step(changed):
    def change(data):
        rest = {"step": "open_circuit_voltage", "until_time_s": 5}
        loops = [{"step": "loop", "loop_to": to, "cycle_count": 2} for to in "ab"]
        tags = [{"step": "tag", "tag": tag} for tag in "ab"]
        data["method"] = [*tags, rest, *loops]

    assert [s.number for s in flat(read(changed(change)))] == [3, 3, 3, 3]


EIS = {"step": "impedance_spectroscopy", "amplitude_V": 0.01, "start_frequency_Hz": 1e5,
       "end_frequency_Hz": 1}  # fmt: skip
REFUSED = {
    "an impedance": (lambda d: d["method"].insert(1, EIS),
                     ["method.1", "impedance_spectroscopy", "cannot be simulated"]),
    "an unknown step": (lambda d: d["method"][0].update(step="constant_power"),
                        ["method.0", "'constant_power'", "one of open_circuit_voltage, constant"]),
    "no step": (lambda d: d["method"][0].pop("step"), ["method.0", "nothing", "must be one of"]),
    "an unknown key": (lambda d: d["method"][0].update(until_capacity_mAh=1),
                       ["method.0", "'until_capacity_mAh'", "until_time_s, until_voltage_V"]),
    "a pressure": (lambda d: d["method"][0].update(stack_pressure_MPa=5),
                   ["method.0", "'stack_pressure_MPa'", "under mechanics.stack_pressure"]),
    "no current": (lambda d: d["method"][0].update(current_mA=0),
                   ["method.0", "must have a rate_C or a current_mA other than 0"]),
    "no end": (lambda d: d["method"][0].update(until_time_s=None, until_voltage_V=0),
               ["method.0", "must have an end other than 0: until_time_s or until_voltage_V"]),
    "a wrong rate": (lambda d: d["method"][0].update(rate_C="C/x"),
                     ["method.0.rate_C", "'C/x'", "number"]),
    "a rate over 0": (lambda d: d["method"][0].update(rate_C="C/0"),
                      ["method.0.rate_C", "'C/0'", "number"]),
    "a rate without capacity": (lambda d: d["method"][0].update(rate_C="C/2"),
                                ["method.0", "rate_C 0.5", "protocol.capacity"]),
    "a negative time": (lambda d: d["method"][1].update(until_time_s=-1),
                        ["method.1.until_time_s", "-1", "greater than 0"]),
    "a loop forwards": (lambda d: d["method"][8].update(loop_to=9),
                        ["method.8", "loop_to 9", "between it and the loop, number 9"]),
    "a loop to no tag": (lambda d: d["method"][8].update(loop_to="a"),
                         ["method.8", "loop_to 'a'", "a tag that is there once, or a number"]),
    "no passes": (lambda d: d["method"][8].update(cycle_count=0),
                  ["method.8.cycle_count", "0", "greater than or equal to 1"]),
    "loops that cut each other": (
        lambda d: d["method"].append({"step": "loop", "loop_to": 7, "cycle_count": 2}),
        ["method.9", "must not begin at 7", "block of another repeat"]),
    "too many passes": (lambda d: d["method"][8].update(cycle_count=10**6),
                        ["steps", "100000 steps", "4000004"]),
    "a limit of capacity": (lambda d: d["safety"].update(max_capacity_mAh=3),
                            ["safety.max_capacity_mAh", "3", "left out"]),
    "limits that cross": (lambda d: d["safety"].update(max_voltage_V=-2),
                          ["safety", "U_min -1 V", "below U_max -2 V"]),
    "no record": (lambda d: d.pop("record"), ["record", "required"]),
    "no method": (lambda d: d.update(method=[]), ["method", "at least 1"]),
    "an unknown section": (lambda d: d.update(methods=[]), ["'methods'", "'method'"]),
    "equal ends of a scan": (
        lambda d: d.update(method=[{"step": "voltage_scan", "start_voltage_V": 1,
                                    "end_voltage_V": 1, "scan_rate_mV_per_s": 1}]),
        ["method.0", "end_voltage_V other than"]),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_mistakes_are_one_sentence(changed, case):
    change, words = REFUSED[case]
    path = changed(change)
    with pytest.raises(InputError) as caught:
        read(path)
    (sentence,) = str(caught.value).splitlines()
    place, _, what = sentence.partition(": ")
    assert place == path
    for word in words:
        assert word in what


def test_a_mark_of_byte_order_is_read_over(tmp_path):
    (tmp_path / "marked.json").write_text((FILES / "ccd.json").read_text("utf-8"), "utf-8-sig")
    marked, plain = (
        Protocol(file=str(x), area_cm2=1) for x in (tmp_path / "marked.json", FILES / "ccd.json")
    )
    assert flat(marked) == flat(plain)


def test_currents_of_a_cell_need_its_area(changed):
    with pytest.raises(InputError) as caught:
        Protocol(file=str(FILES / "ccd.json"))
    lines = str(caught.value).splitlines()
    assert len(lines) == 5  # four currents and a limit
    assert all("protocol.area_cm2" in line for line in lines)
    with pytest.raises(InputError, match="area_cm2: 0 must be greater than 0"):
        Protocol(file=str(FILES / "ccd.json"), area_cm2=0)


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "not valid JSON"), ("[1]", "must be a protocol of unicycler"), ("[" * 10**5, "JSON")],
)
def test_a_file_that_is_no_protocol(tmp_path, text, words):
    path = tmp_path / "p.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read(path)
    with pytest.raises(InputError, match="no such protocol file"):
        read(tmp_path / "nothing.json")


def test_a_path_is_relative_to_the_config():
    data = {"title": "t", "protocol": {"file": "ccd.json", "area_cm2": 1}}
    assert located(data, FILES)["protocol"] == {"file": str(FILES / "ccd.json"), "area_cm2": 1}
    assert located(located(data, FILES), Path("elsewhere")) == located(data, FILES)
    assert located({"protocol": {"file": 3}}, FILES) == {"protocol": {"file": 3}}


def test_the_content_of_a_file_takes_its_place():
    found = read(FILES / "cycles.json")
    data = found.model_dump(mode="json")
    assert data["file"] is None
    assert validated(Protocol, copy.deepcopy(data), "again") == found
