# SPDX-License-Identifier: MIT
"""The reference scheme: an implicit stage of all fields by Newton's method at once.

It exists to check the split scheme: same terms, same quadrature, other algebra. Each Newton step
factorises one matrix of all unknowns of all nodes, so it is for small meshes.

Unknowns and equations are scaled to order one, because in SI they span 1e3 (c) to 1e-9 (u) and
their rows 1e-14 to 1e10: every equation knows the size of its field and the weight of its row.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import ufl
from mpi4py import MPI
from petsc4py import PETSc

from dolfinx import fem

from solver.base import fem_petsc, memory
from solver.base.errors import StageRejected
from solver.base.profile import Profile
from solver.schemes.stage import Base
from solver.schemes.system import Number, System
from solver.schemes.update import Memory

TOLERANCE = 1e-10
"""Largest scaled residual of any node and field that counts as solved."""

MISSING = 1e-9
"""Share of its own equation that a number beside the fields may miss."""

FIRST_MOVE = 1e-3
"""First change of such a number, in what counts as one, by which its slope is found."""

STALLED = 4.0
"""Tolerances within which a residual counts as solved that Newton's steps no longer change at all;
1.5 have been seen, for phi at a contrast of 1e5 with MUMPS from PyPI."""

MAX_ITERATIONS = 40
"""Newton iterations after which a stage is rejected."""

PREFIX = "monolithic_"
"""Of the PETSc options: the solver can be changed without touching the program."""


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
    """Solves (y - base)/tau = f(y) for all fields in one Newton iteration.

    Attributes:
        profile: Wall time.
        passes: Newton iterations of the last stage.
        inflow: Li+ that enters through the boundary in the last stage [mol/m/s].
        deposit: Increment of xi that the lithium balance has taken for the last stage.
        residuals: Largest scaled residual of every field in the last stage.
        parts: Components of every field in a block of the mixed space.
    """

    def __init__(self, system: System, profile: Profile):
        self.system, self.profile = system, profile
        self.passes, self.inflow, self.deposit = 0, 0.0, np.empty(0)
        self.equations = [e for e in system.equations.values() if e.has_form]
        self.residuals, self.resting = np.zeros(len(self.equations)), False
        ends = np.cumsum([e.field.components for e in self.equations])
        sizes = [e.field.components for e in self.equations]
        self.parts = [
            slice(end - size, end) for end, size in zip(ends.tolist(), sizes, strict=True)
        ]
        self.block = int(ends[-1])
        # One block per node: all fields have one degree, so this is the mixed space.
        element = ("Lagrange", system.degree, (self.block,))
        self.space = fem.functionspace(system.mesh, element)
        self.unknown = fem.Function(self.space, name="stage")
        names = [name for e in self.equations for name in e.field.stored]
        scalar = self.equations[0].function.function_space
        self.base = SimpleNamespace(**{name: fem.Function(scalar) for name in names})
        self.tau, self.closing = system.constant(1.0), system.constant(1.0)
        self.columns = np.repeat([e.size() for e in self.equations], sizes)
        self.tolerances = np.full(len(self.equations), TOLERANCE)
        self._forms()
        self._numbering()
        self._solver()

    def _forms(self) -> None:
        parts = ufl.split(self.unknown)
        y = [scale * part for scale, part in zip(self.columns, parts, strict=True)]
        v = ufl.split(ufl.TestFunction(self.space))
        pairs = list(zip(self.equations, self.parts, strict=True))
        unknowns, tests = ({e.field.name: _joined(x[p]) for e, p in pairs} for x in (y, v))
        residual = sum(
            e.weight(self.tau)
            * e.residual(unknowns, self.base, self.tau, self.closing, tests[e.field.name])
            for e in self.equations
        )
        trial = ufl.TrialFunction(self.space)
        pieces = split_by_rule(residual)
        self.residual_forms = [fem.form(piece) for piece in pieces]
        self.jacobian_forms = [
            fem.form(ufl.derivative(piece, self.unknown, trial)) for piece in pieces
        ]

    def _numbering(self) -> None:
        """Blocks of the mixed space at the nodes of every field's space; what is held."""
        cells, block = self.space.dofmap.list, self.block
        owned = block * self.space.dofmap.index_map.size_local
        every = np.arange(owned, dtype=np.int32)
        held, evolving = [], []
        self.blocks = []
        for e, part in zip(self.equations, self.parts, strict=True):
            blocks = np.empty(cells.max() + 1, dtype=np.int32)
            blocks[e.function.function_space.dofmap.list] = cells
            self.blocks.append(blocks)
            node, component = np.divmod(e.held(), e.field.components)
            held.append(block * blocks[node] + part.start + component)
            mine = every[(every % block >= part.start) & (every % block < part.stop)]
            if not e.solved:
                held.append(mine)
            if e.field.evolves:
                evolving.append(mine)
        everything = np.unique(np.concatenate(held)).astype(np.int32)
        self.held = everything[everything < owned]
        self.at_rest = np.unique(np.concatenate([self.held, *evolving]))
        self.fixed = self.held

    def _solver(self) -> None:
        blocks = ufl.inner(ufl.TrialFunction(self.space), ufl.TestFunction(self.space))
        pattern = fem.form(blocks * ufl.dx)
        self.matrix = fem_petsc.create_matrix(pattern)
        vectors = [fem.Function(self.space) for _ in range(2)]
        self._vectors = vectors  # own the memory of the two below
        self.x, self.b = (f.x.petsc_vec for f in vectors)
        self.snes = PETSc.SNES().create(self.system.comm)
        self.snes.setOptionsPrefix(PREFIX)
        self.snes.setFunction(memory.weakly(self._residual), self.b)
        self.snes.setJacobian(memory.weakly(self._jacobian), self.matrix)
        self.snes.setConvergenceTest(memory.weakly(self._converged))
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
        """Bring what answers at once into equilibrium with the evolving fields at rest.

        Raises:
            StageRejected: There is no equilibrium that Newton's method finds.
        """
        self.fixed, self.resting = self.at_rest, True
        try:
            self._solve(self.system.base(), 1.0)
        finally:
            self.fixed, self.resting = self.held, False

    def begin_step(self) -> None:
        """Forget the factorisation, whose pivoting order depends on the first matrix."""
        self.snes.getKSP().reset()

    def memory(self) -> dict[str, Memory]:
        """Nothing is carried from step to step."""
        return {}

    def recall(self, memory: dict[str, Memory]) -> None:
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
        self._solve(base, tau)

    def evaluate(self, base: Base, tau: float, final: bool = True) -> np.ndarray:
        """Largest scaled residual of every field that the present state leaves."""
        self.closing.value = float(final)
        self._set_stage(base, tau)
        self._read_state()
        self._residual(None, self.x, self.b)
        return self._largest()

    # --- a number beside the fields --------------------------------------------------------

    def _solve(self, base: Base, tau: float) -> None:
        """Solve for all fields, and for the number beside them if there is one."""
        self._set_stage(base, tau)
        self.passes = 0
        numbers = [e.number for e in self.equations if e.number is not None]
        if numbers:
            self._by_secants(*numbers, base, tau)
        else:
            self._solve_fields(base, tau)

    def _by_secants(self, number: Number, base: Base, tau: float) -> None:
        """Solve for all fields at one value of the number after the other."""
        last, before, step = number.value, 0.0, FIRST_MOVE * number.size
        for iteration in range(MAX_ITERATIONS):
            self._solve_fields(base, tau)
            missing = number.missing()
            if abs(missing) <= MISSING:
                return
            if iteration > 0:
                step *= missing / (before - missing)
            before, last = missing, last + step
            number.value = last
        raise StageRejected(f"no value of a number beside the fields in {MAX_ITERATIONS} secants")

    def _solve_fields(self, base: Base, tau: float) -> None:
        self._newton()
        self.deposit = self.system.deposit(base, float(self.closing.value))
        self.inflow = self.system.inflow(self.deposit, base, tau)

    # --- Newton's method -------------------------------------------------------------------

    def _newton(self) -> None:
        self._read_state()
        with self.profile.part("newton"):
            self.snes.solve(None, self.x)
        self.passes += self.snes.getIterationNumber()
        reason = self.snes.getConvergedReason()
        if reason < 0:
            raise StageRejected(f"Newton's method failed (PETSc reason {reason})")
        self._take(self.x)
        self._write_state()

    def _set_stage(self, base: Base, tau: float) -> None:
        self.tau.value = tau
        for k, e in enumerate(self.equations):
            self.tolerances[k] = max(TOLERANCE, e.floor(tau))
        for name, function in vars(self.base).items():
            function.x.array[:] = getattr(base, name)

    def _read_state(self) -> None:
        nodes = self.unknown.x.array.reshape(-1, self.block)
        for e, part, blocks in zip(self.equations, self.parts, self.blocks, strict=True):
            nodes[blocks, part] = e.function.x.array.reshape(-1, e.field.components)
        nodes /= self.columns
        self._vectors[0].x.array[:] = self.unknown.x.array

    def _write_state(self) -> None:
        nodes = self.unknown.x.array.reshape(-1, self.block) * self.columns
        for e, part, blocks in zip(self.equations, self.parts, self.blocks, strict=True):
            e.function.x.array[:] = nodes[blocks, part].ravel()

    def _take(self, x: PETSc.Vec) -> None:
        x.copy(self.unknown.x.petsc_vec)
        self.unknown.x.scatter_forward()

    def _residual(self, snes: PETSc.SNES | None, x: PETSc.Vec, b: PETSc.Vec) -> None:
        self._take(x)
        self._write_state()
        for e in self.equations:
            e.refresh(self.resting)
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
        nodes = np.abs(self.snes.getFunction()[0].array.reshape(-1, self.block))
        local = np.array([nodes[:, part].max(initial=0.0) for part in self.parts])
        values = np.empty_like(local)
        self.system.comm.Allreduce(local, values, MPI.MAX)
        return values

    def _converged(self, snes: PETSc.SNES, iteration: int, norms) -> int:
        reasons = PETSc.SNES.ConvergedReason
        before, self.residuals = self.residuals, self._largest()
        if not np.all(np.isfinite(self.residuals)):
            return reasons.DIVERGED_FNORM_NAN
        # A step that changes nothing any more has come to round-off, which floors only estimate.
        stalled = iteration > 0 and np.array_equal(before, self.residuals)
        if np.all(self.residuals <= self.tolerances * (STALLED if stalled else 1.0)):
            return reasons.CONVERGED_FNORM_ABS
        return reasons.DIVERGED_MAX_IT if iteration >= MAX_ITERATIONS else reasons.ITERATING


def _joined(parts: list):
    """A scalar, or a vector of its components."""
    return parts[0] if len(parts) == 1 else ufl.as_vector(parts)
