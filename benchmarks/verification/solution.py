# SPDX-License-Identifier: MIT
"""The manufactured solution of rung 5: exact fields, their sources, and a scheme that adds them.

The sources follow from the strong equations of Chen et al. 2025 (section 1.6, eqs. 1-4). They use
the program's pointwise laws but none of its weak forms: div, d f_grad/d grad xi and f_els' are left
to UFL's differentiation.
"""

from __future__ import annotations

import numpy as np
import ufl

from dolfinx import fem

from benchmarks.verification import common
from benchmarks.verification.common import LENGTH, TIME, Run
from benchmarks.verification.stages import Loaded, Stages, StandIn
from solver.base import compat
from solver.laws import energy, kinetics
from solver.schemes.stage import Base, Stage
from solver.terms import mechanics

WIDTH, HEIGHT = 6.0, 8.0
"""Cell [l]."""
C0, PHI_ANODE = 1000.0, -0.05
FIELDS = ("xi", "c", "phi", "u")
SOLVES = 8
"""Linear solves for an elliptic field, each reducing its residual by 1000 or to round-off."""
FLAT = 1e-8 / LENGTH
"""Gradient [1/m] below which xi has no direction; only on the two electrodes."""


def config(h: float, scheme: str = "sdirk2", elements: dict | None = None):
    """Return a config in which every coupling is of order one; `elements` completes its solver."""
    return common.config(
        WIDTH,
        HEIGHT,
        h,
        layer={
            "D": 2 * LENGTH**2 / TIME,
            "c0": C0,
            "sigma_ion": 1e-2,
            "lambda_i": (-4e-3, -3e-3, -2e-3),
        },
        lithium={"c_Li": 2 * C0, "sigma_metal": 4e-2},
        phase_field={"L_eta": 0.3 / TIME, "delta": 0.1},
        boundary={"phi_anode": PHI_ANODE},
        mechanics={"enabled": True},
        solver={"pass_tolerance": 1e-10, "max_passes": 200, **(elements or {})},
        time={"scheme": scheme},
    )


def as_variable(value, number: int) -> ufl.classes.Variable:
    """A UFL variable whose label has a number that is given.

    FFCx counts the number among what makes an expression: with the next one, as ufl.variable takes
    it, the expressions of every solution would be compiled anew.
    """
    return ufl.classes.Variable(value, ufl.classes.Label(number))


def pointwise(value, V: fem.FunctionSpace) -> fem.Expression:
    """An expression at the nodes of a space."""
    return fem.Expression(value, compat.interpolation_points(V))


class Solution:
    """Exact fields on the mesh of a run, and the sources that make them a solution.

    The boundary conditions of the cell hold: no flux of xi, no flux of Li+ except at the counter
    electrode, fixed potentials, rollers.

    Attributes:
        time: Time of all expressions [s].
        exact: Fields as UFL expressions.
    """

    def __init__(self, run: Run):
        self.run, m = run, run.model
        self.time = m.constant(0.0)
        t = as_variable(self.time, 0)
        self.exact = self._fields(t)
        V, Vu = m.V, m.Vu
        self._sources = {
            name: (fem.Function(space), pointwise(source, space))
            for (name, source), space in zip(self._strong(t).items(), (V, V, V, Vu), strict=True)
        }
        self._rates = [pointwise(ufl.diff(self.exact[name], t), V) for name in ("xi", "c")]
        self._values = [
            pointwise(self.exact[name], f.function_space)
            for name, f in zip(FIELDS, run.state.functions, strict=True)
        ]
        degree = ufl.Measure("dx", m.domain.mesh, metadata={"quadrature_degree": 4 * m.degree})
        units = {"xi": 1.0, "c": C0, "phi": 1 / m.numbers.F_RT, "u": 1e-2 * LENGTH}
        area = WIDTH * HEIGHT * LENGTH**2
        self._errors = {}
        for name, f in zip(FIELDS, run.state.functions, strict=True):
            difference = (f - self.exact[name]) / units[name]
            self._errors[name] = fem.form(ufl.inner(difference, difference) / area * degree)

    def _fields(self, t) -> dict:
        x, y = ufl.SpatialCoordinate(self.run.model.domain.mesh)
        X, Y = ufl.pi * x / (WIDTH * LENGTH), ufl.pi * y / (HEIGHT * LENGTH)
        swing = ufl.sin(3 * t / TIME)
        side, bump, fall = ufl.cos(X), ufl.sin(Y) ** 2, ufl.cos(Y / 2)
        psi = 2 * ufl.cos(Y) + 0.5 * t / TIME + 0.6 * side * bump * swing
        strain = 2e-3 * (1 + 0.5 * swing) * LENGTH
        return {
            "xi": 1 / (1 + ufl.exp(-psi)),
            "c": C0 * (1 + (0.3 + 0.2 * side) * fall * (1 + 0.5 * swing)),
            "phi": PHI_ANODE * fall**2 + 0.02 * side * bump * (1 - 0.5 * swing),
            "u": ufl.as_vector(
                (strain * ufl.sin(X) * ufl.cos(Y), 0.5 * strain * side * ufl.sin(Y))
            ),
        }

    def _strong(self, t) -> dict:
        """Sources of xi, c and phi, and the body force."""
        m, n = self.run.model, self.run.model.numbers
        i, layer = n.interface, self.run.config.layers[0]
        c, phi, u = (self.exact[name] for name in FIELDS[1:])
        xi = as_variable(self.exact["xi"], 1)
        f_els = ufl.diff(mechanics.elastic_energy(u, xi, m.coefficients.elasticity), xi)
        B = kinetics.butler_volmer(c / C0, phi, n.alpha, n.F_RT)
        forces = energy.dg(xi, i.W) - ufl.div(self._gradient_flux()) + f_els
        rate = ufl.diff(self.exact["xi"], t)
        growth = -i.L_sigma * forces - i.L_eta * energy.dh(xi) * B
        flux = layer.D * (ufl.grad(c) + n.F_RT * c * ufl.grad(phi))
        h = energy.h(self.exact["xi"])
        lithium = self.run.config.lithium
        conductivity = h * lithium.sigma_metal + (1 - h) * layer.sigma_ion
        sigma = mechanics.stress(u, self.exact["xi"], m.coefficients.elasticity)
        in_plane = ufl.as_tensor([[sigma[a, b] for b in range(2)] for a in range(2)])
        return {
            "xi": rate - growth,
            "c": ufl.diff(c, t) - ufl.div(flux) + n.c_Li * rate,
            "phi": -ufl.div(conductivity * ufl.grad(phi)) + n.F * n.c_Li * rate,
            "u": -ufl.div(in_plane),
        }

    def _gradient_flux(self):
        """d f_grad/d grad xi, by differentiation of f_grad."""
        p, kappa_0 = self.run.config.phase_field, self.run.model.numbers.interface.kappa_0
        grad = ufl.grad(self.exact["xi"])
        g = as_variable(grad, 2)
        kappa = kappa_0 * (1 + p.delta * ufl.cos(p.omega * ufl.atan2(g[1], g[0])))
        flux = ufl.diff(kappa / 2 * ufl.dot(g, g), g)
        # On the electrodes grad xi is 0; it comes in along y, where kappa is that of theta = 0.
        return ufl.conditional(
            ufl.lt(ufl.dot(grad, grad), FLAT**2), kappa_0 * (1 + p.delta) * grad, flux
        )

    def set(self, *names: str) -> None:
        """Set fields of the run to their exact nodal values at `time`."""
        for name, f, value in zip(FIELDS, self.run.state.functions, self._values, strict=True):
            if name in names:
                f.interpolate(value)

    def source(self, name: str) -> fem.Function:
        """Source of xi [1/s], c [mol/m^3/s], phi [A/m^3] or u [N/m^3] at `time`."""
        function, expression = self._sources[name]
        function.interpolate(expression)
        return function

    def rates(self) -> tuple[np.ndarray, np.ndarray]:
        """Exact rates of xi [1/s] and c [mol/m^3/s] at the nodes at `time`."""
        out = fem.Function(self.run.model.V), fem.Function(self.run.model.V)
        for function, expression in zip(out, self._rates, strict=True):
            function.interpolate(expression)
        return out[0].x.array, out[1].x.array

    def errors(self) -> dict[str, float]:
        """Root mean square errors at `time`, each field in its own unit."""
        return {name: fem.assemble_scalar(form) ** 0.5 for name, form in self._errors.items()}


class Held(StandIn):
    """Takes the place of a field's update in the scheme: the exact values."""

    def __init__(self, solution: Solution, name: str):
        self.solution, self.name = solution, name

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Set the field."""
        self.solution.set(self.name)
        model = self.solution.run.model
        self.deposit = model.deposit(stage.base, float(stage.closing))
        return 0.0


class Sourced(Stages):
    """The program's split scheme with the sources of a solution.

    Args:
        solution: Fields and sources.
        free: Fields that are solved for; the others are held at their exact values.
    """

    def __init__(self, solution: Solution, free: tuple[str, ...]):
        super().__init__(solution.run)
        self.solution, self.free, m = solution, free, solution.run.model
        updates = self.inner.updates
        for name in FIELDS:
            if name not in free:
                updates[name] = Held(solution, name)
            elif name != "xi":
                updates[name].system = Loaded(updates[name].system)
        if "xi" in free:
            forces, source = m.equations["xi"].forces(), solution.source("xi")
            updates["xi"].forces = lambda: forces() - m.lumped_mass * source.x.array
        self._lumped = {name: m.lumped_mass for name in FIELDS}
        self._lumped["u"] = np.repeat(m.lumped_mass, 2)

    def prepare(self, base: Base, tau: float) -> Base:
        """Set the sources at the stage's time."""
        self.solution.time.value = self.time
        for name in self.free:
            source = self.solution.source(name).x.array
            if name != "xi":
                self.inner.updates[name].system.load[:] = self._lumped[name] * source
        return base


def march(h: float, end: float, steps: int, free=FIELDS, scheme: str = "sdirk2") -> Solution:
    """Run from the exact state at t = 0 to `end` [1/(L_sigma W)] in equal steps.

    Args:
        h: Element size [l].
        end: End of the run.
        steps: Number of time steps.
        free: Fields that are solved for; the others are held at their exact values.
        scheme: Time scheme.

    Returns:
        The solution at the end; its run carries the fields.
    """
    run = Run(config(h, scheme))
    solution = Solution(run)
    sourced = Sourced(solution, free)
    solution.set(*FIELDS)
    run.start()
    sourced.march(end * TIME / steps, steps)
    solution.time.value = end * TIME
    return solution


def settle(h: float, name: str, at: float) -> Solution:
    """Solve one elliptic field, phi or u, with the others held at one time.

    Args:
        h: Element size [l].
        name: The field.
        at: Time [1/(L_sigma W)].

    Returns:
        The solution at that time; its run carries the fields.
    """
    run = Run(config(h))
    solution = Solution(run)
    sourced = Sourced(solution, (name,))
    tau = 1e-6 * TIME  # so short that a difference quotient is the rate of the deposit
    solution.time.value = at * TIME - tau
    solution.set("xi", "c")
    before = run.model.base()
    sourced.time = solution.time.value = at * TIME
    sourced.prepare(before, tau)
    solution.set("xi", "c", "phi")
    stage = Stage.of(before, tau, 1e-10, closing=True)
    for number in range(SOLVES):
        sourced.inner.updates[name].solve(stage, number)
    return solution
