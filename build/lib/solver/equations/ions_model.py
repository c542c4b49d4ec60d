# SPDX-License-Identifier: MIT
"""The forms of one transport config on one mesh, and the unknowns.

The unknowns are mu_i of every species, continuous, and psi: continuous with Poisson's equation,
discontinuous with electroneutrality, which holds at every point of every layer by itself. What is
held at an electrode takes the place of balances there: a potential that of the first species
(electroneutral) or of the charge (Poisson), a concentration that of its species.
"""

from __future__ import annotations

from typing import NamedTuple

import basix.ufl
import numpy as np
import ufl
from mpi4py import MPI
from petsc4py import PETSc

from dolfinx import fem

from solver.cell.domain import Domain
from solver.input.ions_checks import ELECTRODES
from solver.input.ions_config import TransportConfig
from solver.terms import ions

QUADRATURE = {1: 4, 2: 6}
"""Degree of quadrature by that of the elements: products of exponentials of them."""


class Held(NamedTuple):
    """What is held at an electrode.

    Attributes:
        side: The electrode.
        row: Number of the balance whose place it takes: that of a species, or of the charge.
        form: The condition, tested with that balance's test function.
    """

    side: str
    row: int
    form: ufl.Form


class IonModel:
    """Coefficients and forms; the unknowns are in `state`.

    Attributes:
        state: mu_i and psi.
        old: The same at the beginning of the step.
        first: The same after its first stage.
        test: Test functions of the balances.
        charge_row: Number of psi among the unknowns, and of the charge among the balances.
        balances: Every balance, boundary values left out, scaled to order one.
        held: What is held at the electrodes.
        scales: Factor that takes a scaled balance to mol/m/s, by species.
    """

    def __init__(self, config: TransportConfig, domain: Domain):
        self.config, self.domain = config, domain
        self.charge_row = len(config.species)
        k = config.constants
        self.RT_F = k.R * k.T / k.F
        degree = config.solver.degree
        rule = {"quadrature_degree": QUADRATURE[degree]}
        self.dx = ufl.Measure("dx", domain.mesh, metadata=rule)
        self.ds = {
            side: ufl.Measure("ds", domain.mesh, subdomain_data=domain.facet_tags, metadata=rule)(
                domain.tags[side]
            )
            for side in ELECTRODES
        }
        continuous = basix.ufl.element("Lagrange", "triangle", degree)
        local = basix.ufl.element("Lagrange", "triangle", degree, discontinuous=True)
        closing = continuous if config.closure == "poisson" else local
        element = basix.ufl.mixed_element([continuous] * self.charge_row + [closing])
        self.space = fem.functionspace(domain.mesh, element)
        self.state, self.old, self.first = (fem.Function(self.space) for _ in range(3))
        self.tau, self.ratio = self.constant(1.0), self.constant(0.0)
        self._coefficients()
        self._dofs = [self.space.sub(row).dofmap.list for row in range(self.charge_row + 1)]
        self._forms()

    def _coefficients(self) -> None:
        config, per_layer = self.config, self.domain.layer_field
        names = [s.name for s in config.species]
        self.charges = np.array([s.charge for s in config.species])
        self.c_ref = np.array([max(layer.c0[n] for layer in config.layers) for n in names])
        self.D_ref = np.array([max(layer.D[n] for layer in config.layers) for n in names])
        self.D = [per_layer([layer.D[n] for layer in config.layers], f"D_{n}") for n in names]
        self.c_im = per_layer([layer.c_im for layer in config.layers], "c_im")
        k = config.constants
        factor = k.eps_0 * self.RT_F / k.F
        self.permittivity = per_layer(
            [factor * layer.epsilon_r for layer in config.layers], "permittivity"
        )
        self.layer_number = per_layer(list(range(1, len(config.layers) + 1)), "layer")
        self.scales = self.c_ref * self.D_ref

    def constant(self, value: float) -> fem.Constant:
        """A number that can change without recompiling the forms that hold it."""
        return fem.Constant(self.domain.mesh, PETSc.ScalarType(value))

    def _forms(self) -> None:
        z, c_ref = ([self.constant(x) for x in row] for row in (self.charges, self.c_ref))
        *mu, psi = ufl.split(self.state)
        *v, w = self.test = ufl.split(ufl.TestFunction(self.space))

        def concentrations(function: fem.Function) -> list:
            *mus, potential = ufl.split(function)
            return [ions.concentration(m, potential, z[i], c_ref[i]) for i, m in enumerate(mus)]

        c, c_old, c_first = map(concentrations, (self.state, self.old, self.first))
        self.balances = []
        for i, s in enumerate(self.config.species):
            base = c_old[i] + self.ratio * (c_first[i] - c_old[i])
            form = ions.storage(c[i], base, self.tau, v[i], self.dx)
            form += ions.transport(c[i], mu[i], v[i], self.D[i], self.dx)
            for side in ELECTRODES:
                N_in = getattr(self.config.boundary, side).flux.get(s.name, 0.0)
                form += ions.inflow(self.constant(N_in), v[i], self.ds[side])
            self.balances.append(self.constant(1 / self.scales[i]) * form)
        rho = ions.charge_density(c, z, self.c_im)
        if self.config.closure == "poisson":
            charge = ions.poisson(psi, rho, w, self.permittivity, self.dx)
        else:
            charge = ions.neutrality(rho, w, self.dx)
        # Over an area, as the other balances: they are divided by D, this one by height^2.
        scale = self.c_ref.max() * self.domain.height**2
        self.balances.append(self.constant(1 / scale) * charge)
        self.held = [h for side in ELECTRODES for h in self._held(side, mu, psi)]
        self.contents = [fem.form(c_i * self.dx) for c_i in c]

    def _held(self, side: str, mu, psi) -> list[Held]:
        electrode, ds, found = getattr(self.config.boundary, side), self.ds[side], []
        scale = self.constant(1 / self.domain.width)
        if electrode.phi is not None:
            row = self.charge_row if self.config.closure == "poisson" else 0
            wanted = self.constant(electrode.phi / self.RT_F)
            found.append(Held(side, row, scale * (psi - wanted) * self.test[row] * ds))
        for i, s in enumerate(self.config.species):
            if s.name in electrode.c:
                wanted = self.constant(np.log(electrode.c[s.name] / self.c_ref[i]))
                # As logarithms: the condition is linear in the unknowns.
                excess = mu[i] - self.constant(s.charge) * psi - wanted
                found.append(Held(side, i, scale * excess * self.test[i] * ds))
        return found

    def rows(self, held: Held) -> np.ndarray:
        """Local rows of the balance whose place is taken, ghosts included."""
        return fem.locate_dofs_topological(
            self.space.sub(held.row), 1, self.domain.facets(held.side)
        )

    # --- values ------------------------------------------------------------------------------

    def initialise(self) -> None:
        """Set c = c0 and psi = the potential of the reference electrode."""
        electrodes = [getattr(self.config.boundary, side) for side in ELECTRODES]
        psi = next(e.phi for e in electrodes if e.phi is not None) / self.RT_F
        values = self.state.x.array
        values[self._dofs[-1]] = psi
        # Nodes between layers take the values of the last: a guess that the first solve corrects.
        for name, layer in zip(self.domain.layers, self.config.layers, strict=True):
            cells = self.domain.cell_tags.find(self.domain.tags[name])
            for i, s in enumerate(self.config.species):
                ratio = layer.c0[s.name] / self.c_ref[i]
                values[self._dofs[i][cells]] = np.log(ratio) + s.charge * psi
        self.state.x.scatter_forward()
        self.old.x.array[:] = values

    def concentrations(self, function: fem.Function) -> np.ndarray:
        """Concentrations at the nodes of every local cell, shape (species, cells, nodes)."""
        values = function.x.array
        psi = values[self._dofs[-1]]
        return np.array(
            [
                c_ref * np.exp(values[dofs] - z * psi)
                for dofs, z, c_ref in zip(self._dofs, self.charges, self.c_ref, strict=False)
            ]
        )

    def potential(self) -> np.ndarray:
        """Potential V at the nodes of every local cell, shape (cells, nodes) [V]."""
        return self.RT_F * self.state.x.array[self._dofs[-1]]

    def content(self) -> np.ndarray:
        """Integral of every concentration over the cell [mol/m]."""
        local = np.array([fem.assemble_scalar(form) for form in self.contents])
        return self.domain.comm.allreduce(local, MPI.SUM)
