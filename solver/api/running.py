# SPDX-License-Identifier: MIT
"""Runs: started, gone on with, and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.api import fields, tables
from solver.api.configs import overrides, refuse_impossible
from solver.base import launch
from solver.base.errors import InputError
from solver.input import loading
from solver.input.run_config import RunConfig
from solver.output import place, provenance, snapshots

if TYPE_CHECKING:
    import pandas

    from solver.run.simulation import Simulation


class Run:
    """What a run has left in its folder, also while it is going on; read anew at every access.

    Attributes:
        folder: The run folder.
    """

    def __init__(self, folder: str | Path):
        """Look at a run folder.

        Raises:
            InputError: It is no run folder.
        """
        if not isinstance(folder, str | Path):
            raise InputError(f"the path of a run folder is needed, not a {type(folder).__name__}.")
        self.folder = Path(folder)
        place.require_run(self.folder)

    def __repr__(self) -> str:
        return f"Run({str(self.folder)!r}): {self.exit_reason or 'has not ended'}"

    @property
    def config(self) -> RunConfig:
        """The config that is in force, a `Config` or a `TransportConfig`."""
        return loading.load(self.folder / "resolved.yaml")

    @property
    def ended(self) -> bool:
        """Whether the run has ended, as it should or otherwise."""
        return "exit_code" in self._record

    @property
    def finished(self) -> bool:
        """Whether the run has ended by itself: done or by another end, which `exit_reason` says."""
        return self._record.get("exit_code") == 0

    @property
    def exit_reason(self) -> str | None:
        """Why the run ended, `done` where it is finished, or what a cell came to; None: not yet."""
        return self._record.get("exit_reason")

    @property
    def _record(self) -> dict[str, Any]:
        return self.info if (self.folder / "run.json").is_file() else {}

    @property
    def info(self) -> dict[str, Any]:
        """The content of run.json: versions, ranks, what is doubtful; mesh and cost at the end.

        Raises:
            InputError: There is none yet, or it cannot be read.
        """
        return provenance.read(self.folder)

    @property
    def scalars(self) -> pandas.DataFrame:
        """The rows of scalars.csv, one per step; units in the names and in `attrs["units"]`.

        Raises:
            InputError: The file cannot be read.
        """
        return tables.read(self.folder / "scalars.csv")

    @property
    def profile(self) -> pandas.DataFrame:
        """The fields of a transport run along the axis of the cell, from the anode up.

        Between layers there are two rows, one of each.

        Raises:
            InputError: The run has none, or has not ended.
        """
        path = self.folder / "profile.csv"
        if not path.is_file():
            raise InputError(
                f"{self.folder}: there is no profile; a run of physics: transport leaves one at "
                "its end."
            )
        return tables.read(path)

    @property
    def cycles(self) -> pandas.DataFrame:
        """What a cell has plated and stripped, a row per cycle.

        Raises:
            InputError: The run is none of a cell with a current and a voltage, or has not ended.
        """
        path = self.folder / "cycles.csv"
        if not path.is_file():
            raise InputError(
                f"{self.folder}: there are no cycles; a run with electrochemistry.closure: "
                "single_ion leaves them at its end."
            )
        return tables.read(path)

    @property
    def times(self) -> list[float]:
        """Times of the snapshots [s]; none before the first.

        Raises:
            InputError: The series cannot be read.
        """
        there = snapshots.path(self.folder).exists()
        return snapshots.times(self.folder) if there else []

    def fields(self, t: str | float | None = None) -> fields.Fields:
        """Read the snapshot that is nearest to a time, of two as near the earlier one.

        Args:
            t: The time [s], or a text such as "10 min"; None for the last one.

        Returns:
            Its fields, whose `time` [s] is that of the snapshot and not `t`; `times` has all.

        Raises:
            InputError: The time cannot be read or is beyond the snapshots, or there are none yet.
        """
        if not self.times:
            raise InputError(f"{self.folder}: there are no fields yet.")
        return fields.at(self.folder, t)

    def report(self) -> Path:
        """Write the run's page again, `report.html`, also of a run that goes on; returns its path.

        Raises:
            InputError: A file cannot be read or written, or plotly is not installed.
        """
        with launch.needs_libraries():
            return loading.physics_of(self.folder / place.MARK).load("page")(self.folder)

    def restart(
        self,
        set: Mapping[str, Any] | None = None,
        progress: bool = True,
        force: bool = False,
        on_step: Callable[[Simulation], None] | None = None,
    ) -> Run:
        """Go on from the newest checkpoint, in this process (collective under mpirun).

        Args:
            set: Values to override, by dotted key: `{"time.end": "900 s"}`.
            progress: Print messages and how far the run is.
            force: Go on with another config or version of the program too.
            on_step: As for `simulate`.

        Raises:
            InputError: There is no good checkpoint, or something differs that must not.
            SolverError: The time loop cannot go on; the last good state has been written.
            Stopped: Likewise, by a signal or the limit of wall time.
        """
        with launch.needs_libraries():
            from solver.run import restart
        restart.restart(self.folder, overrides(set), force, on_step, quiet=not progress)
        return self


def simulate(
    config: RunConfig,
    folder: str | Path,
    progress: bool = True,
    force: bool = False,
    on_step: Callable[[Simulation], None] | None = None,
    anyway: bool = False,
) -> Run:
    """Run a config in this process; under mpirun on all its ranks, which call this together.

    Args:
        config: A `Config` or a `TransportConfig`.
        folder: Where the results go.
        progress: Print messages and how far the run is.
        force: Replace earlier results in the folder.
        on_step: Called after every accepted step with the simulation, whose `t` [s], `steps` and
            `row` (the line of scalars.csv) say where the run stands.
        anyway: Run what `report` says cannot run.

    Returns:
        What the run has left.

    Raises:
        InputError: The config cannot run, or the folder cannot be used.
        SolverError: The time loop cannot go on; the last good state has been written.
        Stopped: Likewise, by a signal or the limit of wall time.
    """
    if not isinstance(config, RunConfig):
        raise InputError(f"simulate: a config is needed, not a {type(config).__name__}; see load.")
    if not isinstance(folder, str | Path):
        raise InputError(f"simulate: a folder is needed, not a {type(folder).__name__}.")
    config = config.with_({})  # a copy may have been made past the validation
    if not anyway:
        refuse_impossible(config, config.title, "anyway=True runs it all the same.")
    with launch.needs_libraries():
        from solver.run import launching
    launching.run(config, config.to_yaml(), Path(folder), (), force, on_step, quiet=not progress)
    return Run(folder)


def open_run(folder: str | Path) -> Run:
    """Open the folder of a run that has ended or is going on, from Python or a command line.

    Raises:
        InputError: It is no run folder.
    """
    return Run(folder)
