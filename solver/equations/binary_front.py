# SPDX-License-Identifier: MIT
"""Kinetics of a front in a binary electrolyte, at the nodes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import ufl

from solver.equations.ion_front import SingleIonKinetics, SingleIonReaction
from solver.equations.model import Model
from solver.laws import thin_front
from solver.laws.electrode import BEHIND
from solver.laws.front import psi
from solver.laws.in_metal import METALS
from solver.laws.salt import SaltElectrode, diffusion_potential

READ = 20.0
"""Distance from a front, in interface lengths, up to which nodes read its speed from theirs."""


class BinaryFront:
    """As solver.equations.ion_front.IonFront: the piece of front that every node sees.

    Attributes:
        V: Speed [m/s], positive into the electrolyte; 0 at nodes that are far from all fronts.
        per_phi: Rise of V with phi, c as it is [m/s/V].
        per_c: Rise of V with c, phi - A ln c as it is [m^4/mol/s].
        per_x: Fall of V with the distance x from the front, phi and c as they are [1/s].
        chi: What multiplies curvature because it divides the reaction.
        c_s: Concentration on the front; c at nodes that are far from all fronts [mol/m^3].
    """

    def __init__(self, owner: BinaryKinetics, xi: np.ndarray):
        state, length, at = owner.model.state, owner.interface.length, psi(xi)
        read = np.flatnonzero(np.abs(at) < READ)
        at, xi, K = at[read], xi[read], owner.curvature.x.array[read]
        x, L = np.maximum(-at, -BEHIND) * length, owner.metal.distance(xi, length)
        resistivity, capillary = owner.resistivity[read], owner.capillary()[read]
        found = owner.salt.behind(
            (state.phi.x.array - owner.at_rest())[read] - x * resistivity * capillary,
            state.c.x.array[read],
            x,
            thin_front.radial(L, K),
            resistivity,
            owner.scarcity[read],
        )
        charge, out = owner.model.numbers.charge, np.zeros((6, len(owner.resistivity)))
        way = thin_front.radial_slope(L, K) * owner.metal.gradient(xi)
        chi = 1 / (1 + found.hindrance * owner.metal.mean * length)
        per_x = found.per_x + found.per_L * way + found.per_phi * resistivity * capillary
        out[-2:] = np.ones(len(out[0])), state.c.x.array
        out[:, read] = [
            found.current / charge,
            found.per_phi / charge,
            found.per_c / charge,
            per_x / charge,
            chi,
            found.c_s,
        ]
        self.V, self.per_phi, self.per_c, self.per_x, self.chi, self.c_s = out


class BinaryReaction(SingleIonReaction):
    """As solver.equations.ion_front.SingleIonReaction.

    Attributes:
        per_c: Rise of the rate with c, phi - A ln c as it is [m^3/mol/s].
    """

    def __init__(self, owner: BinaryKinetics, tau: float):
        super().__init__(owner, tau)
        self.per_c = self.weight * self.front.per_c


class BinaryKinetics(SingleIonKinetics):
    """The rate of solver.laws.salt, spread as that of solver.laws.thin_front.

    The salt that a front drives away makes it slower, its curvature too, by the factor chi.

    Attributes:
        salt: The front's law.
    """

    def __init__(self, model: Model):
        super().__init__(model)
        n, given = model.numbers, model.config.electrochemistry
        self.metal = METALS["none"]
        c0, A = model.config.parts[0].c0, diffusion_potential(given.t_plus, n.F_RT)
        self.salt = SaltElectrode(self.electrode, c0, A)

    @cached_property
    def scarcity(self) -> np.ndarray:
        """k = (1 - t_+)/(F D) at the nodes [mol/(A m)]."""
        share = 1 - self.model.config.electrochemistry.t_plus
        return share / self.model.numbers.F * self._mean(self.model.per_layer("D"), inverse=True)

    def front(self, xi: np.ndarray) -> BinaryFront:
        """The front as the nodes see it, for xi cut off to [0, 1]."""
        return BinaryFront(self, xi)

    def reaction(self, tau: float) -> BinaryReaction:
        """The reaction at the nodes in a stage of effective step tau [s]."""
        return BinaryReaction(self, tau)

    def speed(self, y: dict[str, Any], xi, length):
        """Speed of the piece of front that a node sees, in a form [m/s]; as of a single ion's."""
        number, x, resistivity = (
            self.model.constant, self._ahead(xi, length), self._nodal(self.resistivity)
        )  # fmt: skip
        ways = x, self._way(xi, length), resistivity, self._nodal(self.scarcity)
        law, phi = self.salt.mapped(number), y["phi"] - x * resistivity * self._capillary()
        return law.improved(phi, y["c"], *ways, self.known) / number(self.model.numbers.charge)

    def rise(self, y: dict[str, Any]):
        """c - c_s, what c has risen by from the front to a node, in a form [mol/m^3]."""
        m, xi = self.model, ufl.max_value(0.0, ufl.min_value(y["xi"], 1.0))
        length, charge = m.constant(self.interface.length), m.constant(m.numbers.charge)
        per_V = self._way(xi, length) * self._nodal(self.scarcity) * charge
        return per_V * self.speed(y, xi, length)

    def _way(self, xi, length):
        return thin_front.radial(self.metal.distance(xi, length), self.curvature)

    def _turn(self, normal: np.ndarray) -> None:
        super()._turn(normal)
        self.capillarity.x.array[:] *= self.front(self.inside()).chi
        self._to_nodes()
