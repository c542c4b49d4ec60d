# SPDX-License-Identifier: MIT
"""Overpotential from which a notch full of lithium runs, by its length, against the closed form.

docker/run python3 -m benchmarks.cracks.notch            # Li6PS5Cl, l_d = 0.025 um
docker/run python3 -m benchmarks.cracks.notch LPSC 0.1   # with another l_d [um]
docker/run python3 -m benchmarks.cracks.notch LLZO

Bisected with runs of the program: a cell of 12 notch lengths, whose sides are on rollers, on a mesh
that follows the crack. Every length has the same cell in units of itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from mpi4py import MPI

import solver
from solver.input import fracture
from solver.input.config import Config
from solver.laws import fracture as law
from solver.run.dendrite import Dendrite

WIDE = 12
"""Width and height of the cell, in lengths of the notch."""
SLENDER = (20, 40, 80)
"""Lengths of notches, in l_d."""
DAMAGE_LENGTH = 0.025
"""l_d if none is asked for [um]."""
BRACKET = 1.0, 1.16
"""Where the overpotential is looked for, over that of a sharp crack."""
TOLERANCE = 0.005
"""Of the bisection, relative."""
ROUNDS = 80
"""In which a notch that rests comes to rest."""


def config(length: float, material: str, damage_length: float = DAMAGE_LENGTH) -> Config:
    """A notch of a length [um] at the anode, in a cell that is `WIDE`."""
    side = f"{WIDE * length} um"
    return solver.Config(
        title="A notch full of lithium",
        width=side,
        layers=[{"name": material, "thickness": side, "material": material, "sigma_ion": 0.1,
                 "D": 1e-11}],
        phase_field={"interface_length": f"{length / 4} um"},
        mechanics={"feedback": False},
        nuclei={"film": 0, "count": 0},
        # Edges of a quarter of the notch, and of l_d/3.2 along 20, 40 or 80 l_d.
        mesh={"size_max": f"{length / 4} um"},
        adapt={"enabled": True},
        boundary={"phi_anode": 0},
        fracture={
            "length": f"{damage_length} um",
            "rounds": ROUNDS,
            "notches": [{"x": f"{WIDE * length / 2} um", "length": f"{length} um"}],
        },
    )  # fmt: skip


def expected(cell: Config) -> float:
    """Overpotential at Griffith's pressure of a sharp crack [V]."""
    layer, (notch,) = cell.layers[0], cell.fracture.notches
    p = law.critical_pressure(fracture.toughness(layer), layer.E, layer.nu, notch.length)
    return p / (cell.constants.F * cell.lithium.c_Li)


def rests(cell: Config, overpotential: float) -> bool:
    """Whether the notch rests at an overpotential [V]; it runs once it is longer by l_d."""
    given = cell.with_({"fracture.overpotential": overpotential})
    made, (notch,) = Dendrite(given, MPI.COMM_SELF), cell.fracture.notches
    damage = made.model.equations["d"]
    damage.paused = lambda: damage.tip() > notch.length + cell.fracture.length
    made.start()
    at_rest = damage.ended.converged and not damage.paused()
    made.scheme.destroy()
    return at_rest


def bisected(at_rest: Callable[[float], bool], guess: float) -> float:
    """Where rest ends, within `TOLERANCE` of the guess.

    Raises:
        ValueError: It is not within `BRACKET`.
    """
    low, high = (share * guess for share in BRACKET)
    if not at_rest(low) or at_rest(high):
        raise ValueError(f"rest does not end between {low:.4g} V and {high:.4g} V")
    while high - low > TOLERANCE * guess:
        middle = (low + high) / 2
        low, high = (middle, high) if at_rest(middle) else (low, middle)
    return (low + high) / 2


def main(material: str, damage_length: float) -> None:
    """Print the table and the slope."""
    print(f"{material}, l_d = {damage_length:g} um\nlength um  eta mV  closed form mV  difference")
    found, lengths = [], [damage_length * x for x in SLENDER]
    for length in lengths:
        cell = config(length, material, damage_length)
        closed = expected(cell)
        found.append(bisected(lambda eta, cell=cell: rests(cell, eta), closed))
        ratio = found[-1] / closed - 1
        numbers = f"{length:9.2f} {1e3 * found[-1]:7.2f} {1e3 * closed:15.2f}"
        print(f"{numbers} {ratio:+11.1%}", flush=True)
    slope = np.polyfit(np.log(lengths), np.log(found), 1)[0]
    print(f"slope {slope:.3f} (-0.5)")


if __name__ == "__main__":
    given = dict(enumerate(sys.argv[1:]))
    main(given.get(0, "LPSC"), float(given.get(1, DAMAGE_LENGTH)))
