# SPDX-License-Identifier: MIT
"""Dead lithium from fast plating and slow stripping: a table of its cycles, and a picture.

docker/run python3 -m benchmarks.islands.dead docs/figures/dead_lithium.png      # a minute
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

import solver

ROOT = Path(__file__).parents[2]
CONFIG, FOLDER = ROOT / "configs" / "dead_lithium.yaml", Path("results/dead_lithium")
METAL, EDGE = "#e0bb2f", "#20304a"


def table(run: solver.Run) -> str:
    """The cycles of a run in Markdown, with what the anode has lost since the start [mAh/cm2]."""
    rows, config = run.scalars, solver.load(CONFIG)
    ends = rows.groupby("cycle").last()
    per_um = 1e-6 * config.constants.F * config.lithium.c_Li / 36000
    lines = [
        "| cycle | plated (mAh/cm2) | stripped (mAh/cm2) | efficiency | dead (mAh/cm2) "
        "| anode, against the start (mAh/cm2) |",
        "|---|---|---|---|---|---|",
    ]
    for cycle in run.cycles.itertuples():
        way = ends.loc[cycle.cycle].front_mean_um - rows.iloc[0].front_mean_um
        lines.append(
            f"| {cycle.cycle} | {cycle.plated_mAh_per_cm2:.6f} | {cycle.stripped_mAh_per_cm2:.6f} "
            f"| {cycle.coulombic_efficiency:.6f} | {cycle.dead_mAh_per_cm2:.6f} "
            f"| {way * per_um:+.6f} |"
        )
    return "\n".join(lines)


def draw(run: solver.Run, path: Path) -> None:
    """The metal at the start, as plated, after the first cycle and at the end."""
    ends = run.scalars.groupby(["cycle", "protocol_step"]).t_s.last()
    layer = solver.load(CONFIG).layers[0].thickness * 1e6
    moments = {"start": 0.0, "as plated": ends.loc[1].iloc[0], "cycle 1": ends.loc[1].iloc[-1],
               "cycle 3": ends.iloc[-1]}  # fmt: skip
    figure, axes = plt.subplots(1, len(moments), figsize=(9, 4.2), sharey=True, layout="tight")
    for ax, (name, t) in zip(axes, moments.items(), strict=True):
        fields = run.fields(float(t))
        at = (*fields.points.T, fields.triangles)
        ax.tricontourf(*at, fields["xi"], [0.5, 1.1], colors=[METAL])
        ax.tricontour(*at, fields["xi"], [0.5], colors=[EDGE], linewidths=1)
        ax.axhline(layer, color="0.6", linewidth=0.8, linestyle="--")
        ax.set(aspect="equal", title=name, xlabel="x (µm)", ylim=(0, 12))
    axes[0].set_ylabel("y (µm)")
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    run = solver.simulate(solver.load(CONFIG), FOLDER, force=True)
    print(table(run))
    if len(sys.argv) > 1:
        draw(run, Path(sys.argv[1]))
