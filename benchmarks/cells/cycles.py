# SPDX-License-Identifier: MIT
"""Ten cycles of the quickstart's cell at 1 mA/cm2: a table of its coulombic efficiency.

docker/run python3 -m benchmarks.cells.cycles      # two minutes
"""

from __future__ import annotations

from pathlib import Path

import solver

ROOT = Path(__file__).parents[2]
CONFIG, FOLDER = ROOT / "configs" / "quickstart_cycles.yaml", Path("results/quickstart_cycles")


def table(run: solver.Run) -> str:
    """The cycles of a run in Markdown, with where tip and mean front stand at their ends."""
    rows = run.scalars
    ends = rows.groupby("cycle").last()
    start = rows.iloc[0]
    lines = [
        "| cycle | plated (mAh/cm2) | stripped (mAh/cm2) | coulombic efficiency | "
        "mean front, against the start (nm) | tip over mean front (um) |",
        "|---|---|---|---|---|---|",
    ]
    for cycle in run.cycles.itertuples():
        end = ends.loc[cycle.cycle]
        way = 1e3 * (end.front_mean_um - start.front_mean_um)
        lines.append(
            f"| {cycle.cycle} | {cycle.plated_mAh_per_cm2:.6f} | {cycle.stripped_mAh_per_cm2:.6f} "
            f"| {cycle.coulombic_efficiency:.8f} | {way:+.4f} "
            f"| {end.tip_um - end.front_mean_um:.3f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    run = solver.simulate(solver.load(CONFIG), FOLDER, force=True)
    print(table(run))
