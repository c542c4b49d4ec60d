# SPDX-License-Identifier: MIT
"""What a kind of physics brings to a run; the loop, the files and the clock are the run's own."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from solver.base.errors import DendriteError
from solver.base.profile import Profile
from solver.cell.domain import Domain
from solver.input.run_config import RunConfig
from solver.output.checkpoint import Checkpoint, Standing
from solver.output.chunks import Column
from solver.output.shown import Shown
from solver.stepping.stepper import Stepper


class Packed(NamedTuple):
    """The states of a problem in a checkpoint.

    Attributes:
        times: Of the states, oldest first [s].
        memory: Numbers of the scheme's memory, by field.
        columns: Everything else, the mesh included, as it is made on all ranks together.
    """

    times: list[float]
    memory: dict[str, dict[str, float]]
    columns: Iterator[Column]


class Goal(NamedTuple):
    """A value that ends the run when it reaches its target; same units."""

    value: float
    target: float


class Problem(Protocol):
    """Model, scheme and integrator of a config; all methods are collective.

    Its class is called with the config, the communicator, and a checkpoint to go on from or None.
    `step` and `undo` are those of `stepping.advance.Stepping`.

    Attributes:
        config: The config.
        profile: Wall time by part.
        domain: The present mesh.
        columns: Columns of scalars.csv.
        digits: Significant digits of its numbers.
        shown: What the field series shows, another object after a remesh.
        ending: Why a run that is over has ended.
    """

    config: RunConfig
    profile: Profile
    domain: Domain
    columns: Sequence[str]
    digits: int
    shown: Shown
    ending: str

    def stepper(self) -> Stepper:
        """The step control at the start of a run; its milestones are the times of snapshots."""

    def start(self) -> None:
        """Make the initial state; raises SolverError if there is none."""

    def resume(self, saved: Checkpoint) -> None:
        """Take the states of a checkpoint."""

    def adapt(self, stepper: Stepper) -> bool:
        """Go on with the same states on a new mesh if it is time for one; tell whether it was."""

    def turn(self, standing: Standing, stepper: Stepper) -> None:
        """Take up, before a step, what holds from the present state on."""

    def step(self, dt: float) -> Any:
        """Advance by `dt` [s]; the result has `error` and `passes`."""

    def undo(self) -> None:
        """Go back to the last accepted state."""

    def keep(self, t: float, step: Any, standing: Standing) -> None:
        """Accept the present state, the result of a step, as the one at time `t` [s]."""

    def remarks(
        self, said: Container[str], row: dict[str, float]
    ) -> Iterator[tuple[str, str]]:
        """What the present state has come to that its laws are not made for.

        Args:
            said: Names of what has been remarked on before, and is not again.
            row: Its scalars.

        Yields:
            A name of what it is about, and what follows "from t = ... on" as a sentence.
        """

    def row(self, standing: Standing, dt: float, step: Any | None) -> dict[str, float]:
        """Scalars of the present state, after a step of size `dt` [s] or at the start."""

    def balance(self) -> dict[str, float]:
        """What the balances of the scalars go on from."""

    def require_sound(self, standing: Standing) -> None:
        """Raise SolverError if an accepted state says that there is no use in going on."""

    def marked(self, standing: Standing) -> bool:
        """Whether the present state has a snapshot although it is at no milestone."""

    def pack(self) -> Packed:
        """The states for a checkpoint."""

    def explained(self, error: DendriteError, standing: Standing) -> DendriteError:
        """What to say of a failure to start or to step, with what is known against the config."""

    def leave(self, folder: Path) -> None:
        """Write the files that only this physics has; no step follows."""

    @staticmethod
    def finished(config: RunConfig, standing: Standing) -> bool:
        """Whether a run is over."""

    @staticmethod
    def extending(standing: Standing) -> str:
        """What a user can do who wants a finished run to go on."""

    @staticmethod
    def goals(config: RunConfig, standing: Standing) -> list[Goal]:
        """What ends the run, whichever comes first; none if that is not known beforehand."""

    @staticmethod
    def brief(row: dict[str, float]) -> str:
        """The number to watch, in a few words."""
