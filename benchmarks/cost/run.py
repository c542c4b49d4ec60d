# SPDX-License-Identifier: MIT
"""What the quickstart costs: seconds per step by part, microseconds per node and pass.

    docker/run python3 benchmarks/cost/run.py RUN_FOLDER ... > benchmarks/cost/README.md

Each folder holds a finished run; its run.json has what the program measured on rank 0.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

PARTS = {
    "xi": "phase field",
    "c": "concentration",
    "phi": "potential",
    "u": "displacement",
    "scalars": "scalars.csv",
    "output": "fields",
}


def table(record: dict) -> str:
    """Return the cost table of one run as Markdown."""
    steps, passes, nodes = record["steps"], record["passes"], record["nodes"]
    head = (
        f"**{record['title']}**, {nodes} nodes, {record['ranks']} rank(s): {steps} steps "
        f"({record['rejected_steps']} rejected), {passes} passes, {record['wall_time_s']:.0f} s; "
        f"mesh {record['cost_s']['mesh']:.1f} s, forms {record['cost_s']['forms']:.1f} s; "
        f"peak memory {record['peak_memory_MB']:.0f} MB.\n"
    )
    lines = ["| part | s per step | us per node and pass | share |", "|---|---|---|---|"]
    total = sum(record["cost_s"][part] for part in PARTS)
    for part, name in PARTS.items():
        seconds = record["cost_s"][part]
        each = 1e6 * seconds / (nodes * passes)
        lines.append(f"| {name} | {seconds / steps:.3f} | {each:.2f} | {seconds / total:.0%} |")
    each = 1e6 * total / (nodes * passes)
    lines.append(f"| all | {total / steps:.3f} | {each:.2f} | 100% |")
    return "\n".join([head, *lines])


def main(folders: list[str]) -> None:
    """Print the page."""
    print("# Cost\n\nMade by `benchmarks/cost/run.py` from finished runs. A pass updates xi and")
    print("c, and phi and u where their change can matter; fields are written at snapshots.\n")
    for folder in folders:
        print(table(json.loads((Path(folder) / "run.json").read_text())), end="\n\n")


if __name__ == "__main__":
    main(sys.argv[1:])
