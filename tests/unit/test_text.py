# SPDX-License-Identifier: MIT
"""Titles and other texts of users: what of them reaches a terminal, a figure, a config."""

import warnings

import pytest
from matplotlib.figure import Figure

from solver.base import text
from solver.base.errors import InputError
from solver.input import loading
from solver.pictures import panels
from solver.sweep import plan

CELL = "layers: [{name: a, thickness: 6 um}]\n"
LONG = " ".join(["word"] * 100)


def test_a_line_has_single_spaces_and_nothing_that_commands():
    assert text.one_line(" a\n b\tc ") == "a b c"
    assert text.one_line("x\x1b[31my\u202ez\x00") == "x\ufffd[31my\ufffdz\ufffd"
    assert text.one_line("锂 µm ξ") == "锂 µm ξ"


def test_a_heading_has_so_many_lines_and_says_that_there_is_more():
    lines = text.heading(LONG, 24, 3).splitlines()
    assert lines == ["word word word word word"] * 2 + ["word word word word ..."]
    assert text.heading("short", 24, 3) == "short"
    assert max(map(len, text.heading("x" * 200, 24, 3).splitlines())) <= 24


@pytest.mark.parametrize("bad", ["x\\e[31m", "x\\u202e", "x\\0", "x\\a"])
def test_titles_are_lines_that_can_be_printed(bad, tmp_path):
    with pytest.raises(InputError, match="title: .* must be a line of characters") as caught:
        loading.parse(f'title: "{bad}"\n{CELL}')
    assert str(caught.value).isprintable()
    (tmp_path / "base.yaml").write_text(f"title: t\n{CELL}")
    sweep = tmp_path / "sweep.yaml"
    sweep.write_text(f'title: "{bad}"\nconfig: base.yaml\nvary: {{width: [5 um]}}\n')
    with pytest.raises(InputError, match="title: .* must be a line of characters"):
        plan.load(sweep, tmp_path / "runs")


def test_titles_of_several_lines_become_one():
    config = loading.parse(f"title: >\n  a cell\n  of one layer\n{CELL}")
    assert config.title == "a cell of one layer"


def test_a_figure_takes_any_title_without_a_word():
    fig = Figure()
    panels.head(fig, f"锂 \x1b[2J $\\frac{{x$ {LONG}", 40, below="t = 1 s")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        panels.rendered(fig)
    lines = fig.get_suptitle().splitlines()
    assert len(lines) == panels.LINES + 1 and lines[-1] == "t = 1 s"
    assert all(line.isprintable() for line in lines)
