# SPDX-License-Identifier: MIT
"""The counter electrode of a cell with a current and a voltage."""

from __future__ import annotations

from typing import Any

import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem

from solver.equations.model import Model
from solver.laws.electrode import Electrode

ITERATIONS, ENOUGH = 60, 1e-14
"""Newton's steps at most for the voltage that a current wants, and the step that ends them, in RT/F
or relative to the voltage beyond it."""


class CounterElectrode:
    """A sheet of lithium whose metal is at the cell voltage.

    Attributes:
        held: Local nodes that have its potential, ghosts included: all on it if it is reversible,
            else none.
        lengths: Nodal lengths on it [m], ghosts included; 0 elsewhere.
        law: Its Butler-Volmer law; None if it is reversible.
        shift: By which the ions' potential is above the metal's at rest, for the pressure of its
            lithium [V].
    """

    def __init__(self, model: Model):
        self.model, self.shift, n = model, 0.0, model.numbers
        R_ct = model.config.electrochemistry.counter_R_ct
        self.law = None if R_ct is None else Electrode.of_resistance(R_ct, n.alpha, n.F_RT)
        nodes = model.domain.dofs(model.V, "counter")
        self.held = nodes if self.law is None else nodes[:0]
        self._owned = model.V.dofmap.index_map.size_local
        ds = ufl.Measure("ds", model.mesh, subdomain_data=model.domain.facet_tags)
        self._ds = ds(model.domain.tags["counter"])
        self.lengths = model.nodal(fem.form(model.v * self._ds))

    def current(self, voltage: float) -> tuple[np.ndarray, np.ndarray]:
        """Currents into the nodes by the law [A/m], and their rise with the voltage [S/m].

        0 if the electrode is reversible: what enters is then what leaves its nodes.
        """
        if self.law is None:
            return np.zeros_like(self.lengths), np.zeros_like(self.lengths)
        # It dissolves where the front plates.
        drive = self.model.state.phi.x.array - (voltage + self.shift)
        return -self.lengths * self.law.current(drive), self.lengths * self.law.conductance(drive)

    def leaving(self, y: dict[str, Any], voltage, v) -> ufl.Form:
        """What `current` lets into the nodes, as a residual of the unknowns y has it."""
        lumped = self._ds(metadata={"quadrature_rule": "vertex", "quadrature_degree": 1})
        return self.law.mapped(self.model.constant).current(y["phi"] - voltage) * v * lumped

    def total(self, nodal: np.ndarray) -> float:
        """Sum of a nodal value over all ranks. Collective."""
        return self.model.comm.allreduce(float(nodal[: self._owned].sum()), MPI.SUM)

    def voltage(self) -> float:
        """Potential of the metal at the held nodes [V]. Collective."""
        local = self.model.state.phi.x.array[self.held]
        return self.model.comm.allreduce(float(local.max(initial=-np.inf)), MPI.MAX) - self.shift

    def matched(self, total: float) -> float:
        """Voltage at which the law passes a total current [A/m], phi as it is. Collective.

        By Newton's method from the voltage at a phi that is everywhere its mean.
        """
        scale, width = 1 / self.model.numbers.F_RT, self.total(self.lengths)
        mean = self.total(self.lengths * self.model.state.phi.x.array) / width
        voltage = mean - self.law.drive(-total / width)
        for _ in range(ITERATIONS):
            current, rise = map(self.total, self.current(voltage))
            step = (total - current) / rise
            # Towards a larger current the exponential overtakes its tangent at once.
            voltage += float(np.clip(step, -scale, scale))
            if abs(step) <= ENOUGH * max(scale, abs(voltage)):
                break
        return voltage
