# SPDX-License-Identifier: MIT
"""What the numbers of a line say against its state: the figure, its sign and from where on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from solver.run.doubts import astray, gaping, negative, open_balance


@pytest.mark.parametrize("share", [1.6e-8, -1.6e-8])
def test_a_balance_that_is_open_is_remarked_on(share):
    ((name, sentence),) = open_balance({"balance_Cu_rel": share}, "balance_Cu_rel", "Cu")
    assert name == "balance_Cu_rel"
    assert sentence.startswith(f"the balance of Cu is open by {share:.1e} of what the cell holds")
    assert not list(open_balance({"balance_Cu_rel": share / 17}, "balance_Cu_rel", "Cu"))


def test_a_concentration_below_0_is_remarked_on_in_c0():
    ((name, sentence),) = negative({"c_min_mol_m3": -7e-3}, 700.0)
    assert name == "c_min_mol_m3" and "c falls below 0, to -1.0e-05 c0" in sentence
    assert not list(negative({"c_min_mol_m3": -6e-4}, 700.0))
    assert not list(negative({}, 700.0))  # single ions have no c


@pytest.mark.parametrize("share", [0.02, -0.02])
def test_work_that_is_not_found_again_is_remarked_on(share):
    ((name, sentence),) = astray({"crack_balance_rel": share})
    assert name == "crack_balance_rel"
    assert sentence.startswith(f"{share:.1%} of the work on cracks is neither stored nor spent")
    assert not list(astray({"crack_balance_rel": 0.4 * share}))
    assert not list(astray({}))  # nothing cracks


def test_faces_a_tenth_of_the_way_apart_are_remarked_on():
    """A crack of 5 um is open by 2.5 um2 then, by half a micrometre in the mean."""
    ((name, sentence),) = gaping({"crack_um": 5.0, "crack_opened_um2": 2.6})
    assert name == "crack_opened_um2"
    assert sentence.startswith("cracks of 5 um are open by 2.6 um2, 0.1 of their length")
    assert not list(gaping({"crack_um": 5.0, "crack_opened_um2": 2.4}))
    assert not list(gaping({"crack_um": 0.0, "crack_opened_um2": 1e-9}))
    assert not list(gaping({}))  # nothing cracks


def test_a_run_says_each_of_them_once():
    """Of ions that of every species, but on the way to a steady state."""
    dendrite = pytest.importorskip("solver.run.dendrite").Dendrite
    ions = pytest.importorskip("solver.run.ions").IonTransport
    layer = SimpleNamespace(c0=1000.0)
    a_cell = SimpleNamespace(
        model=SimpleNamespace(equations={}), config=SimpleNamespace(parts=[layer])
    )
    row = {"li_balance_rel": 2e-9, "c_min_mol_m3": -0.01, "crack_balance_rel": 0.1,
           "crack_opened_um2": 9.0}  # fmt: skip
    wide = row | {"crack_um": 5.0}
    assert [name for name, _ in dendrite.remarks(a_cell, {}, wide)] == list(row)
    assert [name for name, _ in dendrite.remarks(a_cell, {"li_balance_rel": ""}, wide)] == [
        "c_min_mol_m3", "crack_balance_rel", "crack_opened_um2"
    ]  # fmt: skip
    quiet = SimpleNamespace(crowding=dict, drop=lambda: 0.0)
    species = [SimpleNamespace(name=name) for name in ("Li", "A")]
    row = {"balance_Li_rel": 0.0, "balance_A_rel": -2e-9}
    for mode, said in (("transient", ["balance_A_rel"]), ("steady", [])):
        config = SimpleNamespace(species=species, time=SimpleNamespace(mode=mode))
        a_salt = SimpleNamespace(config=config, observer=quiet)
        assert [name for name, _ in ions.remarks(a_salt, {}, row)] == said
