# SPDX-License-Identifier: MIT
"""Configs that people have made: one value of a sound one, odd in a way that they met."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from benchmarks.odd_configs.drawn import WALL, Odd

DENDRITE: dict[str, Any] = {
    "title": "a strip",
    "width": 1e-6,
    "layers": [{"name": "SE", "thickness": 8e-6, "sigma_ion": 0.05}],
    "phase_field": {"interface_length": 0.4e-6},
    "nuclei": {"film": 3e-6, "count": 0, "c_inside": 1000},
    "mesh": {"size_min": 0.2e-6, "size_max": 0.4e-6, "fine_height": 8e-6},
    "time": {"end": 100.0, "max_wall": WALL},
    "output": {"snapshots": 1},
}
IONS: dict[str, Any] = {
    "title": "a salt",
    "physics": "transport",
    "width": 1e-6,
    "species": [{"name": "Li", "charge": 1}, {"name": "A", "charge": -1}],
    "layers": [
        {"name": "SE", "thickness": 1e-5, "c0": {"Li": 1000, "A": 1000},
         "D": {"Li": 1e-10, "A": 2e-10}}
    ],
    "boundary": {"anode": {"phi": 0.0}, "counter": {"flux": {"Li": 1e-3}}},
    "mesh": {"columns": 1, "size_min": 1e-7, "size_max": 1e-6},
    "time": {"mode": "transient", "end": 1.0, "tolerance": 0.01, "max_wall": WALL},
    "output": {"snapshots": 1},
}  # fmt: skip
CHANGES = (
    (DENDRITE, "boundary.phi_anode", 0.05), (DENDRITE, "boundary.phi_anode", 0.0),
    (DENDRITE, "boundary.phi_anode", 0.10), (DENDRITE, "constants.T", 60.0),
    (DENDRITE, "layers.0.E", 22.1), (DENDRITE, "layers.0.sigma_ion", 1.2e-6),
    (DENDRITE, "layers.0.D", 1e-7), (DENDRITE, "lithium.c_Li", 534.0),
    (DENDRITE, "lithium.c_Li", 900.0), (DENDRITE, "constants.F", 1.0),
    (DENDRITE, "nuclei.radius", 5e-6), (DENDRITE, "time.stop_tip", 2e-6),
    (DENDRITE, "nuclei.film", 9e-6), (DENDRITE, "nuclei.film", 0.0),
    (DENDRITE, "layers.0.c0", 1.0), (DENDRITE, "time.end", 1e5),
    (DENDRITE, "boundary.phi_counter", -0.1), (DENDRITE, "phase_field.L_eta", 0.0),
    (DENDRITE, "mechanics.driving", "thermodynamic"), (DENDRITE, "layers.0.nu", 0.4999999),
    (IONS, "boundary.counter.flux.Li", 1e6), (IONS, "boundary.counter.flux.Li", -1.0),
    (IONS, "constants.T", 25.0), (IONS, "layers.0.D.Li", 1e-5),
    (IONS, "time.mode", "steady"), (IONS, "boundary.counter", {"phi": 0.5}),
)  # fmt: skip
"""A sound config, a key and its odd value."""


def made() -> Iterator[Odd]:
    """Yield them."""
    for number, (sound, key, value) in enumerate(CHANGES):
        data: Any = deepcopy(sound)
        *sections, last = key.split(".")
        part = data
        for name in sections:
            part = part[int(name)] if name.isdigit() else part.setdefault(name, {})
        part[last] = value
        yield Odd(f"made {number:02d}, {key} {value}", data)
