# SPDX-License-Identifier: MIT
"""Configs drawn at random over physical ranges, a third of them with a slip of a unit.

Cells are narrow strips of a few hundred nodes, so that a run takes a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import exp, log
from random import Random
from typing import Any, NamedTuple

SLIPPED = 0.35
"""Share of configs with one value in a wrong unit."""
SLIPS = (1e-6, 1e-4, 1e-3, 1e-2, 10.0, 1e2, 1e3, 1e4, 1e6)
"""Factors between the units that people mix up."""
KEPT = {"width", "thickness", "size_min", "size_max", "fine_height", "columns", "max_wall",
        "tolerance", "interface_length", "charge", "growth", "snapshots", "count", "delta",
        "size", "seed", "grain_size", "pixel", "rounds", "repeat"}  # fmt: skip
"""Keys whose values make a cell coarse and quick, or are no quantities."""
WALL = 60.0
"""Wall time after which a run is judged as it stands [s]."""


class Odd(NamedTuple):
    """A config.

    Attributes:
        name: What it is, and its number.
        data: Its content.
    """

    name: str
    data: dict[str, Any]


Kinds = dict[str, Callable[[Random], dict[str, Any]]]


def drawn(count: int, seed: int, kinds: Kinds | None = None) -> Iterator[Odd]:
    """Draw configs of all kinds in turn; those that are not valid are the caller's to leave out.

    Args:
        count: How many.
        seed: Others for another one.
        kinds: What they are of; `KINDS` by default.
    """
    kinds = kinds or KINDS
    for number in range(count):
        random = Random(f"{seed} {number}")
        kind = list(kinds)[number % len(kinds)]
        data, slip = kinds[kind](random), ""
        if random.random() < SLIPPED:
            slip = _slip(random, data)
        yield Odd(f"{number:03d} {kind}{slip}", {"title": f"odd {number}", **data})


def _slip(random: Random, data: dict[str, Any]) -> str:
    places = list(_numbers(data, ""))
    holder, key, path = random.choice(places)
    if key == "T":
        holder[key] -= 273.15
        return f", {path} in degC"
    factor = random.choice(SLIPS)
    holder[key] *= factor
    return f", {path} times {factor:g}"


def _numbers(part: Any, path: str) -> Iterator[tuple[Any, Any, str]]:
    items = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in items:
        here = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict | list):
            yield from _numbers(value, here)
        elif isinstance(value, float) and value and key not in KEPT:
            yield part, key, here


def spread(random: Random, low: float, high: float) -> float:
    """A number of three digits, any order of magnitude between two alike."""
    return float(f"{exp(random.uniform(log(low), log(high))):.3g}")


def flat(random: Random, low: float, high: float) -> float:
    """A number of three digits between two."""
    return float(f"{random.uniform(low, high):.3g}")


# --- the phase field --------------------------------------------------------------------------


def _layer(random: Random, name: str, c0: float) -> dict[str, Any]:
    return {
        "name": name,
        "thickness": flat(random, 4e-6, 7e-6),
        "sigma_ion": spread(random, 1e-4, 2.0),
        "D": spread(random, 1e-13, 1e-9),
        "c0": c0,
        "E": spread(random, 1e6, 3e11),
        "nu": flat(random, 0.1, 0.45),
        "lambda_i": [flat(random, -3e-3, 1e-3) for _ in range(3)],
    }


def _cell(random: Random) -> dict[str, Any]:
    c0, layers = spread(random, 50.0, 5e4), random.choice([1, 1, 2])
    film = flat(random, 1.3e-6, 3e-6)
    front = {"interface_length": 0.4e-6, "delta": random.choice([0.0, 0.1])}
    if random.random() < 0.3:
        front |= {"R_ct": spread(random, 1e-6, 1e-1), "surface_energy": spread(random, 0.1, 20.0)}
    else:
        front |= {"L_eta": spread(random, 0.01, 5.0), "L_sigma": spread(random, 1e-7, 1e-4)}
    return {
        "width": 1e-6,
        "layers": [_layer(random, f"layer{i}", c0) for i in range(layers)],
        "constants": {"T": flat(random, 250.0, 400.0)},
        "lithium": {"c_Li": 7.64e4, "sigma_metal": spread(random, 10.0, 1e6), "E": 4.9e9},
        "phase_field": front,
        "mechanics": {
            "enabled": random.random() < 0.6,
        },
        "nuclei": {"film": film, "count": random.choice([0, 0, 1]), "radius": 0.6e-6},
        "mesh": {"size_min": 0.2e-6, "size_max": 0.4e-6, "fine_height": 20e-6},
        "time": {"end": spread(random, 1.0, 1e4), "max_wall": WALL},
        "output": {"snapshots": 1},
    }


def _printed(random: Random) -> dict[str, Any]:
    data = _cell(random)
    data["reading"] = random.choice(["ionic", "ionic", "electron_limited"])
    data["boundary"] = {"phi_anode": random.choice([flat(random, -0.3, 0.0), 0.0,
                                                    flat(random, -0.3, 0.3)])}  # fmt: skip
    if random.random() < 0.3:
        data["boundary"]["phi_counter"] = flat(random, -0.1, 0.1)
    if random.random() < 0.2:
        data["boundary"]["c_counter"] = spread(random, 10.0, 1e4)
    if data["mechanics"]["enabled"]:
        data["mechanics"]["driving"] = random.choice(["printed", "thermodynamic"])
    data["kinetics"] = {"c_half": random.choice([0.0, 1.0])}
    if random.random() < 0.5:
        data["nuclei"]["c_inside"] = data["layers"][0]["c0"]
    return data


def _quantitative(random: Random) -> dict[str, Any]:
    data = _printed(random)
    data["reading"] = "ionic"
    data["kinetics"]["interface"] = "quantitative"
    data["transport"] = {"in_metal": random.choice(["as_printed", "none"])}
    return data


def _single_ion(random: Random, closure: str = "single_ion") -> dict[str, Any]:
    data = _cell(random)
    control = random.choice(["voltage", "current", "rest", "protocol"])
    circuit: dict[str, Any] = {"closure": closure}
    sign = random.choice([1, -1])
    if control == "protocol":
        current, way = spread(random, 1.0, 1e3), random.choice(["Charge", "Discharge"])
        data["protocol"] = {
            "steps": [f"{way} at {current} A/m2 for {spread(random, 1.0, 1e3)} s", "Rest for 10 s"]
        }
        del data["time"]["end"]
    elif control == "voltage":
        circuit |= {"control": control, "voltage": flat(random, -0.3, 0.3)}
    elif control == "current":
        circuit |= {"control": control, "current": sign * spread(random, 0.1, 1e3)}
    else:
        circuit["control"] = control
    if random.random() < 0.7:
        circuit["counter_R_ct"] = spread(random, 1e-6, 1.0)
    data["electrochemistry"] = circuit
    return data


def _binary(random: Random) -> dict[str, Any]:
    data = _single_ion(random, "binary")
    data["electrochemistry"]["t_plus"] = flat(random, 0.05, 0.95)
    return data


# --- ions alone -------------------------------------------------------------------------------

SALTS = (
    ({"Li": 1, "A": -1}, {"Li": 1.0, "A": 1.0}),
    ({"Cu": 2, "S": -2}, {"Cu": 1.0, "S": 1.0}),
    ({"Ca": 2, "Cl": -1}, {"Ca": 1.0, "Cl": 2.0}),
    ({"Na": 1, "K": 1, "Cl": -1}, {"Na": 1.0, "K": 0.3, "Cl": 1.3}),
    ({"Li": 1}, {"Li": 1.0}),
)
"""Charges and concentrations relative to each other; a cation alone has immobilised anions."""


def _ions(random: Random) -> dict[str, Any]:
    charges, shares = random.choice(SALTS)
    names, first = list(charges), next(iter(charges))
    closure = random.choice(["electroneutral", "electroneutral", "poisson"])
    layers = []
    level = spread(random, 1.0, 3e3)
    for i in range(random.choice([1, 1, 2])):
        c0 = {name: level * shares[name] for name in names}
        c_im = level if len(names) == 1 else random.choice([0.0, 0.0, 0.4 * level])
        if len(names) > 1 and c_im:
            c0[names[-1]] -= c_im / -charges[names[-1]]
        D = {name: spread(random, 1e-13, 3e-9) for name in names}
        layers.append(
            {"name": f"layer{i}", "thickness": flat(random, 2e-6, 2e-5), "c0": c0,
             "c_im": c_im, "D": D}
        )  # fmt: skip
        if random.random() < 0.4:
            level *= 0.5
    anode, counter = {"phi": 0.0}, {}
    flux = random.choice([1, -1]) * spread(random, 1e-5, 10.0)
    control = random.choice(["flux", "phi", "closed", "current"])
    if control == "phi":
        counter = {"phi": flat(random, -0.3, 0.3)}
    elif control == "current" and closure == "electroneutral":
        counter = {"current": flux * 1e3}
    elif control != "closed":
        counter = {"flux": {first: flux}}
    if closure == "poisson" and control != "closed":
        anode["flux"] = {first: -flux} if "flux" in counter else {}
    if random.random() < 0.2 and len(names) > 1:
        counter["c"] = {names[-1]: layers[-1]["c0"][names[-1]] * random.choice([0.5, 1.0, 1.5])}
    return {
        "physics": "transport",
        "closure": closure,
        "width": 1e-6,
        "species": [{"name": name, "charge": charges[name]} for name in names],
        "layers": layers,
        "boundary": {"anode": anode, "counter": counter},
        "constants": {"T": flat(random, 250.0, 400.0)},
        "mesh": {"columns": 1, "size_min": 0.05e-6, "size_max": 2e-6, "growth": 1.6},
        "time": {"mode": random.choice(["steady", "transient"]), "end": spread(random, 1e-3, 1e2),
                 "tolerance": 1e-2, "max_wall": WALL},
        "output": {"snapshots": 1},
    }  # fmt: skip


KINDS: Kinds = {
    "printed": _printed,
    "quantitative": _quantitative,
    "single_ion": _single_ion,
    "binary": _binary,
    "ions": _ions,
}
"""What a config is of, by name."""
