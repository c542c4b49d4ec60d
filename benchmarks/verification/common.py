# SPDX-License-Identifier: MIT
"""What the rungs share: rows of the table, a config in units of the interface, a time loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from mpi4py import MPI

from solver.base.profile import Profile
from solver.cell import domain
from solver.cell.domain import Domain
from solver.equations.model import Model
from solver.input.config import Config
from solver.schemes import factory
from solver.stepping.advance import advance
from solver.stepping.integrator import Integrator
from solver.stepping.stepper import Stepper

LENGTH = 1e-7
"""Interface length l of all rungs [m]. The equations know only ratios to it."""
L_SIGMA, WELL = 5e-6, 1.5e6
"""Interface mobility [m^3/J/s] and well height [J/m^3], Table S1 of Chen et al. 2025."""
TIME = 1 / (L_SIGMA * WELL)
"""Time unit of the phase field, 1/(L_sigma W) [s]."""
INERT = 1e-9
"""A c_Li [mol/m^3] so small that growth leaves c and phi as they are."""


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        case: Name of the rung.
        quantity: What was measured, with its unit.
        expected: The number known otherwise.
        got: The program's number.
        bound: Largest admissible error.
        source: Where `expected` comes from.
        scale: The error is abs(got - expected)/scale; default abs(expected). 1 makes it absolute.
        limit: "at_least" if more than expected is no error, "at_most" if less is none.
    """

    case: str
    quantity: str
    expected: float
    got: float
    bound: float
    source: str
    scale: float | None = None
    limit: Literal["", "at_least", "at_most"] = ""

    @property
    def error(self) -> float:
        """Error relative to the scale."""
        scale = abs(self.expected) if self.scale is None else self.scale
        difference = self.got - self.expected
        if self.limit == "at_least":
            return max(0.0, -difference / scale)
        return max(0.0, difference / scale) if self.limit else abs(difference) / scale

    @property
    def passed(self) -> bool:
        """Whether the error is within its bound; a NaN never is."""
        return self.error <= self.bound


@dataclass(frozen=True)
class Curve:
    """Errors over a resolution, for a convergence plot.

    Attributes:
        label: Legend.
        steps: Mesh or time steps, in the unit of the figure's axis.
        errors: Their errors.
        order: Order of the reference line.
    """

    label: str
    steps: tuple[float, ...]
    errors: tuple[float, ...]
    order: float


@dataclass(frozen=True)
class Result:
    """What a rung hands to the table and to the page.

    Attributes:
        rows: Lines of the table.
        curves: Curves of the rung's convergence figure, if it has one.
        axis: Label of that figure's horizontal axis.
    """

    rows: list[Row]
    curves: tuple[Curve, ...] = ()
    axis: str = "h / l"


def order(steps, errors) -> float:
    """Slope of the least-squares line through (log step, log error)."""
    return float(np.polyfit(np.log(steps), np.log(errors), 1)[0])


def config(width: float, height: float, h: float, **sections: dict) -> Config:
    """Return a config of one layer, with lengths in units of l.

    The defaults leave a bare Allen-Cahn equation: isotropic, without mechanics, and with growth
    that changes neither c nor phi.

    Args:
        width: Width of the cell [l].
        height: Height of the cell [l].
        h: Element size, uniform unless `mesh` says otherwise [l].
        **sections: Sections of the config in SI that replace or complete the defaults;
            `layer` is the one layer's.
    """
    values = {
        "layer": {"name": "electrolyte", "thickness": height * LENGTH},
        "lithium": {"c_Li": INERT},
        "phase_field": {
            "L_sigma": L_SIGMA,
            "W": WELL,
            "kappa_0": 2 * WELL * LENGTH**2,
            "delta": 0.0,
            "L_eta": 0.0,
        },
        "boundary": {"phi_anode": 0.0, "phi_counter": 0.0},
        "mechanics": {"enabled": False},
        "nuclei": {"count": 0, "film": 0.0},
        "mesh": {"size_min": h * LENGTH, "size_max": h * LENGTH, "fine_height": height * LENGTH},
        "time": {"dt_initial": 1e-3 * TIME},
        "solver": {"pass_tolerance": 1e-6},  # discretisation errors alone
    }
    for name, section in sections.items():
        values[name] = {**values.get(name, {}), **section}
    layer = values.pop("layer")
    return Config(title="verification", width=width * LENGTH, layers=(layer,), **values)


class Run:
    """A model with its scheme and integrator, as `solver.run.simulation` puts them together.

    Attributes:
        t: Time [s].
        inflow: Li+ that has entered through the boundary [mol/m].
        x: Coordinates of the nodes [m]; likewise y.
    """

    def __init__(self, config: Config, cell: Domain | None = None):
        self.config = config
        self.model = Model(config, cell or domain.build(config, MPI.COMM_WORLD))
        self.state = self.model.state
        self.model.initialise()
        self.scheme = factory.create(self.model, Profile())
        self.integrator = Integrator(self.model, self.scheme)
        self.t, self.inflow = 0.0, 0.0
        self.x, self.y = self.model.V.tabulate_dof_coordinates().T[:2]

    def start(self) -> None:
        """Take the present state as the initial one."""
        self.t, self.inflow = 0.0, 0.0
        self.integrator.start(0.0)

    def march(self, dt: float, steps: int) -> Iterator[float]:
        """Advance by equal steps; yields the time after each.

        Raises:
            StageRejected: A step failed.
        """
        start = self.t
        for i in range(steps):
            self.inflow += self.integrator.step(dt).inflow
            self.t = start + (i + 1) * dt
            self.integrator.keep(self.t)
            yield self.t

    def adapt(self, end: float, tolerance: float, dt_max: float = np.inf) -> Iterator[float]:
        """Advance to `end` with the program's step control; yields the time after each step."""
        dt = self.config.time.dt_initial
        stepper = Stepper(dt, 1e-9 * dt, dt_max, tolerance, [end])
        while self.t < end * (1 - 1e-12):
            dt, step = advance(stepper, self.integrator, self.t)
            self.t += dt
            self.inflow += step.inflow
            self.integrator.keep(self.t)
            yield self.t

    def set_disk(self, radius: float) -> None:
        """Set the phase field to a disk about the corner x = y = 0, in its equilibrium profile.

        Args:
            radius: Its radius [l].
        """
        distance = np.hypot(self.x, self.y) / LENGTH - radius
        self.state.xi.x.array[:] = 0.5 * (1 - np.tanh(distance / 2))

    def integral(self, values: np.ndarray) -> float:
        """Integral of nodal values over the cell, by the vertex rule."""
        return float(np.dot(self.model.lumped_mass, values))


def slope(times, values, since: float) -> float:
    """Slope of the least-squares line through the points with time >= since."""
    times, values = np.array(times), np.array(values)
    late = times >= since
    return float(np.polyfit(times[late], values[late], 1)[0])
