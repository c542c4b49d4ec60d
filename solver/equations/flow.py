# SPDX-License-Identifier: MIT
"""The deposit's flow: the strain eps_v of every triangle, found together with the displacement."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from mpi4py import MPI

from solver.equations.couplings_elastic import Deposit as Shares
from solver.equations.couplings_elastic import by_triangle
from solver.equations.couplings_flow import Answer, Flow
from solver.equations.equation import Equation
from solver.equations.flow_update import FlowUpdate
from solver.equations.model import Model
from solver.fields.flow import FIELD
from solver.input.mechanics import flow_law
from solver.laws.bounds import SMALL_STRAIN
from solver.laws.creep import NONE, Strain
from solver.schemes.stage import Base
from solver.terms.damage import DEGREE


class Deposit(NamedTuple):
    """The deposit of every triangle in a state.

    Attributes:
        share: Share of it.
        elastic: Deviator of its elastic strain.
        eps_v: The strain by which it has flowed.
    """

    share: np.ndarray
    elastic: Strain
    eps_v: Strain


class FlowEquation(Equation):
    """Holds eps_v, and lets the deposit flow.

    A step of backward Euler leads from the state before a step in time to every stage: of first
    order, but stress that is gone within a step stays gone.

    Attributes:
        before: The deposit in the state before the step.
        elapsed: Time from that to the present stage [s].
    """

    field = FIELD
    has_form = False
    needs = ("elasticity",)
    before: Deposit

    def __init__(self, model: Model):
        super().__init__(model)
        self._begun, self.elapsed = 0.0, 0.0

    @classmethod
    def wanted(cls, config: Any) -> bool:
        """Whether the deposit flows."""
        return config.lithium.flow != "none"

    @property
    def solved(self) -> bool:
        """It is no field that files show."""
        return False

    @cached_property
    def flow(self) -> Flow:
        """The deposit in every triangle."""
        m = self.model
        material = by_triangle(m.coefficients.elasticity, m.of_triangles)
        return Flow(m.edges, m.solved_triangles, material, flow_law(m.config), self._shares)

    def _shares(self, xi: np.ndarray) -> Shares:
        """The deposit of the triangles.

        Beside cracks by the rule of their stress: by another, flow could take more than there is.
        """
        m = self.model
        if "d" in m.equations:
            return Shares.by_quadrature(m.edges, DEGREE, xi)
        return Shares.of(m.edges, m.solved_triangles, xi)

    @cached_property
    def _rows(self) -> np.ndarray:
        """Place of every triangle among the values."""
        return self.function.function_space.dofmap.list[:, 0]

    @property
    def eps_v(self) -> Strain:
        """The strain of flow in every triangle."""
        rows = self.function.x.array.reshape(-1, FIELD.components)
        return Strain(*(component.take(self._rows) for component in rows.T))

    @eps_v.setter
    def eps_v(self, strain: Strain) -> None:
        rows = self.function.x.array.reshape(-1, FIELD.components)
        for component, values in zip(rows.T, strain, strict=True):
            component[self._rows] = values

    def present(self) -> Deposit:
        """The deposit in the model's state."""
        s, eps_v = self.model.state, self.eps_v
        u, xi = s.u.x.array, s.xi.x.array
        return Deposit(self.flow.metal(xi), self.flow.strain(u, xi).less(eps_v), eps_v)

    def initialise(self, x: np.ndarray) -> None:
        """Nothing has flowed, and nothing is new: the initial deposit has the stress it has."""
        self.before = self.present()

    def begin_step(self, t: float, dt: float, base: Base) -> Base:
        """Take the state that the step sets out from."""
        self.before, self._begun = self.present(), t
        return base

    def hold(self, t: float, everything: bool = False) -> None:
        """Take the time of a stage [s]."""
        self.elapsed = t - self._begun

    def answer(self) -> Answer:
        """How the deposit answers to the state's displacement."""
        s = self.model.state
        before = self.before.share, self.before.eps_v
        return self.flow.answer(s.u.x.array, s.xi.x.array, before, self.elapsed)

    def driving(self) -> np.ndarray:
        """What flow adds to the elastic driving force, at the nodes [J/m]."""
        s = self.model.state
        return self.flow.driving(s.u.x.array, s.xi.x.array, self.eps_v)

    def update(self) -> FlowUpdate | None:
        """The share of displacement and flow in a pass; None where they are found with damage."""
        equations = self.model.equations
        return None if "d" in equations else FlowUpdate(self, equations["u"])

    def residual(self, y, base, tau, closing, test) -> None:
        """None."""

    def weight(self, tau) -> float:
        """Not used."""
        return 1.0

    def remark(self) -> str:
        """Say that strains are no longer small."""
        lithium = self.flow.metal(self.model.state.xi.x.array) > 0.5
        most = self.model.extremes_of(self.eps_v.strained[lithium])[1]
        if not most > SMALL_STRAIN:
            return ""
        return (
            f"strains are not small: lithium has flowed by {most:.2g}, and beyond {SMALL_STRAIN:g} "
            "displacement and stress no longer mean much"
        )

    # --- measured --------------------------------------------------------------------------

    def spent(self, before: Deposit, after: Deposit) -> tuple[float, float]:
        """Work of the stress in lithium on a straight way of its eps_v between two states [J/m].

        What flow dissipates, and what is lost as new lithium is born without shear. Collective.

        Returns:
            The work by the mean of the stresses at both ends, and by their difference, without its
            sign: how much the mean leaves open.
        """
        own = self.model.mesh.topology.index_map(2).size_local
        way = after.eps_v.less(before.eps_v)
        first, last = (
            (self.flow.mu * self.model.edges.areas * x.share * x.elastic.inner(way))[:own]
            for x in (before, after)
        )
        sums = np.array([(first + last).sum(), np.abs(last - first).sum()])
        self.model.comm.Allreduce(MPI.IN_PLACE, sums, MPI.SUM)
        return float(sums[0]), float(sums[1])

    def relieved(self) -> np.ndarray:
        """What flow adds to the elastic energy of the state in every triangle [J/m^3]."""
        s, eps_v = self.model.state, self.eps_v
        share, whole = self.flow.metal(s.xi.x.array), self.flow.strain(s.u.x.array, s.xi.x.array)
        return self.flow.mu * share * (eps_v.squared - 2 * whole.inner(eps_v))

    def columns(self) -> tuple[str, ...]:
        """How much of the lithium's strain is flow."""
        return ("lithium_flowing",)

    def measured(self) -> tuple[float, ...]:
        """Share of flow in the last step's change of strain of the lithium, its mean."""
        m, own = self.model, self.model.mesh.topology.index_map(2).size_local
        before, after = self.before, self.present()
        flowed, elastic = (
            np.sqrt(b.less(a).squared)
            for a, b in ((before.eps_v, after.eps_v), (before.elastic, after.elastic))
        )
        lithium = (m.edges.areas * after.share)[:own]
        flowing = (flowed / np.maximum(flowed + elastic, NONE))[:own]
        total, part = (
            m.comm.allreduce(float(x), MPI.SUM) for x in (lithium.sum(), lithium @ flowing)
        )
        return (part / total if total > 0 else 0.0,)


EQUATION = FlowEquation
