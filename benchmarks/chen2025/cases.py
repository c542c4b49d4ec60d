# SPDX-License-Identifier: MIT
"""Which runs the reproduction is made of.

Three cells, because not every question needs the whole one: the *cell* of the configs as they are,
50 um wide, for the three models; a *narrow* one, 10 um wide with two nuclei, for comparisons one at
a time, sets of nuclei, and refinement of interface length, mesh and time step; and one for a
*single* finger, 5 um wide. Meshes follow the front, but for the strip, the printed mesh and those
that show what adaptivity costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from solver.input.readings import CHARGE_SCALE

CONFIGS = Path(__file__).parents[2] / "configs" / "chen2025"
READINGS = ("ionic", "electron_limited")
MODELS = (1, 2, 3)
SEEDS = (3, 4, 5, 6, 7)
BASE_SEED = 3
NARROW = ("width=10 um", "nuclei.count=2", "output.snapshots=4")
SINGLE = ("width=5 um", "nuclei.count=1", "output.snapshots=4")
"""Cell in which one finger races no other: the resolved variants."""
ENDS = {"ionic": ("time.stop_tip=31 um",), "electron_limited": ()}
"""End in a reading of the narrow and single cells, and of the cell with half of l."""
SHOWN = {"ionic": "output.snapshots=60", "electron_limited": "output.snapshots=20"}
"""Snapshots of the models; the ionic ones end after a third of the time."""
COARSE = 0.44
"""Interface length [um] at which meshes are compared: twice as fine, and uniform."""
HEIGHTS = {"ionic": 32.0, "electron_limited": 50.0}
"""Height that the deposit of the narrow cell may reach [um]."""
THIN = 0.11
"""Interface length [um] that the printed mesh is compared with, at nuclei of 0.5 um."""
RULE = 20.0
"""Pi over the whole height at that s, at the speed of the printed interface and 0.1 V."""
MAP_PI = (2.0, 20.0, 200.0)
MAP_VOLTS = (0.05, 0.1, 0.2)
STRIP_D = 1e-10
"""Diffusivity [m^2/s] that keeps c at the front near c0: electrons alone limit the strip."""
SIGMA_2 = "layers.0.sigma_ion=1.92 mS/cm"
ELASTIC_2 = ("layers.0.E=33.9 GPa", "layers.0.nu=0.339")
BOUNDS = {"voigt": (41.3, 0.319), "hill": (33.9, 0.339), "reuss": (26.4, 0.364)}
"""E [GPa] and nu of 80 % LPSC and 20 % LATP by volume."""


@dataclass(frozen=True)
class Level:
    """How fine a level is, by reading.

    Attributes:
        lengths: Interface length of both cells [um].
        refined: Interface lengths of the narrow cell [um], that of `lengths` and its half in it.
    """

    lengths: dict[str, float]
    refined: dict[str, tuple[float, ...]]


LEVELS = {
    "quick": Level(
        lengths={"ionic": 0.44, "electron_limited": 0.44},
        refined={"ionic": (0.44, 0.22, 0.11), "electron_limited": (0.44, 0.22, 0.11)},
    ),
    "full": Level(
        lengths={"ionic": 0.11, "electron_limited": 0.44},
        refined={"ionic": (0.44, 0.22, 0.11, 0.055), "electron_limited": (0.44, 0.22, 0.11)},
    ),
}
"""`full` has the interface lengths of the configs."""


@dataclass(frozen=True)
class Case:
    """One run.

    Attributes:
        name: Of its folder.
        config: File in configs/chen2025.
        overrides: As of `--set`.
    """

    name: str
    config: str
    overrides: tuple[str, ...]


def config_of(reading: str, model: int) -> str:
    """Name of the config of a model in a reading."""
    return f"model{model}.yaml" if reading == "ionic" else f"electron_limited_model{model}.yaml"


def interface(length: float) -> str:
    """Override for an interface length [um]."""
    return f"phase_field.interface_length={length:g} um"


def uniform(length: float, height: float) -> tuple[str, ...]:
    """Overrides for h = l/2 up to a height [um] on a mesh that stays."""
    size = f"mesh.size_min={length / 2:g} um"
    return ("adapt.enabled=false", size, f"mesh.fine_height={height:g} um", "mesh.growth=0.2")


def refined_name(level: Level, reading: str, length: float) -> str:
    """Name of the run of Model 1 in the narrow cell with an interface length [um]."""
    if length == level.lengths[reading]:
        return f"{reading}_1_seed{BASE_SEED}"
    return f"narrow_{reading}_l{length:g}"


def cases(level: Level) -> list[Case]:
    """All runs of a level, those that the main figures need first."""
    parts = (_models, _halved, _seeds, _swaps, _refined, _regimes, _strip, _paper_mesh)
    return [case for part in parts for case in part(level)]


def _models(level: Level) -> list[Case]:
    return [
        Case(
            f"{reading}_{model}",
            config_of(reading, model),
            (interface(level.lengths[reading]), SHOWN[reading]),
        )
        for reading in READINGS
        for model in MODELS
    ]


def _halved(level: Level) -> list[Case]:
    half = {reading: interface(level.lengths[reading] / 2) for reading in READINGS}
    whole = [
        Case(
            f"{reading}_1_halved",
            config_of(reading, 1),
            (half[reading], *ENDS[reading], "output.snapshots=4"),
        )
        for reading in READINGS
    ]
    # That of Model 1 is among the refined ones.
    narrow = [
        Case("narrow_ionic_3_halved", "model3.yaml", (*_narrow(level, "ionic"), half["ionic"]))
    ]
    single = [
        Case(f"single_{model}{suffix}", f"model{model}.yaml", (*SINGLE, *ENDS["ionic"], length))
        for suffix, length in (("", interface(level.lengths["ionic"])), ("_halved", half["ionic"]))
        for model in MODELS
    ]
    return whole + narrow + single


def _narrow(level: Level, reading: str, seed: int = BASE_SEED) -> tuple[str, ...]:
    length = interface(level.lengths[reading])
    return (*NARROW, length, *ENDS[reading], f"nuclei.seed={seed}")


def _seeds(level: Level) -> list[Case]:
    return [
        Case(
            f"{reading}_{model}_seed{seed}",
            config_of(reading, model),
            _narrow(level, reading, seed),
        )
        for reading, models in (("electron_limited", MODELS), ("ionic", (1,)))
        for seed in SEEDS
        for model in models
    ]


def _swaps(level: Level) -> list[Case]:
    side = _narrow(level, "ionic")
    changes = {
        "sigma": (SIGMA_2,),
        "elastic": ELASTIC_2,
        "no_feedback": ("mechanics.feedback=false",),
        "less_hindered": ("kinetics.c_half=0.1",),
        "swelling": ("layers.0.lambda_i=[0.866e-3, 0.773e-3, 0.529e-3]",),
    }
    swapped = [
        Case(f"ionic_1_{name}", "model1.yaml", (*side, *change)) for name, change in changes.items()
    ]
    bounds = [
        Case(f"ionic_2_{name}", "model2.yaml", (*side, f"layers.0.E={E} GPa", f"layers.0.nu={nu}"))
        for name, (E, nu) in BOUNDS.items()
    ]
    alike = {
        "base": (),
        "sigma": ("layers.1.sigma_ion=5.43 mS/cm",),
        "elastic": ("layers.1.E=22.1 GPa", "layers.1.nu=0.37"),
    }
    sandwich = [
        Case(f"ionic_3_{name}", "model3.yaml", (*side, *change)) for name, change in alike.items()
    ]
    return swapped + bounds + sandwich


def _refined(level: Level) -> list[Case]:
    found = []
    for reading in READINGS:
        config, side = config_of(reading, 1), _narrow(level, reading)
        changes = {f"l{x:g}": (interface(x),) for x in level.refined[reading]}
        changes |= {
            "mesh": (interface(COARSE), "adapt.elements=4"),
            "uniform": (interface(COARSE), *uniform(COARSE, HEIGHTS[reading])),
            "steps": ("time.tolerance=0.04",),
        }
        found += [
            Case(f"narrow_{reading}_{name}", config, (*side, *change))
            for name, change in changes.items()
            if name != f"l{level.lengths[reading]:g}"  # that is the run of the set of nuclei
        ]
    return found


def _regimes(level: Level) -> list[Case]:
    thin = ("width=5 um", "nuclei.count=1", "output.snapshots=4", interface(0.88))
    whole = "time.stop_tip=45 um"  # before the deposit fills the cell
    base = (*thin, whole, "mechanics.enabled=false", "solver.max_passes=100")
    return [
        Case(
            f"regime_{pi:g}_{volts:g}",
            config_of("electron_limited", 1),
            (*base, f"potential.charge_scale={CHARGE_SCALE * pi / RULE:.6g}",
             f"boundary.phi_anode=-{volts} V"),
        )
        for pi in MAP_PI
        for volts in MAP_VOLTS
    ]  # fmt: skip


def _strip(level: Level) -> list[Case]:
    flat = ("width=1 um", "nuclei.count=0", "mechanics.enabled=false", interface(0.3))
    scarce = (f"layers.0.D={STRIP_D}", f"potential.charge_scale={100 * CHARGE_SCALE}")
    long = ("time.end=8000 s", "output.snapshots=4")
    mesh = uniform(0.3, 50)
    return [Case("strip", config_of("electron_limited", 1), (*flat, *scarce, *long, *mesh))]


def _paper_mesh(level: Level) -> list[Case]:
    resolved = (interface(THIN), "adapt.enabled=true")
    return [
        Case("paper_mesh", "paper_mesh.yaml", NARROW),
        Case("paper_mesh_resolved", "paper_mesh.yaml", (*NARROW, *resolved)),
    ]
