# SPDX-License-Identifier: MIT
"""`watch`: the page of a folder at every stage of a run, and how it ends."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import threading
import urllib.request
from urllib.error import HTTPError

import pytest

from solver.pages import library, server
from solver.verbs.cli import main
from tests.system.running import PROGRAM, ROOT
from tests.unit.test_snapshots import write_run


def status(page: str) -> str:
    return re.search(r'class="status [^"]*">([^<]*)<', page)[1]


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """A server of a folder, without the library and without its pauses."""
    monkeypatch.setattr(library, "compressed", lambda: "")
    monkeypatch.setattr(server, "REST", 0.0)
    folder = tmp_path / "run"
    folder.mkdir()
    with server.serving(folder, 0) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        address = f"http://{server.HOST}:{served.server_port}"

        def get(path="/", host=None):
            request = urllib.request.Request(address + path, headers={"Host": host} if host else {})
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.read().decode()

        try:
            yield folder, get, f"{server.HOST}:{served.server_port}"
        finally:
            served.shutdown()
            thread.join()


def test_a_folder_from_before_the_first_step_to_a_restart(watched):
    folder, get, _ = watched
    assert status(get()) == "waiting"
    (folder / "resolved.yaml").write_text("title: begins\n")
    (folder / "scalars.csv").write_text("step,t_s,tip_um\n")
    assert status(get()) == "running"
    write_run(folder, [0.0, 1.0])
    first = get()
    assert (status(first), first.count('class="still"')) == ("running", 4)
    # The page asks for the state that it was made in, and comes again when that is another.
    state = get("/state")
    assert f'"live":"{state}"' in first
    (folder / "run.json").write_text(json.dumps({"exit_code": 4, "exit_reason": "stopped"}))
    assert get("/state") != state
    assert status(get()) == "stopped"
    (folder / "run.json").unlink()  # as a restart does
    assert status(get()) == "running"


def test_what_is_replaced_meanwhile_is_waited_for(watched):
    folder, get, _ = watched
    write_run(folder, [0.0, 1.0])
    (folder / "fields" / "000001.h5").unlink()
    page = get()
    assert status(page) == "waiting"
    assert "000001.h5: missing" in page
    shutil.rmtree(folder)
    assert status(get()) == "waiting"


def test_only_this_machine_is_answered_and_only_what_there_is(watched):
    _, get, own = watched
    assert get("/state", host=own.replace("127.0.0.1", "localhost"))
    for path, host, code in (("/", "elsewhere.example:80", 403), ("/run.json", own, 404)):
        with pytest.raises(HTTPError) as error:
            get(path, host)
        assert error.value.code == code


def test_it_rests_after_a_page(tmp_path, monkeypatch):
    """No new state within REST durations of the making of a page, which took 2 s here."""
    clock = iter([0.0, 2.0, 5.0, 12.0])
    monkeypatch.setattr(server.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(server.run_page, "content", lambda folder, live: live)
    watched = server.Watched(tmp_path)
    before = watched.page()  # from 0 to 2 s: rests until 2 + 5 * 2 s
    (tmp_path / "scalars.csv").write_text("step\n")
    assert watched.state() == before  # at 5 s
    assert watched.state() != before  # at 12 s


def test_bad_places_and_ports_are_one_sentence(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["watch", str(tmp_path / "file")]) == 2
    assert "this is a file" in capsys.readouterr().err
    assert main(["watch", str(tmp_path), "--port", "70000"]) == 2
    assert "must be a whole number from 0 to 65535" in capsys.readouterr().err
    with server.serving(tmp_path, 0) as served:
        assert main(["watch", str(tmp_path), "--port", str(served.server_port)]) == 2
    assert "cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "not/yet"])
def test_ctrl_c_ends_it_and_leaves_nothing(tmp_path, name):
    """Of a folder without a run too, which may come."""
    process = subprocess.Popen(
        [*PROGRAM, "watch", str(tmp_path / name), "--port", "0"], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        assert re.search(r"http://127.0.0.1:\d+/", line), line
        assert "no run is there yet" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, complaint) == (0, "")
    assert list(tmp_path.iterdir()) == []
