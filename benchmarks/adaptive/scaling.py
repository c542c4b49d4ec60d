# SPDX-License-Identifier: MIT
"""Seconds of processor time per step against nodes, on cells of growing width.

docker/run python3 -m benchmarks.adaptive.scaling
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.adaptive.common import run

QUICKSTART = Path(__file__).parents[2] / "configs" / "quickstart.yaml"
WIDTHS = {5: 1, 16: 2, 50: 7, 160: 22}
"""Width of the cell [um], and nuclei at the quickstart's spacing."""
STEPS, SKIPPED = 16, 4
LARGEST_EXPONENT = 1.1


def main() -> int:
    """Print the table; returns the exit code."""
    table = []
    for width, nuclei in WIDTHS.items():
        overrides = [f"width={width} um", f"nuclei.count={nuclei}"]
        r = run(overrides, QUICKSTART, until=lambda standing: standing.steps == STEPS)
        seconds = float(np.mean(r.processor[SKIPPED:]))
        s = r.standing
        table.append((s.node_passes / s.passes, seconds, s.passes / s.steps))
        print("{:.0f} nodes: {:.3f} s per step of {:.1f} passes".format(*table[-1]))
    nodes, seconds, _ = np.array(table).T
    exponent = np.polyfit(np.log(nodes), np.log(seconds), 1)[0]
    print(f"s per step ~ nodes^{exponent:.2f} over a factor of {nodes[-1] / nodes[0]:.0f}")
    return 0 if exponent <= LARGEST_EXPONENT else 1


if __name__ == "__main__":
    sys.exit(main())
