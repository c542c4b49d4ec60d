# SPDX-License-Identifier: MIT
"""The problem with DOLFINx as its demos do it: one mixed space, one residual, Newton, MUMPS.

    python3 with_fenicsx.py RECORD [--cell fingers] [--size 0.22e-6] [--longest 0.5]

Linear elements, backward Euler; a step is taken again with half its length where Newton's method
fails, and the next is longer, up to `longest`, where it does not.
"""

from __future__ import annotations

import argparse
import json
import time

import basix.ufl
import numpy as np
import problem as p
import ufl
from mpi4py import MPI
from petsc4py import PETSc

import dolfinx
import dolfinx.fem.petsc as fem_petsc
from dolfinx import fem, mesh

UM = 1e6
GROWTH = 1.3
"""Ratio of a step to the one before it."""
MOST_ITERATIONS = 12
LU = {"ksp_type": "preonly", "pc_type": "lu", "pc_factor_mat_solver_type": "mumps"}
SNES = {
    "snes_type": "newtonls",
    "snes_linesearch_type": "none",
    "snes_max_it": MOST_ITERATIONS,
    "snes_rtol": 1e-6,
    "snes_atol": 1e-10,
}


class Newton:
    """Newton's method as the version of DOLFINx at hand has it."""

    def __init__(self, F: ufl.Form, w: fem.Function, bcs: list):
        self.w = w
        if dolfinx.__version__.startswith("0.9."):
            from dolfinx.nls.petsc import NewtonSolver

            problem = fem_petsc.NonlinearProblem(F, w, bcs)
            self.solver = NewtonSolver(w.function_space.mesh.comm, problem)
            self.solver.max_it, self.solver.rtol = MOST_ITERATIONS, SNES["snes_rtol"]
            self.solver.atol = SNES["snes_atol"]
            self.solver.convergence_criterion = "residual"
            self.solver.error_on_nonconvergence = False
            prefix, options = self.solver.krylov_solver.getOptionsPrefix(), PETSc.Options()
            for name, value in LU.items():
                options[prefix + name] = value
            self.solver.krylov_solver.setFromOptions()
            self.solve = self._with_newton_solver
        else:
            self.problem = fem_petsc.NonlinearProblem(
                F, w, bcs=bcs, petsc_options_prefix="naive_", petsc_options=SNES | LU
            )
            self.solve = self._with_snes

    def _with_newton_solver(self) -> tuple[int, bool]:
        try:
            return self.solver.solve(self.w)
        except RuntimeError:  # of PETSc, for a NaN
            return MOST_ITERATIONS, False

    def _with_snes(self) -> tuple[int, bool]:
        self.problem.solve()
        snes = self.problem.solver
        return snes.getIterationNumber(), snes.getConvergedReason() > 0


class Fields:
    """The three fields on a mesh of right triangles, in um, s, V and c/c0."""

    def __init__(self, cell: p.Cell, size: float):
        self.rows, columns = round(cell.height / size), round(cell.width / size)
        corners = [[0.0, 0.0], [cell.width * UM, cell.height * UM]]
        self.mesh = mesh.create_rectangle(MPI.COMM_WORLD, corners, [columns, self.rows])
        P1 = basix.ufl.element("Lagrange", "triangle", 1)
        V = fem.functionspace(self.mesh, basix.ufl.mixed_element([P1, P1, P1]))
        self.w, self.old = fem.Function(V), fem.Function(V)
        self.dt = fem.Constant(self.mesh, 1e-3)
        # In DOLFINx 0.11 a list with one array.
        self.parts = [np.ravel(V.sub(i).collapse()[1]) for i in range(3)]
        self._start(V, cell)
        anode, counter, self.entrance = self._boundary(V, cell.height * UM)
        self.newton = Newton(self._residual(V), self.w, [anode, counter, self.entrance])
        xi, c, _ = ufl.split(self.w)
        self.content_form = fem.form((c + p.C_LI / p.C0 * xi) * ufl.dx)
        self.content_at_start, self.gain = self.content(), 0.0

    def _start(self, V: fem.FunctionSpace, cell: p.Cell) -> None:
        x, y, _ = V.sub(0).collapse()[0].tabulate_dof_coordinates().T
        xi = cell.xi(x / UM, y / UM)
        for dofs, values in zip(self.parts, (xi, p.c(xi) / p.C0, p.phi(xi)), strict=True):
            self.w.x.array[dofs] = values
        # Nodes from below, in columns from the left.
        self.order = np.lexsort((x.round(6), y.round(6)))
        self.y = np.linspace(0, cell.height * UM, self.rows + 1)

    def _boundary(self, V: fem.FunctionSpace, height: float) -> list[fem.DirichletBC]:
        def held(part: int, value: float, where: float) -> fem.DirichletBC:
            facets = mesh.locate_entities_boundary(
                self.mesh, 1, lambda x: np.isclose(x[1], where, atol=1e-9)
            )
            dofs = fem.locate_dofs_topological(V.sub(part), 1, facets)
            return fem.dirichletbc(PETSc.ScalarType(value), dofs, V.sub(part))

        return [held(2, p.PHI_ANODE, 0.0), held(2, p.PHI_COUNTER, height), held(1, 1.0, height)]

    def _residual(self, V: fem.FunctionSpace) -> ufl.Form:
        (xi, c, phi), (xi_old, c_old, _) = ufl.split(self.w), ufl.split(self.old)
        v, q, r = ufl.TestFunctions(V)
        dx = ufl.dx(metadata={"quadrature_degree": 4})
        anodic, cathodic = ufl.exp((1 - p.ALPHA) * p.F_RT * phi), ufl.exp(-p.ALPHA * p.F_RT * phi)
        B = anodic - c * cathodic
        grown = (xi - xi_old) / self.dt
        F = (grown + p.L_SIGMA * 2 * p.W * xi * (1 - xi) * (1 - 2 * xi)) * v * dx
        F += p.L_ETA * 30 * xi**2 * (1 - xi) ** 2 * B * v * dx
        F += p.L_SIGMA * p.KAPPA * UM**2 * ufl.inner(ufl.grad(xi), ufl.grad(v)) * dx
        flux = p.D * UM**2 * (ufl.grad(c) + p.F_RT * c * ufl.grad(phi))
        of_c = ((c - c_old) / self.dt + p.C_LI / p.C0 * grown) * q * dx
        of_c += ufl.inner(flux, ufl.grad(q)) * dx
        # Where c is held, its residual is what enters.
        self.of_c = fem.form(of_c)
        F += of_c
        sigma = p.h(xi) * p.SIGMA_METAL + (1 - p.h(xi)) * p.SIGMA_ION
        conduction = sigma * UM**2 / (p.F * p.C_LI) * ufl.grad(phi)
        F += ufl.inner(conduction, ufl.grad(r)) * dx + grown * r * dx
        return F

    def content(self) -> float:
        """Integral of c + c_Li xi, over c0 [um^2]."""
        return float(fem.assemble_scalar(self.content_form))

    def step(self, dt: float) -> tuple[int, bool]:
        """Take a step; returns Newton's iterations, and whether it converged."""
        self.dt.value = dt
        self.old.x.array[:] = self.w.x.array
        iterations, converged = self.newton.solve()
        if converged:
            residual = fem.assemble_vector(self.of_c).array
            self.gain += dt * float(residual[self.entrance.dof_indices()[0]].sum())
        else:
            self.w.x.array[:] = self.old.x.array
        return iterations, converged

    def tip(self) -> float:
        """Largest height of xi = 1/2 [um]."""
        xi = self.w.x.array[self.parts[0]][self.order]
        return p.tip(xi.reshape(self.rows + 1, -1), self.y)

    def balance(self) -> float:
        """Relative error of the lithium balance."""
        content = self.content()
        return (content - self.content_at_start - self.gain) / content


def main() -> None:
    """Run to the end and write the record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("record")
    parser.add_argument("--cell", choices=p.CELLS, default="fingers")
    parser.add_argument("--size", type=float, default=0.22e-6, help="of an edge [m]")
    parser.add_argument("--longest", type=float, default=0.5, help="step [s]")
    parser.add_argument("--end", type=float, help="instead of the cell's own [s]")
    args = parser.parse_args()
    cell = p.CELLS[args.cell]
    fields, end = Fields(cell, args.size), args.end or cell.end
    start = time.perf_counter()
    t, dt, solves, times, tips, balances = 0.0, 1e-3, 0, [0.0], [fields.tip()], [0.0]
    while t < end * (1 - 1e-12):
        dt = min(dt, end - t)
        iterations, converged = fields.step(dt)
        solves += iterations
        if not converged:
            dt /= 2
            continue
        t += dt
        times.append(t)
        tips.append(fields.tip())
        balances.append(abs(fields.balance()))
        dt = min(GROWTH * dt, args.longest)
    record = {
        "loop_s": time.perf_counter() - start,
        "nodes": len(fields.order),
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
