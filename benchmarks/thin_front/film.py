# SPDX-License-Identifier: MIT
"""A flat film with a sharp front, on a grid of its own: what a planar phase field converges to.

Li+ obeys c_t = D (c_x + F/RT c phi_x)_x on both sides of the front, or ahead of it alone, and Ohm's
law holds on both. At the front c and phi are continuous, V = k_c c_s - k_a at the local phi_s, and
what comes to it of Li+ and of charge is c_Li V and F c_Li V. The grid follows the front: nodes at
fixed shares of the film and of the gap, finite volumes round them, and a control volume of the
front's own. Lengths in um, times in s, c in c0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.integrate import solve_ivp
from scipy.sparse import csc_array, diags_array

from solver.input.config import Config
from solver.laws import scaling

UM = 1e-6
POINTS = 600
"""Volumes on either side of the front; twice as many move a front by less than 1e-5 of its way."""
GRADING = 9.0
"""The size of a volume grows by cosh(GRADING) from the front on: at the start c jumps there."""
TOLERANCE = 1e-9
"""Of a step in time, relative to c0 and to the height."""


@dataclass(frozen=True)
class SharpFilm:
    """A film that grows or dissolves.

    Attributes:
        height: Of the cell [um].
        film: Thickness at the start [um].
        D: Diffusivity of Li+ [um^2/s].
        c_Li: Site density of the metal [c0].
        c_inside: Li+ in the metal at the start [c0]; None: the metal takes none and conducts none.
        k_0: Speed at c0 without overpotential, one way [um/s].
        alpha: Charge-transfer coefficient.
        F_RT: F/RT [1/V].
        phi_anode: Potential of the anode [V], against the front's equilibrium at c0.
        phi_counter: Potential of the counter electrode [V].
        sigma: Conductivity of the electrolyte [S/m].
        sigma_metal: Conductivity of the metal [S/m].
        charge: F c_Li in such units that charge V = sigma dphi/dx [S V s/m/um^2].
        points: Volumes on either side of the front.
    """

    height: float
    film: float
    D: float
    c_Li: float
    c_inside: float | None
    k_0: float
    alpha: float
    F_RT: float
    phi_anode: float
    phi_counter: float
    sigma: float
    sigma_metal: float
    charge: float
    points: int = POINTS

    @cached_property
    def _shares(self) -> np.ndarray:
        """Distances of the nodes from the front, as shares of the film and of the gap."""
        return np.sinh(np.linspace(0, GRADING, self.points + 1)) / np.sinh(GRADING)

    def speed(self, X: float, c_s: float) -> tuple[float, float, float]:
        """Speed of the front [um/s], and the field in the metal and ahead of it [V/um].

        Args:
            X: Thickness of the film [um].
            c_s: Li+ at the front [c0].
        """
        gap, drop = self.height - X, self.phi_counter - self.phi_anode
        per_V = self.charge / (self.sigma_metal + self.sigma * X / gap)
        still = self.sigma * drop / gap / (self.sigma_metal + self.sigma * X / gap)
        V = 0.0
        for _ in range(50):
            inside = still - per_V * V
            phi = self.F_RT * (self.phi_anode + inside * X)
            cathodic = self.k_0 * c_s * np.exp(-self.alpha * phi)
            anodic = self.k_0 * np.exp((1 - self.alpha) * phi)
            excess = cathodic - anodic - V
            fall = 1 - (self.alpha * cathodic + (1 - self.alpha) * anodic) * self.F_RT * per_V * X
            V, before = V + excess / fall, V
            if abs(V - before) <= 1e-14 * abs(V):
                break
        return V, inside, (drop - inside * X) / gap

    def _grid(self, X: float) -> tuple[np.ndarray, np.ndarray]:
        """Positions of the nodes [um] and their velocities over the front's."""
        ahead = X + (self.height - X) * self._shares
        if self.c_inside is None:
            return ahead, 1 - self._shares
        behind = X * (1 - self._shares[:0:-1])
        return np.concatenate([behind, ahead]), np.concatenate(
            [1 - self._shares[:0:-1], 1 - self._shares]
        )

    @property
    def _front(self) -> int:
        """Number of the front's node."""
        return 0 if self.c_inside is None else self.points

    def rates(self, y: np.ndarray) -> np.ndarray:
        """Rates of c at the nodes but the counter electrode, and the front's speed.

        Args:
            y: c at these nodes [c0], thickness of the film [um].
        """
        c, X, at = np.append(y[:-1], 1.0), y[-1], self._front
        V, inside, ahead = self.speed(X, c[at])
        x, moving = self._grid(X)
        between, middle = np.diff(x), 0.5 * (c[1:] + c[:-1])
        field = np.where(np.arange(len(between)) < at, inside, ahead)
        come = self.D * (np.diff(c) / between + self.F_RT * field * middle)
        # A wall that moves takes in what it passes; the volume's own c follows its size.
        wall = 0.5 * V * (moving[1:] + moving[:-1])
        gained = come + wall * (middle - c[:-1])
        lost = come + wall * (middle - c[1:])
        net = gained - np.append(0.0, lost[:-1])
        net[at] -= self.c_Li * V
        volume = 0.5 * (between + np.append(0.0, between[:-1]))
        return np.append(net / volume, V)

    def _pattern(self) -> csc_array:
        """Where the rates' derivatives are not 0: front and thickness count everywhere."""
        size = len(self._grid(self.film)[0])
        near = diags_array([np.ones(size)] * 3, offsets=(-1, 0, 1), shape=(size, size)).tolil()
        near[:, -1] = near[:, self._front] = 1
        near[-1, :] = 0
        near[-1, -1] = near[-1, self._front] = 1
        return csc_array(near)

    def thickness(self, end: float) -> float:
        """Thickness of the film [um] at a time [s].

        Raises:
            RuntimeError: The film dissolves before.
        """
        ahead = np.ones(self.points)
        if self.c_inside is not None:
            behind = np.full(self.points, self.c_inside)
            ahead[0] = 0.5 * (1 + self.c_inside)
            ahead = np.concatenate([behind, ahead])
        done = solve_ivp(
            lambda t, y: self.rates(y),
            (0.0, end),
            np.append(ahead, self.film),
            method="BDF",
            rtol=TOLERANCE,
            atol=TOLERANCE,
            first_step=1e-9 * end,
            jac_sparsity=self._pattern(),
        )
        if not done.success:
            raise RuntimeError(done.message)
        return float(done.y[-1, -1])


def of(config: Config, points: int = POINTS) -> SharpFilm:
    """The sharp film of a config of one layer whose deposit is a film."""
    (layer,), k, i = config.layers, config.constants, scaling.interface(config.phase_field)
    diffuses = config.transport.in_metal == "as_printed"
    return SharpFilm(
        height=layer.thickness / UM,
        film=config.nuclei.film / UM,
        D=layer.D / UM**2,
        c_Li=config.lithium.c_Li / layer.c0,
        c_inside=config.nuclei.c_inside / layer.c0 if diffuses else None,
        k_0=6 * i.L_eta * i.length / UM,
        alpha=config.kinetics.alpha,
        F_RT=k.F / (k.R * k.T),
        phi_anode=config.boundary.phi_anode - config.kinetics.phi_eq,
        phi_counter=config.boundary.phi_counter - config.kinetics.phi_eq,
        sigma=layer.sigma_ion,
        sigma_metal=config.lithium.sigma_metal,
        charge=k.F * config.lithium.c_Li * UM**2,
        points=points,
    )
