# SPDX-License-Identifier: MIT
"""Configs of cells with more in them, drawn at random over physical ranges.

Grains, pictures and meshes, sides that press or are free, lithium that flows, notches, islands and
protocols of several steps; each in a cell of a few hundred nodes, as in `drawn`.
"""

from __future__ import annotations

import io
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.odd_configs.drawn import WALL, Kinds, flat, spread

WIDTH, HEIGHT = 4e-6, 8e-6
PICTURE, MESH = "particles.png", "cell.msh"
"""Files beside a config, where it has any."""


def _properties(random: Random, name: str, c0: float = 1000.0) -> dict[str, Any]:
    return {
        "name": name,
        "sigma_ion": spread(random, 1e-3, 2.0),
        "D": spread(random, 1e-13, 1e-9),
        "c0": c0,
        "E": spread(random, 1e8, 3e11),
        "nu": flat(random, 0.1, 0.45),
        "lambda_i": [flat(random, -3e-3, 1e-3) for _ in range(3)],
    }


def _circuit(random: Random) -> dict[str, Any]:
    control = random.choice(["voltage", "current", "current", "rest"])
    found: dict[str, Any] = {"closure": "single_ion", "control": control}
    if control == "voltage":
        found["voltage"] = flat(random, -0.1, 0.3)
    if control == "current":
        found["current"] = random.choice([1, 1, -1]) * spread(random, 1.0, 3e3)
    if random.random() < 0.6:
        found["counter_R_ct"] = spread(random, 1e-5, 1e-2)
    return found


def _cell(random: Random) -> dict[str, Any]:
    """A cell with a current or the printed equations, without an electrolyte."""
    data: dict[str, Any] = {
        "width": WIDTH,
        "constants": {"T": flat(random, 260.0, 370.0)},
        "phase_field": {"interface_length": 0.4e-6, "delta": random.choice([0.0, 0.1]),
                        "R_ct": spread(random, 1e-5, 1e-2),
                        "surface_energy": spread(random, 0.3, 15.0)},
        "mechanics": {"enabled": random.random() < 0.5},
        "nuclei": {"film": flat(random, 1.3e-6, 2.5e-6), "count": random.choice([0, 1])},
        "mesh": {"size_min": 0.3e-6, "size_max": 0.3e-6, "fine_height": HEIGHT},
        "time": {"end": spread(random, 1.0, 3e3), "max_wall": WALL},
        "output": {"snapshots": 1},
    }  # fmt: skip
    if random.random() < 0.7:
        data["electrochemistry"] = _circuit(random)
    else:
        data["boundary"] = {"phi_anode": flat(random, -0.2, 0.02)}
    return data


def _layers(random: Random) -> list[dict[str, Any]]:
    count = random.choice([1, 1, 2])
    return [_properties(random, f"layer{i}") | {"thickness": HEIGHT / count} for i in range(count)]


def _grains(random: Random) -> dict[str, Any]:
    count, data = random.choice([1, 2, 3]), _cell(random)
    boundaries = {"width": flat(random, 0.6e-6, 2e-6), "R_gb": spread(random, 1e-7, 1e-3)}
    if "electrochemistry" in data and random.random() < 0.5:
        boundaries["sigma_el"] = spread(random, 1e-8, 1e-2)
    return data | {
        "height": HEIGHT,
        "geometry": {"voronoi": {"grain_size": flat(random, 1.5e-6, 6e-6), "seed": 1}},
        "regions": [_properties(random, f"grain{i}") for i in range(count)],
        "grain_boundaries": boundaries,
    }


def _picture(random: Random) -> dict[str, Any]:
    """A particle in a matrix; `files` paints it."""
    return _cell(random) | {
        "geometry": {"image": {"file": PICTURE, "pixel": 0.25e-6,
                               "colours": {"0": "matrix", "255": "particle"}}},
        "regions": [_properties(random, name) for name in ("matrix", "particle")],
    }  # fmt: skip


def _own_mesh(random: Random) -> dict[str, Any]:
    """Two regions on a mesh made elsewhere, in millimetres."""
    data = _cell(random)
    for key in ("width", "mesh"):
        del data[key]
    return data | {
        "geometry": {"msh": {"file": MESH, "unit": 1e-3}},
        "regions": [_properties(random, name) for name in ("lower", "upper")],
        "mesh": {"size_max": 0.5e-6},
    }


SUPPORTS = ("roller", "roller", "fixed", "free", "pressure", "pushed")


def _pressed(random: Random) -> dict[str, Any]:
    sides = {side: random.choice(SUPPORTS) for side in ("anode", "counter", "left", "right")}
    mechanics: dict[str, Any] = {"enabled": True, "sides": sides}
    data = _cell(random) | {"layers": _layers(random), "mechanics": mechanics}
    if "pressure" in sides.values():
        mechanics["stack_pressure"] = spread(random, 1e5, 3e8)
    if "pushed" in sides.values():
        mechanics["push_speed"] = spread(random, 1e-11, 1e-6)
    if "electrochemistry" in data:
        mechanics["pressure_potential"] = random.random() < 0.6
    else:
        mechanics["driving"] = random.choice(["printed", "thermodynamic"])
    return data


def _flowing(random: Random) -> dict[str, Any]:
    data = _pressed(random)
    law = random.choice(["norton", "plastic"])
    data["lithium"] = {"flow": law}
    if law == "plastic" and random.random() < 0.7:
        data["lithium"]["yield_stress"] = spread(random, 5e5, 2e8)
    if law == "norton" and random.random() < 0.5:
        data["lithium"]["norton"] = {"S": spread(random, 5e5, 1e8)}
    return data


def _notched(random: Random) -> dict[str, Any]:
    data = _cell(random) | {"layers": _layers(random)}
    for layer in data["layers"]:
        layer |= {"K_IC": spread(random, 5e4, 3e6), "E": spread(random, 5e9, 3e11)}
    long = flat(random, 0.6e-6, 2e-6)
    data["mechanics"] = {"enabled": True, "feedback": False}
    data["fracture"] = {
        "length": 0.25e-6, "rounds": 40, "model": random.choice(["AT1", "AT2"]),
        "overpotential": random.choice([1, -1]) * spread(random, 1e-3, 0.2),
        "notches": [{"x": WIDTH / 2, "length": long, "angle": flat(random, 45.0, 135.0)}],
    }  # fmt: skip
    if random.random() < 0.5:
        data["fracture"]["pressure_limit"] = spread(random, 1e6, 1e9)
    return data


def _islands(random: Random) -> dict[str, Any]:
    data = _cell(random) | {"electrochemistry": _circuit(random), "layers": _layers(random)}
    data.pop("boundary", None)
    for layer in data["layers"]:
        layer["sigma_el"] = random.choice([0.0, spread(random, 1e-9, 1e-4)])
    data["nuclei"] = {"film": 1.6e-6, "count": 0, "islands": [
        {"x": flat(random, 1e-6, 3e-6), "y": flat(random, 3.8e-6, 5e-6),
         "radius": flat(random, 0.8e-6, 1.3e-6)}]}  # fmt: skip
    return data


def _cycled(random: Random) -> dict[str, Any]:
    data = _cell(random) | {"layers": _layers(random)}
    data.pop("boundary", None)
    del data["time"]["end"]
    data["electrochemistry"] = {"closure": "single_ion",
                                "counter_R_ct": spread(random, 1e-5, 1e-2)}  # fmt: skip
    current, charge = spread(random, 1.0, 300.0), spread(random, 1e3, 1.5e4)
    steps: list[Any] = [
        f"Rest for {spread(random, 1.0, 1e3)} s",
        {"control": "current", "value": current,
         "until": [{"capacity": charge}, {"voltage_above": flat(random, 0.01, 0.3)}]},
        {"control": "current", "value": -current * random.choice([1.0, 0.2, 5.0]),
         "until": [{"capacity": charge * random.choice([1.0, 0.9, 1.1])},
                   {"voltage_below": -flat(random, 0.01, 0.3)}]},
        {"repeat": random.choice([1, 2, 3]), "of": [2, 3]},
    ]  # fmt: skip
    if random.random() < 0.4:
        steps.append({"control": "voltage", "value": flat(random, -0.1, 0.1),
                      "until": [{"time": spread(random, 1.0, 300.0)}]})  # fmt: skip
    data["protocol"] = {"steps": steps}
    return data


KINDS: Kinds = {
    "grains": _grains,
    "picture": _picture,
    "own_mesh": _own_mesh,
    "pressed": _pressed,
    "flowing": _flowing,
    "notched": _notched,
    "islands": _islands,
    "cycled": _cycled,
}
"""What a config is of, by name."""


def files() -> dict[str, bytes]:
    """Return the files that configs name: a picture of a disk, and a mesh of two regions."""
    rows, columns = np.mgrid[:32, :16] + 0.5
    pixels = 255 * (np.hypot(rows - 12, columns - 8) < 5).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return {PICTURE: buffer.getvalue(), MESH: _msh(12, 24).encode()}


def _msh(columns: int, rows: int) -> str:
    """Squares cut in two, in millimetres; the upper half is a region of its own."""
    x, y = np.meshgrid(
        np.linspace(0, WIDTH, columns + 1), np.linspace(0, HEIGHT, rows + 1), indexing="ij"
    )
    nodes = [f"{n} {a * 1e3:.12g} {b * 1e3:.12g} 0"
             for n, (a, b) in enumerate(zip(x.flat, y.flat, strict=True), 1)]  # fmt: skip
    cells = []
    for i in range(columns):
        for j in range(rows):
            a = i * (rows + 1) + j + 1
            b, region = a + rows + 1, 1 if j < rows // 2 else 2
            cells += [f"2 2 {region} {region} {a} {b} {b + 1}",
                      f"2 2 {region} {region} {a} {b + 1} {a + 1}"]  # fmt: skip
    names = ['2 1 "lower"', '2 2 "upper"']
    numbered = [f"{n} {cell}" for n, cell in enumerate(cells, 1)]
    parts = {
        "MeshFormat": ["2.2 0 8"],
        "PhysicalNames": ["2", *names],
        "Nodes": [str(len(nodes)), *nodes],
        "Elements": [str(len(cells)), *numbered],
    }
    return "".join(
        "\n".join([f"${name}", *lines, f"$End{name}", ""]) for name, lines in parts.items()
    )
