# SPDX-License-Identifier: MIT
"""Growth rate of a small ripple in a single-ion conductor against that of a sharp front.

    docker/run python3 -m benchmarks.thin_front.ion_ripple   # a table of l = 0.44 and 0.22 um
    docker/run python3 -m benchmarks.thin_front.ion_ripple 7 0.22     # one wavelength, one l [um]
    docker/run python3 -m benchmarks.thin_front.ion_ripple 7 0.22 --resolution 4 --way 3 --after 1.5

The front is at 1000 A/m2 before 20 um of electrolyte. The rate is the slope of the logarithm of the
front's first cosine mode while the front goes a way. The mode is half the difference of two runs,
one begun with a hill and one with a valley: what the mesh does to a flat front is in both. The rate
is held against the mean of

    s = (V/(R sigma) - Gamma q^2)/(1 + tanh(q L)/(R sigma q))

over the gaps L that it has then; R = RT/(F i_0 cosh(F eta/2RT)).
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from mpi4py import MPI

from benchmarks.thin_front.ripple import UM, first_modes
from benchmarks.verification.common import Run
from solver.input import loading
from solver.laws.front import from_psi
from solver.run.remesher import Remesher

CURRENT, GAP, SIGMA = 1000.0, 20.0, 0.565
"""Current density [A/m^2], gap at the start [um], conductivity [S/m]."""
CHARGE, RT_F = 96500.0 * 7.64e4, 8.314 * 297.15 / 96500
I_0 = 3 * CHARGE * (7e-10 / 3e6) ** 0.5
"""6 F c_Li L_eta l [A/m^2]."""
GAMMA = 3.5e-15
"""L_sigma kappa_0 [m^2/s]."""
AMPLITUDE = 0.01
"""Of the ripple at the start [um]. With 0.04 the rate of 7 um at 0.44 um is read 4.5 % lower."""
METAL = 4.0
"""Thickness of the film at the start [um]; more below a long ripple."""
STEP = 0.1
"""Way of the front in a step, in interface lengths."""
LENGTHS, WAVELENGTHS = (0.44, 0.22), (40.0, 20.0, 10.0, 7.0)
"""Of the interface and of the ripples in the table [um]."""


def rate(wavelength: float, gap, gamma: float = GAMMA) -> np.ndarray:
    """Growth rate on a sharp front [1/s].

    Args:
        wavelength: Of the ripple [um].
        gap: Distance of the counter electrode [um].
        gamma: L_sigma kappa_0 [m^2/s].
    """
    q = 2 * np.pi / (wavelength * UM)
    sigma_R = SIGMA * RT_F / I_0 / np.sqrt(1 + (CURRENT / (2 * I_0)) ** 2)
    driven = CURRENT / CHARGE / sigma_R - gamma * q**2
    return driven / (1 + np.tanh(q * np.asarray(gap) * UM) / (sigma_R * q))


def start(wavelength: float, length: float, resolution: float, way: float, sign: int, more) -> Run:
    """A run with half a wavelength of a rippled front, which begins with a hill or a valley."""
    metal = METAL + 10 * length
    h = length / resolution
    text = f"""
title: a ripple in a single-ion conductor
width: {wavelength / 2} um
layers: [{{name: LPSC, thickness: {metal + GAP} um, sigma_ion: {SIGMA}}}]
electrochemistry: {{closure: single_ion, control: current, current: {CURRENT}}}
phase_field: {{interface_length: {length} um, delta: 0}}
mechanics: {{enabled: false}}
nuclei: {{film: {metal} um, count: 0}}
mesh: {{size_min: {h} um, size_max: 1 um}}
adapt: {{enabled: true, elements: {resolution}, margin: {8 + way / length}}}
solver: {{pass_tolerance: 1e-6, max_passes: 100}}
"""
    settings = loading.parse(text, list(more))
    run = Run(settings, Remesher(settings, MPI.COMM_WORLD).domain)
    wave = np.cos(2 * np.pi * run.x / UM / wavelength)
    run.state.xi.x.array[:] = from_psi(-(run.y / UM - metal - sign * AMPLITUDE * wave) / length)
    run.model.hold(0.0)
    run.scheme.settle()
    run.start()
    return run


def modes(run: Run, wavelength: float, times: np.ndarray) -> np.ndarray:
    """March through equally spaced times; returns height and amplitude at each [um]."""
    found = [first_modes(run, wavelength)]
    found += [first_modes(run, wavelength) for _ in run.march(times[1], len(times) - 1)]
    return np.array(found)


def growth(
    wavelength: float, length: float, resolution: float, way: float, after: float, more=()
) -> tuple[float, float, float]:
    """Measure a growth rate.

    Args:
        wavelength: Of the ripple [um].
        length: Interface length [um].
        resolution: Elements per interface length.
        way: Way of the front [um].
        after: Way that is left out at the start [um].
        more: Overrides of the config.

    Returns:
        The rate, what it is on a sharp front [1/s], and the amplitude at the end [um].
    """
    end = way * UM * CHARGE / CURRENT
    steps = round(way / (STEP * length))
    times = np.linspace(0.0, end, steps + 1)
    # What the mesh does to a flat front adds to both alike.
    hill, valley = (
        modes(start(wavelength, length, resolution, way, sign, more), wavelength, times)
        for sign in (1, -1)
    )
    heights, amplitudes = (hill[:, 0] + valley[:, 0]) / 2, (hill[:, 1] - valley[:, 1]) / 2
    late = times * CURRENT / CHARGE >= after * UM
    gaps = GAP - (heights[late] - heights[0])
    # What a rate that changes makes of the logarithm, read in the same way.
    per_step = rate(wavelength, gaps)
    sharp = np.concatenate([[0.0], np.cumsum((per_step[1:] + per_step[:-1]) / 2)]) * times[1]
    found = [np.polyfit(times[late], x, 1)[0] for x in (np.log(amplitudes[late]), sharp)]
    return found[0], found[1], float(amplitudes[-1])


def main(words: list[str]) -> int:
    """Measure one rate, or all of the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wavelength", nargs="?", type=float, help="of the ripple [um]")
    parser.add_argument("length", nargs="?", type=float, help="of the interface [um]")
    parser.add_argument("--resolution", type=float, default=2.0, help="elements per l")
    parser.add_argument("--way", type=float, default=5.0, help="of the front [um]")
    parser.add_argument("--after", type=float, default=2.0, help="way that is left out [um]")
    parser.add_argument("--set", action="append", default=[], help="KEY=VALUE of the config")
    given = parser.parse_args(words)
    wavelengths = (given.wavelength,) if given.wavelength else WAVELENGTHS
    lengths = (given.length,) if given.length else LENGTHS
    for wavelength in wavelengths:
        for length in lengths:
            numbers = wavelength, length, given.resolution, given.way, given.after
            s, sharp, amplitude = growth(*numbers, given.set)
            print(
                f"{wavelength:g} um, l = {length:g} um, l/h = {given.resolution:g}, way "
                f"{given.after:g} to {given.way:g} um: s {s * 1e3:.4f}e-3 of {sharp * 1e3:.4f}e-3 "
                f"1/s, {100 * (s / sharp - 1):+.2f} %; amplitude {amplitude:.4f} um",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
