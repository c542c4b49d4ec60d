# SPDX-License-Identifier: MIT
"""A plate that cracks: its mesh, refined along a line, and the elastic-damage problem on it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import ufl
from mpi4py import MPI
from petsc4py import PETSc

from dolfinx import fem, mesh

from solver.cell import mesh_tables
from solver.cell.mesh_tables import MeshTables
from solver.cell.refinement import refine
from solver.laws import fracture
from solver.schemes.alternation import Alternation, Forms
from solver.terms import damage, mechanics
from solver.terms.mechanics import Elasticity

LPSC = {"E": 22.1e9, "nu": 0.37, "G_c": fracture.toughness(0.23e6, 22.1e9, 0.37)}
LLZO = {"E": 149.8e9, "nu": 0.26, "G_c": fracture.toughness(1.0e6, 149.8e9, 0.26)}


def grid(
    corner: tuple[float, float],
    sides: tuple[float, float],
    cells: tuple[int, int],
    levels: int,
    near: Callable[[np.ndarray, np.ndarray, float], np.ndarray],
) -> mesh.Mesh:
    """Mesh a rectangle with right triangles and refine it.

    Args:
        corner: Its lower left corner [m].
        sides: Its width and height [m].
        cells: Number of coarse squares along them.
        levels: How often to refine at most.
        near: Tells of triangles with centres (x, y) and longest side h whether to refine them.
    """
    nx, ny = cells
    y, x = np.meshgrid(np.linspace(0, 1, ny + 1), np.linspace(0, 1, nx + 1), indexing="ij")
    points = np.column_stack([x.ravel(), y.ravel()]) * sides + corner
    first = (np.arange(ny)[:, None] * (nx + 1) + np.arange(nx)).ravel()
    a, b, c, d = first, first + 1, first + nx + 2, first + nx + 1
    triangles = np.vstack([np.column_stack([a, b, c]), np.column_stack([a, c, d])]).astype(np.int32)
    edges = np.array([[0, 1]], dtype=np.int32)
    tags = np.ones(len(triangles), dtype=np.int32), np.ones(1, dtype=np.int32)
    base = MeshTables(points, triangles, tags[0], edges, tags[1])

    def wanted(level: int, corners: np.ndarray) -> np.ndarray:
        middle = corners.mean(axis=1)
        longest = np.linalg.norm(corners[:, 2] - corners[:, 1], axis=1)
        return near(middle[:, 0], middle[:, 1], longest)

    tables = refine(base, levels, wanted).tables
    return mesh_tables.distribute(MPI.COMM_SELF, tables)[0]


class Plate:
    """An elastic plate with damage and no deposit; u and d are 0 at the start.

    Args:
        msh: Its mesh.
        material: E [Pa], nu and G_c [J/m^2].
        model: AT1 or AT2.
        length: l_d [m].
        residual: k.

    Attributes:
        stiff: E' [Pa].
        broken: What d has been at the nodes.
    """

    def __init__(self, msh: mesh.Mesh, material: dict, model: str, length: float, residual=1e-6):
        self.mesh, self.model, self.length = msh, model, length
        lam, mu = (self.constant(x) for x in mechanics.lame(material["E"], material["nu"]))
        self.elasticity = Elasticity(lam, mu, lam, mu, [self.constant(0.0)] * 3)
        self.pressure = self.constant(0.0)
        numbers = (self.constant(x) for x in (material["G_c"], length, residual))
        self.fracture = damage.Fracture(model, *numbers, self.pressure)
        self.V = fem.functionspace(msh, ("Lagrange", 1))
        self.Vu = fem.functionspace(msh, ("Lagrange", 1, (2,)))
        self.u, self.d = fem.Function(self.Vu, name="u"), fem.Function(self.V, name="d")
        self.dx = ufl.dx(domain=msh, metadata={"quadrature_degree": 2})
        self.stiff = fracture.plane_strain(material["E"], material["nu"])
        self.broken = np.zeros(len(self.d.x.array))
        self.x, self.y = self.V.tabulate_dof_coordinates()[:, :2].T

    def constant(self, value: float) -> fem.Constant:
        """A number on the mesh."""
        return fem.Constant(self.mesh, PETSc.ScalarType(value))

    def alternation(self, held: np.ndarray, tolerance=1e-3, most=200, relaxation=1.3):
        """The solver, for held degrees of freedom of u."""
        u, d, m, f, dx = self.u, self.d, self.elasticity, self.fracture, self.dx
        trial, test = ufl.TrialFunction(self.Vu), ufl.TestFunction(self.Vu)
        delta, e, xi = ufl.TrialFunction(self.V), ufl.TestFunction(self.V), self.constant(0.0)
        opened = damage.opens(u, xi, m)
        forms = Forms(
            fem.form(damage.stiffness(trial, test, xi, d, opened, m, f, dx)),
            fem.form(damage.equilibrium(u, test, xi, d, m, f, dx)),
            fem.form(damage.damage_matrix(delta, e, u, xi, m, f, dx)),
            fem.form(damage.damage_load(e, u, xi, m, f, dx)),
        )
        return Alternation(forms, u, d, held, tolerance, most, relaxation)

    def seed(self, where: np.ndarray) -> None:
        """Break it at nodes that are marked, before any load."""
        self.broken[where] = self.d.x.array[where] = 1.0

    def solve(self, alternation: Alternation) -> None:
        """Come to rest for the present load; what breaks stays broken."""
        alternation.solve(self.broken)
        self.broken = self.d.x.array.copy()

    def dofs(self, where: np.ndarray, component: int) -> np.ndarray:
        """Degrees of freedom of a component of u at nodes that are marked."""
        return (2 * np.flatnonzero(where) + component).astype(np.int32)

    def surface_energy(self) -> float:
        """Energy of the cracks [J/m]."""
        density = damage.surface_energy(self.d, self.fracture)
        return fem.assemble_scalar(fem.form(density * self.dx))

    def opened_area(self) -> float:
        """Area between the faces of the cracks [m^2]."""
        fields = self.u, self.constant(0.0), self.d
        density = damage.opened_volume(*fields, self.elasticity, self.fracture)
        return fem.assemble_scalar(fem.form(density * self.dx))
