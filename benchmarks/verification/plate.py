# SPDX-License-Identifier: MIT
"""A plate that cracks: its mesh, fine along a line, and the elastic-damage problem on it."""

from __future__ import annotations

import numpy as np
import ufl
from mpi4py import MPI
from petsc4py import PETSc

from dolfinx import fem, mesh

from solver.cell.edges import Edges
from solver.equations.couplings_cracks import Cracked
from solver.equations.couplings_damage import Breaking
from solver.laws import elasticity, fracture
from solver.schemes import preconditioners
from solver.schemes.alternation import Alternation
from solver.schemes.bounded import BoundedField, Quadratic
from solver.schemes.edgewise import EdgeField
from solver.terms import damage
from solver.terms.mechanics import Elasticity

GROWTH = 1.25
"""Ratio of distances that grow."""
LPSC = {"E": 22.1e9, "nu": 0.37, "G_c": fracture.toughness(0.23e6, 22.1e9, 0.37)}
LLZO = {"E": 149.8e9, "nu": 0.26, "G_c": fracture.toughness(1.0e6, 149.8e9, 0.26)}


def graded(fine: tuple[float, float], size: float, ends: tuple[float, float]) -> np.ndarray:
    """Coordinates that are `size` apart in an interval and ever farther beyond, to both ends.

    Args:
        fine: The interval, whose length is a multiple of the size [m].
        size: Distance in it [m].
        ends: First and last coordinate [m].
    """
    low, high = fine
    middle = np.linspace(low, high, round((high - low) / size) + 1)
    return np.concatenate(
        [-_growing(-low, size, -ends[0])[::-1], middle, _growing(high, size, ends[1])]
    )


def _growing(start: float, size: float, end: float) -> np.ndarray:
    """Coordinates beyond the start, each distance GROWTH times the last, up to the end."""
    if end <= start:
        return np.empty(0)
    count = max(1, round(np.log1p((end - start) * (GROWTH - 1) / size) / np.log(GROWTH)))
    ways = np.cumsum(size * GROWTH ** np.arange(1, count + 1))
    return start + ways * (end - start) / ways[-1]


def grid(x: np.ndarray, y: np.ndarray) -> mesh.Mesh:
    """Mesh a rectangle with right triangles between these coordinates [m]."""
    cells = len(x) - 1, len(y) - 1
    made = mesh.create_rectangle(MPI.COMM_SELF, [np.zeros(2), np.array(cells, float)], cells)
    for axis, coordinates in enumerate((x, y)):
        number = np.rint(made.geometry.x[:, axis]).astype(int)
        made.geometry.x[:, axis] = coordinates[number]
    return made


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
        deposit: xi at the nodes.
        solved: 1 in every triangle that may have deposit, 0 elsewhere.
        broken: What d has been there.
    """

    def __init__(self, msh: mesh.Mesh, material: dict, model: str, length: float, residual=1e-6):
        self.mesh, self.model, self.length = msh, model, length
        lam, mu = (self.constant(x) for x in elasticity.lame(material["E"], material["nu"]))
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
        self.edges, self.deposit = Edges(self.V), np.zeros(len(self.d.x.array))
        self.solved = np.ones(len(self.edges.areas))
        self.x, self.y = self.V.tabulate_dof_coordinates()[:, :2].T

    def constant(self, value: float) -> fem.Constant:
        """A number on the mesh."""
        return fem.Constant(self.mesh, PETSc.ScalarType(value))

    def alternation(self, held: np.ndarray, tolerance=1e-3, most=200, relaxation=1.3):
        """The solver, for held degrees of freedom of u."""
        u, solid, breaking = self.u, self.solid(), self.breaking()
        system = EdgeField(
            lambda: solid.stiffness(*self.values), self.edges, u, held, preconditioners.U
        )

        def pressure() -> float:
            return float(self.pressure.value)

        def energy() -> Quadratic:
            return breaking(solid.drive(*self.values[:2], pressure()))

        def forces() -> np.ndarray:
            return solid.forces(*self.values, pressure())

        field = BoundedField(energy, self.edges, self.d)
        return Alternation(system, forces, field, tolerance, most, relaxation)

    @property
    def values(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of u, xi and d at the nodes."""
        return self.u.x.array, self.deposit, self.d.x.array

    def solid(self) -> Cracked:
        """Its material, by triangles."""
        lame, vegard = self.elasticity[:4], self.elasticity.vegard
        material = Elasticity(*(float(x.value) for x in lame), [float(x.value) for x in vegard])
        return Cracked(self.edges, self.solved, material, float(self.fracture.residual.value))

    def breaking(self) -> Breaking:
        """What its energy is of d."""
        f = self.fracture
        return Breaking(self.edges, f.model, float(f.G_c.value), self.length)

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
        return float(self.edges.areas @ self.solid().pressed(*self.values, 1.0))
