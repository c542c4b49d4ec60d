"""Materials of a user's own: read with their units and sources, taken by layers, listed."""

from types import SimpleNamespace

import pytest

from solver.base.errors import InputError
from solver.check.groups import groups
from solver.check.judging import judgements
from solver.input.loading import load, parse, resolved_yaml
from solver.laws.reduction import K_B
from solver.verbs.cli import main

MINE = """
pellet-3:
  description: Li6PS5Cl, cold pressed
  sigma_ion: {value: 3 mS/cm, T: 25 degC, E_a: 0.4 eV, range: [10 degC, 60 degC], source: pellet 3}
  D: {value: 1e-7 cm^2/s, source: assumed}
  E: {value: 20 GPa, uncertainty: 1 GPa, source: nanoindentation}
  nu: {value: 0.3, source: assumed}
  R_ct: {value: 5 ohm*cm^2, source: pellet 3}
"""
CELL = """
title: a cell
materials: %s
constants: {T: 40 degC}
layers: [{name: below, thickness: 30 um, material: pellet-3, nu: 0.25}]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine.yaml").write_text(MINE)
    (tmp_path / "cell.yaml").write_text(CELL % "mine.yaml")
    return tmp_path


def test_layer_takes_from_the_file_beside_the_config(folder):
    from math import exp

    layer = load(folder / "cell.yaml").layers[0]
    factor = exp(-0.4 / K_B * (1 / 313.15 - 1 / 298.15)) * 298.15 / 313.15
    assert layer.sigma_ion == pytest.approx(0.3 * factor, rel=1e-9)
    assert (layer.D, layer.E, layer.nu) == (pytest.approx(1e-11), 2e10, 0.25)


def test_resolved_config_carries_values_and_sources_and_needs_no_file(folder):
    config = load(folder / "cell.yaml")
    text = resolved_yaml(config)
    (folder / "mine.yaml").unlink()
    assert "source: nanoindentation" in text
    again = parse(text)
    assert again == config and again.materials == config.materials
    assert config.with_({"constants.T": "25 degC"}).layers[0].sigma_ion == pytest.approx(0.3)
    assert again.materials["pellet-3"].E.uncertainty == 1e9


@pytest.mark.parametrize("given", [True, False])
def test_a_contact_that_nobody_takes_is_remarked_on(folder, given):
    """Layers take from a material, the front does not."""
    config = load(folder / "cell.yaml", ["phase_field.R_ct=5 ohm*cm^2"] * given)
    said = [x for x in judgements(config, groups(config)) if x.startswith("materials.")]
    words = ["materials.pellet-3.R_ct, 0.0005 ohm*m^2, does nothing here"] * (not given)
    assert [x.partition(":")[0] for x in said] == words


def test_restart_needs_no_file_either(folder):
    from solver.run import restart

    config = load(folder / "cell.yaml")
    record = SimpleNamespace(resolved=config.model_dump(mode="json"), overrides=())
    (folder / "run").mkdir()
    (folder / "run/config.yaml").write_text((folder / "cell.yaml").read_text())
    assert restart._config(folder / "run", record, [])[1] == config


def test_ions_take_it_too(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "gel: {sigma_ion: {value: 1 S/m, T: 300 K, source: s}, t_plus: {value: 0.3, source: s}, "
        "epsilon_r: {value: 7, source: s}}"
    )
    (tmp_path / "ions.yaml").write_text(
        "title: t\nphysics: transport\nmaterials: mine.yaml\n"
        "species: [{name: Li, charge: 1}, {name: X, charge: -1}]\n"
        "layers: [{name: a, thickness: 9 um, material: gel, c0: {Li: 1000, X: 1000}}]\n"
        "boundary: {anode: {phi: 0 V}, counter: {flux: {Li: 1e-6}}}\n"
    )
    layer = load(tmp_path / "ions.yaml").layers[0]
    assert (layer.sigma_ion, layer.t_plus, layer.epsilon_r) == (pytest.approx(1.0), 0.3, 7.0)


def test_listing_shows_the_file(folder, capsys):
    assert main(["materials", str(folder / "mine.yaml")]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "pellet-3: Li6PS5Cl, cold pressed" in text and "E_a 0.400 eV" in text
    assert "20 GPa, +- 1 GPa [nanoindentation]" in text and "R_ct 0.0005 ohm*m^2" in text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("source: nanoindentation", "", ["mine.yaml", "pellet-3.E.source", "required"]),
        ("20 GPa", "20 kg", ["mine.yaml", "pellet-3.E.value", "'20 kg'", "Pa"]),
        ("nu: {value: 0.3", "nu: {value: 0.6", ["pellet-3", "nu 0.6", "-1 to 0.5"]),
        (", range: [10 degC, 60 degC]", "", ["sigma_ion", "both E_a and range"]),
        ("T: 25 degC", "T: 80 degC", ["353.15 K", "outside its range"]),
        ("pellet-3:", "LPSC:", ["library's name 'LPSC'"]),
        ("pellet-3:", "pellet-4:", ["layers.0.material", "'pellet-3'", "pellet-4"]),
        ("  E: {value: 20 GPa, uncertainty: 1 GPa, source: nanoindentation}\n", "",
         ["layers.0.material", "E of pellet-3 not known"]),
        ("E_a", "Ea", ["mine.yaml", "unknown key 'Ea'", "did you mean 'E_a'"]),
    ],
)  # fmt: skip
def test_mistake_is_one_sentence(old, new, words, folder):
    assert old in MINE
    (folder / "mine.yaml").write_text(MINE.replace(old, new))
    with pytest.raises(InputError) as caught:
        load(folder / "cell.yaml")
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_missing_file_is_one_sentence(folder):
    (folder / "mine.yaml").unlink()
    with pytest.raises(InputError, match="mine.yaml: no such"):
        load(folder / "cell.yaml")
    assert main(["materials", str(folder / "mine.yaml")]) == 2
