# SPDX-License-Identifier: MIT
"""The report: docs/reproduction/chen2025.md and its figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.chen2025 import conserved, figures, texts
from benchmarks.chen2025.cases import MAP_PI, MAP_VOLTS, MODELS, SEEDS, THIN
from benchmarks.chen2025.measures import Run
from benchmarks.chen2025.tables import (
    GOAL,
    NARROW_GOAL,
    PLACES,
    Missing,
    Results,
    common_time,
    dissolved,
    largest_change,
    law_share,
    lengths_table,
    models_table,
    number,
    percent,
    regime_maps,
    seeds_table,
    strip_slope,
    swaps_table,
    table,
)

F_RT = 96500 / (8.314 * 297.15)
"""F/(RT) of Table S1 [1/V]."""
DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "reproduction" / "chen2025.md"
SINGLE = ("1_sigma", "1_elastic", "3_base", "3_sigma", "3_elastic")
"""Runs of the ionic reading with one property changed."""
READINGS = {"ionic": "ionic", "electron_limited": "electron-limited"}
NEAR = 23.0
"""Height up to which Model 3 must be Model 1 [um]."""


def write(results: Results, level: str) -> None:
    """Draw the figures and write the page; sections whose runs are not done say so."""
    head = texts.HEAD.format(level=level, **results.level.lengths)
    sections: tuple[Callable[[Results], str] | str, ...] = (
        head, texts.PRINT, _ionic, _nuclei, _swaps, _electrons, _electron_nuclei, texts.LAW, _strip,
        _scale, _regimes, texts.STRESS, _feedback, _bounds, _accuracy, _halved, _paper_mesh,
        conserved.TEXT, texts.LIMITS,
    )  # fmt: skip
    parts = [part if isinstance(part, str) else _section(part, results) for part in sections]
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")
    print(PAGE)


def _section(part: Callable[[Results], str], results: Results) -> str:
    try:
        return part(results)
    except Missing as missing:
        return f"*{part.__doc__} Not in this report: its run {missing} has not been done yet.*"


def _picture(name: str) -> Path:
    return DOCS / "figures" / f"chen2025_{name}.png"


def _draw_models(reading: str, runs: dict[int, Run]) -> None:
    figures.fields(runs, common_time(runs), _picture(f"{reading}_fields"))
    figures.histories(runs, _picture(f"{reading}_histories"))


# --- ionic ---------------------------------------------------------------------------------


def _ionic(results: Results) -> str:
    """The three models in the ionic reading."""
    runs = results.models("ionic")
    _draw_models("ionic", runs)
    arrivals = {model: run.arrival(GOAL) for model, run in runs.items()}
    return texts.IONIC.format(
        table=models_table(runs),
        goal=f"{GOAL:.0f}",
        lag_2=percent(arrivals[2] / arrivals[1] - 1),
        lag_3=percent(arrivals[3] / arrivals[1] - 1),
    )


def _nuclei(results: Results) -> str:
    """Sets of nuclei in the ionic reading."""
    arrivals = [run.arrival(NARROW_GOAL) for run in results.seeded("ionic", 1)]
    return texts.NUCLEI.format(
        seeds=seeds_table(results, "ionic", 100 * np.floor(min(arrivals) / 100), (1,)),
        spread=f"{100 * (max(arrivals) - min(arrivals)) / np.mean(arrivals):.0f}",
    )


def _swaps(results: Results) -> str:
    """One property at a time in the ionic reading."""
    changes = [_change(results, f"ionic_{name}") for name in SINGLE]
    return texts.SWAPS.format(
        swaps=swaps_table(results),
        sigma=changes[0],
        elastic=changes[1],
        sandwich=changes[2],
        same_sigma=changes[3],
        same_moduli=changes[4],
        migration=number(F_RT * 0.1, 2),
    )


# --- electron_limited ----------------------------------------------------------------------


def _electrons(results: Results) -> str:
    """The three models in the electron-limited reading."""
    runs = results.models("electron_limited")
    _draw_models("electron_limited", runs)
    end = common_time(runs)
    below, late = _apart(runs)
    return texts.ELECTRONS.format(
        table=models_table(runs),
        order=_order(runs, "tip_um", end),
        below=below,
        late=late,
        c_max=number(runs[1].columns["c_max_mol_m3"][-1] / 1000),
        inside=number(100 * dissolved(runs[1]), 2),
        rough_0=number(_roughness(runs[1], 0.0), 2),
        rough_1=number(_roughness(runs[1], end), 2),
        rough_2=number(_roughness(runs[2], end), 2),
    )


def _electron_nuclei(results: Results) -> str:
    """Five sets of nuclei in the electron-limited reading."""
    rows, tips = [], {model: [] for model in MODELS}
    for i, seed in enumerate(SEEDS):
        runs = {m: results.seeded("electron_limited", m)[i] for m in MODELS}
        end = runs[1].end
        orders = [_order(runs, name, end) for name in ("tip_um", "area_um2")]
        rows.append([f"seed {seed}", *orders, *_apart(runs)])
        for model, run in runs.items():
            tips[model].append(run.at("tip_um", end))
    figures.seeds(tips, end, _picture("seeds"))
    head = ["", "tips", "areas", f"Model 3 against 1 up to {NEAR:.0f} µm", "at the end"]
    return texts.ELECTRON_NUCLEI.format(
        layers=table(head, rows), seeds=seeds_table(results, "electron_limited", end, MODELS)
    )


def _apart(runs: dict[int, Run]) -> tuple[str, str]:
    """How far the tip of Model 3 is from that of Model 1: up to NEAR, and at the end."""
    end, below = common_time(runs), runs[1].arrival(NEAR)
    times = np.linspace(0.05 * below, below, 50)
    largest = max(abs(runs[3].at("tip_um", t) / runs[1].at("tip_um", t) - 1) for t in times)
    late = runs[3].at("tip_um", end) / runs[1].at("tip_um", end) - 1
    return f"{100 * largest:.2f} %", percent(late)


def _order(runs: dict[int, Run], name: str, t: float) -> str:
    ranked = sorted(runs, key=lambda model: -runs[model].at(name, t))
    return " > ".join(map(str, ranked))


def _roughness(run: Run, t: float) -> float:
    """Tip over mean height at time `t` [um]."""
    return run.at("tip_um", t) - run.at("front_mean_um", t)


def _strip(results: Results) -> str:
    """The strip that only electrons limit."""
    return texts.STRIP.format(strip=f"{strip_slope(results.run('strip')):.4f}")


def _scale(results: Results) -> str:
    """What limits Model 1 in the electron-limited reading."""
    share = law_share(results.models("electron_limited")[1])
    return texts.SCALE.format(share=f"{100 * share:.0f}")


def _regimes(results: Results) -> str:
    """Regimes over charge number and voltage."""
    figures.regimes(list(MAP_PI), list(MAP_VOLTS), regime_maps(results), _picture("regimes"))
    return texts.REGIMES


# --- stress and accuracy -------------------------------------------------------------------


def _feedback(results: Results) -> str:
    """What stress does to growth."""
    return texts.FEEDBACK.format(
        goal=f"{NARROW_GOAL:.0f}",
        feedback=_change(results, "ionic_1_no_feedback"),
        sign=_change(results, "ionic_1_swelling"),
        length=f"{results.level.lengths['ionic']:g}",
    )


def _bounds(results: Results) -> str:
    """Bounds of the composite's moduli."""
    changes = (f"{PLACES[name]}: {_change(results, f'ionic_2_{name}')}" for name in PLACES)
    return texts.BOUNDS.format(goal=f"{NARROW_GOAL:.0f}", bounds="; ".join(changes))


def _change(results: Results, name: str) -> str:
    """Time to NARROW_GOAL of a run against Model 1."""
    base = results.base().arrival(NARROW_GOAL)
    return percent(results.run(name).arrival(NARROW_GOAL) / base - 1)


def _accuracy(results: Results) -> str:
    """Tips against interface length, mesh and time step."""
    curves = {name: results.refined(reading) for reading, name in READINGS.items()}
    figures.lengths(curves, _picture("interface_length"))
    ionic, electrons = (lengths_table(results, reading) for reading in READINGS)
    return texts.ACCURACY.format(ionic=ionic, electrons=electrons)


def _halved(results: Results) -> str:
    """Half the interface length in all cells."""
    rows = []
    for reading, name in READINGS.items():
        length = results.level.lengths[reading]
        for cell, (run, thin) in _pairs(results, reading).items():
            end = min(thin.end, run.end)
            changes = [percent(largest_change(thin, run, end, x)) for x in ("tip_um", "area_um2")]
            tip = number(run.at("tip_um", end))
            rows.append([name, cell, f"{length:g} → {length / 2:g}", number(end), tip, *changes])
    head = ["reading", "cell", "l (µm)", "up to (s)", "tip then (µm)", "largest change of the tip",
            "of the area"]  # fmt: skip
    return texts.HALVED.format(halved=table(head, rows), **_thinner(results))


def _pairs(results: Results, reading: str) -> dict[str, tuple[Run, Run]]:
    """Runs with the interface length of the level and with half of it, by cell."""
    length, refined = results.level.lengths[reading], results.refined(reading)
    pairs = {}
    if reading == "ionic":
        for model in MODELS:
            names = (f"single_{model}", f"single_{model}_halved")
            pairs[f"Model {model}, 5 µm"] = tuple(map(results.run, names))
    pairs["Model 1, 10 µm"] = (refined[length], refined[length / 2])
    if reading == "ionic":
        pairs["Model 3, 10 µm"] = tuple(map(results.run, ("ionic_3_base", "narrow_ionic_3_halved")))
    pairs["Model 1, 50 µm"] = tuple(map(results.run, (f"{reading}_1", f"{reading}_1_halved")))
    return pairs


def _thinner(results: Results) -> dict[str, str]:
    """What thinner interfaces do to times of arrival in the ionic reading."""
    length, refined = results.level.lengths["ionic"], results.refined("ionic")
    arrivals = {x: run.arrival(NARROW_GOAL) for x, run in refined.items()}
    sandwich = results.run("narrow_ionic_3_halved").arrival(NARROW_GOAL)
    single = {m: results.run(f"single_{m}_halved").arrival(NARROW_GOAL) for m in MODELS}
    return {
        "single_2": percent(single[2] / single[1] - 1),
        "single_3": percent(single[3] / single[1] - 1),
        "goal": f"{NARROW_GOAL:.0f}",
        "arrivals": ", ".join(f"{time:.0f} s at l = {x:g} um" for x, time in arrivals.items()),
        "last": percent(arrivals[length / 2] / arrivals[length] - 1),
        "length": f"{length:g}",
        "half": f"{length / 2:g}",
        "ahead": _change(results, "ionic_3_base"),
        "ahead_half": percent(sandwich / arrivals[length / 2] - 1),
    }


def _paper_mesh(results: Results) -> str:
    """The printed mesh."""
    pair = [results.run(name) for name in ("paper_mesh", "paper_mesh_resolved")]
    t = pair[0].end
    mean, tip = (
        [run.at(name, t) - run.at(name, 0) for run in pair] for name in ("front_mean_um", "tip_um")
    )
    return texts.PAPER_MESH.format(
        time=f"{t:.0f}",
        coarse=number(mean[0]),
        fine=number(mean[1]),
        tip_coarse=number(tip[0]),
        tip_fine=number(tip[1]),
        error=percent(mean[0] / mean[1] - 1),
        tip_error=percent(tip[0] / tip[1] - 1),
        length=f"{THIN:g}",
    )
