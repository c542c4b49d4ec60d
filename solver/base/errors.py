# SPDX-License-Identifier: MIT
"""The project's own errors; each carries the exit code of the program."""

EXIT_DONE, EXIT_INTERNAL, EXIT_BAD_INPUT, EXIT_SOLVER_FAILED, EXIT_STOPPED = range(5)


class DendriteError(Exception):
    """Base of all errors that end the program with one clear sentence."""

    exit_code = EXIT_SOLVER_FAILED


class InputError(DendriteError):
    """A config, override, path or mesh request that cannot be used."""

    exit_code = EXIT_BAD_INPUT


class SolverError(DendriteError):
    """The time loop cannot go on; the last good state has been saved."""

    exit_code = EXIT_SOLVER_FAILED


class StageRejected(Exception):
    """A stage has no solution that its scheme finds; a smaller step may have one."""


class Overshot(Exception):
    """A step in time has gone beyond what it should have ended at; `dt` [s] would come closer."""

    def __init__(self, dt: float):
        super().__init__(f"{dt:g} s")
        self.dt = dt


class Stopped(DendriteError):
    """A signal or the limit of wall time asked the run to stop; it can be restarted."""

    exit_code = EXIT_STOPPED
