# SPDX-License-Identifier: MIT
"""A manufactured solution of a cell with a current and a voltage, and a scheme with its sources.

xi and the potential phi_s on the front are chosen; the ions' potential phi = phi_s +
x i(phi_s)/sigma follows, x = -l psi, and the current from the slope of phi at the counter
electrode. phi_s is such that
this is what the deposit takes: the sources of the charge add up to nothing, as the program counts
on. Front, normal and sharpening flux are given, where the program finds them in xi before a step.
solver's other closure, a binary electrolyte, is .salt_solution.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import ufl

from dolfinx import fem

from benchmarks.verification import common
from benchmarks.verification.common import LENGTH, TIME, Run
from benchmarks.verification.solution import HEIGHT, WIDTH, as_variable, pointwise
from benchmarks.verification.stages import Loaded, Stages
from solver.equations.thin_front import MEETING
from solver.laws import energy
from solver.schemes.stage import Base

SIGMA, R_COUNTER = 3e-2, 5e-5
"""Conductivity [S/m] and resistance of the counter electrode [ohm m^2]."""
SHARPENING = LENGTH**2 / TIME
"""Mobility of the sharpening flux [m^2/s]."""
ON_FRONT, SWING = 0.03, 3.0
"""phi_s where nothing bends it [V], and its angular frequency [1/TIME]."""


def config(h: float, scheme: str, kinetic: bool, layer: dict, closure: dict):
    """Return a config in which every coupling is of order one."""
    cell = {"control": "current", "current": 100.0, **closure}
    return common.config(
        WIDTH,
        HEIGHT,
        h,
        layer={"sigma_ion": SIGMA, **layer},
        lithium={"c_Li": 2000.0},
        phase_field={"L_eta": 0.3 / TIME},
        nuclei={"film": HEIGHT / 2 * LENGTH},
        electrochemistry={**cell, "counter_R_ct": R_COUNTER} if kinetic else cell,
        boundary={"phi_anode": -0.1, "phi_counter": 0.0},  # as if they were left out
        solver={"pass_tolerance": 1e-10, "max_passes": 200},
        time={"scheme": scheme},
    )


class CellSolution:
    """Exact fields on the mesh of a run, and the sources that make them a solution.

    Attributes:
        run: The run.
        current: Current density at the time that was set last [A/m^2].
        voltage: Cell voltage then [V].
        sources: Sources of xi [1/s] and phi [A/m^3] then, by name.
    """

    LAYER: ClassVar[dict] = {}
    CLOSURE: ClassVar[dict] = {"closure": "single_ion"}

    def __init__(self, run: Run):
        self.run, m = run, run.model
        self._time, self._bend = m.constant(0.0), m.constant(0.0)
        t = as_variable(self._time, 0)
        x, y = ufl.SpatialCoordinate(m.mesh)
        X, self._Y = ufl.pi * x / (WIDTH * LENGTH), ufl.pi * y / (HEIGHT * LENGTH)
        wave = ufl.cos(X) * ufl.sin(self._Y) ** 2 * ufl.sin(SWING * t / TIME)
        psi = 2 * ufl.cos(self._Y) + 0.5 * t / TIME + 0.6 * wave
        phi_s = self._on_front(t) + self._bend * ufl.cos(self._Y / 2) + 0.01 * wave
        xi = 1 / (1 + ufl.exp(-psi))
        behind, passing = self._behind(t, psi, xi, phi_s)
        exact, rate = {"xi": xi, **behind}, ufl.diff(xi, t)
        strong = self._strong(t, psi, exact, passing)
        functions = {name: m.state[name] for name in exact}
        self._exact = {name: (f, pointwise(exact[name], m.V)) for name, f in functions.items()}
        self.sources = {name: fem.Function(m.V) for name in exact}
        self._strong_at = {name: pointwise(value, m.V) for name, value in strong.items()}
        dx = ufl.Measure("dx", m.mesh, metadata={"quadrature_degree": 6})
        self._deposit = fem.form(rate * dx)
        area = WIDTH * HEIGHT * LENGTH**2
        self._errors = {
            name: fem.form(((f - exact[name]) / m.equations[name].size()) ** 2 / area * dx)
            for name, f in functions.items()
        }

    def _on_front(self, t):
        sin = np.sin if isinstance(t, float) else ufl.sin
        return ON_FRONT * (1 + 0.3 * sin(SWING * t / TIME))

    def _behind(self, t, psi, xi, phi_s) -> tuple[dict, Any]:
        """Fields besides xi where the front has phi_s, and its current density."""
        passing = self.run.model.coefficients.kinetics.electrode.current(phi_s)
        return {"phi": phi_s - LENGTH * psi * passing / SIGMA}, passing

    def _strong(self, t, psi, exact: dict, passing) -> dict:
        """Sources of the fields."""
        n, xi = self.run.model.numbers, exact["xi"]
        i, rate = n.interface, ufl.diff(xi, t)
        spread, normal = xi * (1 - xi), -ufl.sin(self._Y)
        sharpening = SHARPENING * normal ** (2 * MEETING + 1) * spread
        sharpening *= normal * psi.dx(1) - 1 / i.length
        forces = energy.dg(xi, i.W) - i.kappa_0 * ufl.div(ufl.grad(xi))
        growth = spread * passing / n.charge / i.length - i.L_sigma * forces + sharpening.dx(1)
        conduction = ufl.div(SIGMA * (1 - xi) * self._driving(exact))
        return {"xi": rate - growth, "phi": n.charge * rate - conduction}

    def _driving(self, exact: dict):
        """What drives the ions [V/m]."""
        return ufl.grad(exact["phi"])

    def _set_time(self, t: float) -> float:
        """Take the expressions to time t [s]; returns the current density [A/m^2]."""
        m, self._time.value = self.run.model, t
        return m.numbers.charge * fem.assemble_scalar(self._deposit) / m.domain.width

    def at(self, t: float) -> None:
        """Take everything to time t [s]."""
        self.current = self._set_time(t)
        self._meet(t)
        for name, source in self.sources.items():
            source.interpolate(self._strong_at[name])

    def _meet(self, t: float) -> None:
        """Let the current enter at the counter electrode; take the voltage."""
        law = self.run.model.coefficients.kinetics.electrode
        # At the counter electrode psi is 0.5 t/TIME - 2, without a slope, and phi_s without bend.
        psi, phi_s = 0.5 * t / TIME - 2, self._on_front(t)
        x = -LENGTH * psi
        steeper = SIGMA / (1 + np.exp(psi)) * (1 + x / SIGMA * law.conductance(phi_s))
        self._bend.value = -self.current / steeper * 2 * HEIGHT * LENGTH / np.pi
        self.voltage = phi_s + x / SIGMA * law.current(phi_s) + self._beyond(1.0)

    def _beyond(self, exchange: float) -> float:
        """What the counter electrode's law takes, exchanging so much of what it does at c0 [V]."""
        counter, F_RT = self.run.model.equations["phi"].counter.law, self.run.model.numbers.F_RT
        if counter is None:
            return 0.0
        return 2 / F_RT * np.arcsinh(self.current / (2 * counter.i_0 * exchange))

    def set(self) -> None:
        """Set the fields of the run to their exact nodal values."""
        for function, value in self._exact.values():
            function.interpolate(value)

    def errors(self) -> dict[str, float]:
        """Errors of the fields, root mean square, and of the voltage, in their equations' units."""
        found = {name: fem.assemble_scalar(form) ** 0.5 for name, form in self._errors.items()}
        missing = self.run.model.equations["phi"].voltage - self.voltage
        return {**found, "U": abs(missing) * self.run.model.numbers.F_RT}


class SourcedCell(Stages):
    """The program's split scheme with the sources of a solution and its current."""

    def __init__(self, solution: CellSolution):
        super().__init__(solution.run)
        self.solution, m = solution, solution.run.model
        updates, forces, mass = self.inner.updates, m.equations["xi"].forces(), m.lumped_mass
        sources = solution.sources
        updates["xi"].forces = lambda: forces() - mass * sources["xi"].x.array
        self._loaded = {name: Loaded(updates[name].system) for name in sources if name != "xi"}
        for name, system in self._loaded.items():
            updates[name].system = system
        m.equations["phi"].step = SimpleNamespace(control="current", at=self._current_at)
        self._give_front()

    def _current_at(self, t: float) -> float:
        self.solution.at(t)
        for name, system in self._loaded.items():
            system.load[:] = self.run.model.lumped_mass * self.solution.sources[name].x.array
        return self.solution.current

    def _give_front(self) -> None:
        kinetics = self.run.model.coefficients.kinetics
        kinetics.near.x.array[:], kinetics.carried.x.array[:] = 1.0, 0.0
        normal = kinetics.normal.x.array.reshape(-1, 2)
        normal[:, 0], normal[:, 1] = 0.0, -np.sin(np.pi * self.run.y / (HEIGHT * LENGTH))
        kinetics.M.value = SHARPENING
        kinetics.gradient_energy.kept = kinetics._kept()

        def keep(t: float, dt: float, base: Base) -> Base:
            return base

        kinetics.begin_step = keep


def march(
    h: float, end: float, steps: int, scheme: str = "sdirk2", kinetic: bool = True, of=CellSolution
) -> CellSolution:
    """Run from the exact state at t = 0 to `end` [1/(L_sigma W)] in equal steps.

    Args:
        h: Element size [l].
        end: End of the run.
        steps: Number of time steps.
        scheme: Time scheme.
        kinetic: Whether the counter electrode has a law of its own.
        of: Kind of the solution.

    Returns:
        The solution at the end; its run carries the fields.
    """
    run = Run(config(h, scheme, kinetic, of.LAYER, of.CLOSURE))
    solution = of(run)
    sourced = SourcedCell(solution)
    solution.at(0.0)
    solution.set()
    run.start()
    sourced.march(end * TIME / steps, steps)
    solution.at(end * TIME)
    return solution
