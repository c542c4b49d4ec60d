# SPDX-License-Identifier: MIT
"""Overpotential from which a notch full of lithium runs, by its length, against the closed form.

docker/run python3 -m benchmarks.cracks.notch            # Li6PS5Cl, l_d = 0.1 um, some minutes
docker/run python3 -m benchmarks.cracks.notch LPSC 0.025 # with another l_d [um]
docker/run python3 -m benchmarks.cracks.notch LLZO

Bisected with the program's own model of a cell of 20 notch lengths, whose sides are on rollers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from mpi4py import MPI

import solver
from solver.base.profile import Profile
from solver.cell import domain
from solver.equations.model import Model
from solver.input import fracture
from solver.input.config import Config
from solver.laws import fracture as law
from solver.schemes import factory

LENGTHS = (0.5, 1.0, 2.0, 4.0)
"""Of notches [um]."""
DAMAGE_LENGTH = 0.1
"""l_d if none is asked for [um]."""
TOLERANCE = 0.004
"""Of the bisection, relative."""
ROUNDS = 80
"""In which a notch that rests comes to rest."""


def config(length: float, material: str, damage_length: float = DAMAGE_LENGTH) -> Config:
    """A notch of a length [um] at the anode, in a cell of 20 times that."""
    side = f"{20 * length} um"
    return solver.Config(
        title="A notch full of lithium",
        width=side,
        layers=[{"name": material, "thickness": side, "material": material, "sigma_ion": 0.1,
                 "D": 1e-11}],
        phase_field={"interface_length": "0.4 um"},
        mechanics={"feedback": False},
        nuclei={"film": 0, "count": 0},
        mesh={"size_min": f"{2 * length} um", "size_max": f"{2 * length} um"},
        boundary={"phi_anode": 0},
        fracture={
            "length": f"{damage_length} um",
            "elements": 4,
            "way": f"{3 * damage_length} um",
            "rounds": ROUNDS,
            "notches": [{"x": f"{10 * length} um", "length": f"{length} um"}],
        },
    )  # fmt: skip


def expected(cell: Config) -> float:
    """Overpotential at Griffith's pressure of a sharp crack [V]."""
    layer, (notch,) = cell.layers[0], cell.fracture.notches
    p = law.critical_pressure(fracture.toughness(layer), layer.E, layer.nu, notch.length)
    return p / (cell.constants.F * cell.lithium.c_Li)


def rests(cell: Config) -> Callable[[float], bool]:
    """Return what tells whether the notch rests at an overpotential [V]."""
    mesh, start = domain.build(cell, MPI.COMM_SELF), cell.fracture.notches[0].length

    def at(overpotential: float) -> bool:
        model = Model(cell.with_({"fracture.overpotential": overpotential}), mesh)
        model.initialise()
        scheme = factory.create(model, Profile())
        scheme.settle()
        scheme.destroy()
        damage = model.equations["d"]
        # One that has run comes to rest too, where the mesh is coarse.
        return damage.ended.converged and damage.tip() < start + cell.fracture.length

    return at


def bisected(at_rest: Callable[[float], bool], guess: float) -> float:
    """Where rest ends, within `TOLERANCE` of the guess, looked for from 0.7 to 1.4 of it."""
    low, high = 0.7 * guess, 1.4 * guess
    while high - low > TOLERANCE * guess:
        middle = (low + high) / 2
        low, high = (middle, high) if at_rest(middle) else (low, middle)
    return (low + high) / 2


def main(material: str, damage_length: float) -> None:
    """Print the table and the slope."""
    print(f"{material}, l_d = {damage_length:g} um\nlength um  eta mV  closed form mV  difference")
    found = []
    for length in LENGTHS:
        cell = config(length, material, damage_length)
        closed = expected(cell)
        found.append(bisected(rests(cell), closed))
        ratio = found[-1] / closed - 1
        numbers = f"{length:9.2f} {1e3 * found[-1]:7.2f} {1e3 * closed:15.2f}"
        print(f"{numbers} {ratio:+11.1%}", flush=True)
    slope = np.polyfit(np.log(LENGTHS), np.log(found), 1)[0]
    print(f"slope {slope:.3f} (-0.5)")


if __name__ == "__main__":
    given = dict(enumerate(sys.argv[1:]))
    main(given.get(0, "LPSC"), float(given.get(1, DAMAGE_LENGTH)))
