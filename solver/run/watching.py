# SPDX-License-Identifier: MIT
"""What ends a run of the printed equations before its time: metal at the counter electrode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import ClassVar

from solver.base.errors import Overshot
from solver.equations.model import Model
from solver.equations.observe import Observer
from solver.input import electrochemistry, fracture
from solver.input.config import Config
from solver.input.protocol_steps import End, Moment, Step
from solver.stepping.cycler import Cycler, Limit, Place, Records
from solver.stepping.integrator import Step as Advanced

GROWTH = Step("voltage", 0.0, 0.0, (), None, 1)
"""The one step of a run without a current that is known: it has no end of its own."""


class Watching:
    """Looks at the states of a run for what ends it; every method is collective.

    Attributes:
        columns: Of scalars.csv, besides those of the fields.
        cycler: Follows the steps that the run has; here one without an end.
        plated: Whether there is a deposit at the start.
    """

    columns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, config: Config, place: Place):
        self.cycler = self._cycler(config, place)
        self.touching = electrochemistry.touching(config)
        self.plated = config.nuclei.top > 0
        self._moment: Moment | None = None

    def _cycler(self, config: Config, place: Place) -> Cycler:
        return Cycler((GROWTH,), tuple(limits(config)), Records(), place)

    def attach(self, model: Model, observer: Observer) -> None:
        """Go on with a model, which may be on a new mesh."""
        self.observer, self.damage = observer, model.equations.get("d")

    def release(self) -> None:
        """Let go of the model."""
        del self.observer, self.damage

    def turn(self, t: float) -> bool:
        """Begin the next step at time t [s] if it is time for it; tell whether it was."""
        return self.cycler.turn(t)

    def judge(self, t: float, dt: float, advanced: Advanced) -> None:
        """Look at the state after a step from t; raises Overshot if it is beyond an end."""
        self._moment = self._seen(t, dt, advanced)
        sooner = self.cycler.landing(self._moment, dt)
        if sooner is not None:
            raise Overshot(sooner)

    def _seen(self, t: float, dt: float, advanced: Advanced) -> Moment:
        tip = self.observer.tip()
        if tip >= self.touching:  # lithium may have grown at the counter electrode
            tip = self.observer.tip_from_anode()
        seen = {"voltage": 0.0, "current": 0.0, "tip": tip, "shorted": tip >= self.touching}
        return self.cycler.moment(t + dt, 0.0, **seen, cracked=self._cracked())

    def _cracked(self) -> tuple[str, ...]:
        """Sides of the cell that cracks have reached."""
        return () if self.damage is None else self.damage.reached()

    def take(self, t: float) -> dict:
        """Take note that the state that was judged last is accepted; returns the place."""
        self.cycler.take(t, self._moment)
        return asdict(self.cycler.place)

    def row(self) -> dict[str, float]:
        """The numbers of `columns`."""
        return {}

    @property
    def ending(self) -> str:
        """Why a run has ended that is over."""
        bare = self.plated and self._moment is not None and self._moment.tip == 0
        return self.cycler.place.stopped or ("done, no deposit is left" if bare else "done")

    @property
    def marked(self) -> bool:
        """Whether a step has just ended that has a snapshot."""
        return False

    def write(self, folder: Path) -> None:
        """Leave what only such a run has; on rank 0."""


def limits(config: Config) -> Iterator[Limit]:
    """What ends a run in any step, whatever it is about."""
    yield Limit(End("tip_above", electrochemistry.touching(config)), "short circuit")
    if config.fracture is not None:
        yield Limit(End("crack_counter"), _through(config))
        yield Limit(End("crack_left"), "a crack has reached the left side and cuts the cell")
        yield Limit(End("crack_right"), "a crack has reached the right side and cuts the cell")


def _through(config: Config) -> str:
    """What a crack at the counter electrode means: no short circuit without lithium in it."""
    notches = enumerate(config.fracture.notches)
    dry = [f"fracture.notches.{i}" for i, x in notches if fracture.gap(config, x)]
    if not dry:
        return "a crack full of lithium has reached the counter electrode: short circuit"
    named = ", ".join(dry)
    return f"a crack has reached the counter electrode; no lithium touched {named} at the start"
