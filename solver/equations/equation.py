# SPDX-License-Identifier: MIT
"""What all equations have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
import ufl

from dolfinx import fem

from solver.equations.conditions import Held
from solver.equations.model import Model
from solver.fields.record import CellField, Field
from solver.schemes.stage import Base
from solver.schemes.system import Number
from solver.schemes.update import Update


class Equation(ABC):
    """The equation of one field on a model's mesh: coefficients, forms, its share of a pass.

    Attributes:
        field: The field.
        cell_fields: Numbers per triangle that are written beside it.
        needs: Names of coefficients that it takes from other equations.
        balances: Whether it balances lithium: what the deposit takes and what enters.
        has_form: Whether a residual of its own determines it; if not, another's update does.
        number: A number that a stage finds with the field; None if there is none.
        model: The mesh, the measures, all unknowns and all coefficients.
        function: Values of the field.
    """

    field: ClassVar[Field]
    cell_fields: tuple[CellField, ...] = ()
    needs: ClassVar[tuple[str, ...]] = ()
    balances: ClassVar[bool] = False
    has_form: ClassVar[bool] = True
    number: Number | None = None

    def __init__(self, model: Model):
        self.model = model
        self.function: fem.Function = model.state[self.field.name]

    @classmethod
    def wanted(cls, config: Any) -> bool:
        """Whether a config asks for this field at all."""
        return True

    @property
    def solved(self) -> bool:
        """Whether the field is solved for; otherwise it stays as it is."""
        return True

    def coefficients(self) -> dict[str, Any]:
        """Coefficients that this equation brings, by name: constants, or fields on the mesh."""
        return {}

    def conditions(self) -> tuple[Held, ...]:
        """Boundary conditions; sides without one have no flux."""
        return ()

    def held(self) -> np.ndarray:
        """Local degrees of freedom that are held at their value, ghosts included."""
        V, size = self.function.function_space, self.field.components
        found = [
            size * self.model.domain.dofs(V, held.side) + held.component
            for held in self.conditions()
        ]
        if size == 1:
            found.append(self.model.inside_skeleton.astype(np.int32))
        return np.unique(np.concatenate([np.empty(0, dtype=np.int32), *found]))

    def hold(self, t: float, everything: bool = False) -> None:
        """Bring held values to those of time t [s]: those that change, or all."""
        V, size = self.function.function_space, self.field.components
        for held in self.conditions():
            # What does not change keeps the bits that it has.
            if everything or held.course.changes:
                dofs = size * self.model.domain.dofs(V, held.side) + held.component
                self.function.x.array[dofs] = held.course.at(t)

    def begin_step(self, t: float, dt: float, base: Base) -> Base:
        """Take from the state at time t [s] what stays for a step of dt [s]; returns its base."""
        return base

    def end_stage(self, base: Base, tau: float, closing: float) -> None:
        """Take note of a stage that has been solved, whose result the state has.

        Args:
            base: What it started from.
            tau: Effective step [s].
            closing: 1 if it ends a step, else 0.
        """

    def initialise(self, x: np.ndarray) -> None:
        """Set the initial values; fields before this one have theirs.

        Args:
            x: Coordinates of the nodes, shape (n, 3) [m].
        """

    # --- for the schemes -------------------------------------------------------------------

    @abstractmethod
    def update(self) -> Update | None:
        """The field's share of a pass of the split scheme; None if it is not solved for."""

    @abstractmethod
    def residual(self, y: dict[str, Any], base: Any, tau, closing, test) -> ufl.Form:
        """Residual of an implicit stage (y - base)/tau = f(y), boundary values left to the caller.

        Args:
            y: Unknowns by name.
            base: Base of the stage, functions by name.
            tau: Effective step [s].
            closing: 1 in the stage that ends a step, 0 within a step.
            test: Test function.
        """

    def refresh(self, resting: bool) -> None:
        """Bring what its forms have of the fields as numbers to the fields as they are.

        Args:
            resting: Whether evolving fields are held, as before the first step.
        """

    def size(self) -> float:
        """A change of the field that counts as one."""
        return 1.0

    @abstractmethod
    def weight(self, tau) -> Any:
        """Factor on the residual: by it, the residual bounds the change that it would cause."""

    def floor(self, tau: float) -> float:
        """Residual that round-off leaves, times `weight`."""
        return 0.0

    # --- for the integrator ----------------------------------------------------------------

    def distance(self, a: Base, b: Base) -> np.ndarray | None:
        """Difference of two results at the nodes, in the unit of the error; None: not heeded."""
        return None

    def refuse(self) -> None:
        """Raise StageRejected if the field is out of its bounds. Collective."""

    # --- for files and the observer --------------------------------------------------------

    def lithium(self) -> np.ndarray | None:
        """Lithium that the field holds at the nodes [mol/m^3]; None: it holds none."""
        return None

    def remark(self) -> str:
        """Say what its values have come to that its laws are not made for; empty: nothing.

        Collective.
        """
        return ""

    def cell_values(self) -> tuple[fem.Function, ...]:
        """Values of `cell_fields`, DG0. Collective."""
        return ()

    def columns(self) -> tuple[str, ...]:
        """Names of the numbers that it adds to scalars.csv."""
        return self.field.extremes or ()

    def measured(self) -> tuple[float, ...]:
        """The numbers of `columns`. Collective."""
        return self.model.extremes(self.function) if self.field.extremes else ()
