# SPDX-License-Identifier: MIT
"""The tables of the report, from the run folders alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.chen2025.cases import (
    BOUNDS,
    COARSE,
    MAP_PI,
    MAP_VOLTS,
    MODELS,
    SEEDS,
    Level,
    cases,
    refined_name,
)
from benchmarks.chen2025.measures import Run, extrapolated, tip_stress
from benchmarks.chen2025.runs import finished

GOAL, NARROW_GOAL = 40.0, 30.0
"""Heights of the tip that ionic models are compared at [um], in the cell and in the narrow one."""
PLACES = {"voigt": "Voigt (upper bound)", "hill": "Hill mean", "reuss": "Reuss (lower bound)"}


class Missing(Exception):
    """A run that has not been done."""


class Results:
    """The finished runs of a level, by name."""

    def __init__(self, folder: Path, level: Level):
        self.folder, self.level = folder, level
        self.cases = {case.name: case for case in cases(level)}
        self.runs: dict[str, Run] = {}

    def run(self, name: str) -> Run:
        """A run by the name of its case.

        Raises:
            Missing: It has not been done, or with other values.
        """
        if name not in self.runs:
            if not finished(self.cases[name], self.folder / name):
                raise Missing(name)
            self.runs[name] = Run(self.folder / name)
        return self.runs[name]

    def models(self, reading: str) -> dict[int, Run]:
        """The three models in a reading."""
        return {model: self.run(f"{reading}_{model}") for model in MODELS}

    def seeded(self, reading: str, model: int) -> list[Run]:
        """A model with every set of nuclei."""
        return [self.run(f"{reading}_{model}_seed{seed}") for seed in SEEDS]

    def base(self) -> Run:
        """Model 1 in the narrow cell, ionic reading."""
        return self.run(refined_name(self.level, "ionic", self.level.lengths["ionic"]))

    def refined(self, reading: str) -> dict[float, Run]:
        """Model 1 in the narrow cell by interface length [um]."""
        lengths = self.level.refined[reading]
        return {x: self.run(refined_name(self.level, reading, x)) for x in lengths}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float, digits: int = 3) -> str:
    """A number to read; a dash where there is none."""
    if not np.isfinite(value):
        return "–"
    return f"{value:.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"


def percent(value: float) -> str:
    """A relative difference."""
    return "–" if not np.isfinite(value) else f"{100 * value:+.1f} %"


def common_time(runs: dict[int, Run]) -> float:
    """Latest snapshot time that all models have [s]."""
    end = min(run.end for run in runs.values())
    time = runs[1].config["time"]["end"] / runs[1].config["output"]["snapshots"]
    return float(np.floor(end / time * (1 + 1e-9)) * time)


def models_table(runs: dict[int, Run]) -> str:
    """Tip, area, current and stress of the three models at equal time."""
    t = common_time(runs)
    rows = []
    for model, run in runs.items():
        stress = tip_stress(run, t)
        values = [run.at(name, t) for name in ("tip_um", "front_mean_um", "area_um2")]
        charge = (run.at("area_um2", t) - run.at("area_um2", 0)) * 1e-12
        width = run.config["width"]
        current = run.config["constants"]["F"] * run.config["lithium"]["c_Li"] * charge / width / t
        row = [*values, current, run.at("c_max_mol_m3", t), stress.hydrostatic]
        row += [stress.peak_von_mises, run.arrival(GOAL)]
        rows.append([f"Model {model}", *map(number, row)])
    head = [
        f"at {t:.0f} s", "tip (µm)", "mean (µm)", "area (µm²)", "mean current (A/m²)",
        "largest c (mol/m³)", "hydrostatic stress in the tip (MPa)",
        "von Mises at the tip (MPa)", f"time to {GOAL:.0f} µm (s)",
    ]  # fmt: skip
    return table(head, rows)


def seeds_table(results: Results, reading: str, t: float, models: Sequence[int]) -> str:
    """Tips at one time for every set of nuclei."""
    rows = [
        [f"Model {m}", *(number(run.at("tip_um", t)) for run in results.seeded(reading, m))]
        for m in models
    ]
    return table([f"tip at {t:.0f} s (µm)", *(f"seed {seed}" for seed in SEEDS)], rows)


def swaps_table(results: Results) -> str:
    """Model 1 with one property of Model 2 at a time, and other single changes."""
    base = results.base()
    changes = {
        "Model 1": base,
        "with Model 2's sigma_ion": results.run("ionic_1_sigma"),
        "with Model 2's moduli": results.run("ionic_1_elastic"),
        "Model 2 (both)": results.run("ionic_2_hill"),
        "Model 1 without elastic feedback": results.run("ionic_1_no_feedback"),
        "Model 1 with lambda of the opposite sign": results.run("ionic_1_swelling"),
        "Model 1 with c_half = 0.1 mol/m3": results.run("ionic_1_less_hindered"),
    }
    changes |= {
        f"Model 2, {PLACES[name]}": results.run(f"ionic_2_{name}")
        for name in BOUNDS
        if name != "hill"
    }
    changes |= {
        "Model 3": results.run("ionic_3_base"),
        "Model 3 with LPSC's sigma_ion in both layers": results.run("ionic_3_sigma"),
        "Model 3 with LPSC's moduli in both layers": results.run("ionic_3_elastic"),
    }
    rows = []
    for name, run in changes.items():
        arrival, reference = run.arrival(NARROW_GOAL), base.arrival(NARROW_GOAL)
        stress = tip_stress(run, run.end)
        rows.append(
            [name, number(arrival, 4), percent(arrival / reference - 1),
             number(stress.hydrostatic), number(stress.peak_von_mises)]
        )  # fmt: skip
    head = ["", f"time to {NARROW_GOAL:.0f} µm (s)", "against Model 1",
            "hydrostatic stress in the tip (MPa)", "von Mises at the tip (MPa)"]  # fmt: skip
    return table(head, rows)


def lengths_table(results: Results, reading: str) -> str:
    """Tip of the narrow cell for thinner interfaces, on other meshes, in finer steps."""
    refined = results.refined(reading)
    length = results.level.lengths[reading]
    others = {
        f"l = {length:g} µm, tolerance / 4": (results.run(f"narrow_{reading}_steps"), length),
        f"l = {COARSE:g} µm, h = l/4": (results.run(f"narrow_{reading}_mesh"), COARSE),
        f"l = {COARSE:g} µm, uniform mesh": (results.run(f"narrow_{reading}_uniform"), COARSE),
    }
    t = min(run.end for run in (*refined.values(), *(run for run, _ in others.values())))
    rows, thicker = [], None
    for x, run in refined.items():
        rows.append([f"l = {x:g} µm", number(run.at("tip_um", t), 4), *_changes(run, thicker, t)])
        thicker = run
    tips = [run.at("tip_um", t) for run in refined.values()]
    limit, order = extrapolated(list(refined), tips)
    rows.append(
        [f"l → 0 (order {number(order, 2)})", number(limit, 4), percent(limit / tips[-1] - 1), ""]
    )
    for name, (run, like) in others.items():
        changes = _changes(run, refined[like], t)
        rows.append([name, number(run.at("tip_um", t), 4), *changes])
    head = [reading.replace("_", "-"), f"tip at {t:.0f} s (µm)", "change", "largest on the way"]
    return table(head, rows)


def _changes(run: Run, other: Run | None, t: float) -> tuple[str, str]:
    """Relative change of the tip from another run to this one, at time `t` and the largest."""
    if other is None:
        return "–", "–"
    last = run.at("tip_um", t) / other.at("tip_um", t) - 1
    return percent(last), percent(largest_change(run, other, t))


def largest_change(run: Run, other: Run, t: float, name: str = "tip_um") -> float:
    """Largest relative change of a column from another run to this one up to time `t` [s]."""
    times = np.linspace(0, t, 301)
    return max((run.at(name, x) / other.at(name, x) - 1 for x in times), key=abs)


def regime_maps(results: Results) -> dict[str, np.ndarray]:
    """Over voltage and charge number: growth against the law of electrons, and roughness."""
    share = np.empty((len(MAP_VOLTS), len(MAP_PI)))
    rough = share.copy()
    for i, volts in enumerate(MAP_VOLTS):
        for j, pi in enumerate(MAP_PI):
            run = results.run(f"regime_{pi:g}_{volts:g}")
            share[i, j] = law_share(run)
            rough[i, j] = run.at("tip_um", run.end) - run.at("front_mean_um", run.end)
    return {"growth over that of electrons alone": share, "tip over mean height (µm)": rough}


def law_share(run: Run) -> float:
    """H^2 - H0^2 of a run's mean height over 2 sigma_Li U t/(s F c_Li)."""
    c, config = run.columns, run.config
    layer, boundary = config["layers"][0], config["boundary"]
    s, F = config["potential"]["charge_scale"], config["constants"]["F"]
    U = boundary["phi_counter"] - boundary["phi_anode"]
    law = 2 * layer["sigma_Li"] * U * c["t_s"][-1] / (s * F * config["lithium"]["c_Li"])
    squares = (c["front_mean_um"] * 1e-6) ** 2
    return float((squares[-1] - squares[0]) / law)


def dissolved(run: Run) -> float:
    """Li+ within the deposit at the end, over the deposit's lithium."""
    shot = run.snapshot(run.end)
    corners = shot.points[shot.triangles]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = 0.5 * np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    xi, c = (shot.fields[name][shot.triangles].mean(axis=1) for name in ("xi", "c"))
    return float((area * xi * c).sum() / (area * xi).sum() / run.config["lithium"]["c_Li"])


def strip_slope(run: Run) -> float:
    """Growth of H^2 of the strip over the law of electrons alone, once H has doubled."""
    c, config = run.columns, run.config
    H, t = c["front_mean_um"] * 1e-6, c["t_s"]
    late = 2 * H[0] < H
    layer, boundary = config["layers"][0], config["boundary"]
    charge = config["potential"]["charge_scale"] * config["constants"]["F"]
    charge *= config["lithium"]["c_Li"]
    U = boundary["phi_counter"] - boundary["phi_anode"]
    return float(np.polyfit(t[late], H[late] ** 2, 1)[0] * charge / (2 * layer["sigma_Li"] * U))
