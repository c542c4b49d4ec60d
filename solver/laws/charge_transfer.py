# SPDX-License-Identifier: MIT
"""What the mobilities of a front mean: its charge-transfer resistance and its surface energy.

A front at the equilibrium of a flat one, c = c0, passes eta/R_ct at a small overpotential eta and
so moves at eta/(R_ct F c_Li); the phase field's moves at 6 L_eta l F eta/RT. Curvature K shifts the
equilibrium by gamma K/(F c_Li) (Gibbs and Thomson), so that a front moves at -Gamma K with
Gamma = gamma/(R_ct (F c_Li)^2); the phase field's moves at -L_sigma kappa_0 K.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChargeTransfer:
    """The front between a metal and its ions.

    Attributes:
        F: Faraday constant [C/mol].
        RT: Gas constant times temperature [J/mol].
        c_Li: Site density of the metal [mol/m^3].
    """

    F: float
    RT: float
    c_Li: float

    def resistance(self, L_eta: float, length: float) -> float:
        """R_ct = RT/(F i_0) with i_0 = 6 F c_Li L_eta l [ohm m^2].

        Args:
            L_eta: Reaction rate constant [1/s].
            length: Interface length l [m].

        Raises:
            ZeroDivisionError: There is no reaction.
        """
        return self.RT / (6 * self.F**2 * self.c_Li * length * L_eta)

    def rate(self, R_ct: float, length: float) -> float:
        """L_eta of a charge-transfer resistance [ohm m^2], in 1/s."""
        return self.RT / (6 * self.F**2 * self.c_Li * length * R_ct)

    def surface_energy(self, L_sigma: float, kappa_0: float, R_ct: float) -> float:
        """gamma = L_sigma kappa_0 R_ct (F c_Li)^2 [J/m^2].

        Args:
            L_sigma: Interface mobility [m^3/J/s].
            kappa_0: Gradient energy coefficient [J/m].
            R_ct: Charge-transfer resistance [ohm m^2].
        """
        return L_sigma * kappa_0 * R_ct * (self.F * self.c_Li) ** 2

    def mobility(self, surface_energy: float, kappa_0: float, R_ct: float) -> float:
        """L_sigma of a surface energy [J/m^2], in m^3/J/s."""
        return surface_energy / (kappa_0 * R_ct * (self.F * self.c_Li) ** 2)
