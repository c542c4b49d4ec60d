# SPDX-License-Identifier: MIT
"""The forms of one config on one mesh: which terms, which coefficients, which boundary values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import ufl
from mpi4py import MPI
from petsc4py import PETSc

import dolfinx.fem.petsc as fem_petsc
from dolfinx import fem, la

from solver.cell import inert
from solver.cell.domain import Domain
from solver.equations import initial
from solver.equations.fields import State
from solver.input.config import Config
from solver.laws import kinetics, scaling
from solver.terms import mechanics, phase_field, potential, transport

RULES = {
    1: ({"quadrature_rule": "vertex", "quadrature_degree": 1}, {"quadrature_degree": 0}),
    2: ({"quadrature_degree": 6}, {"quadrature_degree": 6}),
}
"""Quadrature of `dx` and `dx_one`, by the degree of the elements. Degree 6 leaves an error below
that of P2 although most integrands are not polynomials."""


@dataclass(frozen=True)
class Numbers:
    """Scalar parameters in force (SI).

    Attributes:
        charge: z s F c_Li, what a volume of deposit takes from the current [C/m^3].
    """

    interface: scaling.Interface
    F: float
    F_RT: float
    c_Li: float
    alpha: float
    phi_eq: float
    phi_anode: float
    phi_counter: float
    c_counter: float
    c_half: float
    applied: bool
    charge: float


def numbers(config: Config) -> Numbers:
    """Collect the scalar parameters of a config."""
    k, b = config.constants, config.boundary
    return Numbers(
        interface=scaling.interface(config.phase_field),
        F=k.F,
        F_RT=k.F / (k.R * k.T),
        c_Li=config.lithium.c_Li,
        alpha=config.kinetics.alpha,
        phi_eq=config.kinetics.phi_eq,
        phi_anode=b.phi_anode,
        phi_counter=b.phi_counter,
        c_counter=config.layers[-1].c0 if b.c_counter is None else b.c_counter,
        c_half=config.kinetics.c_half,
        applied=config.kinetics.overpotential == "applied",
        charge=_charge(config),
    )


def _charge(config: Config) -> float:
    p, whole = config.potential, config.constants.F * config.lithium.c_Li
    return p.charge_scale * whole * (1 if p.carrier == "ions" else -1)


class Model:
    """Coefficients, measures and forms; the unknowns live in `state`.

    Attributes:
        degree: Degree of the elements.
        dx: Vertex rule for P1, which lumps everything that is not constant per triangle; over all
            cells in which xi, c and phi are solved for.
        dx_all: The same over all cells, the skeleton's too.
        dx_one: One-point rule for P1, exact for integrands that are constant per triangle.
        lumped_mass: Integrals of the basis functions [m^2], ghosts included: the nodal areas of
            P1, but 0 at the corners of P2.
        inside_skeleton: Nodes of the skeleton that belong to no other cell.
        smallest_area: Smallest nodal area, or cell area of P2 [m^2].
        inv_c0: Nodal values of 1/c0 [m^3/mol] as the lumped forms see them.
    """

    def __init__(self, config: Config, domain: Domain):
        self.config, self.domain = config, domain
        self.numbers = numbers(config)
        self.degree = config.solver.degree
        self.state = State.zero(domain.mesh, self.degree)
        self.V, self.Vu = self.state.xi.function_space, self.state.u.function_space
        self.v, self.w = ufl.TestFunction(self.V), ufl.TestFunction(self.Vu)
        rule, self._rule_one = RULES[self.degree]
        self.dx, self.dx_one, self.dx_all = inert.measures(domain, rule, self._rule_one)
        self._coefficients(config)
        self.lumped_mass = self.nodal(fem.form(self.v * self.dx))
        if self.degree == 1:
            smallest = float(self.lumped_mass[self.lumped_mass > 0].min())
            self.inside_skeleton = np.flatnonzero(self.lumped_mass == 0)
            self.inv_c0 = self._mean_inv_c0()
        else:
            areas = self._cell_areas()
            smallest = float(areas.min(initial=np.inf))
            weighted = self._patch_sums(areas / self.c0.x.array[: len(areas)])
            self.inv_c0 = weighted / self._patch_sums(areas)
            self.inside_skeleton = np.empty(0, dtype=np.int32)
        self.smallest_area = domain.comm.allreduce(smallest, MPI.MIN)
        self._prepare_inflow()

    def _mean_inv_c0(self) -> np.ndarray:
        weighted = self.nodal(fem.form(self.v / self.c0 * self.dx))
        unsolved, mass = self.inside_skeleton, self.lumped_mass.copy()
        mass[unsolved] = 1.0
        mean = weighted / mass
        mean[unsolved] = 1 / max(layer.c0 for layer in self.config.layers)
        return mean

    def _coefficients(self, config: Config) -> None:
        per_layer = self.domain.layer_field
        layers, lithium = config.layers, config.lithium
        lame = [mechanics.lame(layer.E, layer.nu) for layer in layers]
        self.D = per_layer([layer.D for layer in layers], "D")
        self.c0 = per_layer([layer.c0 for layer in layers], "c0")
        deposit, electrolyte = zip(*config.conductivities, strict=True)
        self.sigma_deposit = per_layer(deposit, "sigma_deposit")
        self.sigma_electrolyte = per_layer(electrolyte, "sigma_electrolyte")
        self.layer_number = per_layer(list(range(1, len(layers) + 1)), "layer")
        lam_metal, mu_metal = mechanics.lame(lithium.E, lithium.nu)
        vegard = [
            per_layer([layer.lambda_i[i] for layer in layers], f"lambda_{i}") for i in range(3)
        ]
        lam, mu = (per_layer([x[i] for x in lame], name) for i, name in enumerate(("lam", "mu")))
        if config.skeleton is not None:
            stiff = mechanics.lame(config.skeleton.E, config.skeleton.nu)
            for field, value in zip((lam, mu), stiff, strict=True):
                inert.set_values(field, self.domain, value)
        self.solved = inert.share_solved(self.domain)
        self.elasticity = mechanics.Elasticity(
            self.constant(lam_metal), self.constant(mu_metal), lam, mu, vegard
        )

    def constant(self, value: float) -> fem.Constant:
        """A number that can change without recompiling the forms that hold it."""
        return fem.Constant(self.domain.mesh, PETSc.ScalarType(value))

    def nodal(self, form: fem.Form) -> np.ndarray:
        """Assemble a linear form on a scalar space; nodal values with ghosts updated."""
        out = fem.Function(self.V)
        self.assemble_into(out, form)
        return out.x.array

    @staticmethod
    def assemble_into(out: fem.Function, form: fem.Form) -> None:
        """Assemble a linear form into `out`, ghosts updated."""
        out.x.array[:] = 0
        fem_petsc.assemble_vector(out.x.petsc_vec, form)
        out.x.petsc_vec.ghostUpdate(PETSc.InsertMode.ADD, PETSc.ScatterMode.REVERSE)
        out.x.scatter_forward()

    def _cell_areas(self) -> np.ndarray:
        """Areas of the cells that this rank owns [m^2]."""
        test = ufl.TestFunction(self.c0.function_space)
        areas = fem.assemble_vector(fem.form(test * self.dx_one)).array
        return areas[: self.domain.mesh.topology.index_map(2).size_local]

    def _patch_sums(self, per_cell: np.ndarray) -> np.ndarray:
        """At every node, ghosts included, the sum of a value per owned cell over its cells."""
        out, cells = fem.Function(self.V), self.V.dofmap.list[: len(per_cell)]
        np.add.at(out.x.array, cells.ravel(), np.repeat(per_cell, cells.shape[1]))
        out.x.scatter_reverse(la.InsertMode.add)
        out.x.scatter_forward()
        return out.x.array

    # --- forms -----------------------------------------------------------------------------

    def gradient_form(self, xi, direction) -> ufl.Form:
        """Gradient-energy term of the phase field."""
        p, f = self.config.phase_field, self.numbers.interface
        mobility, kappa_0 = self.constant(f.L_sigma), self.constant(f.kappa_0)
        delta, omega = self.constant(p.delta), self.constant(p.omega)
        return phase_field.gradient(
            xi, direction, self.v, mobility, kappa_0, delta, omega, self.dx_one
        )

    def transport_form(self, c, phi, v=None, dx=None, xi=None) -> ufl.Form:
        """Diffusion and migration of Li+; through the state's xi by default."""
        F_RT = self.constant(self.numbers.F_RT)
        term = transport.nernst_planck if self.degree == 1 else transport.nernst_planck_galerkin
        D = self._diffusivity(self.state.xi if xi is None else xi)
        return term(c, phi, self.v if v is None else v, D, F_RT, dx or self.dx_one)

    def _diffusivity(self, xi):
        D_deposit = self.config.lithium.D
        if D_deposit is None:
            return self.D
        return transport.diffusivity(self.inside(xi), self.constant(D_deposit), self.D)

    def conduction_form(self, phi, xi) -> ufl.Form:
        """Conduction of charge."""
        xi = self.inside(xi)
        return potential.conduction(
            phi, xi, self.v, self.sigma_deposit, self.sigma_electrolyte, self.dx
        )

    def elastic_driving_form(self, u, xi) -> ufl.Form:
        """Elastic driving force on the phase field."""
        f = mechanics.elastic_driving_force(u, self.inside(xi), self.elasticity)
        L_sigma = self.constant(self.numbers.interface.L_sigma)
        return phase_field.elastic_driving(f, self.v, L_sigma, self.dx)

    def stiffness_form(self, u, xi) -> ufl.Form:
        """Virtual work of the total strain."""
        return mechanics.stiffness(u, self.solid(xi), self.w, self.elasticity, self.dx_all)

    def vegard_form(self, xi) -> ufl.Form:
        """Virtual work of the Vegard strain."""
        return mechanics.vegard_load(self.solid(xi), self.w, self.elasticity, self.dx_all)

    def solid(self, xi):
        """Phase field as the elasticity of all cells sees it: 0 in the skeleton."""
        xi = self.inside(xi)
        return xi if self.config.skeleton is None else self.solved * xi

    def inside(self, xi):
        """Phase field as P2 coefficients see it, cut off to [0, 1], where P1 is by itself.

        P2 undershoots ahead of the front, and h(-0.01) times a metallic conductivity would outweigh
        the electrolyte's.
        """
        return xi if self.degree == 1 else ufl.max_value(0.0, ufl.min_value(xi, 1.0))

    def held_dofs(self, field: str) -> np.ndarray:
        """Local degrees of freedom of a field that are held at their value, ghosts included."""
        sides = {"xi": (), "c": ("counter",), "phi": ("anode", "counter")}
        if field == "u":
            normal = {"anode": 1, "counter": 1, "left": 0, "right": 0}
            rollers = self.config.boundary.zero_normal_displacement
            found = [2 * self.domain.dofs(self.Vu, side) + normal[side] for side in rollers]
        else:
            found = [self.domain.dofs(self.V, side) for side in sides[field]]
            found.append(self.inside_skeleton.astype(np.int32))
        return np.unique(np.concatenate([np.empty(0, dtype=np.int32), *found]))

    # --- pointwise -------------------------------------------------------------------------

    def overpotential(self, phi):
        """eta = phi - phi_eq [V], of nodal values or in a form."""
        n = self.numbers
        return n.phi_anode - n.phi_eq + 0 * phi if n.applied else phi - n.phi_eq

    def rate_factors(self, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Anodic factor, and cathodic factor per concentration [m^3/mol], at the nodes."""
        n, eta = self.numbers, self.overpotential(phi)
        anodic = kinetics.anodic(eta, n.alpha, n.F_RT)
        return anodic, kinetics.cathodic(eta, n.alpha, n.F_RT) * self.inv_c0

    def elastic_driving_rate(self) -> float:
        """Size of L_sigma f_els' [1/s]: h' is at most 15/8, the stress about E |lambda_i|."""
        largest = max(x.E * max(map(abs, x.lambda_i)) ** 2 for x in self.config.layers)
        return self.numbers.interface.L_sigma * largest * 15 / 8

    # --- measured quantities ---------------------------------------------------------------

    def inflow(self, increment: np.ndarray, c_base: np.ndarray, tau: float) -> float:
        """Li+ that enters through the counter electrode in a stage [mol/m/s].

        The consistent (variational) flux: the residual of the Nernst-Planck equation at the nodes
        where c is held.
        """
        s, n, dofs = self.state, self.numbers, self._storing_dofs
        storage = s.c.x.array - c_base + n.c_Li * increment
        local = np.dot(self._storing[dofs], storage[dofs]) / tau
        local += fem.assemble_scalar(self._outflow)
        return self.domain.comm.allreduce(float(local), MPI.SUM)

    def _prepare_inflow(self) -> None:
        mesh = self.domain.mesh
        on_counter = fem.Function(self.V)
        dofs = self.domain.dofs(self.V, "counter")
        on_counter.x.array[dofs] = 1.0
        # What the nodes store that the counter electrode's rows see: themselves alone, if lumped.
        self._storing, near = self.lumped_mass, dofs
        if self.degree > 1:
            self._storing = self.nodal(fem.form(on_counter * self.v * self.dx))
            near = np.flatnonzero(self._storing)
        self._storing_dofs = near[near < self.V.dofmap.index_map.size_local]
        # Cells with a node on the side, not only a facet: all that the held rows see.
        cells = np.flatnonzero(np.isin(self.V.dofmap.list, dofs).any(axis=1)).astype(np.int32)
        cells = cells[cells < mesh.topology.index_map(2).size_local]
        strip = ufl.Measure("dx", mesh, subdomain_data=[(1, cells)], metadata=self._rule_one)
        self._outflow = fem.form(
            self.transport_form(self.state.c, self.state.phi, on_counter, strip(1))
        )

    # --- start -----------------------------------------------------------------------------

    def initialise(self) -> None:
        """Set the initial deposit, c = c0 (1 - h), and phi linear across the electrolyte."""
        from solver.laws.energy import h

        n, s = self.numbers, self.state
        x = self.V.tabulate_dof_coordinates()
        s.xi.x.array[:] = initial.phase_field(
            x[:, 0], x[:, 1], self.config.nuclei, self.domain.width, n.interface.length
        )
        s.xi.x.array[self.inside_skeleton] = 0.0
        metal = h(s.xi.x.array)
        s.c.x.array[:] = (1 - metal) / self.inv_c0 + metal * self.config.nuclei.c_inside
        s.phi.x.array[:] = n.phi_counter + (n.phi_anode - n.phi_counter) * h(s.xi.x.array)
        s.c.x.array[self.domain.dofs(self.V, "counter")] = n.c_counter
        s.phi.x.array[self.domain.dofs(self.V, "anode")] = n.phi_anode
        s.phi.x.array[self.domain.dofs(self.V, "counter")] = n.phi_counter
