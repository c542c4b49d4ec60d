# SPDX-License-Identifier: MIT
"""The page of a run, on folders made by hand: whole, self-contained, and text stays text."""

from __future__ import annotations

import base64
import io
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image
from ruamel.yaml import YAML

from solver.pages import library, run_page, stills
from solver.pages.markup import data, number, text
from tests.unit.test_snapshots import write_run

HOSTILE = "</script><b>&amp; \x1b[31mred\u202e <img src=x onerror=alert(1)>"
VOID = {"meta", "br", "input", "link", "img"}


class Outline(HTMLParser):
    """Tags of a page, all closed in their order; its texts, and the values of attributes."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.words, self.attributes, self.ids = [], [], [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, words):
        if not {"script", "style"} & set(self.open):
            self.words.append(words)


@pytest.fixture
def light_library(monkeypatch):
    """Pages without the 3 MB of plotly.js."""
    monkeypatch.setattr(library, "compressed", lambda: "")


@pytest.fixture
def folder(tmp_path, light_library):
    return write_run(tmp_path, [0.0, 1.0, 3.0])


def held(page: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])


def record(folder, **values):
    (folder / "run.json").write_text(json.dumps(values))


def test_a_page_is_closed_and_loads_nothing_from_elsewhere(folder):
    outline = Outline(run_page.content(folder))
    assert len(outline.ids) == len(set(outline.ids))
    for tag, name, value in outline.attributes:
        if name in ("src", "href"):
            assert value.startswith(("#", "data:")), (tag, value)
    assert "link" not in outline.tags
    # Of every picture and chart, for who does not see it; of every field of a form.
    named = {(tag, name) for tag, name, _ in outline.attributes}
    assert {("svg", "aria-label"), ("div", "aria-label"), ("label", "for")} <= named


def test_hostile_text_stays_text(folder):
    written = json.dumps(HOSTILE)
    (folder / "resolved.yaml").write_text(f"title: {written}\nwidth: 4e-6\n")
    (folder / "config.yaml").write_text(f"title: {written}\n")
    (folder / "log.txt").write_text(HOSTILE)
    (folder / "cycles.csv").write_text(f"cycle,{HOSTILE}\n1,2\n")
    record(folder, exit_code=3, exit_reason=HOSTILE, judgements=[HOSTILE], overrides=[HOSTILE],
           git_revision=HOSTILE, versions={HOSTILE: HOSTILE}, cost_s={HOSTILE: 1.0})  # fmt: skip
    page = run_page.content(folder)
    outline = Outline(page)
    assert not {"b", "img"} & set(outline.tags)
    assert outline.tags.count("script") == 3
    assert "\x1b" not in page and "\u202e" not in page
    shown = HOSTILE.replace("\x1b", "\ufffd").replace("\u202e", "\ufffd")
    assert sum(shown in words for words in outline.words) >= 8


def test_data_cannot_end_its_script():
    assert data({"a": "</script>&", "b": [float("nan"), 1.5]}) == (
        '{"a":"\\u003c/script>\\u0026","b":[null,1.5]}'
    )


def test_numbers_and_texts():
    assert [number(x) for x in (-0.1, 1164.9185, 1e-7, float("nan"))] == [
        "−0.1", "1164.9", "1e−07", "–",
    ]  # fmt: skip
    assert text('a<b> "c"\n') == "a&lt;b&gt; &quot;c&quot;\n"


def test_the_colours_of_a_picture_are_its_values(folder):
    """xi is x/4 over a cell of 4 um: the shade of a column is that share of all shades."""
    page = held(run_page.content(folder))
    xi = page["pictures"]["fields"][0]
    assert (xi["low"], xi["high"]) == (0, 1)
    picture = Image.open(io.BytesIO(base64.b64decode(xi["pictures"][-1])))
    shades = np.array(picture)
    columns = shades.shape[1]
    assert page["pictures"]["pixels"] == [columns, shades.shape[0]] == [280, 140]
    share = (np.arange(columns) + 0.5) / columns
    between = shades[0] < stills.SHADES  # the edge of layers and of the deposit is drawn over
    assert np.abs(shades[0][between] / (stills.SHADES - 1) - share[between]).max() < 0.51 / 249
    # Its palette is what the page reads values by.
    assert picture.convert("RGB").getpixel((0, 0)) == tuple(xi["colours"][shades[0, 0]])


def test_colours_hold_for_all_times(folder):
    """c is 1000 + y + t up to y = 2 at t = 3, from 0; the stress of triangle 3 is 3 + t."""
    fields = held(run_page.content(folder))["pictures"]["fields"]
    c, stress = fields[1], fields[3]
    assert (c["low"], c["high"]) == (0, pytest.approx(1005))
    assert stress["high"] == pytest.approx(6e-6, rel=0.05)  # MPa, at the last time
    assert len(set(c["pictures"])) == 3


def test_layers_and_the_deposit_have_their_edges(folder):
    """The layers change from triangles 0, 1 to 2, 3; the deposit is where xi > 1/2, x > 2."""
    fields = held(run_page.content(folder))["pictures"]["fields"]
    xi, c = (
        np.array(Image.open(io.BytesIO(base64.b64decode(field["pictures"][0])))) == stills.EDGE
        for field in fields[:2]
    )
    middle = c.shape[1] // 2
    assert c[:, middle - 1 : middle + 1].any(axis=1).all()  # from top to bottom
    assert not xi[5, middle - 1 : middle + 1].any()  # xi itself shows where it is 1/2
    assert xi[:, 20].any() and c[:, 20].any()


def test_numbers_that_are_none_are_white(tmp_path, light_library):
    """Those of a state that has blown up; the colours are of the others."""

    def spoil(fields):
        fields["phi"] = np.full(5, np.nan)
        fields["c"][4] = np.inf

    folder = write_run(tmp_path, [0.0], change=spoil)
    fields = held(run_page.content(folder))["pictures"]["fields"]
    for field in fields[1:3]:
        assert (field["low"], field["high"]) == (0, 1)
    picture = Image.open(io.BytesIO(base64.b64decode(fields[2]["pictures"][0])))
    assert picture.convert("RGB").getcolors() == [(280 * 140, (255, 255, 255))]


def test_of_many_snapshots_some_are_shown_the_ends_always():
    assert stills.chosen(5) == [0, 1, 2, 3, 4]
    some = stills.chosen(401)
    assert len(some) == stills.MOST
    assert (some[0], some[-1]) == (0, 400)
    assert set(np.diff(some)) <= {6, 7}


def test_a_run_that_failed_says_so_and_why(folder):
    record(folder, exit_code=3, exit_reason="the step 1e-9 s fell below dt_min")
    outline = Outline(run_page.content(folder))
    assert ("span", "class", "status failed") in outline.attributes
    assert " the step 1e-9 s fell below dt_min" in outline.words


def test_a_run_before_its_first_row_has_a_page(tmp_path, light_library):
    (tmp_path / "resolved.yaml").write_text("title: begins\n")
    (tmp_path / "scalars.csv").write_text("step,t_s,tip_um\n")
    page = run_page.content(tmp_path, live="state")
    assert " no step yet" in Outline(page).words
    assert held(page) == {"charts": [], "pictures": None, "live": "state"}


def test_how_to_repeat_it(folder):
    record(folder, exit_code=0, exit_reason="done", ranks=2, git_revision="abc123+", restarts=1)
    page = run_page.content(folder)
    assert (
        "git checkout abc123\ndocker/run python3 -m solver run resolved.yaml -o again -n 2</pre>"
    ) in page
    (saved,) = re.findall(r'download="resolved.yaml" href="data:text/plain;base64,(.*?)"', page)
    assert base64.b64decode(saved).decode() == (folder / "resolved.yaml").read_text()
    assert "changes that are in no revision" in page
    assert "restarted" in page


CONFIG = {"title": "a cell", "time": {"end": 9.0}, "boundary": {"anode_course": None, "phi": -0.1}}


def test_a_run_with_forced_changes_is_repeated_in_stages(folder):
    """Each with the values of its stretch, and with the program of it."""
    forced = [
        {"t_s": 0.0, "changes": [{"key": "boundary.phi", "from": -0.3, "to": -0.1}],
         "config": CONFIG | {"boundary": {"phi": -0.3}}, "git_revision": "aaa"},
        {"t_s": 2.5, "changes": [{"key": "boundary.anode_course.0", "from": None, "to": -0.2}],
         "config": CONFIG, "git_revision": "aaa"},
    ]  # fmt: skip
    record(folder, exit_code=0, exit_reason="done", git_revision="bbb", restarts=2, forced=forced)
    page = run_page.content(folder)
    run = "docker/run python3 -m solver"
    assert (
        f"git checkout aaa\n{run} run stage_1.yaml -o again\ngit checkout bbb\n"
        f"cp stage_2.yaml again/config.yaml\n{run} restart again --force</pre>"
    ) in page
    first, second = (
        base64.b64decode(x).decode() for x in re.findall(r'download="stage_.*?base64,(.*?)"', page)
    )
    assert YAML(typ="safe").load(first) == CONFIG | {"time": {"end": 2.5}}
    assert second == (folder / "resolved.yaml").read_text()
    row = '<th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td>'
    assert row.format("0 s", "boundary.phi", -0.3, -0.1) in page
    assert row.format("2.5 s", "boundary.anode_course.0", "not set", -0.2) in page


def test_what_a_run_has_come_to_stands_apart_from_what_check_says(folder):
    """Also while it goes on."""
    record(folder, judgements=["too thick."], remarks=["from t = 1 s on too much."])
    page = run_page.content(folder, live="state")
    before, _, after = page.partition("What the run remarks on itself")
    assert "too thick." in before and "too thick." not in after
    assert "from t = 1 s on too much." in after and "too much" not in before
    assert 'class="status running"' in page


@pytest.mark.parametrize(
    ("code", "reason", "state"),
    [
        (0, "done", "done"),
        (0, "end of the protocol", "done"),
        (0, "done, no deposit is left", "done"),
        (0, "short circuit", "ended"),
        (0, "anode exhausted, 1 mAh/cm2 into step 1 of cycle 1", "ended"),
        (3, "no end", "failed"),
        (4, "stopped by SIGTERM", "stopped"),
    ],
)
def test_a_state_is_what_it_is(folder, code, reason, state):
    record(folder, exit_code=code, exit_reason=reason)
    page = run_page.content(folder)
    assert f'<span class="status {state}">{state}</span>' in page
    assert state == reason or reason in page
