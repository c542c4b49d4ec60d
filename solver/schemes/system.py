# SPDX-License-Identifier: MIT
"""What a scheme has to know of the equations that it solves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import ufl
from mpi4py import MPI

from dolfinx import fem, mesh

from solver.fields.record import Field
from solver.schemes.stage import Base
from solver.schemes.update import Update

Expressions = Mapping[str, Any]
"""The unknowns as expressions of a form, or the test functions of their equations, by name."""


class Number(Protocol):
    """A number that a stage finds with the fields, such as the voltage that a current takes.

    Attributes:
        value: The number; the fields held at it follow.
        size: Change that counts as one.
    """

    value: float
    size: float

    def missing(self) -> float:
        """What is missing in its own equation after a solve with `value`; 1 is all of it."""


class Equation(Protocol):
    """The equation of one field.

    Attributes:
        field: The field.
        function: Its values.
        balances: Whether it balances lithium: its update has `inflow` and `deposit`.
        number: A number that is to be found with the field; None if there is none.
    """

    field: Field
    function: fem.Function
    balances: bool
    number: Number | None

    def refresh(self, resting: bool) -> None:
        """Bring what its forms have of the fields as numbers to the fields as they are."""

    def update(self) -> Update | None:
        """Its share of a pass; None if the field stays as it is."""

    def residual(self, y: Expressions, base: Base, tau, closing, test) -> ufl.Form | None:
        """Its residual in a stage; None if the field stays as it is."""

    def held(self) -> np.ndarray:
        """Local degrees of freedom that are held at their value, ghosts included."""

    def size(self) -> float:
        """A change of the field that counts as one."""

    def weight(self, tau) -> Any:
        """Factor that brings a change of one to a residual of one, at most."""

    def floor(self, tau: float) -> float:
        """Residual that round-off leaves, times `weight`."""


class System(Protocol):
    """Equations on a mesh, and their unknowns."""

    config: Any
    equations: Mapping[str, Equation]
    comm: MPI.Comm
    mesh: mesh.Mesh
    degree: int

    def base(self) -> Base:
        """The base of a step of implicit Euler from the present values."""

    def constant(self, value: float) -> fem.Constant:
        """A number that can change without recompiling the forms that hold it."""

    def deposit(self, base: Base, closing: float) -> np.ndarray:
        """Increment of xi that the balances take for a stage."""

    def inflow(self, increment: np.ndarray, base: Base, tau: float) -> float:
        """Li+ that enters through the boundary in a stage [mol/m/s]."""
