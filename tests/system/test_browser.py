# SPDX-License-Identifier: MIT
"""The page of a run in a headless Chromium: the slider moves, values are read, nothing is wrong."""

from __future__ import annotations

import re

import pytest

from benchmarks.report import browser
from solver.pages import run_page
from tests.unit.test_page import HOSTILE
from tests.unit.test_snapshots import png_size, write_run

pytestmark = [
    pytest.mark.skipif(browser.browser() is None, reason="there is no Chromium here"),
    pytest.mark.slow,
]
AT = (0.75, 0.25)
"""Where the fields are read; the cell is 4 by 2 um."""


def values(readings):
    return {
        name: float(re.search(r": ([−\d.e]+)", line)[1].replace("−", "-"))
        for name, line in readings.items()
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A run of three snapshots with a hostile title; c is 1000 + y + t, xi is x/4."""
    folder = write_run(tmp_path_factory.mktemp("run"), [0.0, 1.0, 3.0])
    title = HOSTILE.replace("'", "''").replace("\x1b", "").replace("\u202e", "")
    (folder / "resolved.yaml").write_text(f"title: '{title}'\n", encoding="utf-8")
    return run_page.write(folder)


def test_the_slider_moves_and_values_are_read(page):
    """At the second time: c = 1001.5 in 250 shades up to 1005, xi = 0.75, phi = -100 mV."""
    found = browser.used(page, slider=1, at=AT)
    assert found["faults"] == []
    assert found["time"] == "t = 1 s"
    assert found["changed"] >= 1  # c and the stress change with time, the others do not
    read = values(found["readings"])
    assert read["c"] == pytest.approx(1001.5, abs=1005 / 249)
    assert read["xi"] == pytest.approx(0.75, abs=1 / 249 + 1 / 280)
    assert read["phi"] == -100
    assert found["readings"]["xi"].startswith("x = 3 µm, y = 0.5 µm: ")
    # tip = 4 + t, mean = 3 + t: at the last point of the curves, whose time is 3 s.
    assert found["hover"] == ["3", "tip : 7", "front mean : 6"]


def test_a_picture_of_the_page(page, tmp_path):
    browser.picture(page, tmp_path / "page.png", (500, 800))
    assert png_size(tmp_path / "page.png") == (500, 800)
