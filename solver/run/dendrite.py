# SPDX-License-Identifier: MIT
"""The dendrite as a run steps it: the coupled fields on a mesh that may follow the front."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path

import numpy as np
from mpi4py import MPI

from solver.base import log, memory
from solver.base.errors import DendriteError, Overshot, SolverError, StageRejected
from solver.base.parallel import on_root
from solver.base.profile import Profile
from solver.cell.domain import Domain
from solver.cell.geometry import UM
from solver.cell.order import InputOrder
from solver.check import judging
from solver.equations.model import Model
from solver.equations.observe import Observer
from solver.input import comparison, electrochemistry
from solver.input.config import Config
from solver.output.checkpoint import Checkpoint, Standing
from solver.output.chunks import Column
from solver.output.shown import Nodal
from solver.run import doubts, stored
from solver.run.cycling import Cycling
from solver.run.problem import Goal, Packed
from solver.run.remesher import Remesher
from solver.run.watching import Watching
from solver.schemes import factory
from solver.schemes.update import Memory
from solver.stepping import history
from solver.stepping.cycler import Place
from solver.stepping.integrator import Integrator, Step
from solver.stepping.stepper import Stepper

AT_ONCE = 0.01
"""Share of the first step of time in which a crack goes on that waits for a mesh: it would not wait
for the next, and what drives it should not have changed by then."""


class Dendrite:
    """See `solver.run.problem.Problem`."""

    digits = 10

    def __init__(self, config: Config, comm: MPI.Comm, saved: Checkpoint | None = None):
        self.config, self.comm, self.profile = config, comm, Profile()
        with self.profile.part("mesh"):
            self.remesher = Remesher(config, comm, saved)
            memory.give_back()
        log.logger.info(f"mesh: {self.domain}")
        with self.profile.part("forms"):
            self._assemble()
            memory.give_back()
        place = Place(**saved.record.standing.place) if saved else Place()
        self.watching = Cycling(config, place) if config.is_cell else Watching(config, place)

    def _assemble(self) -> None:
        """Make everything that belongs to the present mesh."""
        self.model = Model(self.config, self.domain)
        if self.config.fracture is not None:
            self.model.equations["d"].paused = lambda: self.remesher.crack_due(self.model)
        self.scheme = factory.create(self.model, self.profile)
        self.integrator = Integrator(self.model, self.scheme)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of scalars.csv."""
        return (*self.observer.columns, *self.watching.columns)

    @property
    def domain(self) -> Domain:
        """The present mesh."""
        return self.remesher.domain

    def stepper(self) -> Stepper:
        """Error control within the bounds of the config."""
        t = self.config.time
        outputs = np.linspace(0, t.end, self.config.output.snapshots + 1)
        corners = [time for time, _ in self.config.boundary.anode_course or ()]
        if self.config.fracture is not None:
            corners += [time for time, _ in self.config.fracture.overpotential_course or ()]
        if self.config.protocol:
            outputs = np.array([0.0, t.end])
        milestones = sorted({*outputs.tolist(), *(x for x in corners if x <= t.end)})
        return Stepper(t.dt_initial, t.dt_min, t.dt_max, t.tolerance, milestones)

    def start(self) -> None:
        """Make the initial deposit, with phi and u in equilibrium."""
        self.model.initialise()
        try:
            self.scheme.settle()
        except StageRejected as reason:
            raise SolverError(f"the initial state has no equilibrium: {reason}") from None
        memory.give_back()  # making the first multigrids takes more than to keep them
        self.integrator.start(0.0)
        self._observe()

    def _observe(self) -> None:
        self.observer, self.shown = Observer(self.model), Nodal(self.model)
        self.watching.attach(self.model, self.observer)

    # --- steps -----------------------------------------------------------------------------

    def turn(self, standing: Standing, stepper: Stepper) -> None:
        """Begin the next step of the protocol if the present one has ended."""
        if self.watching.turn(standing.t):
            # What was before a jump of the current is no guide.
            self.integrator.start(standing.t)
            stepper.dt = min(stepper.dt, self.config.time.dt_initial)
        stepper.edge = self.watching.cycler.landmark(standing.t)
        stepper.dt_max = electrochemistry.longest_step(self.config, self.watching.cycler.step)

    def adapt(self, stepper: Stepper) -> bool:
        """Remesh if the front or a crack has left the triangles meant for it."""
        with self.profile.part("adapt"):
            if self.remesher.crack_due(self.model):
                at_once = max(AT_ONCE * self.config.time.dt_initial, stepper.dt_min)
                stepper.dt = min(stepper.dt, at_once)
            due = self.due()
            if due:
                self.remesh()
        return due

    def due(self) -> bool:
        """Whether it is time for a new mesh."""
        return self.remesher.due(self.model)

    def remesh(self) -> None:
        """Go on with the same states on a new mesh."""
        order, states = self.remesher.remesh(self.integrator)
        content_expected, of_run = self.observer.content_expected, self._of_run()
        self._release()
        self._assemble()
        self.scheme.recall(of_run)
        history.scatter(self.integrator, order, states)
        if "d" in self.model.equations:
            self.model.equations["d"].work.carried_over(self.integrator.history[-1][0])
        self._observe()
        self.observer.resume(content_expected, self.observer.deposit_area())

    def _of_run(self) -> dict[str, Memory]:
        """What solvers keep that belongs to no mesh."""
        kept, updates = self.scheme.memory(), self.scheme.updates
        return {x: kept[x].of_run() for x in kept if updates[x].outlives_mesh}

    def _release(self) -> None:
        """Let go of what belongs to the last mesh before as much is made anew."""
        self.scheme.destroy()
        self.watching.release()
        del self.model, self.scheme, self.integrator, self.observer, self.shown
        memory.give_back()

    def step(self, dt: float) -> Step:
        """Advance by `dt` [s]; raises StageRejected, or Overshot beyond what ends a run."""
        t, step = self.integrator.history[-1][0], self.integrator.step(dt)
        if step.error <= self.config.time.tolerance:
            try:
                self.watching.judge(t, dt, step)
            except Overshot:
                self.undo()
                raise
        return step

    def undo(self) -> None:
        """Go back to the last accepted state."""
        self.integrator.undo()

    def keep(self, t: float, step: Step, standing: Standing) -> None:
        """Accept the present state."""
        self.integrator.keep(t)
        standing.place = self.watching.take(t)

    def remarks(
        self, said: Container[str], row: dict[str, float]
    ) -> Iterator[tuple[str, str]]:
        """What its equations remark on, one thing for each, and what the scalars say."""
        for name, equation in self.model.equations.items():
            if name not in said and (sentence := equation.remark()):
                yield name, sentence
        c0 = max(part.c0 for part in self.config.parts)
        found = doubts.of_cell(row, c0)
        yield from ((name, sentence) for name, sentence in found if name not in said)

    def row(self, standing: Standing, dt: float, step: Step | None) -> dict[str, float]:
        """Tip, current, balance of lithium, extremes."""
        inflow = 0.0 if step is None else step.inflow
        row = self.observer.row(standing.steps, standing.t, dt, inflow)
        return row | self.watching.row()

    def balance(self) -> dict[str, float]:
        """Lithium expected and area of the deposit."""
        return self.observer.balance()

    def require_sound(self, standing: Standing) -> None:
        """Every accepted state is."""

    def marked(self, standing: Standing) -> bool:
        """Whether a step of the protocol has ended that has a snapshot."""
        return self.watching.marked

    def explained(self, error: DendriteError, standing: Standing) -> DendriteError:
        """Add to a failure of the solver what `check` says against the config."""
        sentence = judging.obstacle(self.config)
        if sentence and isinstance(error, SolverError):
            return SolverError(f"{error}; this config {sentence.rstrip('.')}")
        return error

    @property
    def ending(self) -> str:
        """Why it has stopped before what was asked for, if so."""
        return self.watching.ending

    # --- checkpoints -----------------------------------------------------------------------

    def pack(self) -> Packed:
        """The last states, the scheme's memory and the mesh."""
        memory = self.scheme.memory()
        numbers = {field: carried.numbers for field, carried in memory.items()}
        times = [t for t, _ in self.integrator.history]
        return Packed(times, numbers, self._columns(memory))

    def _columns(self, memory: dict[str, Memory]) -> Iterator[Column]:
        """The arrays of a checkpoint; as each is made, the state holds what it is about."""
        yield from self.remesher.columns()
        order, state = stored.order_of(self.domain), self.model.state
        for i, (_, functions) in enumerate(history.each(self.integrator)):
            for f in functions:
                rows, values = order.placed(f)
                yield Column(rows, f"state_{i}/{f.name}", "", values)
        present = state.xi.x.array.copy()
        for field, carried in memory.items():
            for name, values in carried.arrays.items():
                state.xi.x.array[:] = values
                rows = order.node_values(state.xi)
                yield Column(order.nodes, f"memory/{field}/{name}", "", rows)
        state.xi.x.array[:] = present

    def resume(self, saved: Checkpoint) -> None:
        """Take the states and the scheme's memory."""
        state, order = self.model.state, stored.order_of(self.domain)
        names = [f.name for f in state.functions]
        states = [
            (t, tuple(saved.rows(f"state_{i}/{name}", self.comm) for name in names))
            for i, t in enumerate(saved.record.times)
        ]
        self.scheme.recall(
            {
                field: Memory(numbers, self._carried(saved, order, field))
                for field, numbers in saved.record.memory.items()
            }
        )
        history.scatter(self.integrator, order, states)
        self._observe()
        self.observer.resume(**saved.record.standing.balance)
        if comparison.forced(saved.record.resolved, self.config.model_dump(mode="json")):
            self._hold_anew(saved.record.standing.t)

    def _hold_anew(self, t: float) -> None:
        """Bring everything that is held to what the config in force says at time t [s]."""
        before = self.observer.content()
        self.model.hold(t, everything=True)
        # The lithium that it takes to hold another concentration came from outside.
        self.observer.content_expected += self.observer.content() - before
        self.integrator.start(t)  # what was before a jump is no guide

    def _carried(self, saved: Checkpoint, order: InputOrder, field: str) -> dict[str, np.ndarray]:
        """Arrays of the memory of a field's update."""
        found, holder = {}, self.model.state.xi
        for path in saved.counts:
            if path.startswith(f"memory/{field}/"):
                order.set_node_values(holder, saved.rows(path, self.comm))
                found[path.rpartition("/")[2]] = holder.x.array.copy()
        return found

    def leave(self, folder: Path) -> None:
        """Scalars and fields are all; of a cell, its cycles too. The linear systems go."""
        self.scheme.destroy()
        memory.give_back()  # the figure of a large mesh needs as much
        on_root(self.comm, lambda: self.watching.write(folder))

    # --- the end ---------------------------------------------------------------------------

    @staticmethod
    def finished(config: Config, standing: Standing) -> bool:
        """Whether the end, that of a protocol or the height of the tip is reached."""
        if standing.place.get("stopped"):
            return True
        goal, tip = config.time.stop_tip, standing.row["tip_um"] * UM
        return (goal is not None and tip >= goal) or standing.t >= config.time.end * (1 - 1e-12)

    @staticmethod
    def extending(standing: Standing) -> str:
        """By more time, unless it has stopped by itself."""
        reason = standing.place.get("stopped")
        if reason:
            return f"{reason}: what is to come after that needs a new run"
        return "extend it with --set time.end=... or time.stop_tip=..."

    @staticmethod
    def goals(config: Config, standing: Standing) -> list[Goal]:
        """The end, and the height of the tip if there is one to stop at."""
        found = [Goal(standing.t, config.time.end)]
        if config.time.stop_tip is not None:
            found.append(Goal(standing.row["tip_um"] * UM, config.time.stop_tip))
        return found

    @staticmethod
    def brief(row: dict[str, float]) -> str:
        """Height of the tip."""
        return f"tip {row['tip_um']:.4g} um"
