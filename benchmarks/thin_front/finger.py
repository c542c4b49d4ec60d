# SPDX-License-Identifier: MIT
"""Time that a half finger of 10 um wavelength takes to a height of 12 um.

    docker/run python3 -m benchmarks.thin_front.finger S 0.22 [KEY=VALUE...]

The cell is 5 x 20 um, the front starts at 2.5 + 0.5 cos(pi x/5 um) um.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.thin_front import sharp
from benchmarks.verification.common import Run
from solver.equations.observe import Observer
from solver.input import loading
from solver.laws.front import from_psi

UM, C_0 = 1e-6, 1000.0
WIDTH, HEIGHT, START, AMPLITUDE, TIP = 5.0, 20.0, 2.5, 0.5, 12.0
"""The cell, the front at the start, the tip at the end [um]."""
LIMIT = {"S": 735.5, "F": 165.8}
"""Time of the sharp finger [s], extrapolated from finite volumes on a uniform grid."""
DEPLETED = {"S": (HEIGHT - START, 0.05), "F": (3.0, 0.02)}
"""Layer ahead of the front over which c rises to c0 at the start [um], and the least c/c0: those of
the runs that the limits are from."""
TOLERANCE = 0.02


def time_to(name: str, length: float, more=()) -> float:
    """Time to the tip at `TIP` [s].

    Args:
        name: Of the problem, S or F.
        length: Interface length [um].
        more: Overrides of the config.
    """
    front = sharp.problem(name)
    text = f"""
title: half finger
width: {WIDTH} um
layers: [{{name: electrolyte, thickness: {HEIGHT} um, sigma_ion: {front.sigma}}}]
lithium: {{sigma_metal: {front.sigma_metal}}}
boundary: {{phi_counter: {front.phi_counter}}}
phase_field: {{interface_length: {length} um, delta: 0}}
kinetics: {{interface: quantitative}}
mechanics: {{enabled: false}}
nuclei: {{film: {START} um, count: 0}}
mesh: {{size_min: {length / 2} um, size_max: {length / 2} um}}
time: {{tolerance: {TOLERANCE}, end: 2000 s}}
"""
    run = Run(loading.parse(text, list(more)))
    x, y = run.x / UM, run.y / UM
    d = y - START - AMPLITUDE * np.cos(np.pi * x / WIDTH)
    run.state.xi.x.array[:] = from_psi(-d / length)
    depth, least = DEPLETED[name]
    run.state.c.x.array[:] = C_0 * np.clip((y - START) / depth, least, 1.0)
    run.scheme.settle()
    run.start()
    observer, before = Observer(run.model), (0.0, START + AMPLITUDE)
    settings = run.config.time
    for t in run.adapt(settings.end, settings.tolerance):
        now = t, observer.tip() / UM
        if now[1] >= TIP:
            return float(np.interp(TIP, (before[1], now[1]), (before[0], now[0])))
        before = now
    return np.inf


def main(words: list[str]) -> int:
    """Measure one."""
    name, length, *more = words
    t = time_to(name, float(length), more)
    error = 100 * (t / LIMIT[name] - 1)
    print(f"{name} l = {length} um: {t:.2f} s, {error:+.2f} %", *more, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
