# SPDX-License-Identifier: MIT
"""Growth rate of a small ripple against that of a sharp front.

    docker/run python3 -m benchmarks.thin_front.ripple S 0.22 10 [KEY=VALUE...]

The counter electrode is at rest, while the sharp front's is a fixed gap ahead: c and phi there
follow the steady profile, which is then the same at any time. The ripple starts as the sharp one.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np

from benchmarks.thin_front import sharp
from benchmarks.verification.common import Run
from solver.cell import contour
from solver.equations.conditions import Course, Held
from solver.input import loading
from solver.laws import thin_front
from solver.laws.front import from_psi, psi
from solver.run.remesher import Remesher
from mpi4py import MPI

UM, C_0 = 1e-6, 1000.0
AMPLITUDE = 0.04
"""Of the ripple at the start [um]."""
WAY, GROWTH = 1.5, 0.4
"""A run ends when the front has gone so far [um], or the ripple has grown by so much in ln."""
PER_WAVELENGTH = 60
"""Elements to a wavelength at least."""
STEP = 0.2
"""Way of the front in a step, in interface lengths."""
FEWEST = 40
"""Steps of a run at least."""
SETTLED = 0.3
"""Share of a run that is left out: the profile of the ripple finds itself."""


def config(front: sharp.SharpFront, l: float, wavelength: float, height: float, more):
    """The config of half a wavelength."""
    size = wavelength / PER_WAVELENGTH
    if size < l:  # uniform
        size = min(size, l / 2)
    text = f"""
title: ripple
width: {wavelength / 2} um
layers: [{{name: electrolyte, thickness: {front.metal + front.gap} um, sigma_ion: {front.sigma}}}]
lithium: {{sigma_metal: {front.sigma_metal}}}
boundary: {{phi_counter: {front.phi_counter}}}
phase_field: {{interface_length: {l} um, delta: 0}}
kinetics: {{interface: quantitative}}
mechanics: {{enabled: false}}
nuclei: {{film: {height} um, count: 0}}
mesh: {{size_min: {size} um, size_max: {size} um}}
adapt: {{enabled: {str(size >= l).lower()}, margin: {max(3.0, WAY / l)}}}
solver: {{pass_tolerance: 1e-5}}
"""
    return loading.parse(text, list(more))


def growth(name: str, l: float, wavelength: float, more=()) -> SimpleNamespace:
    """Measure a growth rate.

    Args:
        name: Of the problem, S or F.
        l: Interface length [um].
        wavelength: Of the ripple [um].
        more: Overrides of the config.
    """
    front = sharp.problem(name, metal=max(8.0, wavelength / 2))
    ripple, V = front.ripple(wavelength), front.V
    way = min(WAY, GROWTH * V / ripple.s)
    height = front.metal - way / 2
    settings = config(front, l, wavelength, height, more)
    run = Run(settings, Remesher(settings, MPI.COMM_WORLD).domain)
    end = way / V
    _let_follow(run, front, way, end)
    x, y = run.x / UM, run.y / UM
    wave = np.cos(2 * np.pi * x / wavelength)
    d = y - height - AMPLITUDE * wave
    xi = from_psi(-d / l)
    L = np.where(d > 30 * l, d, thin_front.distance(xi, l))
    run.state.xi.x.array[:] = xi
    run.state.c.x.array[:] = C_0 * (front.c(L) + AMPLITUDE * wave * ripple.change(d))
    run.model.hold(0.0)
    run.scheme.settle()
    run.start()
    steps = max(FEWEST, round(way / (STEP * l)))
    times, modes = [0.0], [_mode(run, wavelength)]
    for t in run.march(end / steps, steps):
        times.append(t)
        modes.append(_mode(run, wavelength))
    times, modes = np.array(times), np.array(modes)
    late = times >= SETTLED * end
    logs = np.log(modes[:, 1])
    s = np.polyfit(times[late], logs[late], 1)[0]
    speed = np.polyfit(times[late], modes[late, 0], 1)[0]
    return SimpleNamespace(
        s=s, expected=ripple.s, V=speed, V_expected=V, times=times, logs=logs, run=run
    )


def _let_follow(run: Run, front: sharp.SharpFront, way: float, end: float) -> None:
    """Hold c and phi at the counter electrode at the steady profile's, which passes it."""
    gaps = front.gap + way / 2, front.gap - way / 2
    c, phi = (tuple(float(f(g)) for g in gaps) for f in (front.c, front.phi))
    span, equations = (0.0, end), run.model.equations
    c_held = Held("counter", Course(span, tuple(C_0 * value for value in c)))
    equations["c"].conditions = lambda: (c_held,)
    anode, _ = equations["phi"].conditions()
    phi_held = Held("counter", Course(span, phi))
    equations["phi"].conditions = lambda: (anode, phi_held)


def _mode(run: Run, wavelength: float) -> tuple[float, float]:
    """Height and amplitude of the front [um]."""
    at = psi(run.state.xi.x.array)
    nodes = np.column_stack([run.x, run.y])
    points, _ = contour.crossings(nodes, run.model.V.dofmap.list, at, at[:, None])
    x, y = points.T / UM
    q = 2 * np.pi / wavelength
    terms = np.column_stack([np.ones_like(x), np.cos(q * x), np.cos(2 * q * x)])
    found = np.linalg.lstsq(terms, y, rcond=None)[0]
    return float(found[0]), float(found[1])


def main(words: list[str]) -> int:
    """Measure one."""
    name, l, wavelength, *more = words
    got = growth(name, float(l), float(wavelength), more)
    third = len(got.times) // 4
    parts = [
        np.polyfit(got.times[i : i + third + 1], got.logs[i : i + third + 1], 1)[0] * 1e3
        for i in range(0, 4 * third, third)
    ]
    print(
        f"{name} l={l} w={wavelength} V {got.V * 1e3:.5f} {100 * (got.V / got.V_expected - 1):+.3f} % "
        f"s {got.s * 1e3:.5f} of {got.expected * 1e3:.5f}: {100 * (got.s / got.expected - 1):+.2f} % "
        f"quarters {np.round(parts, 4)} nodes {got.run.model.domain.nodes} steps {len(got.times) - 1}",
        *more, flush=True,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
