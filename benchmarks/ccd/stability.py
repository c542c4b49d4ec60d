# SPDX-License-Identifier: MIT
"""How small ripples of a sharp front in a single-ion conductor grow: a map of stability.

    docker/run python3 -m benchmarks.ccd.stability docs/figures/ccd_stability.png   # 20 s

A ripple of wavenumber q on a front that moves at V = i/(F c_Li) grows at the rate

    s = (V/(sigma R) - Gamma q^2)/(1 + T(q)/(sigma R q)),   R = d eta/di,   Gamma = L_sigma kappa_0,

with T = tanh(q L) before a gap L whose counter electrode has no resistance of its own. In two
layers T = (t_1 + r t_2)/(1 + r t_1 t_2) with t_k = tanh(q L_k), r = sigma_1/sigma_2. s is at most
V/(sigma R), and sigma R falls with the current no further than sigma 2RT/(F i): over a plated
thickness h no ripple grows by more than exp(h/(sigma R)), which needs an ohmic drop h i/sigma of
2RT/F, 51 mV, for a factor of e.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from solver.pictures import panels

F, R, T, C_LI = 96500.0, 8.314, 297.15, 7.64e4
CHARGE, RT_F = F * C_LI, R * T / F
GAMMA = 5e-6 * 7e-10
"""L_sigma kappa_0 of Table S1 [m^2/s]."""
WAVELENGTHS = np.geomspace(0.5e-6, 500e-6, 300)
SLICES = 60
"""Of the plated thickness, over which rates add up."""
MA_CM2, OHM_CM2, MAH_CM2 = 10.0, 1e-4, 36000.0


@dataclass(frozen=True)
class Front:
    """A front before one or two layers of electrolyte.

    Attributes:
        sigma: Conductivity where the front is [S/m].
        R_ct: Its charge-transfer resistance [ohm m^2].
        beyond: Conductivity and thickness of a second layer [S/m, m]; None: there is none.
    """

    sigma: float
    R_ct: float
    beyond: tuple[float, float] | None = None

    def equivalent(self, current):
        """sigma R at a current density [A/m^2], in m."""
        i_0 = RT_F / self.R_ct
        return self.sigma * RT_F / i_0 / np.sqrt(1 + (current / (2 * i_0)) ** 2)

    def screening(self, q, gap: float):
        """T(q) before a gap [m]."""
        if self.beyond is None:
            return np.tanh(q * gap)
        sigma, thickness = self.beyond
        ratio = self.sigma / sigma
        near, far = np.tanh(q * max(gap - thickness, 0.0)), np.tanh(q * min(thickness, gap))
        return (near + ratio * far) / (1 + ratio * near * far)

    def rate(self, q, current: float, gap: float):
        """Growth rate s of ripples [1/s]."""
        equivalent = self.equivalent(current)
        gained = current / CHARGE / equivalent - GAMMA * q**2
        return gained / (1 + self.screening(q, gap) / (equivalent * q))

    def gains(self, current: float, gap: float, plated: float, wavelengths=WAVELENGTHS):
        """ln of what ripples grow by while a thickness [m] is plated into a gap [m]."""
        q, V = 2 * np.pi / np.asarray(wavelengths), current / CHARGE
        steps = (np.arange(SLICES) + 0.5) / SLICES * plated
        return sum(self.rate(q, current, gap - h) for h in steps) * plated / SLICES / V


def critical(front: Front, gain: float, gap: float, plated: float) -> float:
    """Current density from which some ripple grows by exp(gain) [A/m^2], by halvings."""
    low, high = 1.0, 1e7
    for _ in range(40):
        middle = np.sqrt(low * high)
        if front.gains(middle, gap, plated).max() < gain:
            low = middle
        else:
            high = middle
    return float(np.sqrt(low * high))


def marginal(front: Front, gap: float) -> float:
    """Current density at which the ripple of the gap's length neither grows nor decays [A/m^2]."""
    low, high = 1e-2, 1e7
    for _ in range(60):
        middle = np.sqrt(low * high)
        q_c = np.sqrt(middle / CHARGE / front.equivalent(middle) / GAMMA)
        low, high = (middle, high) if q_c * gap < 2 * np.pi else (low, middle)
    return float(np.sqrt(low * high))


MATERIALS = {
    "LPSC": Front(0.543, 0.76 * OHM_CM2),
    "8S-2O": Front(0.192, 0.76 * OHM_CM2),
    "LPSC below 8S-2O": Front(0.543, 0.76 * OHM_CM2, (0.192, 25e-6)),
    "LLZO": Front(0.04, 2 * OHM_CM2),
}
GAP, PLATED = 46e-6, 1.5 * MAH_CM2 / CHARGE
"""Of the cells of configs/ccd, and by a half cycle of 1.5 mAh/cm^2 [m]."""


def main(path: Path) -> None:
    """Print the critical currents and draw the map."""
    print("| cell | ripples of 50 um grow from | e times in 1.5 mAh/cm2 from | e^3 times |")
    print("|---|---|---|---|")
    for name, front in MATERIALS.items():
        found = [critical(front, gain, GAP, PLATED) / MA_CM2 for gain in (1.0, 3.0)]
        first = marginal(front, 50e-6) / MA_CM2
        print(f"| {name} | {first:.2g} | {found[0]:.3g} | {found[1]:.3g} |")
    with matplotlib.rc_context(panels.STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(10.8, 4.4), layout="constrained")
        _resistances(left)
        _gaps(right)
        figure.savefig(path, dpi=150)


def _resistances(ax) -> None:
    currents, R_ct = np.geomspace(1, 3e4, 40), np.geomspace(0.01, 100, 36)
    gains = [
        [Front(0.543, r * OHM_CM2).gains(i, GAP, PLATED).max() for r in R_ct] for i in currents
    ]
    shown = ax.pcolormesh(
        R_ct, currents / MA_CM2, np.array(gains), cmap="cividis", vmin=0, vmax=4, shading="gouraud"
    )
    lines = ax.contour(
        R_ct, currents / MA_CM2, gains, levels=[1, 3], colors="white", linewidths=0.9
    )
    ax.clabel(lines, fmt="%g")
    onset = [marginal(Front(0.543, r * OHM_CM2), GAP) / MA_CM2 for r in R_ct]
    ax.plot(R_ct, onset, color="#ff8f66", lw=1.4)
    ax.annotate("q$_c$L = 2π", (R_ct[24], onset[24]), (0, 6), textcoords="offset points",
                color="#ff8f66")  # fmt: skip
    ax.axhline(4.4, color="white", lw=0.9, ls=":")
    ax.annotate("measured with the sandwich", (0.011, 4.8), color="white", fontsize=9)
    ax.set(xscale="log", yscale="log", xlabel="charge-transfer resistance (Ω cm²)",
           ylabel="current density (mA/cm²)", ylim=(0.1, 3000))  # fmt: skip
    ax.set_title("LPSC, 46 µm: ln of growth in 1.5 mAh/cm²")
    ax.figure.colorbar(shown, ax=ax)


def _gaps(ax) -> None:
    gaps = np.geomspace(8e-6, 1e-3, 24)
    colours = {"LPSC": "#2b5c9e", "8S-2O": "#3a8f5c", "LLZO": "#b3261e"}
    for name, colour in colours.items():
        front = MATERIALS[name]
        for gain, style in ((1.0, "-"), (3.0, "--")):
            found = [critical(front, gain, gap, min(PLATED, 0.9 * gap)) / MA_CM2 for gap in gaps]
            label = name if gain == 1 else None
            ax.loglog(1e6 * gaps, found, style, color=colour, lw=1.4, label=label)
        onset = [marginal(front, gap) / MA_CM2 for gap in gaps]
        ax.loglog(1e6 * gaps, onset, ":", color=colour, lw=1.0)
    ax.set(xlabel="gap (µm)", ylabel="current density (mA/cm²)", ylim=(0.01, 5000))
    ax.set_title("growth by e (solid), e³ (dashed); q$_c$L = 2π (dotted)")
    ax.legend(frameon=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
