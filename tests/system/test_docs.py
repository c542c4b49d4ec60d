"""The documentation: every command in it works, every link leads somewhere, the pages build."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import chdir
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from solver.base.errors import InputError
from solver.base.physics import PHYSICS
from tests import written_map, written_mesh
from tests.system.running import ROOT, SMALL, called, without_figure

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docker/README.md",
         *sorted((ROOT / "docs").glob("*.md"))]  # fmt: skip
WORDS = ("docker/", "docker ", "apptainer ", "sbatch ", "python3 ", "pvpython ", "dendrite ",
         "mpirun ", "rm ", "unshare ", "h5dump ", "sudo ")  # fmt: skip
"""What the first word of a command in a block of code is."""

NOT_RUN = {
    r"docker/run --where": "tests/unit/test_docker_run.py",
    r"docker/run python3 -m pytest": "this is the test suite",
    r"docker/run python3 benchmarks/mutations": "runs tests of its own, for half a minute",
    r"docker/run python3 -m benchmarks\.(ccd|cells)": "many runs; tests/unit/test_ccd.py",
    r"docker/run python3 -m benchmarks\.odd_configs": "many runs; tests/unit/test_odd_configs.py",
    r"docker/run python3 -m benchmarks\.islands": "a minute each; tests/system/test_islands.py",
    r"docker/run .*\.\.\.$": "a pattern, not a command",
    r"docker/run python3 -m solver --help$": "prints the usage; tests/unit/test_cli_errors.py",
    r"docker/run python3 -m solver watch": "ends by Ctrl-C; tests/system/test_watch.py",
    r"python3 -m benchmarks.report": "needs Chromium; tests/system/test_browser.py",
    r"docker/run sphinx-build": "the pages are built below",
    r"docker/run python3 docs/reference.py": "writes into the checkout; compared with it below",
    r"docker/(build|run|check)-image": "needs root and takes minutes",
    r"docker (build|run) ": "needs docker",
    r"apptainer ": "needs Apptainer",
    r"python3 -m venv ": "installs 1.4 GB from PyPI",
    r"sbatch ": "tests/cluster",
    r"docker/run python3 docs/paraview/steps.py": "draws, for which Debian's VTK needs a display",
    r"pvpython ": "needs ParaView, which is not in the environment",
    r"(rm -rf|unshare|sudo) ": "deletes or changes the reader's system",
    r"h5dump ": "needs hdf5-tools",
}
"""Commands that are not run here, and why."""


MANY_RUNS = re.compile("results/sweep|solver converge")
"""In commands that take longer than the quick level of the tests allows."""


def blocks(text: str) -> list[str]:
    """Lines of indented and fenced blocks that begin with a command; `\\` joins lines."""
    found, fenced = [], False
    for line in re.sub(r" \\\n\s*", " ", text).splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif (fenced or line.startswith("    ")) and line.strip().startswith(WORDS):
            found.append(line.strip().partition("  #")[0].strip())
    return found


def commands() -> dict[str, Path]:
    """Every command of the pages, with the first page that has it."""
    found: dict[str, Path] = {}
    for page in PAGES:
        for command in blocks(page.read_text(encoding="utf-8")):
            found.setdefault(command, page.relative_to(ROOT))
    return found


COMMANDS = commands()


def reason(command: str) -> str | None:
    return next((why for pattern, why in NOT_RUN.items() if re.match(pattern, command)), None)


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """A folder like the checkout with a tiny quickstart, and what the tutorial leaves."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "configs/sweeps").mkdir(parents=True)
    tiny = SMALL.read_text().replace("0.4 um}", "0.8 um}").replace("end: 20 s", "end: 0.3 s")
    tiny = tiny.replace("size_min: 0.4 um, size_max: 0.4 um", "size_min: 0.8 um, size_max: 0.8 um")
    tiny = tiny.replace("snapshots: 4", "snapshots: 1")  # two frames of a movie
    tiny += "kinetics: {c_half: 1}\n"  # as the quickstart
    for name in ("configs/quickstart.yaml", "config.yaml"):
        (folder / name).write_text(tiny)
    sweep = (ROOT / "configs/sweeps/quickstart.yaml").read_text()
    sweep = sweep.replace("1.2 um", "0.8 um").replace("0.6 um", "0.8 um")
    sweep = sweep.replace("[-0.06 V, -0.08 V, -0.10 V]", "[-0.10 V]")
    sweep = sweep.replace("count: 3", "count: 2")
    (folder / "configs/sweeps/quickstart.yaml").write_text(sweep)
    cycling = (ROOT / "configs/cycling.yaml").read_text()
    cycling = cycling.replace("repeat: 10", "repeat: 1").replace("count: 1", "count: 0")
    (folder / "configs/cycling.yaml").write_text(cycling.replace("width: 8 um", "width: 2 um"))
    cell = (ROOT / "configs/cell.yaml").read_text().replace("0.44 um", "0.8 um")
    (folder / "configs/cell.yaml").write_text(cell.replace("end: 200 s", "end: 1 s"))
    polymer = (ROOT / "configs/polymer.yaml").read_text().replace("10 min", "0.1 s")
    (folder / "configs/polymer.yaml").write_text(polymer.replace("width: 9 um", "width: 2 um"))
    notch = (ROOT / "configs/notch.yaml").read_text().replace("way: 6 um", "way: 0 um")
    (folder / "configs/notch.yaml").write_text(notch.replace("dt_max: 4 s", "dt_max: 100 s"))
    plating = (ROOT / "configs/notch_plating.yaml").read_text().replace("0.44 um", "0.8 um")
    plating = plating.replace("to: 40 mA", "to: 10.5 mA").replace("length: 0.2 um", "length: 1 um")
    (folder / "configs/notch_plating.yaml").write_text(plating)
    island = (ROOT / "configs/island.yaml").read_text().replace("0.44 um", "0.8 um")
    (folder / "configs/island.yaml").write_text(island.replace("end: 400 s", "end: 1 s"))
    grains = (ROOT / "configs/polycrystal.yaml").read_text().replace("0.44 um", "0.8 um")
    grains = grains.replace("width: 30 um", "width: 8 um").replace("height: 36 um", "height: 18 um")
    (folder / "configs/polycrystal.yaml").write_text(grains.replace("end: 200 s", "end: 1 s"))
    for name in ("llzo_leak", "pore", "rough_interface"):
        text = (ROOT / f"configs/{name}.yaml").read_text()
        text = re.sub(r"interface_length: [\d.]+ um", "interface_length: 0.8 um", text)
        text = re.sub(r"size_max: [\d.]+ um", "size_max: 0.8 um", text)
        text = text.replace("radius: 1 um", "radius: 2.4 um").replace("width: 1 um", "width: 3 um")
        text = text.replace("width: 24", "width: 14").replace("height: 32", "height: 16")
        (folder / f"configs/{name}.yaml").write_text(re.sub(r"\{end: \d+ \w+", "{end: 1 s", text))
    stack = (ROOT / "configs/stack_pressure.yaml").read_text().replace("0.44 um", "0.8 um")
    (folder / "configs/stack_pressure.yaml").write_text(stack.replace("end: 100 s", "end: 1 s"))
    pushed = (ROOT / "configs/pushed_wall.yaml").read_text().replace("0.44 um", "0.8 um")
    (folder / "configs/pushed_wall.yaml").write_text(pushed.replace("end: 5 s", "end: 0.1 s"))
    shared = ("solver", "meshes", "tests", "benchmarks")
    whole = ("chen2025", "stacks", "ccd", "pictures", "voltage.yaml")
    configs = (f"configs/{name}" for name in whole)
    for name in (*shared, *configs):
        (folder / name).symlink_to(ROOT / name)
    (folder / "configs/zhang2024").mkdir()
    plm = (ROOT / "configs/zhang2024/plm.yaml").read_text()
    plm = plm.replace("columns: 10, size_min: 0.05 um", "columns: 4, size_min: 0.3 um")
    (folder / "configs/zhang2024/plm.yaml").write_text(plm)
    done = in_shell(folder, "python3 -m solver run config.yaml -o results/first")
    assert done.returncode == 0, done.stderr
    for name in ("quickstart", "half", "thin"):
        shutil.copytree(folder / "results/first", folder / "results" / name)
    return folder


def ready(folder: Path, command: str) -> subprocess.CompletedProcess:
    """Run a command of the documentation on the desk.

    In this process, without the figure of a run, where it is the program's and needs no shell.
    """
    command = adapted(command)
    words = shlex.split(command)
    if words[:3] == ["python3", "-m", "solver"] and not re.search(r"[*[|<>&;$~]", command):
        with chdir(folder):
            return called(*words[3:])
    return in_shell(folder, command)


def adapted(command: str) -> str:
    """A command of the documentation for the desk, inside the environment."""
    command = re.sub(r"^docker/run ", "", command)
    command = re.sub(r"^dendrite ", "python3 -m solver ", command)
    command = command.replace('time.end="2000 s"', 'time.end="0.4 s"')  # of a tiny run
    # Results of commands before, and of the same command in another page, may be there.
    if re.match(r"(mpirun \S+ \S+ )?python3 -m solver (run|mesh) ", command):
        command += " --force"
    return command


def in_shell(folder: Path, command: str) -> subprocess.CompletedProcess:
    """Run a command in a folder as a user types it, in bash."""
    command = command.replace("python3 ", f"{shlex.quote(sys.executable)} ", 1)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True,
        timeout=600,
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(c, id=f"{page}: {c}", marks=[pytest.mark.slow] * bool(MANY_RUNS.search(c)))
        for c, page in COMMANDS.items()
        if reason(c) is None
    ],
)
def test_a_command_of_the_documentation_works(desk, command):
    done = ready(desk, command)
    stopped = 4 if "--max-wall" in command else 0
    assert done.returncode in (0, stopped), done.stderr + done.stdout


def test_the_python_of_the_readme_works(desk):
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
    code += "assert run.finished and run.config.boundary.phi_anode == -0.05 and c.max() >= 1000\n"
    with chdir(desk), without_figure():
        exec(code, {})


def test_every_reason_is_needed():
    for pattern in NOT_RUN:
        assert any(re.match(pattern, command) for command in COMMANDS), pattern


def put_geometries(folder: Path) -> None:
    """The picture, the map and the mesh that docs/howto_regions.md speaks of."""
    pixels = np.zeros((48, 48, 3), np.uint8)
    pixels[20:30, 10:40] = [255, 0, 0]
    Image.fromarray(pixels).save(folder / "particles.png")
    at = written_map.square(40, 40, 1.0)
    phase = np.where(np.hypot(*(at - 20).T) < 5, 0, 1)
    written_map.ctf(folder / "map.ctf", at, (30.0, 40.0, 50.0), phase, {"Garnet": "m-3m"})
    points, triangles = written_mesh.grid(4, 4, 0.05, 0.05)
    bottom = {"bottom": [(i, i + 1) for i in range(4)]}
    written_mesh.write(folder / "cell.msh", points, triangles, ["Domain-1"] * 32, bottom)


def test_the_documented_configs_are_good(tmp_path):
    """Configs, sweeps and files of materials in fenced YAML are accepted."""
    from solver.input import loading, own_materials
    from solver.sweep import plan

    (tmp_path / "configs/sweeps").mkdir(parents=True)
    (tmp_path / "configs/quickstart.yaml").write_text(
        (ROOT / "configs/quickstart.yaml").read_text()
    )
    put_geometries(tmp_path)
    good = 0
    for page in PAGES:
        for text in re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
            if "vary:" in text:
                path = tmp_path / "configs/sweeps/sweep.yaml"
                path.write_text(text)
                assert plan.load(path, tmp_path / "runs").runs
            elif "description:" in text:
                path = tmp_path / "pellet.yaml"
                path.write_text(text)
                assert own_materials.read(path)
            elif "materials:" in text:  # a file that stands beside
                path = tmp_path / "config.yaml"
                path.write_text("title: t\n" + text)
                assert loading.load(path).layers
            elif "ebsd:" in text and find_spec("orix") is None:
                with pytest.raises(InputError, match="is read by orix, which is not installed"):
                    loading.parse("title: t\n" + text, name=str(tmp_path / page.name))
            elif "geometry:" in text:  # likewise
                loading.parse("title: t\n" + text, name=str(tmp_path / page.name))
            elif text.startswith("title:"):
                loading.parse(text, name=page.name)
            else:
                loading.parse("title: t\n" + text, name=page.name)
            good += 1
    assert good >= 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not re.match(r"[a-z]+:", target):
            assert Path(os.path.normpath(page.parent / target)).exists(), target


KEYS_OF_TRANSPORT = ("closure", "boundary.anode", "boundary.counter", "t_plus", "epsilon_r",
                     "columns", "checkpoint_steps")  # fmt: skip


def test_every_key_of_every_physics_is_on_its_page():
    from docs import reference

    for physics in PHYSICS.values():
        page, schema = reference.config_page(physics), physics.load("config").model_json_schema()
        for section in (schema, *schema["$defs"].values()):
            for key, value in section["properties"].items():
                heading = rf"^## (\S+\.)?{key}(\.N|\.NAME)?$"
                there = f"| `{key}` |" in page or re.search(heading, page, flags=re.M)
                assert there, (physics.name, key)
                if "unit" in value:
                    assert f"| `{key}` | {value['unit']} |" in page, (physics.name, key)


def test_the_reference_in_the_checkout_is_that_of_the_program():
    """`docker/run python3 docs/reference.py` writes it anew."""
    from docs import reference

    for name, text in reference.kept().items():
        assert (ROOT / "docs/reference" / name).read_text(encoding="utf-8") == text, name


def test_the_pages_build_without_warnings(tmp_path):
    source = tmp_path / "docs"
    shutil.copytree(ROOT / "docs", source)
    for name in ("solver", "meshes"):
        (tmp_path / name).symlink_to(ROOT / name)
    done = subprocess.run(
        ["sphinx-build", "-q", "-W", "--keep-going", str(source), str(tmp_path / "html")],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    config, transport = (
        (tmp_path / f"html/reference/config_{physics}.html").read_text() for physics in PHYSICS
    )
    verbs = (tmp_path / "html/reference/verbs.html").read_text()
    assert "interface_length" in config
    assert "lambda_i" in config
    assert all(key in transport for key in KEYS_OF_TRANSPORT)
    assert "--max-wall" in verbs
    assert 'id="sweep"' in verbs
    python = (tmp_path / "html/reference/python.html").read_text()
    described = ("load", "simulate", "compare", "Run.fields", "Fields.grid", "Config.with_")
    assert all(f'id="solver.{name}"' in python for name in described)
    tutorial = (tmp_path / "html/reference/tutorial_python.html").read_text()
    assert "tutorial_python_1.png" in tutorial
