# SPDX-License-Identifier: MIT
"""Growth of a flat film against that of one with a sharp front.

    docker/run python3 -m benchmarks.thin_front.planar                      # a table per case
    docker/run python3 -m benchmarks.thin_front.planar plating 0.44 [KEY=VALUE...]

A strip of a cell of 20 um for 50 s (20 s with ten times D, which would fill it). The program's film
is its area over the width; film.py has the sharp one, without any code of the phase field.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np

from benchmarks.thin_front import film
from benchmarks.verification.common import Run
from solver.input import loading

UM = 1e-6
LENGTHS = 0.88, 0.44, 0.22, 0.11
"""Interface lengths [um]."""
ELEMENTS = 6
"""Elements to an interface length."""
CONFIG = """
title: film
width: 0.5 um
layers: [{name: electrolyte, thickness: 20 um}]
phase_field: {delta: 0}
kinetics: {interface: quantitative}
mechanics: {enabled: false}
nuclei: {film: 2.5 um, count: 0}
time: {end: 50 s, tolerance: 5e-3}
solver: {pass_tolerance: 1e-5}
"""
NO_FIELD = ("boundary.phi_counter=-0.1", "layers.0.sigma_ion=1e5", "lithium.sigma_metal=1e5")
"""The counter electrode at the anode's potential, and currents that need no field: no migration."""
CASES = {
    "plating": (),
    "no migration": NO_FIELD,
    "no Li+ in the metal": ("transport.in_metal=none",),
    "ten times D": ("layers.0.D=1e-10", "time.end=20 s"),
    "plating at 0.05 V": ("boundary.phi_anode=-0.05",),
    "plating at 0.2 V": ("boundary.phi_anode=-0.2",),
    "dissolving at 0.02 V": ("boundary.phi_anode=0.02", "nuclei.film=6 um"),
    "dissolving at 0.05 V": ("boundary.phi_anode=0.05", "nuclei.film=6 um"),
}
"""Name -> what differs from plating at 0.10 V in Li6PS5Cl."""


def measured(case: str, length: float, more=()) -> SimpleNamespace:
    """Run a case at an interface length [um].

    Returns:
        `thickness` and `sharp`, that of the sharp film [um]; `error`, of the way, as a share of it.
    """
    sizes = [f"mesh.{key}={length / ELEMENTS} um" for key in ("size_min", "size_max")]
    given = [f"phase_field.interface_length={length} um", *sizes, *CASES[case]]
    run = Run(loading.parse(CONFIG, [*given, *more]))
    run.start()
    time = run.config.time
    for _ in run.adapt(time.end, time.tolerance):
        pass
    thickness = run.integral(run.state.xi.x.array) / (run.config.width * UM)
    sharp, start = film.of(run.config).thickness(time.end), run.config.nuclei.film / UM
    error = (thickness - sharp) / abs(sharp - start)
    return SimpleNamespace(thickness=thickness, sharp=sharp, error=error)


def table(case: str, lengths=LENGTHS) -> None:
    """Print a case at several interface lengths [um]."""
    before = None
    for length in lengths:
        got, order = measured(case, length), ""
        if before is None:
            print(f"\n{case}: sharp {got.sharp:.5f} um\n\n| l [um] | film [um] | error | order |")
            print("|---|---|---|---|")
        else:
            ratio = np.log(abs(before[1] / got.error)) / np.log(before[0] / length)
            order = f"{ratio:.1f}"
        error = f"{100 * got.error:+.3f} %"
        print(f"| {length} | {got.thickness:.5f} | {error} | {order} |", flush=True)
        before = length, got.error


def main(words: list[str]) -> int:
    """Measure one, or all."""
    if words:
        case, length, *more = words
        got = measured(case, float(length), more)
        error = f"{100 * got.error:+.3f} %"
        print(f"{case}, l = {length} um: {got.thickness:.5f} um, {error}", *more, flush=True)
        return 0
    for case in CASES:
        table(case)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
