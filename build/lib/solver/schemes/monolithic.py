# SPDX-License-Identifier: MIT
"""The reference scheme: an implicit stage of all four fields by Newton's method at once.

It exists to check the split scheme: same terms, same quadrature, other algebra. Each Newton step
factorises one matrix of five unknowns per node, so it is for small meshes.

Unknowns and equations are scaled to order one, because in SI they span 1e3 (c) to 1e-9 (u) and
their rows 1e-14 to 1e10: the unknowns are xi, c/c0, F phi/RT and u/(largest Vegard strain x
height of the cell). The rows of xi and c are divided by (smallest nodal area)/tau, so that their
residual bounds the change of the node that it would cause; the row of phi by the current that RT/F
drives through an element of the worst electrolyte; the row of u by the stiffest shear modulus.
"""

from __future__ import annotations

import numpy as np
import ufl
from mpi4py import MPI
from petsc4py import PETSc

import dolfinx.fem.petsc as fem_petsc
from dolfinx import fem

from solver.base.profile import Profile
from solver.equations.model import Model
from solver.equations.residual import BaseFields, Fields, stage_deposit, stage_residual
from solver.schemes.displacement import Memory
from solver.schemes.split import StageRejected
from solver.schemes.updates import Base
from solver.terms import mechanics

TOLERANCE = 1e-10
"""Largest scaled residual of any node and field that counts as solved."""

ROUND_OFF = 1e-14
"""Scaled residual of phi that round-off leaves per unit of contrast in conductivity, and of the
deposit's charge."""

MAX_ITERATIONS = 40
"""Newton iterations after which a stage is rejected."""

PREFIX = "monolithic_"
"""Of the PETSc options: the solver can be changed without touching the program."""

XI, C, PHI, UX, UY = range(5)
"""Components of a node in the mixed space."""


def split_by_rule(form: ufl.Form) -> list[ufl.Form]:
    """Split a form into one per quadrature rule.

    FFCx 0.9 takes the value of a P1 function at the one point of a one-point rule for constant in
    the cell, and reuses expressions of it in the other rules of the same kernel: forms that hold
    such values must not mix rules.
    """
    groups: dict[str, list] = {}
    for integral in form.integrals():
        groups.setdefault(str(sorted(integral.metadata().items())), []).append(integral)
    return [ufl.Form(integrals) for integrals in groups.values()]


class MonolithicScheme:
    """Solves (y - base)/tau = f(y) for (xi, c, phi, u) in one Newton iteration.

    Attributes:
        profile: Wall time.
        passes: Newton iterations of the last stage.
        inflow: Li+ that enters through the boundary in the last stage [mol/m/s].
        deposit: Increment of xi that the lithium balance has taken for the last stage.
        residuals: Largest scaled residual of xi, c, phi and u in the last stage.
    """

    def __init__(self, model: Model, profile: Profile):
        self.model, self.profile = model, profile
        self.passes, self.inflow, self.deposit = 0, 0.0, np.empty(0)
        self.residuals = np.zeros(4)
        mesh = model.domain.mesh
        # One block of five per node: all fields have one degree, so this is the mixed space.
        self.space = fem.functionspace(mesh, ("Lagrange", model.degree, (5,)))
        self.unknown = fem.Function(self.space, name="stage")
        self.base = BaseFields(*(fem.Function(model.V) for _ in BaseFields._fields))
        self.tau, self.closing = model.constant(1.0), model.constant(1.0)
        self._scale()
        self._forms()
        self._numbering()
        self._solver()

    def _scale(self) -> None:
        config, n = self.model.config, self.model.numbers
        strain = max(abs(x) for layer in config.layers for x in layer.lambda_i) or 1e-3
        shear = max(mechanics.lame(layer.E, layer.nu)[1] for layer in config.layers)
        deposit, electrolyte = zip(*config.conductivities, strict=True)
        sigma = min(electrolyte)
        u = strain * config.cell_height
        self.columns = np.array([1.0, 1 / self.model.inv_c0.min(), 1 / n.F_RT, u, u])
        area = self.model.smallest_area
        self.rows = Fields(
            self.tau / area, self.tau / (area * self.columns[C]), n.F_RT / sigma, 1 / (shear * u)
        )
        contrast = max(deposit) / sigma
        self.floor = ROUND_OFF * contrast * n.F_RT * abs(n.phi_anode - n.phi_counter)
        self.source_floor = ROUND_OFF * abs(n.charge) * area * self.rows.phi
        self.tolerances = np.full(4, TOLERANCE)

    def _forms(self) -> None:
        parts = ufl.split(self.unknown)
        y = [scale * part for scale, part in zip(self.columns, parts, strict=True)]
        v = ufl.split(ufl.TestFunction(self.space))
        fields = Fields(y[XI], y[C], y[PHI], ufl.as_vector(y[UX:]))
        tests = Fields(v[XI], v[C], v[PHI], ufl.as_vector(v[UX:]))
        equations = stage_residual(self.model, fields, self.base, self.tau, self.closing, tests)
        residual = sum(row * form for row, form in zip(self.rows, equations, strict=True))
        trial = ufl.TrialFunction(self.space)
        pieces = split_by_rule(residual)
        self.residual_forms = [fem.form(piece) for piece in pieces]
        self.jacobian_forms = [
            fem.form(ufl.derivative(piece, self.unknown, trial)) for piece in pieces
        ]

    def _numbering(self) -> None:
        """Blocks of the mixed space at the nodes of the scalar and the vector space."""
        m = self.model
        cells = self.space.dofmap.list
        self.blocks = np.empty(cells.max() + 1, dtype=np.int32)
        self.blocks_u = self.blocks.copy()
        self.blocks[m.V.dofmap.list] = cells
        self.blocks_u[m.Vu.dofmap.list] = cells
        held = [5 * self.blocks[m.held_dofs(f)] + k for k, f in enumerate(("xi", "c", "phi"))]
        rollers = m.held_dofs("u")
        held.append(5 * self.blocks_u[rollers // 2] + UX + rollers % 2)
        owned = 5 * self.space.dofmap.index_map.size_local
        every = np.arange(owned, dtype=np.int32)
        if not m.config.mechanics.enabled:
            held.append(every[every % 5 >= UX])
        held = np.unique(np.concatenate(held)).astype(np.int32)
        self.held = held[held < owned]
        self.at_rest = np.union1d(self.held, every[every % 5 <= C])
        self.fixed = self.held

    def _solver(self) -> None:
        blocks = ufl.inner(ufl.TrialFunction(self.space), ufl.TestFunction(self.space))
        pattern = fem.form(blocks * self.model.dx_all)
        self.matrix = fem_petsc.create_matrix(pattern)
        vectors = [fem.Function(self.space) for _ in range(2)]
        self._vectors = vectors  # own the memory of the two below
        self.x, self.b = (f.x.petsc_vec for f in vectors)
        self.snes = PETSc.SNES().create(self.model.domain.comm)
        self.snes.setOptionsPrefix(PREFIX)
        self.snes.setFunction(self._residual, self.b)
        self.snes.setJacobian(self._jacobian, self.matrix)
        self.snes.setConvergenceTest(self._converged)
        self.snes.setTolerances(max_it=MAX_ITERATIONS)
        ksp = self.snes.getKSP()
        ksp.setType("preonly")
        ksp.getPC().setType("lu")
        ksp.getPC().setFactorSolverType("mumps")
        self.snes.setFromOptions()

    # --- the interface of a scheme ---------------------------------------------------------

    def destroy(self) -> None:
        """Free the linear system. Collective, which Python's own clearing up is not."""
        self.snes.destroy()
        self.matrix.destroy()

    def settle(self) -> None:
        """Bring phi and u into equilibrium with xi at rest, for the initial state."""
        s = self.model.state
        self.fixed = self.at_rest
        try:
            self._newton(Base.of(s.xi.x.array.copy(), s.c.x.array.copy()), 1.0)
        finally:
            self.fixed = self.held

    def begin_step(self) -> None:
        """Forget the factorisation, whose pivoting order depends on the first matrix."""
        self.snes.getKSP().reset()

    def memory(self) -> None:
        """Nothing is carried from step to step."""

    def recall(self, memory: Memory) -> None:
        """Nothing to go on with."""

    def solve(self, base: Base, tau: float, final: bool = True) -> None:
        """Solve one stage from the current guess in the model's state.

        Args:
            base: What the stage starts from.
            tau: Effective step [s].
            final: Whether the result is the state at the end of a step.

        Raises:
            StageRejected: Newton's method does not converge.
        """
        self.closing.value = float(final)
        self._newton(base, tau)
        xi = self.model.state.xi.x.array
        self.deposit = stage_deposit(self.model, xi, base, float(final))
        self.inflow = self.model.inflow(self.deposit, base.c, tau)

    def evaluate(self, base: Base, tau: float, final: bool = True) -> np.ndarray:
        """Largest scaled residual of xi, c, phi and u that the model's state leaves."""
        self.closing.value = float(final)
        self._set_stage(base, tau)
        self._read_state()
        self._residual(None, self.x, self.b)
        return self._largest()

    # --- Newton's method -------------------------------------------------------------------

    def _newton(self, base: Base, tau: float) -> None:
        self._set_stage(base, tau)
        self._read_state()
        with self.profile.part("newton"):
            self.snes.solve(None, self.x)
        self.passes = self.snes.getIterationNumber()
        reason = self.snes.getConvergedReason()
        if reason < 0:
            raise StageRejected(f"Newton's method failed (PETSc reason {reason})")
        self._write_state()

    def _set_stage(self, base: Base, tau: float) -> None:
        self.tau.value = tau
        self.tolerances[PHI] = max(TOLERANCE, self.floor, self.source_floor / tau)
        values = (base.xi, base.psi, base.c, base.h)
        for function, array in zip(self.base, values, strict=True):
            function.x.array[:] = array

    def _read_state(self) -> None:
        s = self.model.state
        nodes = self.unknown.x.array.reshape(-1, 5)
        for k, f in enumerate((s.xi, s.c, s.phi)):
            nodes[self.blocks, k] = f.x.array
        nodes[self.blocks_u, UX:] = s.u.x.array.reshape(-1, 2)
        nodes /= self.columns
        self._vectors[0].x.array[:] = self.unknown.x.array

    def _write_state(self) -> None:
        s = self.model.state
        self._take(self.x)
        nodes = self.unknown.x.array.reshape(-1, 5) * self.columns
        for k, f in enumerate((s.xi, s.c, s.phi)):
            f.x.array[:] = nodes[self.blocks, k]
        s.u.x.array[:] = nodes[self.blocks_u, UX:].ravel()

    def _take(self, x: PETSc.Vec) -> None:
        x.copy(self.unknown.x.petsc_vec)
        self.unknown.x.scatter_forward()

    def _residual(self, snes: PETSc.SNES | None, x: PETSc.Vec, b: PETSc.Vec) -> None:
        self._take(x)
        with b.localForm() as local:
            local.set(0.0)
        for form in self.residual_forms:
            fem_petsc.assemble_vector(b, form)
        b.ghostUpdate(PETSc.InsertMode.ADD, PETSc.ScatterMode.REVERSE)
        # The guess meets the boundary values and every increment leaves them.
        b.array[self.fixed] = 0.0

    def _jacobian(self, snes, x: PETSc.Vec, matrix: PETSc.Mat, _) -> None:
        matrix.zeroEntries()
        for form in self.jacobian_forms:
            fem_petsc.assemble_matrix(matrix, form)
        matrix.assemble()
        matrix.zeroRowsColumnsLocal(self.fixed, 1.0)

    def _largest(self) -> np.ndarray:
        """Largest scaled residual by field, over all ranks."""
        nodes = self.snes.getFunction()[0].array.reshape(-1, 5)
        local = np.abs(nodes).max(axis=0, initial=0.0)
        values = np.empty_like(local)
        self.model.domain.comm.Allreduce(local, values, MPI.MAX)
        return np.append(values[:UX], values[UX:].max())

    def _converged(self, snes: PETSc.SNES, iteration: int, norms) -> int:
        reasons = PETSc.SNES.ConvergedReason
        self.residuals = self._largest()
        if not np.all(np.isfinite(self.residuals)):
            return reasons.DIVERGED_FNORM_NAN
        if np.all(self.residuals <= self.tolerances):
            return reasons.CONVERGED_FNORM_ABS
        return reasons.DIVERGED_MAX_IT if iteration >= MAX_ITERATIONS else reasons.ITERATING
