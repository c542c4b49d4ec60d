# SPDX-License-Identifier: MIT
"""Every column of every table stands on its page, and nothing else."""

import re
from pathlib import Path

import pytest
from mpi4py import MPI

from solver.cell import domain
from solver.equations import ions_observe
from solver.equations.ions_model import IonModel
from solver.equations.observe import Observer
from solver.input import loading
from solver.run import cycling
from tests.forms.test_ions_terms import TEXT
from tests.small_cell import build

PAGE = (Path(__file__).parents[2] / "docs" / "columns.md").read_text(encoding="utf-8")
COARSE = ("mesh.size_min=1 um", "mesh.size_max=1 um", "layers.1.c0=1000",
          "electrochemistry.control=current", "electrochemistry.current=100")  # fmt: skip
CLOSURES = {
    "printed": COARSE[:2],
    "cracks": (*COARSE[:2], "fracture={length: 1 um}", "mechanics.feedback=false",
               "layers.0.G_c=2", "layers.1.G_c=2"),
    "pressed": (*COARSE[:2], "mechanics.sides.counter=pressure", "mechanics.stack_pressure=5 MPa"),
    "pushed": (*COARSE[:2], "mechanics.sides.counter=pushed", "mechanics.push_speed=1 nm/s"),
    "flow": (*COARSE[:2], "lithium.flow=norton"),
    "both": (*COARSE[:2], "fracture={length: 1 um}", "mechanics.feedback=false",
             "layers.0.G_c=2", "layers.1.G_c=2", "lithium.flow=norton"),
    "single_ion": ("electrochemistry.closure=single_ion", *COARSE),
    "binary": ("electrochemistry.closure=binary", "electrochemistry.t_plus=0.4", *COARSE),
}


def documented(section: str) -> set[str]:
    """Names in the first column of the tables of a section."""
    (text,) = re.findall(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", PAGE, flags=re.M | re.S)
    cells = re.findall(r"^\| (`[^|]*) \|", text, flags=re.M)
    return set(re.findall(r"`(\w+)`", " ".join(cells)))


def emitted(closure: str) -> set[str]:
    model, _ = build(*CLOSURES[closure])
    own = cycling.COLUMNS if model.config.is_cell else ()
    return {*Observer(model).columns, *own}


@pytest.fixture(scope="module")
def ions():
    config = loading.parse(TEXT)
    model = IonModel(config, domain.build(config, MPI.COMM_SELF))
    model.initialise()
    return ions_observe.Observer(model)


def general(names) -> set[str]:
    """Names with NAME in the place of a species."""
    return {re.sub(r"(?<=_)(Li|A)(?=_)", "NAME", name) for name in names}


def test_columns_of_a_deposition():
    found = {closure: emitted(closure) for closure in CLOSURES}
    assert set.union(*found.values()) == documented("`scalars.csv`, deposition")
    assert "current_A_per_m2" not in set.union(*found.values())
    electrodes = {"anode_current_A_per_m2", "counter_current_A_per_m2"}
    assert electrodes <= found["printed"]
    assert "crack_um" in found["cracks"] - found["printed"]
    assert found["both"] - found["cracks"] - found["flow"] == {"flow_dissipated_J_per_m"}
    assert "lithium_flowing" in found["flow"] - found["printed"]
    assert "wall_pressure_MPa" in found["pushed"] - found["pressed"] - found["flow"]
    assert "stack_pressure_MPa" in found["pressed"] - found["printed"] - found["flow"]
    assert "cell_voltage_V" in found["single_ion"] and "c_front_min_mol_m3" in found["binary"]


def test_there_is_no_stress_without_mechanics():
    """It was that of deposit which keeps its shape, 1.6 MPa."""
    model, _ = build(*CLOSURES["printed"], "mechanics.enabled=false")
    row = Observer(model).row(0, 0.0, 0.0, 0.0)
    assert not [name for name in row if "MPa" in name] and "phi_max_V" in row


def test_columns_of_ion_transport(ions):
    assert general(ions.columns) == documented("`scalars.csv`, ion transport")


def test_columns_of_a_profile(ions):
    assert general(ions.profile()) == documented("`profile.csv`")


def test_columns_of_cycles():
    assert set(cycling.COLUMNS_OF_CYCLES) == documented("`cycles.csv`")
