# SPDX-License-Identifier: MIT
"""The problem with FiPy: finite volumes on a grid, one equation after the other, in sweeps.

    python3 with_fipy.py RECORD [--cell fingers] [--size 0.22e-6] [--change 0.05] [--sweeps 3]

As its manual and examples do it: sources linearised, migration as an exponential convection term
(Scharfetter-Gummel), backward Euler, SciPy's LU. Steps are as long as xi changes by no more than
`change` in one, and a step in which it changes by twice as much is taken again.
"""

from __future__ import annotations

import argparse
import json
import os
import time

os.environ.setdefault("FIPY_SOLVERS", "scipy")

import fipy  # noqa: E402
import numpy as np  # noqa: E402
import problem  # noqa: E402

GROWTH = 1.5
"""Largest ratio of a step to the one before it."""


class Fields:
    """The three fields on a grid, in um, s, V and c/c0.

    Attributes:
        inflow: Of c through the counter electrode in the last step, over c0 [um^2/s].
        gain: What has come in that way since the start [um^2].
    """

    def __init__(self, cell: problem.Cell, size: float):
        um = 1e6
        self.shape = (round(cell.height / size), round(cell.width / size))
        dy, dx = cell.height * um / self.shape[0], cell.width * um / self.shape[1]
        self.mesh = fipy.Grid2D(nx=self.shape[1], ny=self.shape[0], dx=dx, dy=dy)
        x, y = self.mesh.cellCenters.value
        xi = cell.xi(x / um, y / um)
        self.y = y.reshape(self.shape)[:, 0]
        self.xi = fipy.CellVariable(self.mesh, "xi", xi, hasOld=True)
        self.c = fipy.CellVariable(self.mesh, "c", problem.c(xi) / problem.C0, hasOld=True)
        self.phi = fipy.CellVariable(self.mesh, "phi", problem.phi(xi), hasOld=True)
        self.phi.constrain(problem.PHI_ANODE, self.mesh.facesBottom)
        self.phi.constrain(problem.PHI_COUNTER, self.mesh.facesTop)
        self.c.constrain(1.0, self.mesh.facesTop)
        self._equations()
        self.solver = fipy.LinearLUSolver()
        self.content_at_start, self.inflow, self.gain = self.content(), 0.0, 0.0

    def _equations(self) -> None:
        um2, D = 1e12, problem.D * 1e12
        # Coefficients as plain values, computed with numpy before every sweep: as expressions of
        # variables FiPy evaluates each many times over.
        names = ("source", "slope", "sink", "answer", "charge")
        self.known = {name: fipy.CellVariable(self.mesh, name) for name in names}
        self.sigma = fipy.CellVariable(self.mesh, "sigma")
        known, ratio = self.known, problem.C_LI / problem.C0
        self.of_xi = fipy.TransientTerm() == (
            fipy.DiffusionTerm(problem.L_SIGMA * problem.KAPPA * um2)
            + fipy.ImplicitSourceTerm(known["slope"])
            + known["source"]
        )
        self.of_c = fipy.TransientTerm() == (
            fipy.DiffusionTerm(D)
            + fipy.ExponentialConvectionTerm(D * problem.F_RT * self.phi.faceGrad)
            - fipy.ImplicitSourceTerm(ratio * known["answer"])
            - ratio * known["sink"]
        )
        self.of_phi = fipy.DiffusionTerm(self.sigma.arithmeticFaceValue) == known["charge"]

    def _reaction(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rate of xi without the gradient term, and its slopes in xi and c."""
        p = problem
        xi, c, phi = self.xi.value, self.c.value, self.phi.value
        cathodic = np.exp(-p.ALPHA * p.F_RT * phi)
        B = np.exp((1 - p.ALPHA) * p.F_RT * phi) - c * cathodic
        steepness = 30 * xi**2 * (1 - xi) ** 2
        rate = -p.L_SIGMA * 2 * p.W * xi * (1 - xi) * (1 - 2 * xi) - p.L_ETA * steepness * B
        slope = -p.L_SIGMA * 2 * p.W * (1 - 6 * xi + 6 * xi**2)
        slope -= p.L_ETA * 60 * xi * (1 - xi) * (1 - 2 * xi) * B
        return rate, slope, p.L_ETA * steepness * cathodic

    def _sweep(self, dt: float) -> None:
        """Solve for xi, c and phi in turn."""
        p, known = problem, self.known
        rate, slope, _ = self._reaction()
        known["slope"].setValue(slope)
        known["source"].setValue(rate - slope * self.xi.value)
        self.of_xi.sweep(self.xi, dt=dt, solver=self.solver)

        # How xi answers to c, which the sink of c counts on: with a sink that waits for the next
        # sweep, c and xi swing against each other and only steps ten times as short converge.
        _, slope, per_c = self._reaction()
        answer = per_c / np.maximum(1 - dt * (slope - p.L_SIGMA * p.W), 0.3)
        c = self.c.value.copy()
        plated = (self.xi.value - self.xi.old.value) / dt
        known["answer"].setValue(answer)
        known["sink"].setValue(plated - answer * c)
        self.of_c.sweep(self.c, dt=dt, solver=self.solver)
        self.inflow = self._inflow()
        self.xi.setValue(self.xi.value + dt * answer * (self.c.value - c))

        h = p.h(self.xi.value)
        sigma = (h * p.SIGMA_METAL + (1 - h) * p.SIGMA_ION) * 1e12 / (p.F * p.C_LI)
        self.sigma.setValue(sigma)
        known["charge"].setValue((self.xi.value - self.xi.old.value) / dt)
        self.of_phi.sweep(self.phi, solver=self.solver)

    def content(self) -> float:
        """Integral of c + c_Li xi, over c0 [um^2]."""
        density = self.c + problem.C_LI / problem.C0 * self.xi
        return float(np.sum(density.value * self.mesh.cellVolumes))

    def _inflow(self) -> float:
        # As the exponential convection term has it.
        top = self.mesh.facesTop.value
        inside = self.mesh.faceCellIDs[0][top]
        drop = problem.F_RT * (problem.PHI_COUNTER - self.phi.value[inside])
        distance = self.mesh._cellDistances[top]
        small = np.abs(drop) < 1e-8
        safe = np.where(small, 1.0, drop)
        up, down = safe / np.expm1(safe), safe / -np.expm1(-safe)
        up, down = np.where(small, 1.0, up), np.where(small, 1.0, down)
        flux = problem.D * 1e12 / distance * (down * 1.0 - up * self.c.value[inside])
        return float(np.sum(flux * self.mesh._faceAreas[top]))

    def step(self, dt: float, sweeps: int) -> float:
        """Take a step; returns how much xi changes at most."""
        for field in (self.xi, self.c, self.phi):
            field.updateOld()
        for _ in range(sweeps):
            self._sweep(dt)
        return float(np.abs(self.xi.value - self.xi.old.value).max())

    def undo(self) -> None:
        """Go back to the start of the step."""
        for field in (self.xi, self.c, self.phi):
            field.setValue(field.old.value)

    def tip(self) -> float:
        """Largest height of xi = 1/2 [um]."""
        return problem.tip(self.xi.value.reshape(self.shape), self.y)

    def balance(self) -> float:
        """Relative error of the lithium balance."""
        content = self.content()
        return (content - self.content_at_start - self.gain) / content


def main() -> None:
    """Run to the end and write the record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("record")
    parser.add_argument("--cell", choices=problem.CELLS, default="fingers")
    parser.add_argument("--size", type=float, default=0.22e-6, help="of a volume [m]")
    parser.add_argument("--change", type=float, default=0.05, help="largest of xi in a step")
    parser.add_argument("--sweeps", type=int, default=3)
    parser.add_argument("--end", type=float, help="instead of the cell's own [s]")
    args = parser.parse_args()
    cell = problem.CELLS[args.cell]
    fields, end = Fields(cell, args.size), args.end or cell.end
    start = time.perf_counter()
    t, dt, solves, times, tips, balances = 0.0, 1e-3, 0, [0.0], [fields.tip()], [0.0]
    while t < end * (1 - 1e-12):
        dt = min(dt, end - t)
        change = fields.step(dt, args.sweeps)
        solves += args.sweeps
        if not change < 2 * args.change:
            fields.undo()
            dt /= 2
            continue
        t += dt
        fields.gain += dt * fields.inflow
        times.append(t)
        tips.append(fields.tip())
        balances.append(abs(fields.balance()))
        dt *= min(GROWTH, args.change / change)
    record = {
        "loop_s": time.perf_counter() - start,
        "nodes": fields.mesh.numberOfCells,
        "steps": len(times) - 1,
        "passes": solves,
        "t_s": times,
        "tip_um": tips,
        "balance": max(balances),
    }
    with open(args.record, "w") as file:
        json.dump(record, file)


if __name__ == "__main__":
    main()
