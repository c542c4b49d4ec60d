# SPDX-License-Identifier: MIT
"""Tips of converged runs, kept in references.json by the problem that they belong to.

A problem is the text of a config with the values changed in it, those left out that only say how
finely it is solved. A config that has changed since has no reference until one is made anew.
"""

from __future__ import annotations

import hashlib
import json
import math

from benchmarks.speed.codes import HERE, Ours

FILE = HERE / "references.json"
NUMERICAL = ("time.tolerance", "time.scheme", "mesh.", "adapt.", "solver.", "output.")
"""Keys that say how finely a problem is solved, or what is written."""


def key(code: Ours) -> str:
    """A word for the problem that a code solves."""
    kept = [word for word in code.overrides if not word.startswith(NUMERICAL)]
    text = "\n".join([code.config.read_text(encoding="utf-8"), *sorted(kept)])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read() -> dict[str, dict]:
    """All references by their keys."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def tip(code: Ours, at: float) -> float:
    """Converged tip of the problem that a code solves at a time [um]; NaN if it is not known."""
    found = read().get(key(code))
    return found["tip_um"] if found and found["t_s"] == at else math.nan


def keep(code: Ours, at: float, tip: float, revision: str) -> None:
    """Add a reference.

    Args:
        code: The converged run.
        at: Time [s].
        tip: Its tip then [um].
        revision: Of the program.
    """
    record = {
        "config": code.config.name,
        "overrides": code.overrides,
        "revision": revision,
        "t_s": at,
        "tip_um": round(tip, 5),
    }
    text = json.dumps(read() | {key(code): record}, indent=2)
    FILE.write_text(text + "\n", encoding="utf-8")
