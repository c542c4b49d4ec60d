# SPDX-License-Identifier: MIT
"""Transport configs: what they complete and refuse, what stacks can carry, how rows are graded."""

from __future__ import annotations

import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from meshes.graded import GradedCell
from solver.base.errors import InputError
from solver.check import ions_limits
from solver.check.ions_report import report
from solver.input.loading import parse, resolved_yaml, schema
from solver.verbs.cli import main

CELL = """
title: two layers
physics: transport
species: [{name: Li, charge: 1}, {name: A, charge: -1}]
layers:
  - {name: lower, thickness: 50 um, material: PEO, c0: {Li: 1000, A: 1000}}
  - {name: upper, thickness: 50 um, c0: {Li: 1000, A: 1000}, D: {Li: 1e-10, A: 1e-10}}
boundary: {anode: {phi: 0 V}, counter: {flux: {Li: 0.001}}}
"""


def test_diffusivities_follow_from_the_material():
    config = parse(CELL)
    D = config.layers[0].D
    assert pytest.approx({"Li": 2.5e-10, "A": 2.5e-10}, rel=1e-12) == D
    assert parse(resolved_yaml(config)) == config


def test_transference_number_splits_the_conductivity():
    own = {"sigma_ion": "0.02 S/m", "t_plus": 0.2}
    config = parse(CELL, [f"layers.0.{key}={value}" for key, value in own.items()])
    D = config.layers[0].D
    assert D["Li"] / D["A"] == pytest.approx(0.25, rel=1e-12)
    assert ions_limits.conductivity(config, config.layers[0]) == pytest.approx(0.02, rel=1e-12)


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("physics=transprot", ["physics", "'transprot'", "dendrite or transport"]),
        ("layers.0.c0.Li=1 kg", ["layers.0.c0.Li", "1 kg", "mol/m^3"]),
        ("layers.0.c0.Li=-1", ["layers.0.c0.Li", "-1", "greater than 0 mol/m^3"]),
        ("layers.0.c0.Na=1", ["layers.0.c0", "Li, A"]),
        ("layers.0.c_im=5", ["layers.0.c0", "neutral", "-5"]),
        ("species.0.charge=0", ["species.0.charge"]),
        ("species.0.nmae=x", ["nmae", "'name'"]),
        ("species.1.name=Li", ["species", "'Li'"]),
        ("layers.1.name=lower", ["layers", "'lower'"]),
        ("layers.1.D=null", ["layers.1.D", "sigma_ion"]),
        ("layers.0.t_plus=1", ["layers.0.t_plus", "c_im"]),
        ("layers.0.material=nothing", ["layers.0.material"]),
        ("boundary.anode.phi=null", ["boundary", "reference"]),
        ("boundary.anode.phi=50", ["boundary.anode.phi", "50", "2 V"]),
        ("boundary.counter.phi=0.01", ["boundary.counter", "phi and the flux of Li"]),
        ("boundary.counter.flux.B=1", ["boundary.counter.flux", "'B'"]),
        ("boundary.counter.flux.A=1", ["no steady state", "A"]),
        ("boundary.anode.c={Li: 5}", ["boundary.anode.c", "others"]),
        ("mesh.size_min=2 um", ["mesh.size_min", "size_max"]),
        ("nuclei={}", ["unknown key 'nuclei'"]),
    ],
)
def test_mistake_is_one_sentence(override, words):
    with pytest.raises(InputError) as caught:
        parse(CELL, [override])
    assert len(str(caught.value).splitlines()) == 1
    assert all(word in str(caught.value) for word in words)


def test_every_charge_but_zero_can_carry_a_config():
    text = CELL.replace("charge: -1", "charge: -2").replace("A: 1000}", "A: 500}")
    D = parse(text).layers[0].D
    # t_- sigma = F^2/(RT) z^2 D c with z^2 c twice as large as before.
    assert D["A"] == pytest.approx(1.25e-10, rel=1e-12)


def test_schema_knows_both_kinds_of_physics():
    mapping = schema()["discriminator"]["mapping"]
    assert set(mapping) == {"dendrite", "transport"}


# --- limiting flux ----------------------------------------------------------------------------


def test_limiting_flux_of_a_closed_layer_and_of_one_with_a_held_end():
    layer = [(1e-4, 2.5e-10, 0.0)]
    assert ions_limits.limiting_flux(layer, 0.1) == pytest.approx(0.01, rel=1e-10)
    assert ions_limits.limiting_flux(layer, 0.1, c_far=1000.0) == pytest.approx(0.005, rel=1e-10)


def test_limiting_flux_does_not_depend_on_how_a_layer_is_cut():
    whole = ions_limits.limiting_flux([(1e-4, 2.5e-10, 0.0)], 0.1)
    parts = [(2e-5, 2.5e-10, 0.0), (8e-5, 2.5e-10, 0.0)]
    assert ions_limits.limiting_flux(parts, 0.1) == pytest.approx(whole, rel=1e-10)


def test_layers_in_series_limit_by_their_diffusion_resistances():
    # c falls linearly, by J L/2D in each: the far end and the amount follow by hand.
    (L1, D1), (L2, D2), J = (5e-5, 2e-10), (3e-5, 1e-10), 0.004
    middle = J * L1 / (2 * D1)
    end = middle + J * L2 / (2 * D2)
    total = 0.5 * L1 * middle + 0.5 * L2 * (middle + end)
    limit = ions_limits.limiting_flux([(L1, D1, 0.0), (L2, D2, 0.0)], total)
    assert limit == pytest.approx(J, rel=1e-9)


def test_immobilised_anions_everywhere_carry_any_flux():
    assert ions_limits.limiting_flux([(1e-4, 2.5e-10, 500.0)], 0.05) == float("inf")


def test_little_immobilised_charge_hardly_changes_the_limit():
    free = ions_limits.limiting_flux([(5e-5, 2e-10, 0.0)] * 2, 0.1)
    some = ions_limits.limiting_flux([(5e-5, 2e-10, 0.0), (5e-5, 2e-10, 1e-3)], 0.1)
    assert some == pytest.approx(free, rel=1e-5)


@pytest.mark.parametrize(("charges", "factor"), [((1, 1), 2), ((2, 2), 2), ((2, 1), 1.5)])
def test_limiting_flux_of_divalent_ions(charges, factor):
    # J = (1 + n/z) D_+ dc_-/dy with the anion at rest; all of them in a triangle over the layer.
    found = ions_limits.limiting_flux([(1e-4, 2.5e-10, 0.0)], 0.1, charges=charges)
    assert found == pytest.approx(factor * 2.5e-10 * 2 * 0.1 / 1e-8, rel=1e-10)


@pytest.mark.parametrize("charges", [(1, 1), (2, 1), (1, 2)])
def test_cutting_a_layer_with_immobilised_anions_changes_nothing(charges):
    free = (2e-5, 2e-10, 0.0)
    whole = ions_limits.limiting_flux([free, (6e-5, 1e-10, 300.0)], 0.05, charges=charges)
    parts = [free, (1e-5, 1e-10, 300.0), (5e-5, 1e-10, 300.0)]
    assert ions_limits.limiting_flux(parts, 0.05, charges=charges) == pytest.approx(whole, rel=1e-9)


def test_limit_with_immobilised_anions_is_that_of_the_ions_equations():
    """c_+ = (2 c + c_im)/1, dc = 2 c dpsi of the anion at rest, J = D (dc_+ + c_+ dpsi)."""
    z, n, (L1, D1), (L2, D2, c_im) = 1, 2, (2e-5, 2e-10), (6e-5, 1e-10, 300.0)
    J = 3e-3
    c = J * L1 / (D1 * (1 + n / z))
    amount = 0.5 * c * L1
    # Donnan: c_+^2 c_- is the same on both sides.
    low = brentq(lambda x: (2 * x + c_im) ** 2 * x - (2 * c) ** 2 * c, 1e-6, c, xtol=1e-13)

    def rates(_, y):
        return [J / D2 / (n / z + (n * y[0] + c_im) / (n * y[0])), y[0]]

    found = solve_ivp(rates, (0, L2), [low, amount], rtol=1e-11, atol=1e-14)
    stack = [(L1, D1, 0.0), (L2, D2, c_im)]
    limit = ions_limits.limiting_flux(stack, found.y[1][-1], charges=(z, n))
    assert limit == pytest.approx(J, rel=1e-8)


CALCIUM = """
title: calcium chloride
physics: transport
species: [{name: Ca, charge: 2}, {name: Cl, charge: -1}]
layers:
  - {name: free, thickness: 20 um, c0: {Ca: 500, Cl: 1000}, D: {Ca: 2e-10, Cl: 3e-10}}
  - {name: fixed, thickness: 10 um, c0: {Ca: 500, Cl: 700}, c_im: 300, D: {Ca: 1e-10, Cl: 3e-10}}
boundary: {anode: {phi: 0 V}, counter: {flux: {Ca: 0.001}}}
mesh: {columns: 1, size_min: 0.2 um, size_max: 1 um, growth: 1.5}
"""


def test_prescribed_flux_of_divalent_ions_has_its_limit():
    by_flux = ions_limits.prescribed(parse(CALCIUM))
    by_current = parse(CALCIUM, ["boundary.counter={current: 10}"])
    assert ions_limits.prescribed(by_current).flux == pytest.approx(10 / (2 * 96485.33212))
    assert ions_limits.prescribed(by_current).limit == by_flux.limit
    three = parse(
        CALCIUM,
        ["species=[{name: Ca, charge: 2}, {name: Cl, charge: -1}, {name: K, charge: 1}]",
         "layers.0.c0={Ca: 500, Cl: 1100, K: 100}", "layers.0.D.K=1e-10",
         "layers.1.c0={Ca: 500, Cl: 800, K: 100}", "layers.1.D.K=1e-10"],
    )  # fmt: skip
    assert ions_limits.prescribed(three) is None


def test_salt_diffusivity_is_that_of_its_ions():
    config = parse(CALCIUM)
    # Newman: D_+ D_- (z_+ - z_-)/(z_+ D_+ - z_- D_-).
    found = ions_limits.salt_diffusivity(config, config.layers[0])
    assert found == pytest.approx(2e-10 * 3e-10 * 3 / (2 * 2e-10 + 3e-10), rel=1e-12)
    assert ions_limits.salt_diffusivity(config, config.layers[1]) is None


def test_closing_a_set_by_nernst_and_einstein_is_said(tmp_path, capsys):
    """Of LiPF6 in EC:EMC, whose measured salt diffusivity is 1.77e-10 m^2/s."""
    path = tmp_path / "cell.yaml"
    path.write_text(CELL)
    closed = (
        "{name: upper, thickness: 50 um, c0: {Li: 1000, A: 1000}, sigma_ion: 0.9487, "
        "t_plus: 0.2594}"
    )
    free = "{name: lower, thickness: 50 um, c0: {Li: 1000, A: 1000}, D: {Li: 1e-10, A: 1e-10}}"
    words = ["check", str(path), "--set", "constants.T=25 degC"]
    words += ["--set", f"layers.0={free}", "--set", f"layers.1={closed}"]
    assert main(words) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "salt diffusivity 9.706e-11 m^2/s, from sigma_ion and t_plus, as in a dilute" in said
    assert "D in layers.1 follows from sigma_ion and t_plus by Nernst" in said
    path.write_text(CALCIUM)
    assert main(["check", str(path)]) == 0
    assert "follows from" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("constants.T=25", "constants.T is 25 K, which is -248.15 degC"),
        ("constants.F=96.5", "write '96.5 kC/mol'"),
        ("layers.0.D.Ca=2e-6", "layers.0.D.Ca is 2e-06 m^2/s"),
        ("layers.0.D.Ca=2e-6", "write '2e-06 cm^2/s'"),
    ],
)
def test_slips_of_units_are_named(override, words):
    assert any(words in sentence for sentence in report(parse(CALCIUM, [override])).judgements)
    assert report(parse(CALCIUM)).judgements == ()


def test_check_refuses_what_layers_cannot_carry(tmp_path, capsys):
    path = tmp_path / "cell.yaml"
    path.write_text(CELL)
    assert main(["check", str(path)]) == 0
    assert "limiting flux" in capsys.readouterr().out
    assert main(["check", str(path), "--set", "boundary.counter.flux.Li=0.1"]) == 2
    assert "limiting flux is" in capsys.readouterr().err


# --- rows --------------------------------------------------------------------------------------


def test_rows_fill_a_layer_symmetrically_and_grow_by_the_ratio():
    cell = GradedCell(10, 4, (("a", 20.0),), size_min=0.1, size_max=2.0, growth=1.5)
    ends = cell.heights(20.0)
    sizes = [b - a for a, b in zip([0.0, *ends], ends, strict=False)]
    assert ends[-1] == 20.0
    assert sizes == pytest.approx(sizes[::-1])
    assert sizes[1] / sizes[0] == pytest.approx(1.5)
    assert max(sizes) <= 2.0 and sizes[0] <= 0.1
    assert cell.expected_nodes() == 5 * (len(ends) + 1)
