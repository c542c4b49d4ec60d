# SPDX-License-Identifier: MIT
"""Which runs the reproduction is made of.

Two cells, because not every question needs the whole one: the *cell* of the configs as they are,
50 um wide, for the three models; and a *narrow* one, 10 um wide with two nuclei, for comparisons
one at a time, sets of nuclei, and refinement of interface length, mesh and time step. Meshes are
uniform up to the height that deposit may reach, but for thin interfaces, which they follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CONFIGS = Path(__file__).parents[2] / "configs" / "chen2025"
READINGS = ("ionic", "electron_limited")
MODELS = (1, 2, 3)
SEEDS = (3, 4, 5, 6, 7)
BASE_SEED = 3
NARROW = ("width=10 um", "nuclei.count=2", "output.snapshots=4")
LOWER = ("time.stop_tip=31 um",)
"""End of the ionic narrow cells that are compared by the time at which their tips are at 30 um."""
ENDS = {"ionic": LOWER, "electron_limited": ()}
"""End of the narrow cell in a reading: that of the config, or earlier."""
THIN = 0.11
"""Interface length at which Model 3 is compared with Model 1 once more [um]."""
SCALE = 7.9205e-6
"""s of the electron-limited reading."""
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
    """How fine a level is: interface lengths [um]; elements have half of that.

    Attributes:
        main: Of the cell.
        side: Of the narrow cell.
        refined: Of the narrow cell on adaptive meshes, by reading.
    """

    main: float
    side: float
    refined: dict[str, tuple[float, ...]]


LEVELS = {
    "quick": Level(
        main=0.44,
        side=0.44,
        refined={"ionic": (0.44, 0.22, 0.11, 0.055), "electron_limited": (0.44, 0.22, 0.11)},
    ),
    "full": Level(
        main=0.22,
        side=0.22,
        refined={
            "ionic": (0.22, 0.11, 0.055, 0.0275),
            "electron_limited": (0.22, 0.11, 0.055),
        },
    ),
}


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


def interface(length: float, elements: float = 2.0) -> tuple[str, ...]:
    """Overrides for an interface length [um] and elements per interface length."""
    return (
        f"phase_field.interface_length={length:g} um",
        f"mesh.size_min={length / elements:g} um",
    )


def adaptive(length: float) -> tuple[str, ...]:
    """Overrides for an interface length [um] on a mesh that follows the front."""
    return (*interface(length), "adapt.enabled=true", "mesh.size_max=1 um", "mesh.fine_height=0")


def cases(level: Level) -> list[Case]:
    """All runs of a level, those that the main figures need first."""
    parts = (_models, _seeds, _swaps, _refined, _regimes, _strip, _paper_mesh)
    return [case for part in parts for case in part(level)]


def _models(level: Level) -> list[Case]:
    shown = (*interface(level.main), "output.snapshots=20")
    return [
        Case(f"{reading}_{model}", config_of(reading, model), shown)
        for reading in READINGS
        for model in MODELS
    ]


def _seeds(level: Level) -> list[Case]:
    return [
        Case(
            f"{reading}_{model}_seed{seed}",
            config_of(reading, model),
            (*NARROW, *interface(level.side), *ENDS[reading], f"nuclei.seed={seed}"),
        )
        for reading, models in (("electron_limited", MODELS), ("ionic", (1,)))
        for seed in SEEDS
        for model in models
    ]


def _swaps(level: Level) -> list[Case]:
    side = (*NARROW, *interface(level.side), *LOWER)
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
        Case(
            f"ionic_2_{name}",
            "model2.yaml",
            (*side, f"layers.0.E={E} GPa", f"layers.0.nu={nu}"),
        )
        for name, (E, nu) in BOUNDS.items()
    ]
    uniform = {
        "base": (),
        "sigma": ("layers.1.sigma_ion=5.43 mS/cm",),
        "elastic": ("layers.1.E=22.1 GPa", "layers.1.nu=0.37"),
    }
    sandwich = [
        Case(f"ionic_3_{name}", "model3.yaml", (*side, *change)) for name, change in uniform.items()
    ]
    return swapped + bounds + sandwich


def _refined(level: Level) -> list[Case]:
    found = []
    for reading in READINGS:
        config = config_of(reading, 1)
        narrow = (*NARROW, *ENDS[reading], f"nuclei.seed={BASE_SEED}")
        for length in level.refined[reading]:
            found.append(
                Case(f"narrow_{reading}_l{length:g}", config, (*narrow, *adaptive(length)))
            )
        mesh = (*narrow, *interface(level.side, 4))
        steps = (*narrow, *interface(level.side), "time.tolerance=0.04")
        found.append(Case(f"narrow_{reading}_mesh", config, mesh))
        found.append(Case(f"narrow_{reading}_steps", config, steps))
    narrow = (*NARROW, *ENDS["ionic"], f"nuclei.seed={BASE_SEED}")
    found.append(Case("narrow_ionic_3", config_of("ionic", 3), (*narrow, *adaptive(THIN))))
    return found


def _regimes(level: Level) -> list[Case]:
    thin = ("width=5 um", "nuclei.count=1", "output.snapshots=4", *interface(0.88))
    whole = "time.stop_tip=45 um"  # before the deposit fills the cell
    base = (*thin, whole, "mechanics.enabled=false", "solver.max_passes=100")
    return [
        Case(
            f"regime_{pi:g}_{volts:g}",
            config_of("electron_limited", 1),
            (*base, f"potential.charge_scale={SCALE * pi / RULE:.6g}",
             f"boundary.phi_anode=-{volts} V"),
        )
        for pi in MAP_PI
        for volts in MAP_VOLTS
    ]  # fmt: skip


def _strip(level: Level) -> list[Case]:
    flat = ("width=1 um", "nuclei.count=0", "mechanics.enabled=false", *interface(0.3))
    scarce = (f"layers.0.D={STRIP_D}", f"potential.charge_scale={100 * SCALE}")
    long = ("time.end=8000 s", "output.snapshots=4")
    return [Case("strip", config_of("electron_limited", 1), (*flat, *scarce, *long))]


def _paper_mesh(level: Level) -> list[Case]:
    finer = (*interface(0.16), "mesh.fine_height=3 um", "mesh.growth=0.2")
    return [
        Case("paper_mesh", "paper_mesh.yaml", NARROW),
        Case("paper_mesh_resolved", "paper_mesh.yaml", (*NARROW, *finer)),
    ]
