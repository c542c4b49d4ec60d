# SPDX-License-Identifier: MIT
"""Titles and other texts of users: what of them reaches a terminal, a figure, a config."""

import warnings

import pytest
from matplotlib.figure import Figure

from solver.base import log, text
from solver.base.errors import InputError
from solver.input import loading
from solver.pictures import panels
from solver.sweep import plan
from solver.verbs.cli import main

CELL = "layers: [{name: a, thickness: 6 um}]\n"
LONG = " ".join(["word"] * 100)


def test_a_line_has_single_spaces_and_nothing_that_commands():
    assert text.one_line(" a\n b\tc ") == "a b c"
    assert text.one_line("x\x1b[31my\u202ez\x00") == "x?[31my?z?"
    assert text.one_line("锂 µm ξ") == "锂 µm ξ"


def test_several_are_more_than_one():
    assert [text.counted(n, "item") for n in (0, 1, 2)] == ["0 items", "1 item", "2 items"]
    course = "boundary={anode_course: [[0, 0]]}"
    with pytest.raises(InputError, match=r"anode_course: must have at least 2 items\."):
        loading.parse(f"title: t\n{CELL}", [course])


def test_what_is_said_of_a_users_words_commands_no_terminal(tmp_path, capsys):
    """Names of files and of keys, in errors and in the log."""
    assert main(["check", str(tmp_path / "no\x1b[31m.yaml")]) == 2
    path = tmp_path / "cell.yaml"
    path.write_text(f'title: t\nprotocol: {{steps: ["Cha\\e[31mrge"]}}\n{CELL}')
    assert main(["check", str(path)]) == 2
    err = capsys.readouterr().err
    assert "no?[31m.yaml: no such" in err and "Cha?[31mrge" in err
    assert err.replace("\n", "").isprintable() and err.count("\n") == 2
    log.setup(0)
    handler = log.to_file(tmp_path / "log.txt")
    log.logger.info("results in a\x1b[2Jb")
    log.logger.removeHandler(handler)
    handler.close()
    assert capsys.readouterr().out == "results in a?[2Jb\n"
    assert (tmp_path / "log.txt").read_text().endswith("INFO results in a?[2Jb\n")


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
