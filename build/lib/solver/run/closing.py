# SPDX-License-Identifier: MIT
"""What a run leaves at its end: a line in the log, run.json and the figure."""

from __future__ import annotations

from pathlib import Path

from solver.base import log
from solver.base.errors import DendriteError
from solver.base.parallel import on_root
from solver.cell.domain import Domain
from solver.input.config import Config
from solver.output import provenance
from solver.output.checkpoint import Standing
from solver.pictures import plots


def write(folder: Path, config: Config, dom: Domain, s: Standing, end: tuple[str, int]) -> None:
    """Write it; a file that cannot be written is a warning. Collective.

    Args:
        folder: The run folder.
        config: The config of the run.
        dom: Its mesh.
        s: Where the run stands.
        end: Why it ended, and its exit code.
    """
    log.logger.info(
        f"{end[0]}: t = {s.t:.6g} s, tip {s.row['tip_um']:.4g} um, {s.steps} steps "
        f"({s.rejected} rejected), {s.passes} passes, {s.wall:.1f} s"
    )
    nodes, cells = dom.nodes, dom.cells

    def action() -> None:
        record = provenance.of_run(config.title, s, nodes, cells, dom.comm.size, end)
        try:
            provenance.write(folder / "run.json", record)
            plots.figure(folder)
        except (DendriteError, OSError) as error:
            log.logger.warning(f"no run.json or no figure: {error}")
        log.logger.info(f"results in {folder}")

    # All wait: a rank that ends early with an exit code would make mpirun kill rank 0.
    on_root(dom.comm, action)
