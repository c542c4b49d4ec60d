# SPDX-License-Identifier: MIT
"""Runs with a side that comes in as a stiff wall: what lithium bears that flows, and that does not.

Pressed from the right, with its top free, a film and its electrolyte strain alike in x and bear
nothing in y, whatever they are made of: every height is a plate in plane strain. Pressed from the
top between rollers, every height bears the same in y, and strains by its own modulus.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solver.input import loading
from solver.input.mechanics import flow_law
from solver.laws import elasticity
from solver.laws.energy import h
from solver.output import checkpoint, snapshots
from tests.ranks import launcher
from tests.system.running import (
    HERE,
    PROGRAM,
    called,
    left_at,
    rows,
    same_results,
    set_all,
    started,
)  # fmt: skip

CONFIG = HERE / "wall.yaml"
NORTON = ("lithium.flow=norton",)
TOP = ("mechanics.sides={counter: pushed}",)
LENGTH, FILM, HEIGHT, WIDTH, SPEED = 0.4e-6, 5e-6, 10e-6, 4e-6, 1.356e-9


def run(folder: Path, *overrides: str) -> list[dict[str, float]]:
    done = called("run", CONFIG, "-o", folder, *set_all(*overrides))
    assert done.returncode == 0, done.stderr
    return rows(folder)


def of_heights(kind: str) -> np.ndarray:
    """A modulus of deposit and electrolyte together at heights [Pa], lithium's share of it last.

    Args:
        kind: `plate`, in plane strain and free in y; `confined`; `bulk`, where lithium has no
            shear.
    """
    config = loading.load(CONFIG)
    y = (np.arange(4000) + 0.5) / 4000 * HEIGHT
    share = h(1 / (1 + np.exp((y - FILM) / LENGTH)))
    of_lithium, of_electrolyte = (
        elasticity.lame(x.E, x.nu) for x in (config.lithium, config.layers[0])
    )
    lam, mu = (share * a + (1 - share) * b for a, b in zip(of_lithium, of_electrolyte, strict=True))
    if kind == "plate":
        return 4 * mu * (lam + mu) / (lam + 2 * mu)
    shear = 4 / 3 * share * of_lithium[1] if kind == "bulk" else 0.0
    return lam + 2 * mu - shear


def plate(part) -> float:
    """Stress over strain of a plate in plane strain [Pa]."""
    return part.E / (1 - part.nu**2)


def column(found: list[dict[str, float]], name: str) -> np.ndarray:
    return np.array([row[name] for row in found])


def inside(folder: Path) -> np.ndarray:
    """Time [s], least and largest pressure and von Mises stress [MPa] well inside of the film."""
    found = []
    for number, t in enumerate(snapshots.times(folder)):
        shot = snapshots.load(folder, number)
        deep = shot.points[shot.triangles].mean(axis=1)[:, 1] < 0.5 * FILM * 1e6
        values = (shot.fields[name][deep] * 1e-6 for name in ("pressure", "von_mises"))
        found.append((t, *(x for v in values for x in (v.min(), v.max()))))
    return np.array(found).T


def test_pressure_grows_with_the_way_of_the_wall_where_nothing_flows(tmp_path):
    found = run(tmp_path / "run")
    lithium = loading.load(CONFIG).lithium
    strain = SPEED * column(found, "t_s") / WIDTH
    borne = column(found, "wall_pressure_MPa")
    assert borne == pytest.approx(of_heights("plate").mean() * strain * 1e-6, rel=1e-3, abs=1e-9)
    t, *pressure, _, _ = inside(tmp_path / "run")
    along = plate(lithium) * SPEED * t / WIDTH * 1e-6
    for values in pressure:
        assert values == pytest.approx((1 + lithium.nu) / 3 * along, rel=1e-3, abs=1e-9)
    assert t[-1] == 2 and along[-1] > 3.5


@pytest.mark.parametrize("times", [1, 10])
def test_pressure_saturates_at_the_flow_stress_of_the_rate(tmp_path, times):
    """Norton's: 2/sqrt(3) sigma along x, and half of it as pressure."""
    faster = (f"mechanics.push_speed={times * SPEED}", f"time.end={3 / times}",
              f"time.dt_max={0.02 / times}", f"time.dt_initial={0.02 / times}")  # fmt: skip
    found = run(tmp_path / "run", *NORTON, *faster)
    config = loading.load(CONFIG, list(NORTON))
    t, least, most, *von_mises = inside(tmp_path / "run")
    rate = times * SPEED / WIDTH
    stress = flow_law(config).stress(2 / np.sqrt(3) * rate) * 1e-6
    for pressure in (least, most):
        assert pressure[-1] == pytest.approx(stress / np.sqrt(3), rel=2e-3)
    for values in von_mises:
        assert values[-1] == pytest.approx(stress, rel=2e-3)
    # What the wall bears goes on growing by the electrolyte alone.
    whole, borne = column(found, "t_s"), column(found, "wall_pressure_MPa")
    late = whole > 2 / times
    rise, _ = np.polyfit(whole[late], borne[late], 1)
    electrolyte = (1 - FILM / HEIGHT) * plate(config.layers[0]) * 1e-6
    assert rise == pytest.approx(electrolyte * rate, rel=2e-2)
    # An elastic film would bear several times as much by then.
    stiff = plate(config.lithium) * 1e-6
    assert stiff * rate * t[-1] > 3 * stress
    assert found[-1]["lithium_flowing"] > 0.9


def test_between_rollers_pressure_grows_whether_lithium_flows_or_not(tmp_path):
    """What flows keeps its volume: it has its bulk modulus, and no stress to saturate at."""
    # What the interface leaves is 3e-4 with triangles of l/4, and four times as much with l/2.
    finer = ("mesh.size_min=0.1 um", "mesh.size_max=0.1 um", "time.end=0.2 s")
    elastic, creeping = run(tmp_path / "a", *TOP, *finer), run(tmp_path / "b", *TOP, *NORTON)
    t = column(elastic, "t_s")
    stiff = 1 / (1 / of_heights("confined")).mean()
    borne = column(elastic, "wall_pressure_MPa")
    assert borne == pytest.approx(stiff * SPEED * t / HEIGHT * 1e-6, rel=1e-3, abs=1e-9)
    late = column(creeping, "t_s") > 1.5
    rise = np.polyfit(column(creeping, "t_s")[late], column(creeping, "wall_pressure_MPa")[late], 1)
    left = 1 / (1 / of_heights("bulk")).mean()
    assert rise[0] == pytest.approx(left * SPEED / HEIGHT * 1e-6, rel=1e-2)
    assert left < 0.9 * stiff


BESIDE = ("mechanics.sides={right: pushed, counter: free}", "mechanics.push_speed=1 nm/s",
          "time.end=8 s", "output.snapshots=1")  # fmt: skip


@pytest.fixture(scope="module", params=[NORTON, ()], ids=["flowing", "elastic"])
def growing(request, tmp_path_factory) -> tuple[Path, list[str]]:
    """A front that the mesh follows, pressed on the way; its folder and what it was given."""
    given = set_all(*BESIDE, *request.param)
    folder = tmp_path_factory.mktemp("wall") / "whole"
    done = called("run", HERE / "adaptive.yaml", "-o", folder, *given)
    assert done.returncode == 0, done.stderr
    return folder, given


def test_a_pushed_run_restarts_to_the_last_bit_across_a_new_mesh(growing, tmp_path):
    """The wall stands where the time has it, whatever has been computed since the start."""
    whole, _ = growing
    saved = [checkpoint.read(path) for path in checkpoint.all_in(whole)]
    step = next(i for i, x in enumerate(saved) if x.record.standing.remeshes > 0) - 1
    folder = left_at(whole, step, tmp_path / "again")
    done = called("restart", folder)
    assert done.returncode == 0, done.stderr
    assert same_results(whole, folder)
    assert rows(folder)[-1]["wall_pressure_MPa"] > 10


@pytest.mark.slow
def test_two_ranks_bear_the_same(growing, tmp_path):
    whole, given = growing
    folder = tmp_path / "two"
    run = ["run", HERE / "adaptive.yaml", "-o", folder, *given]
    done = started([*launcher(2), *PROGRAM, *run])
    assert done.returncode == 0, done.stderr
    one, two = rows(whole), rows(folder)
    assert len(one) == len(two)
    for a, b in zip(one[1:], two[1:], strict=True):
        for name in ("t_s", "tip_um", "wall_pressure_MPa", "von_mises_max_MPa"):
            assert b[name] == pytest.approx(a[name], rel=1e-4), name
