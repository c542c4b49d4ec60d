# SPDX-License-Identifier: MIT
"""Ion transport as a run steps it: towards a steady state, or up to the end of a transient."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path

import numpy as np
from mpi4py import MPI

from solver.base import log
from solver.base.errors import DendriteError, SolverError
from solver.base.parallel import on_root
from solver.base.profile import Profile
from solver.check import ions_limits
from solver.equations.ions_model import IonModel
from solver.equations.ions_observe import Observer
from solver.input import comparison
from solver.input.ions_checks import ELECTRODES
from solver.input.ions_config import TransportConfig
from solver.laws.bounds import BREAKDOWN, DILUTE
from solver.output import scalars
from solver.output.checkpoint import Checkpoint, Standing
from solver.output.chunks import Column
from solver.output.shown import Corners
from solver.run import doubts, stored
from solver.run.problem import Goal, Packed
from solver.stepping.ions_newton import Newton
from solver.stepping.ions_stepping import IonStepping, Step
from solver.stepping.stepper import Stepper

FIRST_STEP = 1e-4
"""Default first step, and the longest from a jump of c, in diffusion times of the stack."""
JUMPING = ("boundary", r"layers\.\d+\.D", r"layers\.\d+\.epsilon_r", "constants")
"""Keys that the state of a run is out of balance with once they are forced. Layers keep their c_im,
as no other is neutral with their c0."""
SMALLEST_STEP = 1e-6
"""Step that ends the run when it is rejected, in first steps."""
BOUND = "a millionth of time.dt_initial,"
LONGEST_STEP = 10.0
"""Longest step towards a steady state with Poisson's equation, in diffusion times: where all fluxes
are prescribed the step alone fixes how much of an ion there is, and what round-off leaves of it
grows with the step, to 2e-9 at a hundred times with MUMPS from PyPI, so that nothing settles."""
SETTLED = 1e-9
"""Change of the unknowns in a step of a diffusion time or more that counts as steady."""
UNKNOWNS = "state_0/unknowns"
"""Name of their array in a checkpoint."""
USED_UP = 1e-3
"""Share of c0 below which a species that cannot follow the prescribed flux counts as used up."""


class IonTransport:
    """See `solver.run.problem.Problem`."""

    digits = 12
    ending = "done"

    def __init__(self, config: TransportConfig, comm: MPI.Comm, saved: Checkpoint | None = None):
        self.config, self.comm, self.profile = config, comm, Profile()
        with self.profile.part("mesh"):
            self.domain = stored.domain_of(config, comm, saved)
        log.logger.info(f"mesh: {self.domain}")
        with self.profile.part("forms"):
            self.model = IonModel(config, self.domain)
            self.stepping = IonStepping(self.model, Newton(self.model))
        self.limit = ions_limits.prescribed(config)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of scalars.csv; those of a species carry its name."""
        return self.observer.columns

    def stepper(self) -> Stepper:
        """Steps from a small share of the diffusion time on; a steady state has no milestones."""
        c = self.config
        first = c.time.dt_initial or self._first_step()
        steady = c.time.mode == "steady"
        outputs = list(np.linspace(0, c.time.end, 1 if steady else c.output.snapshots + 1))
        bounded = steady and c.closure == "poisson"
        longest = LONGEST_STEP * ions_limits.diffusion_time(c) if bounded else np.inf
        smallest = SMALLEST_STEP * first
        return Stepper(first, smallest, longest, c.time.tolerance, outputs, bound=BOUND)

    def _first_step(self) -> float:
        return FIRST_STEP * ions_limits.diffusion_time(self.config)

    def start(self) -> None:
        """Set the initial concentrations."""
        self.model.initialise()
        self._observe()

    def _observe(self) -> None:
        self.observer, self.shown = Observer(self.model), Corners(self.model)

    # --- steps -----------------------------------------------------------------------------

    def turn(self, standing: Standing, stepper: Stepper) -> None:
        """Boundary values stay; a transient leaves a jump by a small step.

        That step has no estimate (`solver.stepping.ions_stepping`), so neither `time.dt_initial`
        nor the size that a forced restart recalls may set its error.
        """
        if self.model.jumps and self.config.time.mode == "transient":
            stepper.dt = min(stepper.dt, self._first_step())

    def adapt(self, stepper: Stepper) -> bool:
        """The mesh stays."""
        return False

    def step(self, dt: float) -> Step:
        """Advance by `dt` [s]; raises StageRejected."""
        with self.profile.part("newton"):
            return self.stepping.step(dt)

    def undo(self) -> None:
        """Go back to the last accepted state."""
        self.stepping.undo()

    def keep(self, t: float, step: Step, standing: Standing) -> None:
        """Accept the present state."""
        self.stepping.keep()
        standing.settled = step.change

    def remarks(
        self, said: Container[str], row: dict[str, float]
    ) -> Iterator[tuple[str, str]]:
        """Species that are crowded or not balanced, and a potential that no electrolyte bears.

        What passes on the way to a steady state may be a million times what the cell holds, and
        its round-off as much of the balance.
        """
        for name, most in self.observer.crowding().items():
            if name not in said and most > DILUTE:
                yield name, (
                    f"c of {name} exceeds {DILUTE:g} c0, the largest that is given: these are the "
                    "laws of dilute ions, in which nothing limits c"
                )
        for s in self.config.species if self.config.time.mode == "transient" else ():
            if (column := f"balance_{s.name}_rel") not in said:
                yield from doubts.open_balance(row, column, s.name)
        if "potential" not in said and self.observer.drop() > BREAKDOWN:
            yield "potential", (
                f"phi differs by more than {BREAKDOWN:g} V over the cell, at which electrolytes "
                "decompose"
            )

    def row(self, standing: Standing, dt: float, step: Step | None) -> dict[str, float]:
        """Extremes, fluxes, balances and the potential."""
        nothing = {side: np.zeros(self.model.charge_row) for side in ELECTRODES}
        inflow = nothing if step is None else step.inflow
        return self.observer.row(standing.steps, standing.t, dt, inflow)

    def balance(self) -> dict[str, float]:
        """What the cell should hold of every species."""
        return self.observer.balance()

    def require_sound(self, standing: Standing) -> None:
        """End a run whose flux the layers cannot carry, once nothing is left to carry it."""
        first = self.config.species[0].name
        left = standing.row[f"c_{first}_min_mol_m3"] / self.model.c_ref[0]
        if self._too_much() and left < USED_UP:
            raise SolverError("nothing is left to carry the flux")

    def marked(self, standing: Standing) -> bool:
        """Snapshots are at milestones."""
        return False

    def explained(self, error: DendriteError, standing: Standing) -> DendriteError:
        """Say of a flux that the layers cannot carry what they can."""
        if not isinstance(error, SolverError) or not self._too_much():
            return error
        first = self.config.species[0].name
        electrodes = (getattr(self.config.boundary, side) for side in ELECTRODES)
        by_current = any(electrode.current is not None for electrode in electrodes)
        key = "current" if by_current else f"flux.{first}"
        return SolverError(
            f"the layers cannot carry the prescribed flux of {first}, {self.limit.flux:.4g} "
            f"mol/m^2/s: their limiting flux is {self.limit.limit:.4g} mol/m^2/s, and {first} is "
            f"used up at an electrode after {standing.t:.4g} s; lower boundary.*.{key}"
        )

    def _too_much(self) -> bool:
        return self.limit is not None and self.limit.flux >= self.limit.limit * (1 - 1e-9)

    # --- checkpoints -----------------------------------------------------------------------

    def pack(self) -> Packed:
        """The unknowns of every triangle, which may jump between layers, and the mesh."""
        return Packed([0.0], {}, self._columns())

    def _columns(self) -> Iterator[Column]:
        yield from stored.mesh(self.domain)
        order = stored.order_of(self.domain)
        yield Column(order.cells, UNKNOWNS, "", order.cell_array(self.model.unknowns()))

    def resume(self, saved: Checkpoint) -> None:
        """Take the unknowns; those of the start are made again."""
        if saved.record.standing.steps == 0:
            self.model.initialise()
        else:
            rows = saved.rows(UNKNOWNS, self.comm)
            self.model.set_unknowns(stored.order_of(self.domain).local_cell_array(rows))
            now = self.config.model_dump(mode="json")
            self.model.jumps = comparison.changed(saved.record.resolved, now, JUMPING)
        self._observe()
        self.observer.resume(saved.record.standing.balance)

    def leave(self, folder: Path) -> None:
        """Write the profile along the axis, `profile.csv`."""
        profile = self.observer.profile()
        on_root(self.comm, lambda: scalars.write_profile(folder / "profile.csv", profile))

    # --- the end ---------------------------------------------------------------------------

    @staticmethod
    def finished(config: TransportConfig, standing: Standing) -> bool:
        """Whether nothing changes any more, or the transient has reached its end."""
        if config.time.mode == "steady":
            long = standing.row["dt_s"] >= ions_limits.diffusion_time(config)
            return standing.settled <= SETTLED and long
        return standing.t >= config.time.end * (1 - 1e-12)

    @staticmethod
    def extending(standing: Standing) -> str:
        """By more time."""
        return "a transient goes on with --set time.end=..."

    @staticmethod
    def goals(config: TransportConfig, standing: Standing) -> list[Goal]:
        """The end of a transient; when nothing changes any more is not known beforehand."""
        if config.time.mode == "steady":
            return []
        return [Goal(standing.t, config.time.end)]

    @staticmethod
    def brief(row: dict[str, float]) -> str:
        """How far the potential differs over the cell."""
        return f"potential drop {1e3 * (row['phi_max_V'] - row['phi_min_V']):.4g} mV"
