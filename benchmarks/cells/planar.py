# SPDX-License-Identifier: MIT
"""A flat front in a single-ion conductor against its closed forms: two tables and a figure.

    docker/run python3 -m benchmarks.cells.planar docs/figures/cell_planar.png   # 1 min

*Hold*: at 95.98 mV before a gap of 20 um a sharp front passes 1000 A/m2. Over the interface length
l: the largest error of the current in 20 s, with the gap that there is, and the error of the way.
With ten times the exchange current density of Table S1, 6 F c_Li L_eta l, sigma R_ct is 4 um, no
longer far above l, and the errors are large enough to read their order; 0.02 % are those of time.

*Current*: 1 mA/cm2 over 20 um of growth, both electrodes with the resistance of Table S1:

    U(t) = i (L - i t/(F c_Li))/sigma + 2 (2RT/F) asinh(i/2 i_0).
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from benchmarks.verification.common import Run
from solver.input import loading
from solver.pictures import panels

UM, CHARGE, SIGMA, RT_F = 1e-6, 96500 * 7.64e4, 0.565, 8.314 * 297.15 / 96500
L_ETA = 0.5
"""Of Table S1 [1/s] at an interface length of sqrt(7e-10/3e6) m."""
I_0 = 6 * CHARGE * L_ETA * np.sqrt(7e-10 / 3e6)
"""Exchange current density of Table S1 [A/m^2]."""
LENGTHS = 1.76, 0.88, 0.44, 0.22
"""Interface lengths [um]."""
ELEMENTS = 4
"""Elements to an interface length."""
VOLTS, HELD, FACTORS = 0.09598, 20.0, (1, 10)
"""Voltage [V] and time [s] of a hold; exchange current densities in that of Table S1."""
CURRENT, CHARGED = 10.0, 14745.0
"""Current density [A/m^2], and the time in which it plates 20 um [s]."""
STRIP = """
title: a flat front in a single-ion conductor
width: 1 um
layers: [{name: LPSC, thickness: 34 um}]
phase_field: {delta: 0}
electrochemistry: {closure: single_ion}
mechanics: {enabled: false}
nuclei: {film: 14 um, count: 0}
time: {end: 20 s, tolerance: 0.005}
solver: {pass_tolerance: 1e-5}
"""


def overpotential(current: float, i_0: float) -> float:
    """(2RT/F) asinh(i/2 i_0) [V]."""
    return 2 * RT_F * np.arcsinh(current / (2 * i_0))


def of_voltage(gap: float, i_0: float) -> float:
    """Current density of a sharp front before a gap [m] and a reversible electrode [A/m^2]."""
    return brentq(lambda i: i * gap / SIGMA + overpotential(i, i_0) - VOLTS, 0, 1e6, xtol=1e-10)


def march(length: float, *given: str) -> np.ndarray:
    """Run a strip; returns t [s], film [m], voltage [V] and current [A/m^2] of every step."""
    sizes = [f"mesh.{key}={length / ELEMENTS} um" for key in ("size_min", "size_max")]
    of_length = [f"phase_field.interface_length={length} um", f"width={length} um", *sizes]
    run = Run(loading.parse(STRIP, [*of_length, *given]))
    run.scheme.settle()
    run.start()
    potential, width = run.model.equations["phi"], run.config.width

    def row(t: float) -> tuple[float, ...]:
        film = run.integral(run.state.xi.x.array) / width
        return t, film, potential.voltage, potential.current

    time = run.config.time
    return np.array([row(0.0), *(row(t) for t in run.adapt(time.end, time.tolerance))])


def hold(length: float, factor: float) -> tuple[float, float]:
    """Largest error of the current and error of the way in a hold, as shares of the sharp front's.

    Args:
        length: Interface length [um].
        factor: Exchange current density in that of Table S1.
    """
    law, given = f"phase_field.L_eta={factor * L_ETA}", "electrochemistry.control=voltage"
    t, film, _, current = march(length, law, given, f"electrochemistry.voltage={VOLTS}").T
    i_0, gap = factor * I_0, 34 * UM
    sharp = np.array([of_voltage(gap - at, i_0) for at in film[1:]])
    way = solve_ivp(
        lambda _, x: [of_voltage(gap - x[0], i_0) / CHARGE], (0, t[-1]), film[:1], rtol=1e-10
    ).y[0, -1]
    return np.abs(current[1:] / sharp - 1).max(), (film[-1] - way) / (way - film[0])


def charge() -> tuple[np.ndarray, ...]:
    """Way [m] of the current's film, its voltage, and that of the closed form [V]."""
    t, film, voltage, _ = march(
        0.44,
        "electrochemistry.control=current",
        f"electrochemistry.current={CURRENT}",
        f"electrochemistry.counter_R_ct={RT_F / I_0}",
        "layers.0.thickness=53.5 um",
        "nuclei.film=6 um",
        f"time.end={CHARGED} s",
    ).T
    way = CURRENT * t / CHARGE
    gap = 53.5 * UM - film[0] - way
    return way, voltage, CURRENT * gap / SIGMA + 2 * overpotential(CURRENT, I_0)


def main(path: Path) -> None:
    """Run, print and draw."""
    with matplotlib.rc_context(panels.STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(10.6, 4.2), layout="constrained")
        for factor, colour in zip(FACTORS, ("#2b5c9e", "#b3261e"), strict=True):
            _tabulate(left, factor, colour)
        left.set(xlabel="interface length l (µm)", ylabel="error of the way at 95.98 mV")
        left.set_xticks(LENGTHS, map(str, LENGTHS))
        left.xaxis.minorticks_off()
        left.legend(frameon=False)
        _against_way(right)
        figure.savefig(path, dpi=150)


def _tabulate(ax, factor: float, colour: str) -> None:
    print(f"\nhold, i_0 = {factor * I_0:.0f} A/m2\n\n| l [um] | current | way | order |")
    print("|---|---|---|---|")
    ways = []
    for length in LENGTHS:
        current, way = hold(length, factor)
        order = f"{np.log2(abs(ways[-1] / way)):.1f}" if ways else ""
        print(f"| {length} | {100 * current:.4f} % | {100 * way:+.4f} % | {order} |", flush=True)
        ways.append(way)
    ax.loglog(LENGTHS, np.abs(ways), "o-", color=colour, label=f"i$_0$ = {factor * I_0:.0f} A/m²")
    if factor == FACTORS[-1]:
        reference = abs(ways[0]) * (np.array(LENGTHS) / LENGTHS[0]) ** 2
        ax.loglog(LENGTHS, reference, ":", color=panels.INK, lw=0.8, label="order 2")


def _against_way(ax) -> None:
    way, voltage, sharp = charge()
    error = 100 * np.abs(voltage / sharp - 1)
    half, halfway = np.interp(way[-1] / 2, way, voltage), way[-1] / 2 / UM
    first, last = (f"{1e3 * voltage[k]:.4f} mV of {1e3 * sharp[k]:.4f} mV" for k in (0, -1))
    print(f"\ncurrent: U {first} at the start, {1e3 * half:.4f} mV after {halfway:.2f} um,")
    print(f"{last} after {way[-1] / UM:.2f} um; largest error {error.max():.3f} %")
    ax.plot(way / UM, 1e3 * sharp, color=panels.INK, lw=1.4, label="closed form")
    ax.plot(way[::8] / UM, 1e3 * voltage[::8], "o", ms=3, color="#b3261e", label="l = 0.44 µm")
    ax.set(xlabel="growth (µm)", ylabel="cell voltage at 1 mA/cm² (mV)")
    ax.legend(frameon=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
