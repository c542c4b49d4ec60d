# SPDX-License-Identifier: MIT
"""Growth rate of a small ripple against that of a sharp front.

    docker/run python3 -m benchmarks.thin_front.ripple S                      # a table
    docker/run python3 -m benchmarks.thin_front.ripple S none                 # no Li+ in the metal
    docker/run python3 -m benchmarks.thin_front.ripple S none 0.22 10 [KEY=VALUE...]

The counter electrode is at rest, while the sharp front's is a fixed gap ahead: c and phi there
follow the steady profile, which is then the same at any time. The ripple starts as the sharp one.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
from mpi4py import MPI

from benchmarks.thin_front import sharp
from benchmarks.verification.common import Run
from solver.cell import contour
from solver.equations.conditions import Course, Held
from solver.input import loading
from solver.laws.front import from_psi, psi
from solver.laws.in_metal import METALS
from solver.run.remesher import Remesher

UM, C_0 = 1e-6, 1000.0
AMPLITUDE = 0.04
"""Of the ripple at the start [um]."""
WAVELENGTHS, LENGTHS = (40.0, 20.0, 10.0, 7.0, 5.0), (0.44, 0.22, 0.11)
"""Of the ripples, and of the interface [um]."""
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


def config(front: sharp.SharpFront, length: float, wavelength: float, height: float, more):
    """The config of half a wavelength."""
    size = wavelength / PER_WAVELENGTH
    if size < length:  # uniform
        size = min(size, length / 2)
    text = f"""
title: ripple
width: {wavelength / 2} um
layers: [{{name: electrolyte, thickness: {front.metal + front.gap} um, sigma_ion: {front.sigma}}}]
lithium: {{sigma_metal: {front.sigma_metal}}}
boundary: {{phi_counter: {front.phi_counter}}}
phase_field: {{interface_length: {length} um, delta: 0}}
kinetics: {{interface: quantitative}}
transport: {{in_metal: {front.in_metal}}}
mechanics: {{enabled: false}}
nuclei: {{film: {height} um, count: 0}}
mesh: {{size_min: {size} um, size_max: {size} um}}
adapt: {{enabled: {str(size >= length).lower()}, margin: {max(3.0, WAY / length)}}}
solver: {{pass_tolerance: 1e-5}}
"""
    return loading.parse(text, list(more))


def growth(name: str, in_metal: str, length: float, wavelength: float, more=()) -> SimpleNamespace:
    """Measure a growth rate.

    Args:
        name: Of the problem, S or F.
        in_metal: Of the config's section `transport`.
        length: Interface length [um].
        wavelength: Of the ripple [um].
        more: Overrides of the config.
    """
    front = sharp.problem(name, max(8.0, wavelength / 2), in_metal)
    ripple, V = front.ripple(wavelength), front.V
    way = min(WAY, GROWTH * V / ripple.s)
    height = front.metal - way / 2
    settings = config(front, length, wavelength, height, more)
    run = Run(settings, Remesher(settings, MPI.COMM_WORLD).domain)
    end = way / V
    _let_follow(run, front, way, end)
    x, y = run.x / UM, run.y / UM
    wave = np.cos(2 * np.pi * x / wavelength)
    d = y - height - AMPLITUDE * wave
    xi = from_psi(-d / length)
    L = np.where(d > 30 * length, d, METALS[in_metal].distance(xi, length))
    run.state.xi.x.array[:] = xi
    run.state.c.x.array[:] = C_0 * (front.c(L) + AMPLITUDE * wave * ripple.change(d))
    run.model.hold(0.0)
    run.scheme.settle()
    run.start()
    steps = max(FEWEST, round(way / (STEP * length)))
    times, modes = [0.0], [first_modes(run, wavelength)]
    for t in run.march(end / steps, steps):
        times.append(t)
        modes.append(first_modes(run, wavelength))
    times, modes = np.array(times), np.array(modes)
    late = times >= SETTLED * end
    logs = np.log(modes[:, 1])
    s = np.polyfit(times[late], logs[late], 1)[0]
    speed = np.polyfit(times[late], modes[late, 0], 1)[0]
    return SimpleNamespace(s=s, expected=ripple.s, V=speed, V_expected=V)


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


def first_modes(run: Run, wavelength: float) -> tuple[float, float]:
    """Height and amplitude of the front [um]."""
    at = psi(run.state.xi.x.array)
    nodes = np.column_stack([run.x, run.y])
    points, _ = contour.crossings(nodes, run.model.V.dofmap.list, at, at[:, None], len(nodes))
    x, y = points.T / UM
    q = 2 * np.pi / wavelength
    terms = np.column_stack([np.ones_like(x), np.cos(q * x), np.cos(2 * q * x)])
    found = np.linalg.lstsq(terms, y, rcond=None)[0]
    return float(found[0]), float(found[1])


def one(name: str, in_metal: str, length: float, wavelength: float, more=()) -> str:
    """Measure one rate and return its error."""
    got = growth(name, in_metal, length, wavelength, more)
    error, of_V = 100 * (got.s / got.expected - 1), 100 * (got.V / got.V_expected - 1)
    print(
        f"{name}, in metal {in_metal}, l = {length} um, {wavelength:g} um: "
        f"V {got.V * 1e3:.4f} nm/s, {of_V:+.3f} %; "
        f"s {got.s * 1e3:.4f}e-3 of {got.expected * 1e3:.4f}e-3 1/s, {error:+.2f} %",
        *more,
        flush=True,
    )
    return f"{error:+.2f} %"


def main(words: list[str]) -> int:
    """Measure one rate, or all of a problem."""
    name, *rest = words
    in_metal = rest.pop(0) if rest and rest[0] in METALS else "as_printed"
    if rest:
        length, wavelength, *more = rest
        one(name, in_metal, float(length), float(wavelength), more)
        return 0
    rows = [
        (length, [one(name, in_metal, length, wavelength) for wavelength in WAVELENGTHS])
        for length in LENGTHS
    ]
    print(f"| {name}, in metal {in_metal} | " + " | ".join(f"{w:g} um" for w in WAVELENGTHS) + " |")
    print("|---" * (1 + len(WAVELENGTHS)) + "|")
    for length, errors in rows:
        print(f"| l = {length} um | " + " | ".join(errors) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
