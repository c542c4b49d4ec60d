# SPDX-License-Identifier: MIT
"""What passes a side where a field is held: the residual of its equation at the nodes held there.

It is the consistent flux of Gresho et al., Int. J. Numer. Methods Fluids 7 (1987) 371, with which
the balance of the field holds to round-off; that of the gradient has an error of first order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem

from solver.equations.model import Model

Form = Callable[[fem.Function, ufl.Measure], ufl.Form]
"""A term of an equation with a test function and a measure."""


class Strip:
    """The cells along sides, and a test function that is 1 at the nodes of the sides alone.

    Args:
        model: The mesh and its quadrature.
        sides: Names of the sides.
        rule: Quadrature of the term; see `Model.rule` and `Model.rule_one`.
    """

    def __init__(self, model: Model, sides: Iterable[str], rule: dict):
        self.model, mesh = model, model.domain.mesh
        self._test, cells_of = fem.Function(model.V), model.V.dofmap.list
        dofs = np.unique(np.concatenate([model.domain.dofs(model.V, side) for side in sides]))
        self._test.x.array[dofs] = 1.0
        # What the nodes store that the held rows see: themselves alone, if lumped.
        self._storing, near = model.lumped_mass, dofs
        if model.degree > 1:
            self._storing = model.nodal(fem.form(self._test * model.v * model.dx))
            near = np.flatnonzero(self._storing)
        self._storing_dofs = near[near < model.V.dofmap.index_map.size_local]
        # Cells with a node on a side, not only a facet: all that the held rows see.
        cells = np.flatnonzero(np.isin(cells_of, dofs).any(axis=1)).astype(np.int32)
        cells = cells[cells < mesh.topology.index_map(2).size_local]
        self._dx = ufl.Measure("dx", mesh, subdomain_data=[(1, cells)], metadata=rule)(1)

    def form(self, term: Form) -> fem.Form:
        """A term at the nodes of the sides, compiled."""
        return fem.form(term(self._test, self._dx))

    def passing(self, outflow: fem.Form, stored: np.ndarray) -> float:
        """What enters through the sides: what its nodes store and what transport takes from them.

        Collective.

        Args:
            outflow: Transport; see `form`.
            stored: Per area, at all nodes.
        """
        dofs = self._storing_dofs
        local = np.dot(self._storing[dofs], stored[dofs]) + fem.assemble_scalar(outflow)
        return self.model.comm.allreduce(float(local), MPI.SUM)
