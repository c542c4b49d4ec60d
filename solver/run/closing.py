# SPDX-License-Identifier: MIT
"""What a run leaves at its end: a line in the log, run.json and the figure."""

from __future__ import annotations

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
    folder: Path, config: RunConfig, dom: Domain, s: Standing, brief: str, end: tuple[str, int]
) -> None:
    """Write it; a file that cannot be written is a warning. Collective.

    Args:
        folder: The run folder.
        config: The config of the run.
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
        record["judgements"] = [*judged.judgements(config), *s.remarks.values()]
        try:
            provenance.write(folder / "run.json", record)
            if s.row:
                physics.of(config).load("figure")(folder)
        except (DendriteError, OSError) as error:
            log.logger.warning(f"no run.json or no figure: {error}")
        log.logger.info(f"results in {folder}")

    # All wait: a rank that ends early with an exit code would make mpirun kill rank 0.
    on_root(dom.comm, action)
