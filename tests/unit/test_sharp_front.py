# SPDX-License-Identifier: MIT
"""The sharp front of benchmarks/thin_front, where its ripples have a closed form: no migration."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.thin_front import sharp

K_C = sharp.K_0 * np.exp(0.5 * sharp.F_RT * 0.1)
K_A = sharp.K_0 * np.exp(-0.5 * sharp.F_RT * 0.1)


def test_the_steady_front_takes_what_diffusion_brings():
    """c = c_s + c_Li (1 - exp(-V z/D)), without migration, is c0 at the counter electrode."""
    front = sharp.problem("S")
    c_s = (front.V + K_A) / K_C
    drop = sharp.C_LI * -np.expm1(-front.V * front.gap / sharp.D)
    assert c_s + drop == pytest.approx(1, rel=1e-5)
    assert front.c(front.gap) == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize("in_metal", ["as_printed", "none"])
@pytest.mark.parametrize("wavelength", [40.0, 20.0, 10.0, 7.0, 5.0])
def test_ripples_grow_as_in_closed_form(wavelength, in_metal):
    """D [c'] = c_Li s on the front, with c a sum of exponentials in its frame."""
    front = sharp.problem("S", in_metal=in_metal)
    V, D, gap, s = front.V, sharp.D, front.gap, front.ripple(wavelength).s
    q = 2 * np.pi / wavelength
    root = np.sqrt(V**2 + 4 * D * (D * q**2 + s))
    rise, fall = (root - V) / (2 * D), (-root - V) / (2 * D)
    back = np.exp((fall - rise) * gap)
    gradient = sharp.C_LI * V / D
    on_front = (s + sharp.GAMMA * q**2) / K_C
    slope = (on_front - gradient) * (fall - rise * back) / (1 - back)
    balance = D * (slope - V / D * gradient)
    if in_metal == "as_printed":
        balance -= D * rise * on_front
    assert balance == pytest.approx(sharp.C_LI * s, rel=2e-3)
