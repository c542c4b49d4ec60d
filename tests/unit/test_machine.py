# SPDX-License-Identifier: MIT
"""What is said of a config that is too large for a machine, or too soft for its elements."""

import pytest

from solver.check import judging, machine
from solver.check.cost import cost
from solver.check.groups import groups
from solver.input import loading

CURRENT = (
    "electrochemistry.closure=single_ion",
    "electrochemistry.control=current",
    "electrochemistry.current=1 mA/cm**2",
)
CELL = "title: t\nlayers: [{name: LPSC, thickness: 50 um}]\n"


def said(*overrides: str) -> str:
    config = loading.parse(CELL, list(overrides))
    return " ".join(judging.judgements(config, groups(config)))


def needed(*overrides: str) -> float:
    config = loading.parse(CELL, list(overrides))
    return cost(config, groups(config)).memory


@pytest.mark.parametrize("closure", [(), CURRENT])
def test_a_cell_of_twenty_centimetres_is_refused(closure, monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: 24e9)
    config = loading.parse(CELL, ["width=20 cm", *closure])
    sentence = judging.obstacle(config)
    assert sentence.startswith("cannot run: ")
    for word in ("this machine has 24 GB", "mesh.size_min", "200 mm x 50 um"):
        assert word in sentence
    assert judging.judgements(config, groups(config))[0] == sentence


@pytest.mark.parametrize(("share", "words"), [(0.9, False), (1.1, True), (9.9, True)])
def test_a_run_larger_than_the_machine_is_judged(share, words, monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: needed() / share)
    assert ("at its end, and this machine has" in said()) is words
    assert judging.obstacle(loading.parse(CELL)) is None


def test_a_run_ten_times_larger_than_the_machine_is_refused(monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: needed() / 10.1)
    assert "nodes need about" in judging.obstacle(loading.parse(CELL))


OPEN_MPI = {"OMPI_COMM_WORLD_SIZE": "7", "OMPI_COMM_WORLD_LOCAL_SIZE": "2"}


@pytest.mark.parametrize(
    ("told", "machines"),
    [({}, 1), ({"SLURM_JOB_NUM_NODES": "4"}, 4), (OPEN_MPI, 4),
     ({"PMI_SIZE": "6", "MPI_LOCALNRANKS": "2"}, 3), ({"SLURM_JOB_NUM_NODES": "(null)"}, 1)],
)  # fmt: skip
def test_the_machines_of_a_job_are_those_that_its_environment_tells(told, machines, monkeypatch):
    """What is ten times too large for one of them is judged on four, and runs on eleven."""
    for name in ("SLURM_JOB_NUM_NODES", *OPEN_MPI, "PMI_SIZE", "MPI_LOCALNRANKS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(machine, "memory", lambda: needed() / 10.1)
    sentence = judging.obstacle(loading.parse(CELL))
    if machines == 1:
        assert "or start it on 11 machines like this one." in sentence
        return
    assert sentence is None
    whole = f"{machines * needed() / 10.1 / 1e9:.3g}"
    assert f"these {machines} machines have {whole} GB together: use 11 of them" in said()
    monkeypatch.setattr(machine, "memory", lambda: needed() / machines * 1.01)
    assert "together" not in said()


@pytest.mark.parametrize("key", ["layers.0.nu", "lithium.nu"])
@pytest.mark.parametrize(("nu", "locks"), [(0.49, False), (0.4999999, True)])
def test_linear_triangles_lock(key, nu, locks):
    assert (f"{key} {nu:.7g} is that of a liquid" in said(f"{key}={nu}")) is locks
    assert "liquid" not in said(f"{key}={nu}", "mechanics.enabled=false")
    assert "liquid" not in said(f"{key}={nu}", "solver.degree=2", "solver.scheme=monolithic")


def test_many_snapshots_are_said_to_be_many_steps():
    """100,000 of them made a run of 63 steps one of 100,000."""
    config = loading.parse(CELL)
    found = cost(config, groups(config))
    few, many = int(10 * found.steps), 100_000
    assert "output.snapshots" not in said(f"output.snapshots={few}")
    sentence = said(f"output.snapshots={many}").partition("output.snapshots 100,000: ")[2]
    assert sentence.startswith("a step in time ends at each of them, up to time.end, where ")
    assert f"where {found.steps:,.0f} steps would do" in sentence
    assert f"may take {many * found.nodes * 20 / 1e9:.3g} GB" in sentence
    steps = 'protocol={"steps": ["Rest for 1 h"]}'
    assert "output.snapshots" not in said(f"output.snapshots={many}", CURRENT[0], steps)
