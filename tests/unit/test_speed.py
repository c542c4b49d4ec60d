"""The comparison of speeds: its tables from made-up runs, its problem against the program's."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest

import solver
from benchmarks.speed import convergence, references, run, tables
from benchmarks.speed.cases import CASES, FINGERS, PLANAR, Setup
from benchmarks.speed.codes import Failed, Ours, Peer, Result, measure
from benchmarks.speed.peers import problem
from solver.cell import initial
from solver.laws import energy, scaling

CONFIGS = {"fingers": FINGERS, "planar": PLANAR}


def made_up(code: str, processor_s: float, **changed) -> Result:
    usual = dict(wall_s=2.0, loop_s=1.0, memory_MB=300.0, nodes=6000, steps=20, passes=100)
    usual |= dict(t_s=[0.0, 100.0, 200.0], tip_um=[4.0, 6.0, 10.0], balance=1e-14)
    return Result(code=code, processor_s=processor_s, **(usual | changed))


def cells(table: str) -> list[list[str]]:
    """Rows of a Markdown table, its head first."""
    lines = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("|")]
    return [lines[0], *lines[2:]]


# --- the problem ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", CONFIGS)
def test_the_shared_cell_is_that_of_the_config(name):
    cell, config = problem.CELLS[name], solver.load(CONFIGS[name])
    assert (cell.width, cell.height) == pytest.approx((config.width, config.cell_height))
    assert cell.end == config.time.end
    assert np.array(cell.disks).reshape(-1, 2) == pytest.approx(
        initial.disks(config.nuclei, config.width), rel=1e-12
    )


@pytest.mark.parametrize("name", CONFIGS)
def test_the_shared_numbers_are_those_of_the_config(name):
    config = solver.load(CONFIGS[name])
    interface, k, layer = scaling.interface(config.phase_field), config.constants, config.layers[0]
    assert not config.mechanics.enabled
    assert (config.phase_field.delta, config.kinetics.c_half, config.kinetics.phi_eq) == (0, 0, 0)
    pairs = [
        (problem.W, interface.W),
        (problem.KAPPA, interface.kappa_0),
        (problem.L_SIGMA, interface.L_sigma),
        (problem.L_ETA, interface.L_eta),
        (problem.LENGTH, interface.length),
        (problem.F, k.F),
        (problem.F_RT, k.F / (k.R * k.T)),
        (problem.ALPHA, config.kinetics.alpha),
        (problem.C0, layer.c0),
        (problem.C_LI, config.lithium.c_Li),
        (problem.D, layer.D),
        (problem.SIGMA_ION, config.conductivities[0][1]),
        (problem.SIGMA_METAL, config.conductivities[0][0]),
        (problem.PHI_ANODE, config.boundary.phi_anode),
        (problem.PHI_COUNTER, config.boundary.phi_counter),
        (problem.FILM, config.nuclei.film),
    ]
    shared, own = zip(*pairs, strict=True)
    assert shared == pytest.approx(own, rel=1e-12)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_shared_initial_state_is_the_programs(name):
    cell, config = problem.CELLS[name], solver.load(CONFIGS[name])
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(0, 1e-5, 41), np.linspace(0, 9e-6, 37)))
    xi = cell.xi(x, y)
    distance = initial.distance(x, y, config.nuclei, config.width)
    wanted = initial.phase_field(distance, problem.LENGTH)
    assert xi == pytest.approx(wanted, abs=1e-12)
    assert problem.c(xi) == pytest.approx(1000 * (1 - energy.h(wanted)), abs=1e-9)
    assert problem.phi(xi) == pytest.approx(-0.1 * energy.h(wanted), abs=1e-12)


def test_the_tip_of_a_planar_profile_is_exact_between_nodes():
    y = np.linspace(0, 10e-6, 23)
    xi = 1 / (1 + np.exp((y - 4.321e-6) / problem.LENGTH))
    assert problem.tip(np.column_stack([xi, 0.5 * xi]), y) == pytest.approx(4.321e-6, rel=1e-9)


# --- the tables -----------------------------------------------------------------------------


def test_a_ratio_is_taken_within_rounds():
    # The machine was twice as slow in the second round, which a ratio of medians would show.
    first = [made_up("a", s) for s in (1.0, 2.0, 1.1)]
    other = [made_up("b", s) for s in (3.0, 6.0, 3.3)]
    assert tables.ratio(other, first, tables.processor) == pytest.approx(3.0)
    assert tables.typical(first, tables.processor) == 1.1


def test_comparison_names_error_and_ratio():
    results = [made_up("old", 8.0), made_up("this", 2.0, tip_um=[4.0, 6.0, 8.0])]
    head, old, this = cells(tables.comparison(results, 150.0, {"old": 8.0, "this": 8.0}, "old"))
    assert head[4] == "tip at 150 s, um" and head[8] == "against old"
    assert old[4:9] == ["8.000", "+0.0 %", "1e-14", "8", "1"]
    assert this[4:9] == ["7.000", "-12.5 %", "1e-14", "2", "0.25"]


def test_an_unknown_reference_leaves_the_error_open():
    table = tables.comparison([made_up("this", 2.0)], 150.0, {"this": math.nan}, "this")
    assert cells(table)[1][5] == tables.ABSENT


def test_equal_error_takes_the_cheapest_settings_of_each_code():
    results = [made_up("this", 2.0), made_up("this, fine", 4.0)]
    results += [made_up("peer, a", 30.0), made_up("peer, b", 20.0), made_up("peer, c", 10.0)]
    errors = {"this": -0.013, "this, fine": 0.004, "peer, a": 0.009, "peer, b": -0.01,
              "peer, c": 0.02}  # fmt: skip
    rows = cells(tables.equal_error(results, errors, (0.01, 0.03, 0.001), "this"))[1:]
    assert [(r[0], r[1], r[4]) for r in rows] == [
        ("1 %", "this, fine", "1"),
        ("1 %", "peer, b", "5"),
        ("3 %", "this", "1"),
        ("3 %", "peer, c", "5"),
    ]


def test_ranks_are_compared_by_the_time_loop():
    results = [made_up("1 rank", 9.0, loop_s=8.0), made_up("2 ranks", 12.0, loop_s=4.0)]
    assert [row[2] for row in cells(tables.ranks(results))[1:]] == ["1", "2"]


def test_exponent_of_a_power_law():
    sizes = (10_000, 100_000, 1_000_000)
    results = [
        made_up(f"{n}", 1.0, nodes=n, steps=10, passes=50, loop_s=1e-6 * n**1.04) for n in sizes
    ]
    assert "per step ~ nodes^1.04" in tables.exponent(results)


def test_order_limit_and_cost_of_a_power_law():
    lengths = np.array([0.88, 0.44, 0.22, 0.11])
    times, seconds = 800 * (1 + 0.5 * lengths**2), 3 / lengths**3
    assert convergence.orders(times) == pytest.approx([2.0, 2.0])
    assert convergence.limit(times) == pytest.approx(800)
    for error in (0.3, 0.03, 0.001):  # within the levels, and beyond both ends
        wanted = 3 / (error / 0.5) ** 1.5
        assert convergence.seconds_at(error, 0.5 * lengths**2, seconds) == pytest.approx(wanted)


def test_differences_that_grow_or_hardly_fall_have_no_limit():
    assert math.isnan(convergence.limit([1.0, 1.1, 1.3]))
    assert math.isnan(convergence.limit([1245.5, 1122.3, 1000.3]))


def test_thickness_has_a_line_per_length_and_a_sentence_per_variant():
    results = []
    for variant, order in (("printed", 1), ("quantitative", 2)):
        for length in (0.88, 0.44, 0.22, 0.11):
            end = 800 * (1 + 0.5 * length**order)
            results.append(made_up(f"{variant}, {length}", 1 / length, t_s=[0.0, end],
                                   tip_um=[0.0, 30.0]))  # fmt: skip
    text = convergence.table(results, 30.0, 0.03)
    assert [row[6] for row in cells(text)[1:]] == ["-", "-", "1", "1", "-", "-", "2", "2"]
    assert "printed: limit 800 s; an error of 3 % costs 16.7 processor seconds." in text


# --- references and codes -------------------------------------------------------------------


def test_a_reference_belongs_to_a_problem_not_to_how_finely_it_is_solved(tmp_path):
    config = tmp_path / "cell.yaml"
    config.write_text("title: a\n")
    code = Ours("a", tmp_path, config, ("width=10 um",))
    finer = code._replace(overrides=("mesh.size_min=1 nm", *code.overrides, "time.tolerance=0.01"))
    assert references.key(finer) == references.key(code)
    assert references.key(code._replace(overrides=("width=20 um",))) != references.key(code)
    config.write_text("title: b\n")
    assert references.key(finer) != references.key(Ours("a", tmp_path, FINGERS, code.overrides))


def test_the_baseline_reads_its_own_quickstart_and_the_shared_cell():
    setup = Setup(("old", Path("/old")), None, ("default",))
    assert CASES["quickstart"].codes(setup)[0].config == Path("/old/configs/quickstart.yaml")
    assert CASES["peers"].codes(setup)[0].config == FINGERS
    assert not [code for code in CASES["peers"].codes(setup) if "FiPy" in code.name]


def test_variants_are_values_of_the_key_and_the_default_is_none():
    setup = Setup(("old", Path("/old")), None, ("default", "quantitative"))
    codes = CASES["thickness"].codes(setup)
    assert [len(code.overrides) for code in codes] == [1] * 4 + [2] * 4
    assert codes[-1].overrides[1] == "kinetics.interface=quantitative"
    thinner = CASES["thickness"].codes(setup._replace(lengths=(0.22, 0.11, 0.055)))
    assert thinner[-1].overrides[0] == "phase_field.interface_length=0.055 um"


@pytest.mark.parametrize("words", ["0.22 0.11", "0.44 0.31 0.22", "0 0 0"])
def test_lengths_that_show_no_order_are_refused(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        run.main(["thickness", "--lengths", *words.split()])
    assert "each half of the one before" in capsys.readouterr().err


class Scripted(Peer):
    """A code that is a line of Python."""

    def command(self, folder: Path) -> list[str]:
        return [sys.executable, "-c", self.script, str(folder / "result.json")]


def scripted(line: str) -> Scripted:
    return Scripted("scripted", (sys.executable,), f"import json, sys; {line}", ())


def test_a_run_brings_its_result_and_the_memory_of_what_it_started(tmp_path):
    record = made_up("", 0.0)._asdict()
    kept = {
        k: v for k, v in record.items() if k not in ("code", "processor_s", "wall_s", "memory_MB")
    }
    # 200 MB that are written to, in a process of the process.
    inner = "bytearray(b'x') * (200 << 20)"
    hungry = f"import subprocess; subprocess.run([sys.executable, '-c', {inner!r}])"
    write = f"open(sys.argv[1], 'w').write({json.dumps(kept)!r})"
    result = measure(scripted(f"{hungry}; {write}"), tmp_path)
    assert (result.code, result.steps, result.tip_um) == ("scripted", 20, [4.0, 6.0, 10.0])
    assert 200 < result.memory_MB < 300
    assert not list(tmp_path.iterdir())


def test_a_code_that_fails_is_named_with_its_last_word(tmp_path):
    with pytest.raises(Failed, match="scripted ended with exit code 1: no tip"):
        measure(scripted("print('far'); sys.exit('all is lost\\nno tip')"), tmp_path)


def test_cost_is_compared_by_the_way_of_the_tip():
    """6 um in 3 s, then 12 um in 9 s: 0.5 and 0.75 s/um."""
    other = made_up("b", 9.0, tip_um=[4.0, 6.0, 16.0])
    _, first, second = cells(tables.per_way([made_up("a", 3.0), other], "a"))
    assert first[4:] == ["6.00", "3", "0.5", "1"]
    assert second[4:] == ["12.00", "9", "0.75", "1.5"]
