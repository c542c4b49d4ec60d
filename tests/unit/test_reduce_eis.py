# SPDX-License-Identifier: MIT
"""The verb `reduce eis`: from files of instruments to a material that a config names."""

import numpy as np
import pytest

from benchmarks.data_reduction import made_eis as made
from solver.input.loading import parse
from solver.laws import circuit
from solver.laws.circuit import Circuit
from solver.verbs.cli import main
from tests.unit.test_impedance import ARC, SIZE, F, S


@pytest.fixture
def files(tmp_path):
    f = np.geomspace(1e6, 1, 31)
    for seed, celsius in enumerate((25, 40, 60)):
        Z = made.cell(f, celsius + made.KELVIN, noise=0.003, seed=seed)
        (tmp_path / f"{celsius}.mpt").write_bytes(made.biologic((f, Z)))
    return [str(tmp_path / f"{celsius}.mpt") for celsius in (25, 40, 60)]


def test_three_temperatures_make_a_material_that_a_config_names(files, tmp_path, capsys):
    out, figure = tmp_path / "mine.yaml", tmp_path / "eis.png"
    words = ["reduce", "eis", *files, *SIZE, "--circuit", "R-RQ", "--interfaces", "2",
             "--temperature", "25 degC", "40 degC", "60 degC"]  # fmt: skip
    assert main([*words, "--material", str(out), "-o", str(figure), "--name", "pellet"]) == 0
    text = capsys.readouterr().out
    assert "E_a = 0.35" in text and "circuit R-RQ" in text and "noise: passed" in text
    assert figure.read_bytes().startswith(b"\x89PNG")
    config = parse(
        "title: t\nmaterials: mine.yaml\nconstants: {T: 25 degC}\n"
        "layers: [{name: a, thickness: 9 um, material: pellet, D: 1e-11, E: 2e10, nu: 0.3}]",
        name=str(tmp_path / "cell.yaml"),
    )
    assert config.layers[0].sigma_ion == pytest.approx(0.3, rel=0.01)
    entry = config.materials["pellet"]
    assert entry.R_ct.value == pytest.approx(20e-4, rel=0.01)
    assert "25.mpt" in entry.sigma_ion.source and "R-RQ" in entry.sigma_ion.source
    assert main([*words, "--material", str(out)]) == 2
    assert "--force" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--thickness", "1 mm"], ["--area"]),
        (["--area", "1 cm^2"], ["--thickness"]),
        (["--area", "1", "--thickness", "1 mm"], ["'1' has no unit", "m^2"]),
        (["--area", "1 +- 2 %", "--thickness", "1 mm"], ["has no unit"]),
        (["--area", "1 cm", "--thickness", "1 mm"], ["wrong unit", "m^2"]),
        ([*SIZE, "--temperature", "25"], ["'25' has no unit", "degC"]),
        ([*SIZE, "--temperature", "25 K"], ["25 K"]),
        ([*SIZE, "--temperature", "25 degC", "40 degC"], ["2 given for 1"]),
        ([*SIZE, "--circuit", "R-C"], ["'R-C'", "R-RQ"]),
        ([*SIZE, "--circuit", "R-RQ", "--material", "m.yaml"], ["needs --temperature"]),
    ],
)
def test_what_is_missing_is_asked_in_a_sentence(words, said, files, capsys):
    assert main(["reduce", "eis", files[0], *words]) == 2
    message = capsys.readouterr().err.strip()
    assert all(word in message for word in said), message
    assert len(message.splitlines()) == 1


def test_exchanged_columns_give_no_conductivity(tmp_path, capsys):
    path, head = tmp_path / "a.csv", "f [Hz],Re Z [ohm],-Im Z [ohm]"
    rows = [(f, Z.real, -Z.imag) for f, Z in zip(F, made.noisy(ARC, 0.01, 1), strict=True)]
    for order, code in (((0, 1, 2), 0), ((0, 2, 1), 2)):
        path.write_text("\n".join([head, *(",".join(f"{row[i]}" for i in order) for row in rows)]))
        assert main(["reduce", "eis", str(path), *SIZE]) == code
    out, err = capsys.readouterr()
    assert out.count("sigma") == 1  # that of the first
    assert "53 % of |Z| are left" in err and "are their columns exchanged?" in err
    assert len(err.strip().splitlines()) == 1


def test_what_a_spectrum_does_not_determine_is_said_and_not_written(tmp_path, capsys):
    """A second arc of the first one's time constant: any share of both fits."""
    path, out = tmp_path / "a.csv", tmp_path / "m.yaml"
    Z = made.noisy(ARC, 0.02, 3)
    rows = [f"{f!r},{x.real!r},{x.imag!r}" for f, x in zip(F.tolist(), Z.tolist(), strict=True)]
    path.write_text("\n".join(["f [Hz],Re Z [ohm],Im Z [ohm]", *rows]))
    words = ["reduce", "eis", str(path), *SIZE, "--interfaces", "2", "--temperature", "25 degC"]
    for form, sure in (("R-RQ", True), ("R-RQ-RQ", False)):
        fit = circuit.fit(Circuit.read(form), F, Z)
        assert (fit.halves["R_ct"] < fit.values["R_ct"]) is sure
        assert main([*words, "--circuit", form, "--material", str(out), "--force"]) == 0
        assert ("NOT DETERMINED" in capsys.readouterr().out) is not sure
        assert ("R_ct" in out.read_text()) is sure


def test_arc_too_fast_and_a_slip_of_the_size_are_remarked(tmp_path, capsys):
    path = tmp_path / "a.txt"
    path.write_bytes(made.chinstruments(F, 100 + 300 / (1 + (S * 1e-6) ** 0.9)))
    words = ["reduce", "eis", str(path), "--circuit", "R-RQ"]
    assert main([*words, *SIZE]) == 0
    said = capsys.readouterr().out
    assert "too little for charge transfer" in said and "UNLIKELY" not in said
    assert main([*words, "--area", "0.785 mm^2", "--thickness", "1 cm"]) == 0
    # 1 cm over 100 ohm and 0.785 mm2.
    assert "UNLIKELY: sigma 127.4 S/m is none that is known" in capsys.readouterr().out
