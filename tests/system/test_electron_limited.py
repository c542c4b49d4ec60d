# SPDX-License-Identifier: MIT
"""The electron-limited reading against the law of a planar deposit, in one layer and across two.

Electrons pass the deposit in series, so that U = s F c_Li dH/dt R(H) with R the integral of
1/sigma_Li over the height H of the deposit; docs/reproduction/chen2025.md derives it. Plenty of Li+
and a large s leave nothing else to limit the growth.
"""

import numpy as np
import pytest

from solver.equations.observe import Observer
from solver.stepping.advance import advance
from solver.stepping.stepper import Stepper
from tests.small_cell import build

LOWER, UPPER, MIDDLE, U, S = 3.73e-7, 1.91e-7, 5e-6, 0.1, 7.9205e-4
CHARGE = S * 96500 * 7.64e4
STRIP = (
    "reading=electron_limited", "mechanics.enabled=false", "solver.pass_tolerance=1e-3",
    f"potential.charge_scale={S}", "width=0.15 um", "nuclei.count=0",
    "layers=[{name: A, thickness: 5 um, D: 1e-10},"
    f" {{name: B, thickness: 5 um, D: 1e-10, sigma_Li: {UPPER}}}]",
    "phase_field.interface_length=0.15 um", "mesh.size_min=0.075 um", "mesh.size_max=0.075 um",
)  # fmt: skip


def heights(film, end):
    """Times [s] and mean heights [m] of a film's growth, with the program's step control."""
    model, integrator = build(*STRIP, f"nuclei.film={film}")
    observer, t, times, values = Observer(model), 0.0, [], []
    stepper = Stepper(1e-2, 1e-9, 1e3, 0.16, [end])
    while t < end * (1 - 1e-12):
        dt, _ = advance(stepper, integrator, t)
        t += dt
        integrator.keep(t)
        times.append(t)
        values.append(observer.deposit_area() / model.domain.width)
    return np.array(times), np.array(values)


def series(H):
    """Integral of the resistance R(H) over H [m^3/S]."""
    above = np.maximum(H - MIDDLE, 0)
    return (H - above) ** 2 / 2 / LOWER + above * MIDDLE / LOWER + above**2 / 2 / UPPER


@pytest.mark.parametrize(("film", "end", "since"), [(1e-6, 300.0, 1.5e-6), (5.5e-6, 600.0, 5.6e-6)])
def test_planar_deposit_grows_as_its_resistance_allows(film, end, since):
    t, H = heights(film, end)
    late = since < H
    assert H[-1] - H[late][0] > 0.3e-6, "the deposit has hardly grown"
    slope = np.polyfit(t[late], series(H[late]), 1)[0]
    assert slope == pytest.approx(U / CHARGE, rel=0.02)
