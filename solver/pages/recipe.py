# SPDX-License-Identifier: MIT
"""Sections of a run's page on what was run, what it cost and where it comes from."""

from __future__ import annotations

import shlex

from solver.fields.known import INFO
from solver.pages import repeating
from solver.pages.contents import Contents
from solver.pages.markup import facts, folded, listing, number, section, table, text

LOG_LINES = 200
"""Last lines of log.txt that a page has."""
PARTS = {
    "adapt": "new meshes", "output": "files", "forms": "compiling and assembling forms",
    "mesh": "first mesh", "scalars": "columns of scalars.csv",
}  # fmt: skip
"""Parts of the wall time by their names in run.json, besides the fields."""
DESCENT = {"revision": "git_revision", "started": "started", "restarts": "restarts"}
"""Where a run comes from, by names in run.json."""


def config(run: Contents) -> str:
    """The config as given, what it was changed to, and every value."""
    given, resolved = run.text("config.yaml"), run.text("resolved.yaml") or ""
    overrides = run.record.get("overrides", [])
    sets = "\n".join(f"--set {shlex.quote(x)}" for x in overrides)
    return section(
        "config", "What was run",
        given and f"<p>The config as given:</p>{listing(given)}",
        sets and f"<p>and on top of it:</p>{listing(sets)}",
        repeating.changes(run),
        folded("Every value, in SI units (resolved.yaml)", listing(resolved)),
    )  # fmt: skip


def cost(run: Contents) -> str:
    """Sizes, counts, and the wall time by part; nothing as long as the run goes on."""
    r = run.record
    if not run.ended:
        return ""
    known = {
        "nodes, at the end": "nodes", "nodes, mean": "nodes_mean", "triangles": "triangles",
        "new meshes": "remeshes", "steps": "steps", "rejected steps": "rejected_steps",
        "passes": "passes", "MPI ranks": "ranks",
    }  # fmt: skip
    pairs = [(name, f"{r[key]:,}".replace(",", " ")) for name, key in known.items() if key in r]
    if "peak_memory_MB" in r:
        pairs.append(("peak memory of rank 0", f"{r['peak_memory_MB']:.0f} MB"))
    spent = sorted(r.get("cost_s", {}).items(), key=lambda part: -part[1])
    whole = sum(seconds for _, seconds in spent) or 1.0
    rows = [
        (text(_part(name)), f"{number(seconds, 3)}", f"{100 * seconds / whole:.0f} %",
         f'<span class="share" style="width:{120 * seconds / whole:.0f}px"></span>')
        for name, seconds in spent
    ]  # fmt: skip
    parts = table("Wall time by part", ("part", "s", "share", ""), rows)
    return section("cost", "Mesh and cost", facts(pairs), parts)


def _part(name: str) -> str:
    return INFO[name].label if name in INFO else PARTS.get(name, name)


def provenance(run: Contents) -> str:
    """Revision, versions, and when it was started."""
    r = run.record
    pairs = [(name, text(r[key])) for name, key in DESCENT.items() if r.get(key) is not None]
    pairs += [(text(name), text(version)) for name, version in r.get("versions", {}).items()]
    return section("provenance", "Provenance", pairs and facts(pairs))


def log(run: Contents) -> str:
    """The last lines of log.txt."""
    lines = (run.text("log.txt") or "").splitlines()[-LOG_LINES:]
    return section("log", "Log", lines and folded(f"Last lines of log.txt ({len(lines)})",
                                                  listing("\n".join(lines))))  # fmt: skip
