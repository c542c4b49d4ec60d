# SPDX-License-Identifier: MIT
"""How a config is refined to see what its numbers tend to, by physics.

A finer *level* has all lengths of the discretisation divided by the same factor. Beside the levels
stand *checks*: runs of the coarsest level that differ in one other thing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from solver.base.errors import InputError
from solver.check import accuracy
from solver.input.config import Config
from solver.input.ions_config import TransportConfig
from solver.input.run_config import RunConfig
from solver.laws import scaling
from solver.laws.tableau import METHODS
from solver.sweep.quoted import Quoted, of_dendrite, of_ions

FINER = 2.0
"""How much finer the mesh, or the time step, of a check is than that of the coarsest level."""

Changes = dict[str, Any]
"""Dotted key of a config -> its value in SI units."""


class Check(NamedTuple):
    """A run that shows one error by having it smaller.

    Attributes:
        name: Of the error.
        changes: The values that make it smaller.
        order: By which order it falls with the `FINER` mesh or step.
    """

    name: str
    changes: Changes
    order: float

    @property
    def folder(self) -> str:
        """Name of its run folder."""
        return self.name.replace(" ", "_")


class Study(NamedTuple):
    """What is refined and what is looked at.

    Attributes:
        size: Name of the length that the levels are told apart by.
        of: Takes a config to that length [m].
        order: Takes a config to the order that is expected in it.
        level: Takes a config and a factor to what makes it so much finer.
        checks: Takes a config to the checks.
        quoted: Takes the run folders of a config to the numbers that are quoted.
    """

    size: str
    of: Callable[[Any], float]
    order: Callable[[Any], float]
    level: Callable[[Any, float], Changes]
    checks: Callable[[Any], list[Check]]
    quoted: Callable[[RunConfig, list], Quoted]


def _finer_mesh(config: Config, factor: float) -> Changes:
    """Return a mesh that has h(y)/factor where the config's has h(y).

    Raises:
        InputError: The mesh has been made elsewhere.
    """
    if config.geometry is not None and config.geometry.msh is not None:
        raise InputError(
            "geometry.msh: a mesh made elsewhere is not refined here; use adapt.enabled: true"
        )
    mesh = config.mesh
    names = ("size_min", "size_max", "growth")
    return {f"mesh.{name}": getattr(mesh, name) / factor for name in names}


def _finer_interface(config: Config, factor: float) -> Changes:
    length = scaling.interface(config.phase_field).length / factor
    # An adaptive mesh has its elements per l, whatever l is.
    mesh = {} if config.adapt.enabled else _finer_mesh(config, factor)
    return {"phase_field.interface_length": length} | mesh


def _checks_of_dendrite(config: Config) -> list[Check]:
    adapt = config.adapt
    mesh = {
        "adapt.elements": adapt.elements * FINER,
        "adapt.tolerance": adapt.tolerance / FINER**2,
    } if adapt.enabled else _finer_mesh(config, FINER)  # fmt: skip
    order = METHODS[config.time.scheme].order
    degree = config.solver.degree
    return [Check("mesh", mesh, degree + 1), Check("time step", _finer_step(config), order)]


def _finer_step(config: RunConfig) -> Changes:
    """A tolerance that gives steps `FINER` times smaller: the estimate is of second order in dt."""
    return {"time.tolerance": config.time.tolerance / FINER**2}


DENDRITE = Study(
    "l",
    lambda config: scaling.interface(config.phase_field).length,
    lambda config: accuracy.law(config).order,
    _finer_interface,
    _checks_of_dendrite,
    of_dendrite,
)
"""Of the phase field: the interface length with the mesh, and then the mesh and the time step."""


def _finer_rows(config: TransportConfig, factor: float) -> Changes:
    """Split every row: neighbouring rows are then more alike."""
    mesh = config.mesh
    return {
        "mesh.size_min": mesh.size_min / factor,
        "mesh.size_max": mesh.size_max / factor,
        "mesh.growth": mesh.growth ** (1 / factor),
    }


def _checks_of_ions(config: TransportConfig) -> list[Check]:
    if config.time.mode == "steady":
        return []
    return [Check("time step", _finer_step(config), METHODS["sdirk2"].order)]


IONS = Study(
    "h",
    lambda config: config.mesh.size_min,
    lambda config: config.solver.degree + 1,
    _finer_rows,
    _checks_of_ions,
    of_ions,
)
"""Of ion transport: the heights of the rows of triangles, and the time step of a transient."""
