# SPDX-License-Identifier: MIT
"""Data reduction: the printed examples, exact identities, and complaints about bad files."""

from pathlib import Path

import numpy as np
import pytest

from solver.base.errors import InputError
from solver.laws import reduction
from solver.measured import table
from solver.verbs.cli import main
from solver.verbs.reducing import REDUCTIONS, reduce
from solver.verbs.reducing_arguments import TABLES

DATA = Path(__file__).resolve().parents[2] / "benchmarks" / "data_reduction"


def columns(name: str, kind: str) -> dict:
    return REDUCTIONS[kind].of(table.read(DATA / name))


@pytest.mark.parametrize(
    ("file", "slope", "E_a"), [("lpsc.csv", -3.745, 0.323), ("latp.csv", -3.709, 0.320)]
)
def test_arrhenius_slopes_of_tables_s4_and_s5(file, slope, E_a):
    fit = reduction.arrhenius(**columns(file, "arrhenius"))
    assert round(fit.slope, 3) == slope
    assert round(fit.E_a, 3) == E_a


def test_exact_line_has_no_interval_and_gives_itself_back():
    T = np.array([290.0, 300.0, 320.0, 350.0])
    sigma = np.exp(20 - 4000 / T) / T
    fit = reduction.arrhenius(T, sigma)
    assert fit.slope == pytest.approx(-4.0, rel=1e-12)
    assert fit.intercept == pytest.approx(20.0, rel=1e-12)
    assert fit.slope_half < 1e-9
    assert fit.sigma(300.0) == pytest.approx(sigma[1], rel=1e-12)


def test_interval_is_that_of_a_straight_line():
    # y = x with residuals +-1, -+1 orthogonal to both 1 and x at x = -3, -1, 1, 3 (times 0.1):
    # s^2 = 4 r^2/2, stderr = s/sqrt(20), t(0.975, 2) = 4.302653.
    x, r = np.array([2.7, 2.9, 3.1, 3.3]), 0.01 * np.array([1, -1, -1, 1])
    T = 1e3 / x
    fit = reduction.arrhenius(T, np.exp(r - 4 * x) / T)
    s = 0.01 * 2**0.5
    assert fit.scatter == pytest.approx(s, rel=1e-9)
    assert fit.slope_half == pytest.approx(4.302653 * s / 0.2**0.5, rel=1e-6)
    assert fit.E_a_half == pytest.approx(0.08617333 * fit.slope_half, rel=1e-6)


@pytest.mark.parametrize(("slope", "known"), [(0.1, False), (0.2, True)])
def test_an_energy_within_its_own_interval_is_none(slope, known, tmp_path):
    """As above, half of the interval is 4.302653 0.01 sqrt(2)/sqrt(0.2) = 0.136."""
    x, r = np.array([2.7, 2.9, 3.1, 3.3]), 0.01 * np.array([1, -1, -1, 1])
    path, sigma = tmp_path / "a.csv", np.exp(r - slope * x) * x
    rows = (f"{1e3 / a:.9g}, {b:.9g}" for a, b in zip(x, sigma, strict=True))
    path.write_text("T [K], sigma [S/m]\n" + "\n".join(rows))
    assert ("NOT DETERMINED" in "\n".join(reduce("arrhenius", path))) is not known


def test_printed_impedance_example_does_not_give_its_printed_conductivity():
    sigma = reduction.conductivity(**columns("alucone_eis.csv", "conductivity"))
    assert sigma[0] * 1e-2 == pytest.approx(3.03e-3, rel=2e-3)
    assert sigma[0] * 1e-2 / 1.28e-4 == pytest.approx(23.7, rel=1e-2)


def test_pouch_cell_of_table_s4():
    mass, volume = reduction.pouch_cell(**columns("pouch_cell.csv", "pouch_cell"))
    assert mass[0] / 3600 == pytest.approx(344.0, rel=5e-4)
    assert volume[0] / 3.6e6 == pytest.approx(773.1, rel=5e-4)


def test_transference_without_interfaces_is_the_ratio_of_currents():
    assert reduction.transference(2.0, 0.5, 0.0, 0.0, 0.01) == 0.25


def test_transference_of_a_known_cell():
    # A cell whose electrolyte has resistance R with t_+ = 0.4 at steady state: dV = I_0 (R_0 + R)
    # and dV = I_ss (R_ss + R/t).
    dV, R, R_0, R_ss = 0.01, 50.0, 30.0, 45.0
    I_0, I_ss = dV / (R_0 + R), dV / (R_ss + R / 0.4)
    assert reduction.transference(I_0, I_ss, R_0, R_ss, dV) == pytest.approx(0.4, rel=1e-12)


def test_nernst_einstein_of_both_ions_gives_the_conductivity_back():
    T, c, t = 300.0, 1000.0, 0.3
    D = [reduction.diffusivity(0.02, share, z, c, T) for share, z in ((t, 1), (1 - t, -1))]
    assert reduction.F**2 / (reduction.R * T) * c * sum(D) == pytest.approx(0.02, rel=1e-12)


def test_verbs_know_the_kinds():
    assert set(TABLES) == set(REDUCTIONS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("T [K]\n300\n", ["sigma [S/m]"]),
        ("T [K], sigma [kg]\n300, 1\n", ["sigma", "row 1", "S/m"]),
        ("T [K], sigma [S/m]\n300, x\n", ["row 1", "'x'"]),
        ("T [K], sigma [S/m]\n300, -1\n", ["row 1", "greater than 0"]),
        ("T [K], sigma [S/m]\n300, 1\n310\n", ["row 2", "sigma"]),
        ("T [K], sigma [S/m]\n300, 1\n310, 2\n", ["three points"]),
        ("T [K], sigma [S/m]\n300, 1\n300, 2\n300, 3\n", ["one temperature"]),
        ("", ["headings"]),
    ],
)
def test_bad_file_is_one_sentence(text, words, tmp_path, capsys):
    path = tmp_path / "data.csv"
    path.write_text(text)
    assert main(["reduce", "arrhenius", str(path)]) == 2
    message = capsys.readouterr().err.strip()
    assert len(message.splitlines()) == 1
    assert all(word in message for word in words)


def test_figure_is_drawn_where_there_is_one(tmp_path):
    path = tmp_path / "fit.png"
    reduce("arrhenius", DATA / "lpsc.csv", path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert main(["reduce", "pouch_cell", str(DATA / "pouch_cell.csv"), "-o", str(path)]) == 2


def test_vtf_is_called_curved_and_its_line_no_interval(tmp_path):
    T = np.linspace(303, 363, 7)
    sigma = 60 / np.sqrt(T) * np.exp(-1100 / (T - 205))
    path = tmp_path / "vtf.csv"
    rows = (f"{a:.6g}, {b:.8g}" for a, b in zip(T, sigma, strict=True))
    path.write_text("T [K], sigma [S/cm]\n" + "\n".join(rows))
    text = "\n".join(reduce("arrhenius", path))
    assert "CURVED" in text and "95 %" not in text
    assert "sigma(298.15 K) = 0.003679 S/m, outside the measured 303 to 363 K" in text
    # d ln(sigma T)/d(1/T) of the law: E_a = k_B (1100 T^2/(T-205)^2 - T/2)
    bend = reduction.bend(T, 100 * sigma)
    for found, at in ((bend.E_a_cold, 303.0), (bend.E_a_hot, 363.0)):
        exact = reduction.K_B * (1100 * (at / (at - 205)) ** 2 - at / 2)
        assert found == pytest.approx(exact, rel=0.04)


def test_chance_of_a_bend_is_that_of_students_t():
    # y = residuals of the cubic alone, orthogonal to 1, x and x^2, plus b times the orthogonal
    # parabola (2, -1, -2, -1, 2) whose norm is sqrt(14): t = b sqrt(14)/s with 2 degrees of
    # freedom, s^2 = r^2 (1 + 4 + 0 + 4 + 1)/2. P(|t| > 4.302653) = 0.05.
    x = np.array([2.8, 2.9, 3.0, 3.1, 3.2])
    cubic, parabola = np.array([-1, 2, 0, -2, 1]), np.array([2, -1, -2, -1, 2])
    b = 4.302653 * 1e-3 * 5**0.5 / 14**0.5
    y = 20 - 4 * x + 1e-3 * cubic + b * parabola
    assert reduction.bend(1e3 / x, np.exp(y) * x / 1e3).chance == pytest.approx(0.05, rel=1e-4)
    assert reduction.bend(1e3 / x, np.exp(20 - 4 * x) * x / 1e3).chance > 0.05
    assert reduction.bend(1e3 / x[:3], np.exp(y[:3]) * x[:3] / 1e3) is None


def reduced(tmp_path, kind: str, text: str) -> str:
    path = tmp_path / "data.csv"
    path.write_text(text)
    return "\n".join(reduce(kind, path))


def test_charge_and_measured_diffusivity(tmp_path):
    # D = t sigma R T/(z^2 F^2 c), by hand: 0.5*0.1*8.314462618*300/(4*96485.33212^2*1000)
    rows = "sigma [S/m], t, c [mol/m^3], T [K], z, D [m^2/s]\n0.1, 0.5, 1000, 300, {}, {}\n"
    text = reduced(tmp_path, "diffusivity", rows.format(-2, "1e-12"))
    assert "D = 3.349e-12 m^2/s" in text and "Haven ratio 0.299" in text
    assert "CONTRADICTION" in text and "z = 1" not in text
    text = reduced(tmp_path, "diffusivity", rows.format(1, "1.34e-11"))
    assert "D = 1.34e-11 m^2/s" in text and "CONTRADICTION" not in text


@pytest.mark.parametrize(
    ("kind", "table", "said"),
    [
        ("conductivity", "R_b [ohm], L [mm], A [cm2]\n50, 1, {}\n", "R_b, L and A have"),
        ("arrhenius", "T [K], sigma [mS/cm]\n280, 1{0}\n300, 2{0}\n320, 4{0}\n", "sigma has"),
        ("diffusivity", "sigma [mS/cm], t [], c [M], T [K]\n1, 1, {}, 300\n", "sigma and c have"),
    ],
    ids=["conductivity", "arrhenius", "diffusivity"],
)
def test_a_result_that_no_material_has_asks_for_the_units(tmp_path, kind, table, said):
    """Slips of 1e4 each: 0.2 and 2000 S/m, about 0.2 and 2000 S/m, 2.6e-11 and 2.6e-7 m2/s."""
    right, slip = {"conductivity": ("1", "1e-4"), "arrhenius": ("", "e4"),
                   "diffusivity": ("1", "1e-4")}[kind]  # fmt: skip
    path = tmp_path / "table.csv"
    for value, strange in ((right, False), (slip, True)):
        path.write_text(table.format(value))
        found = [x for x in reduce(kind, path) if x.startswith("UNLIKELY: ")]
        assert [x.endswith(f"see whether {said} the right unit") for x in found] == [True] * strange


def test_large_polarisation_is_remarked(tmp_path):
    rows = "I_0 [A], I_ss [A], R_0 [ohm], R_ss [ohm], dV [mV]\n1e-4, 5e-5, 30, 45, {}\n"
    assert "RT/F" not in reduced(tmp_path, "transference", rows.format(10))
    assert "RT/F" in reduced(tmp_path, "transference", rows.format(100))


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("arrhenius", "T [K], sigma [S/m]\n300, 3\n310, 2\n320, 1\n", ["E_a", "below 0"]),
        ("diffusivity", "sigma [S/m], t, c [mol/l], T [K]\n1, 1.2, 1, 300\n", ["0 to 1", "1.2"]),
        ("diffusivity", "sigma [S/m], t, c [mol/l], T [K], z\n1, 1, 1, 300, 0\n", ["whole", "z"]),
        ("transference", "I_0 [A], I_ss [A], R_0 [ohm], R_ss [ohm], dV [V]\n1, 2, 1, 1, 9\n",
         ["t_Li", "not between"]),
    ],
)  # fmt: skip
def test_impossible_result_is_refused(kind, text, words, tmp_path):
    with pytest.raises(InputError) as caught:
        reduced(tmp_path, kind, text)
    assert all(word in str(caught.value) for word in words)
