# SPDX-License-Identifier: MIT
"""Kinetics of a front in a single-ion conductor, at the nodes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import ufl

from dolfinx import fem

from solver.equations.bodies import Bodies
from solver.equations.front_pressure import FrontPressure
from solver.equations.ion_update import unit
from solver.equations.kinetics import STEEPEST_FALL
from solver.equations.thin_front import SHARPENING, QuantitativeKinetics
from solver.laws import energy, thin_front
from solver.laws.electrode import BEHIND, Electrode
from solver.laws.front import psi
from solver.schemes.stage import Base


class IonFront:
    """Speed of the piece of front that every node sees, and what it follows from.

    Attributes:
        V: Speed [m/s], positive into the electrolyte.
        per_phi: Rise of V with phi [m/s/V].
        per_x: Fall of V with the distance x from the front, phi as it is [1/s].
    """

    def __init__(self, owner: SingleIonKinetics, xi: np.ndarray):
        length, charge = owner.interface.length, owner.model.numbers.charge
        resistance = np.maximum(-psi(xi), -BEHIND) * length * owner.resistivity
        capillary = owner.capillary()
        drive = owner.plating_drive() - resistance * capillary
        current, conductance = owner.electrode.behind(drive, resistance)
        self.V, self.per_phi = current / charge, conductance / charge
        self.per_x = self.per_phi * (current + capillary) * owner.resistivity


class SingleIonReaction:
    """As solver.equations.thin_front.QuantitativeReaction: the rate is xi (1 - xi) V/l.

    Attributes:
        per_phi: Rise of the rate with phi [1/s/V].
        front: The front as the nodes see it.
        weight: Rise of the rate with the speed of it [1/m].
    """

    per_c = 0.0

    def __init__(self, owner: SingleIonKinetics, tau: float):
        i, xi = owner.interface, owner.inside()
        self.front = front = owner.front(xi)
        density = owner.near.x.array / i.length
        self.weight = weight = xi * (1 - xi) * density
        self.well = owner.well()
        carried = xi * (1 - xi) * owner.carried.x.array / i.length
        self.value = -(weight * front.V + carried)
        self.per_phi = weight * front.per_phi
        # V rises with xi because x falls.
        rise = (1 - 2 * xi) * front.V * density + i.length * density * front.per_x
        slope = self.well * energy.ddg(xi, i.W) - rise
        self.slope = np.maximum(slope, STEEPEST_FALL / tau)


class SingleIonKinetics(QuantitativeKinetics):
    """The rate of solver.laws.electrode, spread as that of solver.laws.thin_front.

    What divides the reaction is 1 + x/(sigma R_ct), whose mean over the front is 1: curvature keeps
    its mobility.
    """

    needs = ()

    @cached_property
    def bodies(self) -> Bodies:
        """The pieces of metal, each at its potential."""
        return Bodies(self.model)

    @cached_property
    def electrode(self) -> Electrode:
        """The front's law: i_0 = 6 F c_Li L_eta l."""
        n, i = self.model.numbers, self.interface
        return Electrode(6 * n.charge * i.L_eta * i.length, n.alpha, n.F_RT)

    @cached_property
    def resistivity(self) -> np.ndarray:
        """1/sigma_ion at the nodes [ohm m]."""
        return self._mean(self.model.per_layer("sigma_ion"), inverse=True)

    def _follow(self, phi_m: float) -> None:
        self.chi_L_sigma.x.array[:] = self.interface.L_sigma
        self._nodal_chi_L_sigma = self._mean(self.chi_L_sigma)
        self._to_nodes()

    def _of_direction(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        # R_ct is that of a front, whatever its direction: what is left is the surface energy's.
        p = self.model.config.phase_field
        return 1.0, thin_front.stiffness(theta, p.delta, p.omega)

    def hold(self, t: float) -> None:
        """The anode's metal is at 0 V at all times."""

    def begin_step(self, t: float, dt: float, base: Base) -> Base:
        """As solver.equations.thin_front.QuantitativeKinetics; first which metal is where."""
        self.bodies.find()
        self.heed_pressure()
        return super().begin_step(t, dt, base)

    @cached_property
    def pressure(self) -> FrontPressure | None:
        """The pressure of the lithium of both electrodes; None where it shifts nothing."""
        return FrontPressure(self.model) if self.model.config.mechanics.pressure_potential else None

    def destroy(self) -> None:
        """Free what PETSc holds for it. Collective."""
        if self.pressure is not None:
            self.pressure.destroy()

    def heed_pressure(self) -> float:
        """Take the pressures of the state; returns how far they shift an electrode, in a `unit`."""
        found = self.pressure
        if found is None:
            return 0.0
        moved, ions = found.find(), self.model.equations["phi"]
        ions.counter.shift = found.volts * found.counter
        ions.take(ions.voltage)
        return moved / unit(self.model)

    def at_rest(self) -> np.ndarray:
        """Potential of the ions at which the front that a node sees would rest [V].

        That of the metal, and as much more as its pressure takes.
        """
        metal, found = self.bodies.nodal(), self.pressure
        return metal if found is None else metal + found.volts * found.front

    def plating_drive(self) -> np.ndarray:
        """How far the nodes are from where lithium rests, positive where it plates [V]."""
        return self.model.state.phi.x.array - self.at_rest()

    def smallest_change(self, tau: float) -> float:
        """The way of the front in interface lengths: what xi leaves out, the voltage would do."""
        V = float(self.M.value) / (SHARPENING * self.interface.length)
        return min(1.0, V * tau / self.interface.length)

    @cached_property
    def per_curvature(self) -> float:
        """Current density over mobility times what counts of the curvature [C J/m^4]."""
        return -self.model.numbers.charge * self.interface.kappa_0 / self.metal.spreading

    def capillary(self) -> np.ndarray:
        """What surface energy adds to the current density of every node's piece of front [A/m^2].

        The field across a front is that of all its current, whatever moves it.
        """
        return self.per_curvature * self.nodal_mobility.x.array * self.curvature.x.array

    def front(self, xi: np.ndarray) -> IonFront:
        """The front as the nodes see it, for xi cut off to [0, 1]."""
        return IonFront(self, xi)

    def reaction(self, tau: float) -> SingleIonReaction:
        """The reaction at the nodes in a stage of effective step tau [s]."""
        return SingleIonReaction(self, tau)

    # --- in forms --------------------------------------------------------------------------

    @cached_property
    def known(self) -> fem.Function:
        """Current density of the front as the nodes see it, that the forms set out from [A/m^2]."""
        return self._nodal(0.0)

    def refresh(self) -> None:
        """Solve for the nodes' current densities with the fields as they are."""
        self.known.x.array[:] = self.model.numbers.charge * self.front(self.inside()).V

    def speed(self, y: dict[str, Any], xi, length):
        """Speed of the piece of front that a node sees, in a form [m/s].

        It solves an equation of its own at every node. The form has the last step of Newton's
        method for that, from what `refresh` has found.
        """
        m, law = self.model, self.electrode.mapped(self.model.constant)
        resistance = self._ahead(xi, length) * self._nodal(self.resistivity)
        phi = y["phi"] - resistance * self._capillary()
        resistance = law.counted(phi, resistance)
        return law.improved(phi, resistance, self.known) / m.constant(m.numbers.charge)

    def _ahead(self, xi, length):
        """Distance x from the front, behind it no further than it counts [m]."""
        return length * ufl.max_value(-psi(xi), self.model.constant(-BEHIND))

    def _capillary(self):
        """`capillary` as the front has been found [A/m^2]."""
        return self.model.constant(self.per_curvature) * self.nodal_mobility * self.curvature
