# SPDX-License-Identifier: MIT
"""What a run leaves at its end: a line in the log, run.json, the figure and the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from solver.base import log, physics
from solver.base.errors import DendriteError
from solver.base.parallel import on_root
from solver.cell.domain import Domain
from solver.input.run_config import RunConfig
from solver.output import provenance
from solver.output.checkpoint import Standing
from solver.run import judged


def write(
    folder: Path,
    config: RunConfig,
    overrides: Sequence[str],
    dom: Domain,
    s: Standing,
    brief: str,
    end: tuple[str, int],
) -> None:
    """Write it; a file that cannot be written is a warning. Collective.

    Args:
        folder: The run folder.
        config: The config of the run.
        overrides: The `--set` arguments that are in it, of all restarts.
        dom: Its mesh.
        s: Where the run stands.
        brief: The number to watch, in words.
        end: Why it ended, and its exit code.
    """
    log.logger.info(
        f"{end[0]}: t = {s.t:.6g} s, {brief}, {s.steps} steps "
        f"({s.stepper['rejected']} rejected), {s.passes} passes, {s.wall:.1f} s"
    )
    nodes, cells = dom.nodes, dom.cells

    def action() -> None:
        record = provenance.of_run(config, s, nodes, cells, dom.comm.size, end)
        told = [*judged.judgements(config), *s.remarks.values()]
        record |= {"overrides": list(overrides), "judgements": told}
        kind = physics.of(config)
        _tried("run.json", lambda: provenance.write(folder / "run.json", record))
        if s.row:
            _tried("figure.png", lambda: kind.load("figure")(folder))
        if config.output.report:
            _tried("report.html", lambda: kind.load("page")(folder))
        log.logger.info(f"results in {folder}")

    # All wait: a rank that ends early with an exit code would make mpirun kill rank 0.
    on_root(dom.comm, action)


def _tried(name: str, action: Callable[[], object]) -> None:
    try:
        action()
    except (DendriteError, OSError) as error:
        log.logger.warning(f"no {name}: {error}")
    except Exception:  # a defect of ours: the run is over all the same, and its end is to be heard
        log.logger.exception(f"no {name}: internal error, please report it with these lines")
