# SPDX-License-Identifier: MIT
"""The reproduction's cases and measures, without runs."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from ruamel.yaml import YAML

from benchmarks.chen2025 import page, quantitative, tables
from benchmarks.chen2025.cases import (
    BOUNDS,
    CONFIGS,
    ENDS,
    LEVELS,
    MODELS,
    READINGS,
    SINGLE,
    cases,
    config_of,
)
from benchmarks.chen2025.measures import Run, TipStress, extrapolated, stress, von_mises
from benchmarks.chen2025.runs import finished
from solver.check.judging import obstacle
from solver.input.loading import load, resolved_yaml
from solver.laws import richardson
from solver.output.snapshots import Snapshot
from solver.sweep.convergence import Number


@pytest.mark.parametrize("level", LEVELS)
def test_every_case_is_a_run_of_its_own_that_is_possible(level):
    found = cases(LEVELS[level])
    assert len({case.name for case in found}) == len(found)
    configs = [load(CONFIGS / case.config, list(case.overrides)) for case in found]
    assert all(obstacle(config) is None for config in configs)


def test_a_run_is_done_if_its_values_are_those_of_the_case(tmp_path):
    (case,) = (case for case in cases(LEVELS["quick"]) if case.name == "paper_mesh")
    resolved = resolved_yaml(load(CONFIGS / case.config, list(case.overrides)))
    (tmp_path / "run.json").write_text(json.dumps({"exit_code": 0}))
    section = resolved.index("adapt:")  # as of a program that could not adapt
    older = resolved[:section] + resolved[resolved.index("\ntime:") + 1 :]
    other = resolved.replace("alpha: 0.5", "alpha: 0.4")
    for text, expected in ((resolved, True), (older, True), (other, False), ("", False)):
        (tmp_path / "resolved.yaml").write_text(text)
        assert finished(case, tmp_path) is expected
    (tmp_path / "resolved.yaml").write_text(resolved)
    (tmp_path / "run.json").write_text(json.dumps({"exit_code": 3}))
    assert not finished(case, tmp_path)


@pytest.mark.parametrize("reading", READINGS)
def test_models_differ_in_their_layers_alone(reading):
    configs = [load(CONFIGS / config_of(reading, model)).model_dump() for model in MODELS]
    for config in configs:
        assert config.pop("reading") == reading
        del config["layers"], config["title"]
    assert configs[0] == configs[1] == configs[2]


@pytest.mark.parametrize("model", MODELS)
def test_resolved_variants_are_the_models_in_the_cell_of_one_finger(model):
    resolved = load(CONFIGS / f"model{model}_resolved.yaml")
    single = load(CONFIGS / f"model{model}.yaml", [*SINGLE, *ENDS["ionic"]])
    assert resolved == single.model_copy(update={"title": resolved.title})


def test_the_full_level_has_the_interface_lengths_of_the_configs():
    for reading in READINGS:
        config = load(CONFIGS / config_of(reading, 1))
        length = LEVELS["full"].lengths[reading]
        assert config.phase_field.interface_length == pytest.approx(length * 1e-6)
        assert config.adapt.enabled


@pytest.mark.parametrize("level", LEVELS)
def test_half_the_interface_length_is_among_the_refined_ones(level):
    for reading in READINGS:
        length = LEVELS[level].lengths[reading]
        assert {length, length / 2} <= set(LEVELS[level].refined[reading])


class Made(tables.Results):
    """Runs that nobody has done: tips of all go straight up, those of thin interfaces earlier."""

    def run(self, name):
        if name not in self.runs:
            case = self.cases[name]
            text = resolved_yaml(load(CONFIGS / case.config, list(case.overrides)))
            run = self.runs[name] = Run(self.folder / name)
            config = run.__dict__["config"] = YAML(typ="safe", pure=True).load(text)
            length = config["phase_field"]["interface_length"] or 15.3e-9
            t = np.linspace(0, config["time"]["end"], 61)
            tip = 4 + 41 * t / t[-1] * (1 - 0.1 * length / 1e-6)
            columns = dict.fromkeys(("tip_um", "front_mean_um", "area_um2"), tip)
            run.__dict__["columns"] = {**columns, "t_s": t, "c_max_mol_m3": 1000 + 0 * t}
        return self.runs[name]


@pytest.mark.parametrize("level", LEVELS)
def test_the_page_needs_every_run_and_no_other(level, tmp_path, monkeypatch):
    drawn = []
    names = ("fields", "histories", "lengths", "seeds", "regimes")
    drawing = {name: lambda *args: drawn.append(args[-1].name) for name in names}
    monkeypatch.setattr(page, "figures", SimpleNamespace(**drawing))
    monkeypatch.setattr(tables, "tip_stress", lambda run, t: TipStress(10.0, 12.0))
    monkeypatch.setattr(page, "dissolved", lambda run: 0.03)
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    results = Made(tmp_path, LEVELS[level])
    page.write(results, level)
    text = (tmp_path / "page.md").read_text()
    assert "not been done" not in text
    assert set(results.runs) == set(results.cases)
    assert all(f"figures/{name}" in text for name in drawn) and len(drawn) == 7
    # Half of l = 0.44 um by the straight tips above, at the end of the whole cell.
    half = (41 * (1 - 0.022) + 4) / (41 * (1 - 0.044) + 4) - 1
    assert f"| {tables.percent(half)} |" in text


def test_bounds_of_the_composite():
    # 80 % LPSC and 20 % LATP by volume, from bulk and shear moduli.
    K, G = np.transpose([(E / 3 / (1 - 2 * nu), E / 2 / (1 + nu)) for E, nu in LPSC_LATP])
    share = np.array([0.8, 0.2])
    voigt = np.array([share @ K, share @ G])
    reuss = np.array([1 / (share @ (1 / K)), 1 / (share @ (1 / G))])
    for name, (k, g) in {"voigt": voigt, "reuss": reuss, "hill": (voigt + reuss) / 2}.items():
        E, nu = 9 * k * g / (3 * k + g), (3 * k - 2 * g) / 2 / (3 * k + g)
        assert BOUNDS[name] == pytest.approx((E, nu), rel=2e-3)


LPSC_LATP = ((22.1, 0.37), (115, 0.25))


def test_extrapolation_finds_the_limit_and_the_order():
    values = [5 + 3 * x**2 for x in (0.4, 0.2, 0.1)]
    assert extrapolated((0.4, 0.2, 0.1), values) == pytest.approx((5, 2))
    assert np.isnan(extrapolated((0.4, 0.2, 0.1), (1.0, 2.0, 4.0))).all()


def test_stress_of_a_confined_deposit():
    # u = 0 and xi = 1: -C lambda, by Hooke's law with E and nu of the deposit.
    triangle = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    fields = dict(u=np.zeros((3, 2)), xi=np.ones(3), layer=np.ones(1))
    run = Run(None)
    layer = dict(lambda_i=[-0.866e-3, -0.773e-3, -0.529e-3], E=22.1e9, nu=0.37)
    run.__dict__["config"] = dict(layers=[layer], lithium=dict(E=4.9e9, nu=0.36))
    (sigma,) = stress(run, Snapshot(0.0, triangle, np.array([[0, 1, 2]]), fields))
    strain = -np.array(layer["lambda_i"])
    compliance = (1.36 * np.eye(3) - 0.36) / 4.9e9
    assert compliance @ sigma[:3] == pytest.approx(strain)
    assert sigma[:3].mean() == pytest.approx(12.6e6, rel=5e-3)
    fields["u"] = triangle[:, ::-1] * 1e-9  # shear, u in m and x in um
    (sheared,) = stress(run, Snapshot(0.0, triangle, np.array([[0, 1, 2]]), fields))
    assert sheared[3] == pytest.approx(2e-3 * 4.9e9 / 2 / 1.36)
    only_shear = np.array([[0, 0, 0, sheared[3]]])
    assert von_mises(only_shear) == pytest.approx(3**0.5 * sheared[3])


def test_times_of_the_quantitative_models_stand_beside_their_change_and_error_bar():
    def time(*values: float) -> Number:
        named = dict(zip(("level0", "level1"), values, strict=True))
        limit = richardson.limit(values, 2.0, 1.0)
        return Number("time to 40 um", "s", named, 1.0, limit, {}, [])

    lines = quantitative.times_table({1: time(800, 700), 2: time(780, 707)}).splitlines()
    # 700 - 100 = 600, with three times the way from the finest level as error bar.
    assert lines[2] == "| Model 1 | 800 (+0.0 %) | 700 (+0.0 %) | 600 ± 300 |"
    assert lines[3] == "| Model 2 | 780 (-2.5 %) | 707 (+1.0 %) | 630 ± 220 |"
