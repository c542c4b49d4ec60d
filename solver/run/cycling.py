# SPDX-License-Identifier: MIT
"""What a cell is made to do, brought to its model and time steps, and what it shows of it."""

from __future__ import annotations

from dataclasses import asdict
from math import ceil
from pathlib import Path

from solver.base.errors import Overshot
from solver.equations.model import Model
from solver.equations.observe import Observer
from solver.input import electrochemistry
from solver.input.config import Config
from solver.input.protocol_steps import Moment
from solver.laws import scaling
from solver.output import scalars
from solver.stepping.cycler import Cycler, Place
from solver.stepping.integrator import Step

MAH_PER_CM2 = 36000.0
"""1 mAh/cm^2 [C/m^2]."""
NEAR = 2.0
"""Distance of a tip from the counter electrode, in interface lengths, that counts as touching."""
BARE = 4.0
"""Height of the deposit, in interface lengths, up to which nothing of it can be dissolved."""
COLUMNS = ("protocol_step", "cycle", "capacity_mAh_per_cm2")
"""Step in the source of the protocol and cycle, both from 1, and the charge that has passed since
the step began, positive where it plates at the anode."""
CYCLES = "cycles.csv"


class Cycling:
    """Follows a protocol with a model; every method is collective.

    Attributes:
        cycler: The protocol and where it stands.
    """

    def __init__(self, config: Config, place: Place):
        protocol = config.protocol
        limits = protocol.safety.limits if protocol else ()
        self.cycler = Cycler(electrochemistry.steps(config), limits, place)
        self.width, self.F, self.height = config.width, config.constants.F, config.cell_height
        self.length = scaling.interface(config.phase_field).length
        # Snapshots at the ends of steps, as many of them as the config asks for.
        self.every = ceil(len(self.cycler.steps) / config.output.snapshots)
        self._moment: Moment | None = None

    def attach(self, model: Model, observer: Observer) -> None:
        """Go on with a model, which may be on a new mesh."""
        self.phi, self.observer = model.equations["phi"], observer
        self._follow()

    def _follow(self) -> None:
        self.phi.follow(self.cycler.step, self.cycler.place.begun)

    def turn(self, t: float) -> bool:
        """Begin the next step at time t [s] if it is time for it; tell whether it was."""
        turned = self.cycler.turn(t)
        if turned:
            self._follow()
        return turned

    def judge(self, t: float, dt: float, step: Step) -> None:
        """Look at the state after a step from t; raises Overshot if it is beyond an end."""
        tip = self.observer.tip()
        self._moment = self.cycler.moment(
            t + dt,
            self.F * step.inflow / self.width,
            voltage=self.phi.voltage,
            current=self.phi.current,
            tip=tip,
            shorted=tip >= self.height - NEAR * self.length,
        )
        sooner = self.cycler.landing(self._moment, dt)
        if sooner is not None:
            raise Overshot(sooner)

    def take(self, t: float) -> dict:
        """Take note that the state that was judged last is accepted; returns the place."""
        place, moment = self.cycler.place, self._moment
        self.cycler.take(t, moment)
        if moment.shorted:
            place.stopped = "short circuit"
        elif moment.current < 0 and moment.tip <= BARE * self.length:
            place.stopped = "anode exhausted"
        return asdict(place)

    def row(self) -> dict[str, float]:
        """The numbers of `COLUMNS`."""
        step, charge = self.cycler.step, self.cycler.place.charge
        return dict(zip(COLUMNS, (step.number, step.cycle, charge / MAH_PER_CM2), strict=True))

    @property
    def marked(self) -> bool:
        """Whether the step that has just ended has a snapshot."""
        place = self.cycler.place
        return bool(place.ended) and (place.index + 1) % self.every == 0

    def write(self, folder: Path) -> None:
        """Write what has been plated and stripped in every cycle; on rank 0."""
        names = ("cycle", "t_end_s", "plated_mAh_per_cm2", "stripped_mAh_per_cm2")
        rows = [
            (int(number), t, plated / MAH_PER_CM2, stripped / MAH_PER_CM2)
            for number, t, plated, stripped in self.cycler.place.cycles
        ]
        efficiency = [stripped / plated if plated else 0.0 for _, _, plated, stripped in rows]
        columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
        scalars.write_profile(folder / CYCLES, columns | {"coulombic_efficiency": efficiency})
