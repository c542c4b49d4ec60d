# SPDX-License-Identifier: MIT
"""The equation of the potential phi."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import ufl

from dolfinx import fem

from solver.base.errors import SolverError
from solver.equations.conditions import Course, Held
from solver.equations.couplings import Conduction
from solver.equations.couplings_front import ConductionInSeries
from solver.equations.equation import Equation
from solver.equations.kinetics import SMALLEST_INERTIA, Growth
from solver.equations.model import Model
from solver.equations.strip import Strip
from solver.fields.potential import FIELD
from solver.input.checks import MAX_EXPONENT
from solver.laws import energy
from solver.schemes import preconditioners
from solver.schemes.edgewise import EdgeField
from solver.schemes.krylov import KrylovField
from solver.schemes.linear import LinearField
from solver.schemes.stage import Base, Stage
from solver.schemes.update import KeepingUpdate, largest, largest_each
from solver.terms import potential

COARSE = 0.1
"""Reduction by the linear solve that closes the charge balance of a stage."""
MOVED = 0.05
"""Change of xi that makes a preconditioner worn. Where the front has been, sigma is 1e7 times
larger: a multigrid that is 0.02, 0.1 and 0.2 of xi old takes 7, 12 and 22 iterations, a new one 6
and as long as 13 to make."""
CURRENTS = ("anode_current_A_per_m2", "counter_current_A_per_m2")
ROUND_OFF = 1e-14
"""Scaled residual that round-off leaves per unit of contrast in conductivity, and of the deposit's
charge."""


class PotentialEquation(Equation):
    """Conduction with the charge that the deposit takes."""

    field = FIELD

    def __init__(self, model: Model):
        super().__init__(model)
        self.conductivities = model.config.conductivities
        deposit = [of_deposit for of_deposit, _ in self.conductivities]
        self.sigma_deposit = model.domain.layer_field(deposit, "sigma_deposit")
        key = "sigma_ion" if model.config.potential.sigma == "ionic" else "sigma_e"
        self.sigma_electrolyte = model.per_layer(key)
        self._taken = np.zeros_like(self.function.x.array)

    def coefficients(self) -> dict:
        """Conductivities of deposit and electrolyte [S/m]."""
        return {"sigma_deposit": self.sigma_deposit, "sigma_electrolyte": self.sigma_electrolyte}

    def conditions(self) -> tuple[Held, ...]:
        """Both electrodes have a potential."""
        boundary = self.model.config.boundary
        anode = Course.constant(boundary.phi_anode)
        if boundary.anode_course is not None:
            anode = Course.through(boundary.anode_course)
        return (
            Held("anode", anode),
            Held("counter", Course.constant(boundary.phi_counter)),
        )

    @property
    def _in_series(self) -> bool:
        return self.model.config.kinetics.interface == "quantitative"

    def conduction_form(self, phi, xi, v, dx=None) -> ufl.Form:
        """Conduction of charge; over all cells by default."""
        m, layers = self.model, (self.sigma_deposit, self.sigma_electrolyte)
        if self._in_series:
            inside = ufl.max_value(0.0, ufl.min_value(xi, 1.0))
            return potential.conduction_in_series(phi, inside, v, *layers, dx or m.dx_one)
        return potential.conduction(phi, m.inside(xi), v, *layers, dx or m.dx)

    def linear_system(self) -> KrylovField:
        """Conduction at the state's xi, solved for phi."""
        m, s, held = self.model, self.model.state, self.held()
        if m.edges is None:
            form = fem.form(self.conduction_form(ufl.TrialFunction(m.V), s.xi, m.v))
            return LinearField(form, s.phi, held, preconditioners.PHI)
        sigmas = map(m.of_triangles, (self.sigma_deposit, self.sigma_electrolyte))
        kind = ConductionInSeries if self._in_series else Conduction
        conduction = kind(m.edges, m.solved_triangles, *sigmas)
        return EdgeField(
            lambda: conduction(s.xi.x.array), m.edges, s.phi, held, preconditioners.PHI
        )

    def residual(self, y, base, tau, closing, test) -> ufl.Form:
        """Residual [A/m]."""
        m = self.model
        charged = m.stage_charged(y["xi"], base, closing)
        charge = m.constant(m.numbers.charge)
        form = self.conduction_form(y["phi"], y["xi"], test)
        return form + potential.charge_source(charged, tau, test, charge, m.dx)

    def size(self) -> float:
        """RT/F [V]."""
        return 1 / self.model.numbers.F_RT

    def weight(self, tau):
        """Inverse of the current that RT/F drives through an element of the worst electrolyte."""
        return self.model.numbers.F_RT / min(sigma for _, sigma in self.conductivities)

    def floor(self, tau: float) -> float:
        """What the metal's conductivity and the deposit's charge leave by round-off."""
        m, n = self.model, self.model.numbers
        deposit, electrolyte = zip(*self.conductivities, strict=True)
        contrast = max(deposit) / min(electrolyte)
        of_metal = ROUND_OFF * contrast * n.F_RT * abs(n.phi_anode - n.phi_counter)
        of_source = ROUND_OFF * abs(n.charge) * m.smallest_area * self.weight(tau) / tau
        return max(of_metal, of_source)

    def update(self) -> PotentialUpdate:
        """Its share of a pass."""
        return PotentialUpdate(self)

    def end_stage(self, base: Base, tau: float, closing: float) -> None:
        """Take note of the charge per area that the deposit takes [A/m^2]."""
        m = self.model
        taken = m.stage_charged(m.state.xi.x.array, base, closing)
        self._taken = m.numbers.charge * taken / tau

    @cached_property
    def _electrodes(self) -> list[tuple[Strip, fem.Form]]:
        """The sides in the order of `CURRENTS`, and what conduction takes from their nodes."""
        m, s = self.model, self.model.state
        rule = m.rule_one if self._in_series else m.rule
        strips = [Strip(m, (side,), rule) for side in ("anode", "counter")]
        return [(x, x.form(lambda v, dx: self.conduction_form(s.phi, s.xi, v, dx))) for x in strips]

    def currents(self) -> tuple[float, float]:
        """Current densities into the anode and out of the counter electrode [A/m^2].

        At the end of the last stage; positive from the counter electrode to the anode. Collective.
        """
        entering = [strip.passing(form, self._taken) for strip, form in self._electrodes]
        anode, counter = (x / self.model.domain.width for x in entering)
        return -anode, counter

    def columns(self) -> tuple[str, ...]:
        """The currents of the electrodes besides the extremes."""
        return (*super().columns(), *CURRENTS)

    def measured(self) -> tuple[float, ...]:
        """The numbers of `columns`. Collective."""
        return (*super().measured(), *self.currents())

    def initialise(self, x: np.ndarray) -> None:
        """Set the anode's potential in the deposit, the counter electrode's elsewhere."""
        anode, counter = (held.course.at(0.0) for held in self.conditions())
        metal = energy.h(self.model.state.xi.x.array)
        self.function.x.array[:] = counter + (anode - counter) * metal


EQUATION = PotentialEquation


class PotentialUpdate(KeepingUpdate):
    """Conduction with the charge that the deposit takes.

    The current of electrons stops the growth that asks for too much of it: the source is linear in
    the new phi, with the slope that xi's own equation answers with, as the sink of c is in the new
    c. It adds to the diagonal, so that the passes are stable at any scale. How c answers to phi is
    left to the passes, which become slow at a charge number of thousands. The current of Li+ feeds
    back with the other sign; it stays as the last phi made it.
    """

    follows = ("xi",)

    def __init__(self, equation: PotentialEquation):
        self.model, self.system = equation.model, equation.linear_system()
        self.state = equation.model.state
        sigma = min(electrolyte for _, electrolyte in equation.conductivities)
        self.scale = sigma / self.model.numbers.F_RT * 0.1

    def solve(self, stage: Stage, pass_number: int) -> float:
        """Update phi."""
        m, s, slope = self.model, self.model.state, None
        charged = m.stage_charged(s.xi.x.array, stage.base, float(stage.closing))
        if m.numbers.charge < 0 and not stage.resting:
            slope = -m.numbers.charge * m.lumped_mass * self._slope(stage)
        if pass_number == 0 and self._moved():
            self.system.forget()
        change = self._respond(stage, charged, stage.reduction, slope)
        s.phi.x.array[:] += change
        far, moved = largest_each(m.comm, s.phi.x.array - m.numbers.phi_eq, change)
        self._refuse_runaway(far)
        return moved * m.numbers.F_RT

    def close(self, stage: Stage, deposit: np.ndarray) -> None:
        """Answer the deposit that the lithium balance has taken in the end.

        One or two iterations take the last small change of xi to the electrodes, and a constant
        makes their currents differ by that of the deposit to round-off. The current of electrons is
        left as it is: phi would answer with a multiple of what the passes have left.
        """
        m = self.model
        if m.numbers.charge < 0:
            return
        charged = deposit
        if m.measure is not None:
            charged = m.stage_charged(m.state.xi.x.array, stage.base, float(stage.closing))
        self._respond(stage, charged, COARSE)
        phi = m.state.phi.x.array
        phi += self.system.balance()
        self._refuse_runaway(largest(m.comm, phi - m.numbers.phi_eq))

    def _respond(
        self,
        stage: Stage,
        charged: np.ndarray,
        reduction: float,
        slope: np.ndarray | None = None,
    ) -> np.ndarray:
        """Solve for the change of phi that an increment of the charge's source asks for."""
        m = self.model
        self.system.assemble()
        source = m.numbers.charge * charged / stage.tau
        residual = -(self.system.product() + m.lumped_mass * source)
        self.system.release()
        absolute = stage.tolerance * self.scale
        return self.change(residual, absolute, reduction, slope)

    def _moved(self) -> bool:
        """Whether the front is elsewhere than where the preconditioner was made for it."""
        made = self.made_for.get("xi")
        return made is None or largest(self.model.comm, self.state.xi.x.array - made) > MOVED

    def _refuse_runaway(self, far: float) -> None:
        """Raise a SolverError if phi is as far from phi_eq as Butler-Volmer overflows [V]."""
        if not far * self.model.numbers.F_RT < MAX_EXPONENT:
            raise SolverError(f"phi has run away to {far:.2g} V from phi_eq")

    def _slope(self, stage: Stage) -> np.ndarray:
        """Fall of the source's rate per rise of phi [1/s/V], with c as it is."""
        m, reaction = self.model, self.model.coefficients.kinetics.reaction(stage.tau)
        well = reaction.well * m.numbers.interface.W
        stiff = Growth(m, stage).inertia + stage.tau * (reaction.slope + well)
        weight = 1.0
        if m.config.potential.source == "h":
            weight = energy.dh(np.clip(m.state.xi.x.array, 0.0, 1.0))
        return weight * reaction.per_phi / np.maximum(stiff, SMALLEST_INERTIA)
