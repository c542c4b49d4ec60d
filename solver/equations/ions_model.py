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
from solver.equations.conditions import Total
from solver.input.ions_checks import ELECTRODES
from solver.input.ions_config import TransportConfig
from solver.laws.tableau import METHODS
from solver.terms import ions

QUADRATURE = {1: 4, 2: 6}
"""Degree of quadrature by that of the elements: products of exponentials of them."""


METHOD_OF_MODE = {"steady": "backward_euler", "transient": "sdirk2"}
"""Towards a steady state only stability counts."""


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
        old: The same in the last accepted state, with mu_i that may jump too: where layers differ
            at the start, a state of the unknowns does not have their c0.
        jumps: Whether the next step leaves a jump of c, between layers or to what an electrode
            holds: at the start, or after a restart that forces other values.
        stages: The same after the stages of the step so far.
        tableau: The method in time.
        tau: Effective step of the present stage [s].
        shares: Of the way to every earlier stage in the base of the present one.
        test: Test functions of the balances.
        charge_row: Number of psi among the unknowns, and of the charge among the balances.
        balances: Every balance, boundary values left out, scaled to order one.
        held: What is held at the electrodes.
        total: An electrode with a prescribed charge that goes in [mol/m/s], if there is one.
        potential_of_total: Its psi, the unknown that comes with it.
        scales: Factor that takes a scaled balance to mol/m/s, by species.
    """

    def __init__(self, config: TransportConfig, domain: Domain):
        self.tableau = METHODS[METHOD_OF_MODE[config.time.mode]]
        self.config, self.domain = config, domain
        self.charge_row = len(config.species)
        k = config.constants
        self.RT_F = k.R * k.T / k.F
        self.total, self.potential_of_total = self._total(), self.constant(0.0)
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
        self.state = fem.Function(self.space)
        broken = basix.ufl.mixed_element([local] * (self.charge_row + 1))
        self.old, self.jumps = fem.Function(fem.functionspace(domain.mesh, broken)), False
        earlier = range(len(self.tableau.A) - 1)
        self.stages = [fem.Function(self.space) for _ in earlier]
        self.tau, self.shares = self.constant(1.0), [self.constant(0.0) for _ in earlier]
        self._coefficients()
        self._dofs, self._old_dofs = (
            [space.sub(row).dofmap.list for row in range(self.charge_row + 1)]
            for space in (self.space, self.old.function_space)
        )
        self._forms()

    def _total(self) -> Total | None:
        given = {side: getattr(self.config.boundary, side).current for side in ELECTRODES}
        width, F = self.domain.width, self.config.constants.F
        found = [Total(side, i * width / F) for side, i in given.items() if i is not None]
        return found[0] if found else None

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

        c, c_old, *c_stages = map(concentrations, (self.state, self.old, *self.stages))
        self.balances = []
        for i, s in enumerate(self.config.species):
            base = c_old[i]
            for share, c_stage in zip(self.shares, c_stages, strict=True):
                base += share * (c_stage[i] - c_old[i])
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
        self.contents = [fem.form(c_i * self.dx) for c_i in c_old]

    def _held(self, side: str, mu, psi) -> list[Held]:
        electrode, ds, found = getattr(self.config.boundary, side), self.ds[side], []
        scale = self.constant(1 / self.domain.width)
        if electrode.phi is not None:
            row = self.charge_row if self.config.closure == "poisson" else 0
            wanted = self.constant(electrode.phi / self.RT_F)
            found.append(Held(side, row, scale * (psi - wanted) * self.test[row] * ds))
        elif electrode.current is not None:
            wanted = self.potential_of_total
            found.append(Held(side, 0, scale * (psi - wanted) * self.test[0] * ds))
            # What the condition above answers to a unit change of the potential.
            self.answer_to_total = -scale * self.test[0] * ds
            self.mean_at_total = scale * psi * ds
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
        values = self.old.x.array
        values[self._old_dofs[-1]] = psi
        for name, layer in zip(self.domain.layers, self.config.layers, strict=True):
            cells = self.domain.cell_tags.find(self.domain.tags[name])
            for i, s in enumerate(self.config.species):
                ratio = layer.c0[s.name] / self.c_ref[i]
                values[self._old_dofs[i][cells]] = np.log(ratio) + s.charge * psi
        self.jumps = self._jumps()
        self.restore()

    def _jumps(self) -> bool:
        layers, boundary = self.config.layers, self.config.boundary
        ends = zip((boundary.anode.c, boundary.counter.c), (layers[0], layers[-1]), strict=True)
        at_ends = any(layer.c0[name] != c for held, layer in ends for name, c in held.items())
        return at_ends or any(layer.c0 != layers[0].c0 for layer in layers)

    def keep(self) -> None:
        """Accept the present state."""
        self.jumps = False
        for old, new in zip(self._old_dofs, self._dofs, strict=True):
            self.old.x.array[old] = self.state.x.array[new]

    def restore(self) -> None:
        """Go back to the accepted state, or to what is nearest to it of the unknowns."""
        for old, new in zip(self._old_dofs, self._dofs, strict=True):
            # Nodes between layers take the values of one: a guess that the first solve corrects.
            self.state.x.array[new] = self.old.x.array[old]
        self.state.x.scatter_forward()

    def concentrations(self, function: fem.Function) -> np.ndarray:
        """Concentrations at the nodes of every local cell, shape (species, cells, nodes)."""
        values, dofs = function.x.array, self._old_dofs if function is self.old else self._dofs
        psi = values[dofs[-1]]
        return np.array(
            [
                c_ref * np.exp(values[at] - z * psi)
                for at, z, c_ref in zip(dofs, self.charges, self.c_ref, strict=False)
            ]
        )

    def unknowns(self) -> np.ndarray:
        """The accepted state, shape (cells, unknowns x nodes), one unknown after the other."""
        return np.hstack([self.old.x.array[dofs] for dofs in self._old_dofs])

    def set_unknowns(self, values: np.ndarray) -> None:
        """Accept such a state."""
        for dofs, part in zip(self._old_dofs, np.hsplit(values, len(self._old_dofs)), strict=True):
            self.old.x.array[dofs] = part
        self.restore()

    def potential(self) -> np.ndarray:
        """Potential V of the accepted state, shape (cells, nodes) [V]."""
        return self.RT_F * self.old.x.array[self._old_dofs[-1]]

    def content(self) -> np.ndarray:
        """Integral of every accepted concentration over the cell [mol/m]."""
        local = np.array([fem.assemble_scalar(form) for form in self.contents])
        return self.domain.comm.allreduce(local, MPI.SUM)
