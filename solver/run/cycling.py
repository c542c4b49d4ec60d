# SPDX-License-Identifier: MIT
"""What a cell is made to do, brought to its model and time steps, and what it shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, inf
from pathlib import Path

from solver.equations.model import Model
from solver.equations.observe import Observer
from solver.input import electrochemistry
from solver.input.config import Config
from solver.input.protocol_steps import End, Moment
from solver.output import scalars
from solver.run import watching
from solver.run.watching import Watching
from solver.stepping import cycler
from solver.stepping.cycler import Cycler, Limit, Place, Records
from solver.stepping.integrator import Step as Advanced

MAH_PER_CM2 = 36000.0
"""1 mAh/cm^2 [C/m^2]."""
COLUMNS = ("protocol_step", "cycle", "capacity_mAh_per_cm2")
"""Step in the source of the protocol and cycle, both from 1, and the charge that has passed since
the step began, positive where it plates at the anode."""
CYCLES = "cycles.csv"
COLUMNS_OF_CYCLES = (
    "cycle", "t_end_s", "plated_mAh_per_cm2", "stripped_mAh_per_cm2", "dead_mAh_per_cm2",
    "coulombic_efficiency",
)  # fmt: skip


class Cycling(Watching):
    """Follows a protocol with a model; every method is collective."""

    columns = COLUMNS

    def __init__(self, config: Config, place: Place):
        super().__init__(config, place)
        self.config = config
        self.has_protocol = config.protocol is not None
        self.width, self.F = config.width, config.constants.F
        self.charge = self.F * config.lithium.c_Li
        # Snapshots at the ends of steps, as many of them as the config asks for.
        self.every = ceil(len(self.cycler.steps) / config.output.snapshots)

    def _cycler(self, config: Config, place: Place) -> Cycler:
        steps = electrochemistry.steps(config)
        return Cycler(steps, tuple(_limits(config)), _records(config), place)

    def attach(self, model: Model, observer: Observer) -> None:
        """Go on with a model, which may be on a new mesh."""
        # Its current is what balances lithium.
        self.cell = next(x for x in model.equations.values() if x.balances)
        self.solid = model.equations["u"]
        super().attach(model, observer)
        self._follow()

    def release(self) -> None:
        """Let go of the model."""
        super().release()
        del self.cell, self.solid

    def _follow(self) -> bool:
        """Take up the present step; tells whether the pressure of the stack is another."""
        step = self.cycler.step
        self.cell.follow(step, self.cycler.place.begun)
        return self.solid.press(electrochemistry.stack_pressure(self.config, step))

    def turn(self, t: float) -> bool:
        """Begin the next step at time t [s] if it is time for it; tell whether it was."""
        turned = super().turn(t)
        if turned:
            # On a new mesh, or in a restart, nothing presses that has not pressed before.
            self.solid.anew = self._follow()
            self.cell.jump(self.observer.deposit_area() / self.width)
        return turned

    def _seen(self, t: float, dt: float, advanced: Advanced) -> Moment:
        tip, (island, dead) = self.observer.tip(), self.observer.islands()
        # Of the electrons that leak as much as at the end of the step: they are few, and steady.
        leaked = self.cell.leak * dt
        # At rest it is 0 but for round-off, whose sign would strip a film.
        current = 0.0 if self.cycler.step.control == "rest" else float(self.cell.current)
        return self.cycler.moment(
            t + dt,
            float(self.F * advanced.inflow / self.width + leaked),
            voltage=float(self.cell.voltage),
            current=current,
            tip=tip,
            shorted=tip >= self.touching,
            island=island,
            dead=float(dead * self.charge / self.width),
            cracked=self._cracked(),
        )

    def row(self) -> dict[str, float]:
        """The numbers of `COLUMNS`."""
        step, charge = self.cycler.step, self.cycler.place.charge
        return dict(zip(COLUMNS, (step.number, step.cycle, charge / MAH_PER_CM2), strict=True))

    @property
    def ending(self) -> str:
        """Why a run has ended that is over, and where in its protocol."""
        reason = self.cycler.place.stopped
        if reason == cycler.DONE or not (reason or self.has_protocol):
            return reason or "done"
        number, cycle, capacity = self.row().values()
        reason = reason or "time.end or time.stop_tip reached"
        return f"{reason}, {capacity:.4g} mAh/cm2 into step {number} of cycle {cycle}"

    @property
    def marked(self) -> bool:
        """Whether the step that has just ended has a snapshot."""
        place = self.cycler.place
        return place.ended and (place.index + 1) % self.every == 0

    def write(self, folder: Path) -> None:
        """Write what has been plated and stripped in every cycle, if any; on rank 0."""
        if not self.cycler.place.cycles:
            return
        rows = [
            (int(number), t, *(charge / MAH_PER_CM2 for charge in charges))
            for number, t, *charges in self.cycler.place.cycles
        ]
        efficiency = [stripped / plated if plated else 0.0 for _, _, plated, stripped, _ in rows]
        columns = (*zip(*rows, strict=True), efficiency)
        scalars.write_profile(
            folder / CYCLES, dict(zip(COLUMNS_OF_CYCLES, columns, strict=True))
        )


def _limits(config: Config) -> Iterator[Limit]:
    """What ends a run in any step: a short circuit, a bare anode, and what its user wants."""
    yield from watching.limits(config)
    touched = "an island of lithium touches the counter electrode"
    yield Limit(End("island_above", electrochemistry.touching(config)), touched)
    yield Limit(End("bare", electrochemistry.bare(config)), "anode exhausted")
    if config.protocol is not None:
        for key, end in config.protocol.safety.ends.items():
            yield Limit(end, f"protocol.safety.{key} {end.value:g} reached")


def _records(config: Config) -> Records:
    """The records that a protocol asks for."""
    if config.protocol is None:
        return Records()
    asked = config.protocol.record
    return Records(asked.every or inf, asked.dU or inf, asked.dI or inf)
