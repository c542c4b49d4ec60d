"""The Python API without a run: configs as objects, their reports, what importing it costs."""

import math
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

import solver
from solver.input import loading
from solver.input.section import Section
from solver.materials import MATERIALS
from solver.pages import library
from solver.verbs.cli import main
from tests.unit.test_snapshots import write_run

ROOT = Path(__file__).parents[2]
TEXT = """\
title: two layers
layers:
  - {name: lower, thickness: 5 um}
  - {name: upper, thickness: 5 um, D: 2e-11 m^2/s, sigma_ion: 2 mS/cm}
time: {end: 10 min}
"""
IONS = """\
title: one layer
physics: transport
species: [{name: Li, charge: 1}, {name: A, charge: -1}]
layers:
  - {name: PEO, thickness: 100 um, c0: {Li: 1000, A: 1000}, D: {Li: 2.5e-10, A: 1e-10}}
boundary: {anode: {phi: 0 V}, counter: {flux: {Li: 1e-3}}}
"""


def cell(**values) -> solver.Config:
    layers = [
        solver.Layer(name="lower", thickness="5 um"),
        solver.Layer(name="upper", thickness=5e-6, D="2e-11 m^2/s", sigma_ion="2 mS/cm"),
    ]
    return solver.Config(title="two layers", layers=layers, **values)


def stack(**values) -> solver.TransportConfig:
    t = solver.transport
    both = {"Li": 1000, "A": "1 mol/l"}
    layer = {"name": "PEO", "thickness": "100 um", "c0": both, "D": {"Li": 2.5e-10, "A": 1e-10}}
    return solver.TransportConfig(
        title="one layer",
        physics="transport",
        species=[t.Species(name="Li", charge=1), t.Species(name="A", charge=-1)],
        layers=[t.Layer(**layer | values)],
        boundary=t.Boundary(
            anode=t.Electrode(phi="0 V"), counter=t.Electrode(flux={"Li": "1e-3 mol/m^2/s"})
        ),
    )


def test_objects_make_the_config_of_the_file():
    assert cell(time=solver.Time(end="10 min")) == loading.parse(TEXT)
    assert stack() == loading.parse(IONS)


@pytest.mark.parametrize("config", [cell(), stack()], ids=["dendrite", "transport"])
def test_its_yaml_is_a_config_for_the_command_line(config, tmp_path, capsys):
    path = tmp_path / "cell.yaml"
    path.write_text(config.to_yaml())
    assert solver.load(path) == config == solver.load(config.to_yaml())
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr().out == str(solver.report(config)) + "\n"


def test_set_and_with_agree_with_the_file():
    changes = {"time.end": "900 s", "layers.0.D": "3e-7 cm^2/s", "mechanics": {"enabled": False}}
    changed = cell().with_(changes)
    assert (changed.time.end, changed.layers[0].D) == (900.0, 3e-11)
    assert not changed.mechanics.enabled
    assert solver.load(cell().to_yaml(), set=changes) == changed
    assert cell().time.end == 3600.0


def test_what_follows_from_a_value_follows_its_change():
    layers = [solver.Layer(name="a", thickness="50 um", material="LPSC")]
    cold = solver.Config(title="t", layers=layers, constants=solver.Constants(T=298.15))
    warm = cold.with_({"constants.T": 343.15})
    # ln(sigma T) is linear in 1000/T; the fit's slope, measured from 293.15 K to 343.15 K.
    slope = MATERIALS["LPSC"].sigma_ion.slope
    rise = math.exp(slope * (1e3 / 343.15 - 1e3 / 298.15)) * 298.15 / 343.15
    assert rise > 4
    ratio = warm.layers[0].sigma_ion / cold.layers[0].sigma_ion
    assert ratio == pytest.approx(rise, rel=1e-12)
    assert warm.with_({"constants.T": 298.15}) == cold
    electrons = cell().with_({"reading": "electron_limited"})
    assert electrons == loading.parse(TEXT, ["time.end=3600", "reading=electron_limited"])
    assert electrons.potential.carrier == "electrons"
    assert electrons.with_({"reading": "ionic"}).potential.carrier == "ions"


def test_diffusivities_follow_the_conductivity():
    given = {"D": None, "sigma_ion": "1 mS/cm", "t_plus": 0.5}
    once, twice = stack(**given), stack(**given).with_({"layers.0.sigma_ion": "2 mS/cm"})
    # Nernst-Einstein: D = t sigma RT/(F^2 c).
    k = once.constants
    assert once.layers[0].D["Li"] == pytest.approx(0.05 * k.R * k.T / (k.F**2 * 1000), rel=1e-12)
    assert twice.layers[0].D["Li"] == pytest.approx(2 * once.layers[0].D["Li"], rel=1e-12)


@pytest.mark.parametrize(
    "make, sentence",
    [
        (
            lambda: solver.Layer(name="a", thickness="5 kg"),
            "Layer: thickness: '5 kg' has the wrong unit; it must be convertible to m.",
        ),
        (lambda: solver.Layer(name="a"), "Layer: thickness: this key is required."),
        (
            lambda: solver.Time(edn="5 s"),
            "Time: unknown key 'edn'; did you mean 'end'?",
        ),
        (
            lambda: solver.Config(title="t", layers=[{"name": "a", "thickness": "-1 um"}]),
            "Config: layers.0.thickness: '-1 um' must be greater than 0 m.",
        ),
        (
            lambda: cell().with_({"time.end": 0}),
            "Config: time.end: 0 must be greater than 0 s.",
        ),
        (lambda: cell().with_({"layers.2.D": 1}), "Config: the config has no 'layers.2.D'."),
        (
            lambda: solver.load(TEXT, set={"time.end": object}),
            "time.end: a value of the type type cannot be set; give a number, a text, true or "
            "false, a list or a section.",
        ),
        (lambda: solver.load("no.yaml"), "no.yaml: no such config file."),
        (lambda: solver.open_run("/no/such"), "/no/such: no such run folder."),
        (
            lambda: solver.transport.Species(name="Li", charge=9),
            "Species: charge: 9 must be less than or equal to 6.",
        ),
    ],
)
def test_a_mistake_is_one_sentence(make, sentence):
    with pytest.raises(solver.InputError) as caught:
        make()
    assert str(caught.value) == sentence
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_report_has_the_numbers_and_shows_itself():
    found = solver.report(cell())
    lengths = {row.name: row.text for row in found.rows}
    assert lengths["interface length"] == "15.28 nm"  # sqrt(7e-10/(2*15e5))
    assert found.refusal is None and found.judgements
    html = found._repr_html_()
    assert "<td>15.28 nm</td>" in html
    assert "l/h, y &lt;= fine_height" in html


def test_report_of_an_unattainable_flux_says_why():
    # 4 D c/L of D = 2.5e-10 m^2/s, c = 1000 mol/m^3, L = 100 um.
    found = solver.report(stack().with_({"boundary.counter.flux.Li": 0.02}))
    assert "limiting flux is 0.01 mol/m^2/s" in found.refusal
    assert str(found).endswith(found.refusal)


def test_importing_and_configuring_needs_no_heavy_library():
    code = (
        "import sys, solver; solver.Config(title='t', layers=[solver.Layer(name='a', "
        "thickness='50 um')]); solver.transport; solver.report; "
        "print([m for m in ('dolfinx', 'mpi4py', 'h5py', 'matplotlib', 'pandas', 'pyvista') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_tables_need_no_h5py_and_fields_say_that_they_do(small_run):
    code = (
        "import sys; sys.modules['h5py'] = None\nimport solver\n"
        f"run = solver.open_run({str(small_run)!r})\nprint(run.finished, len(run.times))\n"
        "try: run.fields()\nexcept solver.InputError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    state, sentence = done.stdout.splitlines()
    assert state == "True 5"
    assert "needs h5py, which this Python does not have" in sentence


def test_every_name_is_there_and_none_is_a_room():
    rooms = {path.parent.name for path in (ROOT / "solver").glob("*/__init__.py")}
    assert not rooms & set(solver.__all__)
    for name in solver.__all__:
        assert getattr(solver, name)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = solver.nonsense


def sections(annotation) -> set[type]:
    """The sections that a type hint has in it."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return {annotation}
    return set().union(*map(sections, get_args(annotation)))


def test_every_section_of_a_config_has_its_class():
    """Those of what it has too, but for what a protocol, an activation or a material is made of."""
    found = {x for field in solver.Config.model_fields.values() for x in sections(field.annotation)}
    for name in ("Geometry", "Fracture", "Mechanics", "Lithium", "Nuclei"):
        whole = getattr(solver, name)
        found |= {x for f in whole.model_fields.values() for x in sections(f.annotation)}
    names = {x.__name__ for x in found} - {"OwnMaterial"}
    assert len(names) > 20 and not names - set(solver.__all__)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: solver.load(None), ["load", "NoneType"]),
        (lambda: solver.load({"title": "t"}), ["load", "dict", "Config"]),
        (lambda: solver.load("title: t\nlayers: []\n", set="a=1"), ["set", "dictionary"]),
        (lambda: solver.open_run(None), ["run folder", "NoneType"]),
        (lambda: solver.simulate("config.yaml", "results"), ["simulate", "str", "load"]),
        (lambda: solver.report("config.yaml"), ["report", "str", "load"]),
        (lambda: solver.compare("one", "two"), ["compare", "open_run"]),
    ],
)
def test_things_of_another_kind_are_one_sentence(call, words):
    with pytest.raises(solver.InputError) as error:
        call()
    assert all(word in str(error.value) for word in words), error.value


def test_numbers_of_numpy_are_numbers():
    layer = solver.Layer(name="A", thickness=np.float64(1e-5))
    config = solver.Config(title="t", layers=[layer], nuclei=solver.Nuclei(count=np.int64(3)))
    assert config.nuclei.count == 3 and config.cell_height == 1e-5


def test_a_copy_made_past_the_validation_is_not_run(tmp_path):
    config = solver.Config(title="t", layers=[solver.Layer(name="A", thickness="10 um")])
    with pytest.raises(solver.InputError, match="width"):
        solver.simulate(config.model_copy(update={"width": -1.0}), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_the_page_of_a_run_is_written_again(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "compressed", lambda: "")
    page = solver.open_run(write_run(tmp_path, [0.0, 1.0])).report()
    assert page == tmp_path / "report.html"
    assert "snapshots" in page.read_text(encoding="utf-8")
