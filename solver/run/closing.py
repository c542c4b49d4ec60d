# SPDX-License-Identifier: MIT
"""What a run leaves at its end: a line in the log, run.json, the figure and the page."""

from __future__ import annotations

from pathlib import Path

from solver.base import log, physics
from solver.base.parallel import on_root
from solver.cell.domain import Domain
from solver.input.run_config import RunConfig
from solver.output.checkpoint import Standing
from solver.run.recording import Recording, tried


def write(
    folder: Path,
    config: RunConfig,
    recording: Recording,
    dom: Domain,
    s: Standing,
    brief: str,
    end: tuple[str, int],
) -> None:
    """Write it; a file that cannot be written is a warning. Collective.

    Args:
        folder: The run folder.
        config: The config of the run.
        recording: Its run.json.
        dom: Its mesh.
        s: Where the run stands.
        brief: The number to watch, in words.
        end: Why it ended, and its exit code.
    """
    log.logger.info(
        f"{end[0]}: t = {s.t:.6g} s, {brief}, {s.steps} steps "
        f"({s.stepper['rejected']} rejected), {s.passes} passes, {s.wall:.1f} s"
    )
    recording.close(s, dom, end)

    def action() -> None:
        kind = physics.of(config)
        if s.row and config.output.figure:
            tried("figure.png", lambda: kind.load("figure")(folder))
        if config.output.report:
            tried("report.html", lambda: kind.load("page")(folder))
        log.logger.info(f"results in {folder}")

    # All wait: a rank that ends early with an exit code would make mpirun kill rank 0.
    on_root(dom.comm, action)
