# SPDX-License-Identifier: MIT
"""Numbers of a state of ion transport: extremes, fluxes, potential drop, balances, the profile."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from dolfinx import fem

from solver.cell.geometry import UM
from solver.equations.ions_model import IonModel
from solver.input.ions_checks import ELECTRODES


class Observer:
    """Measures the model's accepted state; every method is collective.

    The balance of a species compares what the cell holds with what it held at the start and what
    has entered through the electrodes since.
    """

    def __init__(self, model: IonModel):
        self.model, self.comm = model, model.domain.comm
        self.names = [s.name for s in model.config.species]
        self._expected = model.content()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the scalars, in order."""
        found = ["step", "t_s", "dt_s"]
        for name in self.names:
            found += [f"c_{name}_min_mol_m3", f"c_{name}_max_mol_m3"]
            found += [f"flux_{name}_{side}_mol_m2_s" for side in ELECTRODES]
            found += [f"balance_{name}_rel"]
        return (*found, "phi_min_V", "phi_max_V")

    def balance(self) -> dict[str, float]:
        """What the balances go on from: what the cell should hold of every species [mol/m]."""
        return dict(zip(self.names, self._expected.tolist(), strict=True))

    def resume(self, balance: dict[str, float]) -> None:
        """Go on with the balances of an earlier run."""
        self._expected = np.array([balance[name] for name in self.names])

    def row(
        self, step: int, t: float, dt: float, inflow: dict[str, np.ndarray]
    ) -> dict[str, float]:
        """Return the scalars after a step.

        Args:
            step: Number of the step; 0 for the initial state.
            t: Time [s].
            dt: Size of the step [s].
            inflow: Of every species through each electrode during the step [mol/m].
        """
        m = self.model
        content = m.content()
        self._expected = self._expected + sum(inflow.values())
        c, phi = m.concentrations(m.old), m.potential()
        values: list[float] = [t, dt]
        for i in range(len(self.names)):
            values += self._range(c[i])
            for side in ELECTRODES:
                values.append(inflow[side][i] / (dt * m.domain.width) if dt else 0.0)
            values.append((content[i] - self._expected[i]) / content[i])
        values += self._range(phi)
        return dict(zip(self.columns, [step, *map(float, values)], strict=True))

    def crowding(self) -> dict[str, float]:
        """Largest concentration of every species over the largest that its config gives."""
        config, found = self.model.config, {}
        c = self.model.concentrations(self.model.old)
        for i, name in enumerate(self.names):
            held = (getattr(config.boundary, side).c.get(name, 0.0) for side in ELECTRODES)
            found[name] = self._range(c[i])[1] / max(self.model.c_ref[i], *held)
        return found

    def drop(self) -> float:
        """Largest difference of the potential [V]."""
        low, high = self._range(self.model.potential())
        return high - low

    def _range(self, values: np.ndarray) -> tuple[float, float]:
        low = self.comm.allreduce(float(values.min(initial=np.inf)), MPI.MIN)
        return low, self.comm.allreduce(float(values.max(initial=-np.inf)), MPI.MAX)

    def profile(self) -> dict[str, np.ndarray] | None:
        """Every field along the axis in the middle of the cell, by layer and height.

        Between layers there are two values, one of each. None except on rank 0.
        """
        c, phi = self.model.concentrations(self.model.old), self.model.potential()
        rows = self.comm.gather(self._on_axis(np.stack([*c, phi], axis=-1)))
        if rows is None:
            return None
        rows = np.vstack(rows)
        rows = rows[np.argsort(rows[:, 0], kind="stable")]  # as the mesh was given
        layer, y, *fields = rows[:, 1:].T
        # Neighbouring triangles share nodes.
        key = np.round(y / self.model.domain.height, 14)
        _, once = np.unique(np.column_stack((layer, key)), axis=0, return_index=True)
        names = [*(f"c_{name}_mol_m3" for name in self.names), "phi_V"]
        columns = dict(zip(names, (values[once] for values in fields), strict=True))
        return {"y_um": y[once] / UM, "layer": layer[once].astype(int), **columns}

    def _on_axis(self, fields: np.ndarray) -> np.ndarray:
        """Number of the triangle, layer, y and fields where this rank's nodes are next to the axis.

        Args:
            fields: Values at the nodes of the cells, shape (cells, nodes, fields).
        """
        domain, layer_number = self.model.domain, self.model.layer_number
        count = domain.mesh.topology.index_map(2).size_local
        V = fem.functionspace(domain.mesh, ("DG", self.model.config.solver.degree))
        x = V.tabulate_dof_coordinates()[V.dofmap.list[:count]]
        away = np.abs(x[:, :, 0] - 0.5 * domain.width)
        nearest = self.comm.allreduce(float(away.min(initial=np.inf)), MPI.MIN)
        cell, node = np.nonzero(away <= nearest + 1e-9 * domain.width)
        number = domain.mesh.topology.original_cell_index[cell]
        layer = layer_number.x.array[layer_number.function_space.dofmap.list[cell, 0]]
        return np.column_stack([number, layer, x[cell, node, 1], fields[cell, node]])
