# SPDX-License-Identifier: MIT
"""The report: docs/reproduction/chen2025.md and its figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.chen2025 import figures, texts
from benchmarks.chen2025.cases import MAP_PI, MAP_VOLTS, MODELS, SEEDS
from benchmarks.chen2025.measures import Run
from benchmarks.chen2025.tables import (
    GOAL,
    NARROW_GOAL,
    PLACES,
    Results,
    common_time,
    dissolved,
    law_share,
    lengths_table,
    models_table,
    number,
    percent,
    regime_maps,
    seeds_table,
    swaps_table,
    table,
)

F_RT = 96500 / (8.314 * 297.15)
"""F/(RT) of Table S1 [1/V]."""
DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "reproduction" / "chen2025.md"
PICTURES = DOCS / "figures"
NARROW_TIME = 300.0
"""Time at which the narrow cells are compared [s]."""
SINGLE = ("1_sigma", "1_elastic", "3_base", "3_sigma", "3_elastic")
"""Runs of the ionic reading with one property changed."""
READINGS = {"ionic": "ionic", "electron_limited": "electron-limited"}


def write(results: Results, level: str) -> None:
    """Draw the figures and write the page."""
    _draw(results)
    parts = (
        texts.HEAD.format(level=level, main=results.level.main, side=results.level.side),
        texts.PRINT,
        _ionic(results),
        _electrons(results),
        _stress(results),
        _accuracy(results),
        texts.LIMITS,
    )
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")
    print(PAGE)


def _picture(name: str) -> Path:
    return PICTURES / f"chen2025_{name}.png"


def _draw(results: Results) -> None:
    for reading in READINGS:
        runs = results.models(reading)
        figures.fields(runs, common_time(runs), _picture(f"{reading}_fields"))
        figures.histories(runs, _picture(f"{reading}_histories"))
    curves = {name: results.refined(reading) for reading, name in READINGS.items()}
    figures.lengths(curves, _picture("interface_length"))
    end = _seed_time(results)
    tips = {m: [r.at("tip_um", end) for r in results.seeded("electron_limited", m)] for m in MODELS}
    figures.seeds(tips, end, _picture("seeds"))
    figures.regimes(list(MAP_PI), list(MAP_VOLTS), regime_maps(results), _picture("regimes"))


def _seed_time(results: Results) -> float:
    """Time at which the electron-limited seeds are compared [s]: their end."""
    return results.seeded("electron_limited", 1)[0].end


# --- ionic ---------------------------------------------------------------------------------


def _ionic(results: Results) -> str:
    runs = results.models("ionic")
    base, lower = runs[1].arrival(GOAL), runs[2].arrival(GOAL)
    arrivals = [run.arrival(NARROW_GOAL) for run in results.seeded("ionic", 1)]
    spread = (max(arrivals) - min(arrivals)) / np.mean(arrivals)
    side = results.run("ionic_1_seed3").arrival(NARROW_GOAL)
    single = {name: results.run(f"ionic_{name}").arrival(NARROW_GOAL) for name in SINGLE}
    early = min(arrivals)
    return texts.IONIC.format(
        table=models_table(runs),
        goal=f"{GOAL:.0f}",
        lag_2=percent(lower / base - 1),
        lag_3=percent(runs[3].arrival(GOAL) / base - 1),
        spread=f"{100 * spread:.0f}",
        sigma=percent(single["1_sigma"] / side - 1),
        elastic=percent(single["1_elastic"] / side - 1),
        sandwich=percent(single["3_base"] / side - 1),
        same_sigma=percent(single["3_sigma"] / side - 1),
        same_moduli=percent(single["3_elastic"] / side - 1),
        migration=number(F_RT * 0.1, 2),
        swaps=swaps_table(results),
        seeds=seeds_table(results, "ionic", 100 * np.floor(early / 100), (1,)),
    )


# --- electron_limited ----------------------------------------------------------------------


def _electrons(results: Results) -> str:
    runs = results.models("electron_limited")
    end, strip = _seed_time(results), results.run("strip")
    rows = [[f"seed {seed}", *_layers(results, seed)] for seed in SEEDS]
    head = ["", "order of the tips", "order of the areas", "Model 3 against 1 up to 23 µm",
            "at the end"]  # fmt: skip
    return texts.ELECTRONS.format(
        table=models_table(runs),
        order=_order(runs, "tip_um", end),
        layers=table(head, rows),
        seeds=seeds_table(results, "electron_limited", end, MODELS),
        share=number(law_share(runs[1])),
        strip=f"{strip_slope(strip):.4f}",
        c_max=number(runs[1].columns["c_max_mol_m3"][-1] / 1000),
        inside=number(100 * dissolved(runs[1]), 2),
        rough_0=number(_roughness(runs[1], 0.0), 2),
        rough_1=number(_roughness(runs[1], end), 2),
        rough_2=number(_roughness(runs[2], end), 2),
    )


def _roughness(run: Run, t: float) -> float:
    """Tip over mean height at time `t` [um]."""
    return run.at("tip_um", t) - run.at("front_mean_um", t)


def _layers(results: Results, seed: int) -> list[str]:
    runs = {m: results.run(f"electron_limited_{m}_seed{seed}") for m in MODELS}
    end = runs[1].end
    below = runs[1].arrival(23.0)
    times = np.linspace(0.05 * below, below, 50)
    apart = max(abs(runs[3].at("tip_um", t) / runs[1].at("tip_um", t) - 1) for t in times)
    late = runs[3].at("tip_um", end) / runs[1].at("tip_um", end) - 1
    orders = [_order(runs, name, end) for name in ("tip_um", "area_um2")]
    return [*orders, f"within {100 * apart:.2f} %", percent(late)]


def _order(runs: dict[int, Run], name: str, t: float) -> str:
    ranked = sorted(runs, key=lambda model: -runs[model].at(name, t))
    return " > ".join(map(str, ranked))


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


# --- stress and accuracy -------------------------------------------------------------------


def _stress(results: Results) -> str:
    base, off = (
        results.run(f"ionic_1_{name}").arrival(NARROW_GOAL) for name in ("seed3", "no_feedback")
    )
    swelling = results.run("ionic_1_swelling").arrival(NARROW_GOAL)
    bounds = [
        f"{PLACES[name]}: {percent(results.run(f'ionic_2_{name}').arrival(NARROW_GOAL) / base - 1)}"
        for name in PLACES
    ]
    return texts.STRESS.format(
        goal=f"{NARROW_GOAL:.0f}",
        feedback=percent(off / base - 1),
        sign=percent(swelling / base - 1),
        bounds="; ".join(bounds),
    )


def _accuracy(results: Results) -> str:
    tables = [lengths_table(results, reading, NARROW_TIME) for reading in READINGS]
    coarse, fine = results.run("paper_mesh"), results.run("paper_mesh_resolved")
    t = coarse.end
    growth = [run.at("front_mean_um", t) - run.at("front_mean_um", 0) for run in (coarse, fine)]
    tips = [run.at("tip_um", t) - run.at("tip_um", 0) for run in (coarse, fine)]
    return texts.ACCURACY.format(
        ionic=tables[0],
        electrons=tables[1],
        time=f"{t:.0f}",
        coarse=number(growth[0]),
        fine=number(growth[1]),
        tip_coarse=number(tips[0]),
        tip_fine=number(tips[1]),
        error=percent(growth[0] / growth[1] - 1),
    )
