# SPDX-License-Identifier: MIT
"""Kinetics that are right at any interface length, at the nodes and in forms."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem

from solver.cell import contour
from solver.equations.couplings_front import Kept, KeptFront
from solver.equations.kinetics import STEEPEST_FALL, fall, of_deposit, plating_drive
from solver.equations.model import Model
from solver.laws import energy, kinetics, thin_front
from solver.laws.front import psi
from solver.laws.in_metal import METALS
from solver.schemes.stage import Base
from solver.terms import phase_field

SHARPENING = 2.0
"""Mobility of the sharpening flux in units of V l, with the largest |V| on the front. From 1 on
the profile follows a front that moves faster than its well can shape it."""
BAND = 12.0
"""Distance from the front, in interface lengths, up to which it reacts. The rate takes a share of
metal for the distance from a front: where there is none it would let round-off grow to islands."""
TAIL = 5.0
"""Distance from the front, in interface lengths, beyond which its profile is not left to itself:
what reaches the tail is read from c so far ahead that it may be another piece of front's."""
SLOW = 0.1
"""Share of the largest speed below which a piece of front stands."""
MEETING = 4
"""Power of the square of the normals' mean over a triangle that the flux is multiplied by: between
two fronts they cancel, and there the flux would fill the seam with lithium that is not there."""
ON_THE_FRONT = 0.1
"""xi (1 - xi) of the nodes whose speed counts for the largest."""


class QuantitativeReaction:
    """As solver.equations.kinetics.Reaction: the rate is xi (1 - xi) V/l."""

    per_phi = 0.0
    """Only a current of electrons asks for it, and with that there is another interface."""

    def __init__(self, owner: QuantitativeKinetics, tau: float):
        i, xi = owner.interface, owner.inside()
        front = owner.front(xi)
        density = owner.near.x.array / i.length
        weight, self.well = xi * (1 - xi) * density, owner.well()
        carried = xi * (1 - xi) * owner.carried.x.array / i.length
        self.value = -(weight * front.V + carried)
        self.per_c = weight * front.k_c / front.resistance
        # V rises with xi because L falls.
        rise = (1 - 2 * xi) * front.V * density
        gradient = owner.metal.gradient(xi)
        rise += gradient * i.length * density * front.V * front.per_L / front.resistance
        slope = self.well * energy.ddg(xi, i.W) - rise
        self.slope = np.maximum(slope, STEEPEST_FALL / tau)


class NodalFront:
    """Speed of the piece of front that every node sees, and what it follows from.

    Attributes:
        k_c: dV/dc_s [m^4/mol/s].
        per_L: Rise of the resistance with L [1/m].
        resistance: See solver.laws.thin_front.
        V: Speed [m/s], positive into the electrolyte.
    """

    def __init__(self, owner: QuantitativeKinetics, xi: np.ndarray):
        m, of, width = owner.model, float(owner.phi_m.value), owner.width.x.array
        beta, g = thin_front.boltzmann(fall(m, m.state.values, of))
        self.k_c = width * float(owner.k_c.value) * owner.inv_c0.x.array
        c_Li_D = owner.c_Li_D.x.array
        self.per_L = self.k_c * c_Li_D * g
        L, K = owner.metal.distance(xi, owner.interface.length), owner.curvature.x.array
        self.per_L *= thin_front.radial_slope(L, K)
        L = thin_front.radial(L, K)
        self.resistance = thin_front.resistance(beta, g, L, self.k_c, c_Li_D)
        k_a = width * float(owner.k_a.value)
        self.V = (self.k_c * m.state.c.x.array - k_a * beta) / self.resistance


class QuantitativeKinetics:
    """The rate of solver.laws.thin_front, and a flux that keeps the front's profile.

    Attributes:
        mobility: chi L_sigma times the capillarity, in triangles [m^3/J/s].
        nodal_mobility: The same at the nodes, for terms that act there.
        nodal_beside: What of a term beside the reaction is to act, so that the front moves by all
            of it: its tail divides the speed that it has from anything.
        share: Share of Newton's step that xi takes; less than 1 where that of another field asks.
        delta: Anisotropy that is left to the gradient energy: none, it is in the mobility.
        metal: What it does with Li+.
        bodies: The pieces of metal where each has a potential of its own; else None.
        phi_m: Potential of the deposit, the anode's [V].
        k_c: dV/dc_s times c0 of an isotropic front [m/s].
        k_a: Speed at which that dissolves without Li+ [m/s].
        width: What multiplies both, see solver.laws.thin_front.width.
        capillarity: What multiplies chi L_sigma, see solver.laws.thin_front.capillarity.
        M: Mobility of the sharpening flux [m^2/s].
        curvature: What counts of the curvature of the nearest piece of front, positive for a tip
            [1/m].
        near: 1 at nodes near the front, where it reacts, else 0.
        carried: Speed of the nearest piece of front in its tails, else 0 [m/s].
        normal: Normal of the nearest piece of front, into the metal; 0 beyond the tails.
    """

    delta, share = 0.0, 1.0
    needs = ("inv_c0",)
    bodies = None

    def __init__(self, model: Model):
        self.model, self.interface = model, model.numbers.interface
        self.metal = METALS[model.config.transport.in_metal]
        names = ("phi_m", "k_c", "k_a", "M")
        self.phi_m, self.k_c, self.k_a, self.M = (model.constant(0.0) for _ in names)
        self.near, self.carried = fem.Function(model.V), fem.Function(model.V)
        self.curvature = fem.Function(model.V)
        self.normal = fem.Function(fem.functionspace(model.mesh, ("Lagrange", 1, (2,))))
        self.walls = np.zeros((len(self.near.x.array), 2), dtype=bool)
        for side, across in (("left", 0), ("right", 0), ("anode", 1), ("counter", 1)):
            self.walls[model.domain.dofs(model.V, side), across] = True
        ones = np.ones(len(self.near.x.array))
        self.capillarity, self.width = self._nodal(ones), self._nodal(ones)
        self.nodal_mobility, self.nodal_beside = fem.Function(model.V), fem.Function(model.V)
        self.chi_L_sigma = model.per_layer("D")
        self.mobility = self.capillarity * self.chi_L_sigma
        self.D, self.c0 = self.chi_L_sigma.x.array.copy(), model.per_layer("c0").x.array
        self._follow(model.numbers.phi_anode)

    # --- coefficients ----------------------------------------------------------------------

    @cached_property
    def inv_c0(self) -> fem.Function:
        """1/c0 at the nodes [m^3/mol]."""
        return self._nodal(self.model.coefficients.inv_c0)

    @cached_property
    def c_Li_D(self) -> fem.Function:
        """c_Li/D at the nodes [mol s/m^5]."""
        per_D = self._mean(self.model.per_layer("D"), inverse=True)
        return self._nodal(self.model.numbers.c_Li * per_D)

    def _nodal(self, values: np.ndarray) -> fem.Function:
        function = fem.Function(self.model.V)
        function.x.array[:] = values
        return function

    def _mean(self, per_cell: fem.Function, inverse: bool = False) -> np.ndarray:
        """Nodal values as the lumped forms see them; 0 where nothing is solved for."""
        m = self.model
        integrand = m.v / per_cell if inverse else per_cell * m.v
        mass = np.where(m.lumped_mass > 0, m.lumped_mass, 1.0)
        return m.nodal(fem.form(integrand * m.dx)) / mass

    def _follow(self, phi_m: float) -> None:
        """Take another potential of the deposit [V]."""
        n, i = self.model.numbers, self.interface
        self.phi_m.value = phi_m
        eta = phi_m - n.phi_eq
        k_0 = 6 * i.L_eta * i.length
        self.k_c.value = k_0 * kinetics.cathodic(eta, n.alpha, n.F_RT)
        self.k_a.value = k_0 * kinetics.anodic(eta, n.alpha, n.F_RT)
        chi = thin_front.capillary_factor(
            float(self.k_c.value) / self.c0, n.c_Li / self.D, i.length, self.metal.mean
        )
        self.chi_L_sigma.x.array[:] = i.L_sigma * chi
        self._nodal_chi_L_sigma = self._mean(self.chi_L_sigma)
        self._to_nodes()

    def _to_nodes(self) -> None:
        """Bring the mobility to the nodes, and what terms beside the reaction have of theirs."""
        self.nodal_mobility.x.array[:] = self._nodal_chi_L_sigma * self.capillarity.x.array
        chi = self._nodal_chi
        self.nodal_beside.x.array[:] = chi * thin_front.faster(self.width.x.array, chi)

    @property
    def _nodal_chi(self) -> np.ndarray:
        return self._nodal_chi_L_sigma / self.interface.L_sigma

    def hold(self, t: float) -> None:
        """Follow the anode's potential at time t [s]."""
        phi_m = of_deposit(self.model, t)
        if phi_m != float(self.phi_m.value):
            self._follow(phi_m)
            self.gradient_energy.kept = self._kept()

    def begin_step(self, t: float, dt: float, base: Base) -> Base:
        """Take from the front before a step where it is, and how fast it moves.

        Returns:
            The base with the tails of the front brought back towards its profile.
        """
        self.hold(t)
        length = self.interface.length
        distance, fastest = self._find_front(self.inside())
        self.M.value = SHARPENING * fastest * length
        self.gradient_energy.kept = self._kept()
        # Where it goes; behind it, what is left of the electrolyte has no lithium to come to.
        ahead = -np.sign(base.psi) * self.carried.x.array > SLOW * fastest
        in_tail = ahead & np.isfinite(distance) & (distance > TAIL * length)
        tail = np.sign(base.psi) * np.where(in_tail, distance, 0.0) / length
        # Not at once: the balances take what this adds to xi, in whatever time there is.
        share = -np.expm1(-fastest * dt / length)
        return base.but(psi=base.psi + share * np.where(in_tail, tail - base.psi, 0.0))

    def _everywhere(self, values: np.ndarray) -> np.ndarray:
        """Values at the nodes, shape (nodes, 2), those of ghosts as their ranks have them."""
        # All triangles at a rank's own nodes are on the rank.
        self.normal.x.array[:] = values.ravel()
        self.normal.x.scatter_forward()
        return self.normal.x.array.reshape(-1, 2).copy()

    def _find_front(self, xi: np.ndarray) -> tuple[np.ndarray, float]:
        """Find for every node the nearest piece of front, its normal and its speed.

        Returns:
            Its distance [m], infinite beyond the tail; and the largest speed on the front [m/s].
        """
        at = psi(xi)
        m, x = self.model, self.model.V.tabulate_dof_coordinates()[:, :2]
        cells, owned = m.V.dofmap.list, m.V.dofmap.index_map.size_local
        beside = contour.beside(cells, at)
        slopes = self._everywhere(contour.slopes(x, beside, at))
        # The walls mirror the front: what their nodes lack of cells is not to tilt it.
        slopes[self.walls] = 0.0
        normal = contour.unit(slopes)
        bend = self._everywhere(contour.bends(x, beside, normal))
        bend = self.metal.spreading * bend[:, 0] / np.where(bend[:, 1] > 0, bend[:, 1], 1.0)
        # At the front a node's own; not what an earlier step left, which a restart has not.
        self.curvature.x.array[:] = bend
        self._turn(normal)
        V = self.front(xi).V
        fastest = np.abs(V[xi * (1 - xi) > ON_THE_FRONT]).max(initial=0.0)
        front = contour.crossings(x, cells, at, np.column_stack([normal, V, bend]), owned)
        reach = BAND * self.interface.length
        distance, values = contour.nearest(*contour.gathered(m.comm, *front), x, reach)
        near = distance <= TAIL * self.interface.length
        self.near.x.array[:] = near
        self.normal.x.array[:] = contour.unit(values[:, :2]).ravel()
        self.carried.x.array[:] = np.where(near, 0.0, values[:, 2])
        self.curvature.x.array[:] = values[:, 3]
        self._turn(values[:, :2])
        return distance, m.comm.allreduce(float(fastest), MPI.MAX)

    def _turn(self, normal: np.ndarray) -> None:
        """Take what depends on the direction of the front from normals, 1 where there is none."""
        found = normal.any(axis=1)
        width, capillarity = self._of_direction(np.arctan2(normal[:, 1], normal[:, 0]))
        self.width.x.array[:] = np.where(found, width, 1.0)
        self.capillarity.x.array[:] = np.where(found, capillarity, 1.0)
        self._to_nodes()

    def _of_direction(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """`width` and `capillarity` of fronts with normals at the angles theta."""
        p, chi = self.model.config.phase_field, self._nodal_chi
        width = thin_front.width(theta, p.delta, p.omega)
        return width, thin_front.capillarity(theta, p.delta, p.omega, chi)

    # --- for the equation ------------------------------------------------------------------

    def inside(self) -> np.ndarray:
        """xi at the nodes, cut off to [0, 1]."""
        return np.clip(self.model.state.xi.x.array, 0.0, 1.0)

    def smallest_change(self, tau: float) -> float:
        """Change of xi in a stage that is to be seen, in that which tolerances speak of."""
        return 1.0

    def well(self) -> np.ndarray:
        """The mobility at the nodes [m^3/J/s]."""
        return self.nodal_mobility.x.array

    def beside(self) -> np.ndarray:
        """What of a term beside the reaction is to act, at the nodes."""
        return self.nodal_beside.x.array

    def front(self, xi: np.ndarray) -> NodalFront:
        """The front as the nodes see it, for xi cut off to [0, 1]."""
        return NodalFront(self, xi)

    def plating_drive(self) -> np.ndarray:
        """How far the nodes are from where lithium rests, positive where it plates [V]."""
        return plating_drive(self.model)

    def reaction(self, tau: float) -> QuantitativeReaction:
        """The reaction at the nodes in a stage of effective step tau [s]."""
        return QuantitativeReaction(self, tau)

    def residual(self, y: dict[str, Any], v) -> ufl.Form:
        """The part of the residual that is pointwise [m^2/s]."""
        m, length = self.model, self.model.constant(self.interface.length)
        xi = ufl.max_value(0.0, ufl.min_value(y["xi"], 1.0))
        V = self.speed(y, xi, length)
        return phase_field.travel(xi, self.near * V + self.carried, v, length, m.dx)

    def speed(self, y: dict[str, Any], xi, length):
        """Speed of the piece of front that a node sees, in a form [m/s].

        Args:
            y: The unknowns by name.
            xi: The phase field, cut off to [0, 1].
            length: Interface length l [m].
        """
        beta, g = thin_front.boltzmann(fall(self.model, y, self.phi_m))
        k_c, k_a = self.width * self.k_c * self.inv_c0, self.width * self.k_a
        L = thin_front.radial(self.metal.distance(xi, length), self.curvature)
        resistance = thin_front.resistance(beta, g, L, k_c, self.c_Li_D)
        return (k_c * y["c"] - k_a * beta) / resistance

    def flux(self, xi, v) -> ufl.Form:
        """The sharpening flux's part of the residual [m^2/s]."""
        m, M = self.model, self._sharpening()
        length = m.constant(self.interface.length)
        return phase_field.sharpening(xi, self.normal, v, M, length, m.dx_one)

    @cached_property
    def gradient_energy(self) -> KeptFront:
        """The gradient energy and the sharpening flux by triangles."""
        m, i = self.model, self.interface
        return KeptFront(m.edges, m.solved_triangles, i.kappa_0, i.length)

    def _kept(self) -> Kept:
        """What the triangles see of the front as it has been found."""
        m, normal = self.model, self.normal.x.array.reshape(-1, 2)
        near, n_x, n_y, capillarity = (
            m.edges.mean @ x for x in (self.near.x.array, *normal.T, self.capillarity.x.array)
        )
        M = float(self.M.value) * near * (n_x**2 + n_y**2) ** MEETING
        return Kept(m.of_triangles(self.chi_L_sigma) * capillarity, M, (n_x, n_y))

    def _sharpening(self):
        """M on triangles near a front, and none where two of them meet [m^2/s]."""
        return self.M * self.near * ufl.dot(self.normal, self.normal) ** MEETING
