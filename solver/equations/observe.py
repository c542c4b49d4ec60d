# SPDX-License-Identifier: MIT
"""Scalars of a state: tip, area, current, lithium balance, extremes."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from solver.cell import inert
from solver.equations.bodies import Bodies
from solver.equations.model import Model

OF_THE_WHOLE = (
    "step", "t_s", "dt_s", "tip_um", "front_mean_um", "area_um2", "deposition_A_per_m2",
    "li_balance_rel",
)  # fmt: skip
"""Columns that belong to no single field; those of the fields follow."""

EDGES = {1: ([0, 1], [1, 2], [0, 2]), 2: ([1, 3], [3, 2], [0, 4], [4, 2], [0, 5], [5, 1])}
"""Pairs of neighbouring nodes on the edges of a triangle, by the degree of its elements."""


class Observer:
    """Measures the model's state; every method is collective.

    The lithium balance compares what the cell holds, the integral of c + c_Li xi, with what it
    held at the start and what has entered through the boundary since.

    Attributes:
        columns: Names of the numbers of a row, in the order of scalars.csv.
    """

    def __init__(self, model: Model):
        self.model, self.comm = model, model.domain.comm
        self.owned = model.V.dofmap.index_map.size_local
        self.edges = self._ends()
        self.height = model.V.tabulate_dof_coordinates()[:, 1].copy()
        parts = (equation.columns() for equation in model.equations.values())
        self.columns = (*OF_THE_WHOLE, *(name for part in parts for name in part))
        self.content_expected = self.content()
        self.area_before = self.deposit_area()

    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Both ends of all edges that the front may cross."""
        model, inside = self.model, inert.cells(self.model.domain)
        if model.edges is not None and not len(inside):
            return model.edges.tail, model.edges.head
        cells = model.domain.mesh.topology.index_map(2).size_local
        # At a filament's surface xi ends: edges inside are no part of the front.
        triangles = model.V.dofmap.list[np.setdiff1d(np.arange(cells), inside)]
        pairs = np.vstack([triangles[:, pair] for pair in EDGES[model.degree]]).astype(np.int64)
        # One number per edge: rows would be sorted five times as slowly, on every new mesh.
        keys = np.unique((pairs.min(axis=1) << 32) | pairs.max(axis=1))
        return keys >> 32, keys & 0xFFFFFFFF

    def balance(self) -> dict[str, float]:
        """What the balances go on from: lithium expected [mol/m], area before [m^2]."""
        return {"content_expected": self.content_expected, "area_before": self.area_before}

    def resume(self, content_expected: float, area_before: float) -> None:
        """Go on with the balances of an earlier run: lithium [mol/m], area [m^2]."""
        self.content_expected, self.area_before = content_expected, area_before

    def row(self, step: int, t: float, dt: float, inflow: float) -> dict[str, float]:
        """Return the scalars after an accepted step.

        Args:
            step: Number of the step; 0 for the initial state.
            t: Time [s].
            dt: Size of the step [s].
            inflow: Li+ that entered through the boundary during the step [mol/m].
        """
        m = self.model
        n, width = m.numbers, m.domain.width
        content, area = self.content(), self.deposit_area()
        self.content_expected += inflow
        current = n.F * n.c_Li * (area - self.area_before) / dt / width if dt else 0.0
        self.area_before = area
        values = (
            step,
            t,
            dt,
            self.tip() * 1e6,
            (area - self._of_islands()) / width * 1e6,
            area * 1e12,
            current,
            (content - self.content_expected) / content,
            *(x for equation in m.equations.values() for x in equation.measured()),
        )
        return dict(zip(self.columns, values, strict=True))

    def content(self) -> float:
        """Integral of the lithium of all fields, c + c_Li xi, over the cell [mol/m]."""
        held = [equation.lithium() for equation in self.model.equations.values()]
        return self._integral(sum(x for x in held if x is not None))

    def deposit_area(self) -> float:
        """Integral of xi over the cell [m^2]."""
        return self._integral(self.model.state.xi.x.array)

    def tip(self) -> float:
        """Largest height of the deposit, of that which hangs together with the anode [m].

        0 where there is no deposit, the cell's height where there is nothing else.
        """
        level, bodies = self._level(), self.model.coefficients.kinetics.bodies
        return self._top(level if bodies is None else bodies.only(level, islands=False))

    def tip_from_anode(self) -> float:
        """The same of metal that hangs together with the anode, whoever tells pieces apart [m].

        Quadratic elements, whose nodes have no graph, do not.
        """
        if self.model.edges is None:
            return self.tip()
        return self._top(Bodies(self.model).only(self._level(), islands=False))

    def _of_islands(self) -> float:
        """Area of deposit without a connection to the anode, where that is told apart [m^2]."""
        bodies = self.model.coefficients.kinetics.bodies
        return 0.0 if bodies is None else bodies.isolated()[1]

    def islands(self) -> tuple[float, float]:
        """Largest height of islands [m], 0 if there are none, and their deposit's area [m^2]."""
        bodies = self.model.coefficients.kinetics.bodies
        count, area = bodies.isolated()
        return (self._top(bodies.only(self._level(), islands=True)) if count else 0.0), area

    def _level(self) -> np.ndarray:
        xi = np.clip(self.model.state.xi.x.array, 1e-12, 1 - 1e-12)
        return np.log(xi / (1 - xi))

    def _top(self, level: np.ndarray) -> float:
        """Largest height of a level of 0: the profile is a straight line as log(xi/(1 - xi))."""
        a, b = self.edges
        crossed = (level[a] > 0) != (level[b] > 0)
        a, b = a[crossed], b[crossed]
        weight = level[a] / (level[a] - level[b])
        heights = self.height[a] + weight * (self.height[b] - self.height[a])
        highest = self.comm.allreduce(float(heights.max(initial=-np.inf)), MPI.MAX)
        if np.isfinite(highest):
            return highest
        full = self.comm.allreduce(bool((level > 0).any()), MPI.LOR)
        return self.model.config.cell_height if full else 0.0

    def _integral(self, values: np.ndarray) -> float:
        local = np.dot(self.model.lumped_mass[: self.owned], values[: self.owned])
        return self.comm.allreduce(float(local), MPI.SUM)
