# SPDX-License-Identifier: MIT
"""The electron-limited reading: the law of a planar deposit, and what a layer's sigma_Li does."""

import numpy as np
import pytest

from solver.observe import Observer
from solver.schemes.split import StageRejected
from solver.stepper import Stepper
from tests.small_cell import build

F, C_LI, SIGMA, U = 96500.0, 7.64e4, 3.73e-7, 0.1
ELECTRONS = ("reading=electron_limited", "mechanics.enabled=false", "solver.pass_tolerance=1e-3", "solver.max_passes=25")
STRIP = (
    *ELECTRONS, "layers=[{name: A, thickness: 5 um}, {name: B, thickness: 5 um}]", "width=0.5 um",
    "phase_field.interface_length=0.15 um", "mesh.size_min=0.075 um", "mesh.size_max=0.075 um",
    "nuclei.count=0", "nuclei.film=1 um",
)  # fmt: skip


def heights(end, *overrides):
    """Times [s] and mean heights of the deposit [m] up to `end`, with the program's step control."""
    model, integrator = build(*overrides)
    observer, t, times, values = Observer(model), 0.0, [], []
    stepper = Stepper(1e-2, 1e-9, 1e3, 0.16, [end])
    while t < end * (1 - 1e-12):
        dt = stepper.propose(t)
        try:
            step = integrator.step(dt)
        except StageRejected as reason:
            stepper.fail(dt, str(reason))
            continue
        if not stepper.accept(dt, step.error):
            integrator.undo()
            continue
        t += dt
        integrator.keep(t)
        times.append(t)
        values.append(observer.deposit_area() / model.domain.width)
    return np.array(times), np.array(values)


def test_planar_deposit_grows_as_the_root_of_time():
    # Electrons through the deposit: sigma_Li (U + phi_front)/H = s F c_Li dH/dt. With plenty of Li+
    # and a large s, phi_front is that of B = 0, zero, and H^2 = H0^2 + 2 sigma_Li U t/(s F c_Li).
    s, end = 2.4e-3, 6000.0
    plenty = ("layers.0.D=1e-7", "layers.1.D=1e-7", f"potential.charge_scale={s}")
    t, H = heights(end, *STRIP, *plenty)
    late = (H > 2 * H[0]) & (t > 0.2 * end)
    assert H[-1] > 1.3 * H[late][0], "the deposit has hardly grown"
    slope = np.polyfit(t[late], H[late] ** 2, 1)[0]
    assert slope == pytest.approx(2 * SIGMA * U / (s * F * C_LI), rel=0.02)
