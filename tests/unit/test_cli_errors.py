# SPDX-License-Identifier: MIT
"""The program as a user meets it: bad input is one sentence, exit code 2, on one rank or two."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from solver.base import launch
from solver.verbs.cli import main
from tests import ranks

REPO = Path(__file__).resolve().parents[2]
HEAD = "title: t\n"
CELL = HEAD + "layers: [{name: a, thickness: 50 um}]\n"


def layer(more: str) -> str:
    return HEAD + f"layers: [{{name: a, thickness: 50 um, {more}}}]\n"


# (text of the config, arguments after it, what the message must name)
BAD_INPUT = {
    "unknown key": (CELL + "meshh: {size_min: 1 um}", (), ["meshh", "did you mean 'mesh'"]),
    "unknown nested key": (CELL + "mesh: {size_mn: 1 um}", (), ["size_mn", "size_min"]),
    "key with a dash": (CELL + "mesh: {size-min: 1 um}", (), ["size-min", "size_min"]),
    "unknown key in a list": (layer("sigma_iom: 1"), (), ["layers.0", "sigma_iom", "sigma_ion"]),
    "key that is a number": (CELL + "1: 2", (), ["key 1", "text"]),
    "wrong unit": (layer("D: 1 kg"), (), ["layers.0.D", "1 kg", "m^2/s"]),
    "unknown unit": (layer("D: 1 parsek"), (), ["layers.0.D", "parsek", "m^2/s"]),
    "unit without number": (layer("D: um"), (), ["layers.0.D", "um", "number"]),
    "power tower": (layer("D: 1 m^9^9^9^9"), (), ["layers.0.D", "cannot be read"]),
    "negative diffusivity": (layer("D: -1e-7 cm^2/s"), (), ["D", "-1e-7 cm^2/s", "greater than 0"]),
    "huge exponent": (CELL + "width: 1e999 m", (), ["width", "1e999 m", "finite"]),
    "huge integer": (CELL + f"width: 1{'0' * 400}", (), ["width", "finite"]),
    "forgotten unit": (CELL + "width: 50", (), ["width", "50", "1 m"]),
    "nan": (CELL + "time: {end: .nan}", (), ["time.end", "nan", "finite"]),
    "infinity": (CELL + "time: {end: .inf}", (), ["time.end", "inf", "finite"]),
    "nan for a plain number": (layer("nu: .nan"), (), ["layers.0.nu", "nan", "finite"]),
    "bool for a quantity": (layer("D: true"), (), ["layers.0.D", "true", "number"]),
    "bool for a plain number": (layer("nu: true"), (), ["layers.0.nu", "true", "number"]),
    "bool for a count": (CELL + "nuclei: {count: true}", (), ["nuclei.count", "whole number"]),
    "fraction for a count": (CELL + "nuclei: {count: 2.5}", (), ["nuclei.count", "2.5", "whole"]),
    "incompressible": (layer("nu: 0.5"), (), ["layers.0.nu", "0.5", "less than"]),
    "unknown reading": (CELL + "reading: literal", (), ["reading", "literal", "printed"]),
    "potential as a list": (CELL + "potential: [xi]", (), ["potential", "section"]),
    "scale above one": (CELL + "potential: {charge_scale: 2}", (), ["charge_scale", "2", "1"]),
    "h on P2": (
        CELL + "reading: electron_limited\nsolver: {scheme: monolithic, degree: 2}",
        (),
        ["solver.degree", "potential.source"],
    ),
    "no choice": (CELL + "time: {scheme: rk4}", (), ["time.scheme", "rk4", "sdirk2"]),
    "lambda too short": (layer("lambda_i: [0, 0]"), (), ["layers.0.lambda_i", "2"]),
    "lambda too long": (layer("lambda_i: [0, 0, 0, 0]"), (), ["layers.0.lambda_i", "3"]),
    "no layers": (HEAD + "layers: []", (), ["layers", "at least 1"]),
    "layers missing": (HEAD, (), ["layers", "required"]),
    "layers as a section": (HEAD + "layers: {name: a}", (), ["layers", "list"]),
    "empty section": (CELL + "mesh:", (), ["mesh", "empty"]),
    "inner error alone": (HEAD + "layers: [{name: a}]", (), ["layers.0.thickness", "required"]),
    "same layer names": (
        HEAD + "layers: [{name: a, thickness: 9 um}, {name: a, thickness: 9 um}]",
        (),
        ["layers", "'a'"],
    ),
    "layers do not fill": (CELL + "height: 40 um", (), ["layers", "50 um", "40 um", "fill"]),
    "sizes swapped": (CELL + "mesh: {size_min: 2 um}", (), ["mesh.size_min", "2 um", "size_max"]),
    "size above layer": (
        CELL + "mesh: {size_min: 60 um, size_max: 60 um}",
        (),
        ["mesh.size_min", "60 um", "50 um"],
    ),
    "too many nodes": (
        CELL + "mesh: {size_min: 1 nm, fine_height: 40 um}",
        (),
        ["mesh.size_min", "nodes", "2e+08"],
    ),
    "zero step": (CELL + "time: {dt_initial: 0}", (), ["time.dt_initial", "0", "greater than 0"]),
    "negative step": (CELL + "time: {dt_max: -1 s}", (), ["time.dt_max", "-1 s"]),
    "step outside": (CELL + "time: {dt_initial: 2000}", (), ["time.dt_initial", "2000", "dt_max"]),
    "nucleus outside": (
        CELL + "nuclei: {positions: [60 um]}",
        (),
        ["nuclei.positions.0", "60 um", "50 um"],
    ),
    "nuclei too high": (CELL + "nuclei: {film: 49 um}", (), ["nuclei", "50 um"]),
    "potential overflows": (CELL, ("--set", "boundary.phi_anode=-1 kV"), ["phi_anode", "-1000"]),
    "cell not held": (
        CELL + "mechanics: {sides: {anode: free, counter: free, left: free, right: free}}",
        (),
        ["mechanics.sides", "roller", "fixed"],
    ),
    "yaml syntax": ("title: [a\nlayers: 3", (), ["line 2", "column"]),
    "duplicate yaml key": (CELL + "title: u", (), ["title", "line 3", "duplicate"]),
    "tab": ("title: t\nmesh:\n\tsize_min: 1", (), ["line 3", "tabs"]),
    "empty file": ("", (), ["empty"]),
    "comment only": ("# nothing\n", (), ["empty"]),
    "a list": ("- 1\n", (), ["list", "key: value"]),
    "a text": ("hello\n", (), ["hello", "key: value"]),
    "override not a number": (CELL, ("--set", "time.end=soon"), ["time.end", "soon", "number"]),
    "key of before": (CELL, ("--set", "boundary.zero_normal_displacement=[anode]"),
                      ["mechanics.sides"]),
    "override of unknown key": (CELL, ("--set", "time.ned=3"), ["time.ned", "did you mean 'end'"]),
    "override malformed": (CELL, ("--set", "time.end"), ["time.end", "a.b=value"]),
    "override of no layer": (CELL, ("--set", "layers.3.D=1e-11"), ["layers.3.D"]),
    "override inside a line": (
        CELL + "protocol: {steps: [Rest for 1 s]}\n",
        ("--set", "protocol.steps.0.value=3"),
        ["protocol.steps.0 is the text 'Rest for 1 s', which has no keys", "set all of it"],
    ),
    "override with bad yaml": (CELL, ("--set", "time.end={"), ["time.end", "YAML"]),
    "unknown option": (CELL, ("--forse",), ["--forse", "--help"]),
}


def assert_one_sentence(stderr: str, *named: str) -> None:
    lines = [line for line in stderr.splitlines() if line.startswith("dendrite: error")]
    assert len(lines) == 1, stderr
    for text in named:
        assert text in lines[0]
    assert "Traceback" not in stderr
    assert len(lines[0]) < 400


def start(
    *words: str | Path, launcher: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONPATH": str(REPO)} | environment
    command = [*launcher, sys.executable, "-m", "solver", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_one_sentence(case, tmp_path, capsys):
    text, arguments, named = BAD_INPUT[case]
    path = tmp_path / "cell.yaml"
    path.write_text(text, encoding="utf-8")
    assert main(["check", str(path), *arguments]) == 2
    out, err = capsys.readouterr()
    assert_one_sentence(err, *named)
    assert len(err.splitlines()) == 1
    assert out == ""


@pytest.mark.parametrize("case", ["unknown key", "huge exponent", "yaml syntax", "unknown option"])
def test_bad_input_ends_the_process_with_code_2(case, tmp_path):
    text, arguments, named = BAD_INPUT[case]
    path = tmp_path / "cell.yaml"
    path.write_text(text, encoding="utf-8")
    done = start("check", path, *arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert_one_sentence(done.stderr, *named)


@pytest.mark.parametrize("verb", ["run", "check", "rnu"])
def test_bad_input_on_two_ranks_is_one_sentence_and_no_hang(verb, tmp_path):
    path = tmp_path / "cell.yaml"
    path.write_text(CELL + "meshh: 1", encoding="utf-8")
    done = start(verb, path, launcher=ranks.launcher(2))
    assert done.returncode == 2
    assert_one_sentence(done.stderr, "rnu" if verb == "rnu" else "meshh")


def test_an_error_that_one_rank_alone_meets_is_said_and_ends_all(tmp_path):
    (tmp_path / "cell.yaml").write_text(CELL, encoding="utf-8")
    code = (
        "import sys; from solver.base import launch; from solver.verbs.cli import main; "
        "launch.FIRST_WORD = 0.5; "
        "sys.exit(main(['run', 'absent.yaml' if launch.rank() == 1 else 'cell.yaml']))"
    )
    done = subprocess.run(
        [*ranks.launcher(2), sys.executable, "-c", code],
        capture_output=True, text=True, timeout=60, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(REPO)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "dendrite: error on rank 1: absent.yaml: no such" in done.stderr


def test_a_missing_compiler_is_one_sentence_before_the_run(tmp_path):
    path = tmp_path / "cell.yaml"
    path.write_text(CELL, encoding="utf-8")
    done = start("run", path, "-o", tmp_path / "run", CC="no-such-compiler -g")
    assert done.returncode == 2
    assert_one_sentence(done.stderr, "C compiler", "no-such-compiler", "CC")
    assert not (tmp_path / "run").exists()


def test_the_launcher_is_that_of_the_interpreter(tmp_path, monkeypatch):
    for folder in ("venv", "system"):
        (tmp_path / folder).mkdir()
        for name in ("python3", "mpirun"):
            (tmp_path / folder / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "system"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "venv" / "python3"))
    assert launch.mpirun() == str(tmp_path / "venv" / "mpirun")
    (tmp_path / "venv" / "mpirun").unlink()
    assert launch.mpirun() == str(tmp_path / "system" / "mpirun")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], ["VERB"]),
        (["chek", "x.yaml"], ["chek", "did you mean 'check'"]),
        (["check"], ["CONFIG"]),
        (["check", "absent.yaml"], ["absent.yaml", "no such"]),
        (["check", "."], ["directory"]),
        (["run", "cell.yaml", "-n", "0"], ["-n", "'0'"]),
        (["run", "cell.yaml", "-n", "100000"], ["-n", "'100000'", "cores of this machine"]),
        (["sweep", "sweep.yaml", "-n", "100000"], ["-n", "'100000'", "cores of this machine"]),
        (["mesh", "cell.yaml", "-o", "cell.txt"], ["cell.txt", ".msh"]),
        (["mesh", "cell.yaml", "-o", "old.msh"], ["old.msh", "--force"]),
        (["mesh", "cell.yaml", "-o", "absent/cell.msh"], ["absent", "does not exist"]),
        (["mesh", "cell.yaml", "-o", "folder.msh"], ["folder.msh", "folder"]),
        (["plot", "absent"], ["absent", "no such"]),
        (["info", "."], ["no run folder"]),
    ],
)
def test_bad_arguments_are_one_sentence(words, named, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("cell.yaml").write_text(CELL, encoding="utf-8")
    Path("old.msh").touch()
    Path("folder.msh").mkdir()
    assert main(words) == 2
    assert_one_sentence(capsys.readouterr().err, *named)


def test_file_that_is_not_text(tmp_path, capsys):
    path = tmp_path / "cell.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    assert main(["check", str(path)]) == 2
    assert_one_sentence(capsys.readouterr().err, "cell.yaml", "UTF-8")


def test_good_input_is_reported_without_dolfinx_or_gmsh(tmp_path):
    (tmp_path / "cell.yaml").write_text(CELL, encoding="utf-8")
    for verb in (["check", "cell.yaml"], ["schema"]):
        code = (
            "import sys; from solver.verbs.cli import main; code = main(sys.argv[1:]); "
            "heavy = {'dolfinx', 'petsc4py', 'mpi4py', 'gmsh'} & set(sys.modules); "
            "sys.exit(code or (f'imported {heavy}' if heavy else 0))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *verb],
            capture_output=True, text=True, timeout=60, cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(REPO)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_unexpected_exception_keeps_its_traceback(monkeypatch, capsys):
    def broken():
        raise KeyError("defect")

    monkeypatch.setattr("solver.verbs.cli._schema", lambda args: broken())
    assert main(["schema"]) == 1
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "internal error" in err
