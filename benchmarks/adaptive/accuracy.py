# SPDX-License-Identifier: MIT
"""Adaptive against uniform: the tip at equal l/h, within 0.5 % at any time.

docker/run python3 -m benchmarks.adaptive.accuracy
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.adaptive.common import run

TOLERANCE = 5e-3


def main() -> int:
    """Print how far the curves are apart; returns the exit code."""
    uniform, adaptive = run([]), run(["adapt.enabled=true"])
    t = adaptive.column("t_s")
    t = t[t <= uniform.rows[-1]["t_s"]]
    worst = {}
    for name in ("tip_um", "area_um2"):
        a, u = (np.interp(t, r.column("t_s"), r.column(name)) for r in (adaptive, uniform))
        worst[name] = float(np.abs(a / u - 1).max())
    for title, r in (("uniform", uniform), ("adaptive", adaptive)):
        s = r.standing
        nodes = s.node_passes / s.passes
        print(f"{title}: {nodes:.0f} nodes on average, {s.steps} steps ({s.stepper['rejected']} "
              f"rejected), {s.remeshes} remeshes, {sum(r.processor):.1f} s")  # fmt: skip
    print(f"tip within {worst['tip_um']:.2%}, area within {worst['area_um2']:.2%}")
    return 0 if worst["tip_um"] < TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
