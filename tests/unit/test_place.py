# SPDX-License-Identifier: MIT
"""Folders that are those of no run: what each verb says of them, and that it leaves them alone."""

from __future__ import annotations

import pytest

from solver.verbs.cli import main
from tests.unit.test_snapshots import write_run

VERBS = ["info", "report", "restart", "plot", "movie -o x.gif", "plot -o x.png"]


def said(verb: str, folder, capsys) -> str:
    assert main([*verb.split(), str(folder)]) == 2
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    return complaint


@pytest.fixture(params=VERBS)
def verb(request) -> str:
    return request.param


def test_a_folder_without_anything_is_none_and_stays_so(tmp_path, capsys, verb):
    assert f"{tmp_path}: holds no resolved.yaml, so it is no run" in said(verb, tmp_path, capsys)
    assert list(tmp_path.iterdir()) == []


def test_no_folder_and_a_file_are_told_apart(tmp_path, capsys, verb):
    (tmp_path / "file").touch()
    assert f"{tmp_path / 'none'}: no such run folder." in said(verb, tmp_path / "none", capsys)
    assert f"{tmp_path / 'file'}: this is a file" in said(verb, tmp_path / "file", capsys)


def test_the_runs_of_a_sweep_are_named(tmp_path, capsys, verb):
    for name in "abcd":
        (tmp_path / name).mkdir()
        write_run(tmp_path / name, [0.0])
    named = f"some in it, a, b, c and 1 more: name one of them, such as {tmp_path / 'a'}."
    assert named in said(verb, tmp_path, capsys)


@pytest.mark.parametrize("content", ["", "[]", "{"])
@pytest.mark.parametrize("name", ["info", "report"])
def test_a_record_that_is_none_is_named(tmp_path, capsys, content, name):
    write_run(tmp_path, [0.0])
    (tmp_path / "run.json").write_text(content)
    assert f"{tmp_path / 'run.json'}: is no record of a run" in said(name, tmp_path, capsys)


def test_a_run_without_a_checkpoint_is_started_again_with_a_file_that_is_there(tmp_path, capsys):
    write_run(tmp_path, [0.0])
    complaint = said("restart", tmp_path, capsys)
    assert f"start again with 'dendrite run {tmp_path / 'resolved.yaml'} -o" in complaint
