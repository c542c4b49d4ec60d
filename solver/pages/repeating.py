# SPDX-License-Identifier: MIT
"""How a run is done again: one command, or a stage for each stretch with values of its own."""

from __future__ import annotations

import shlex
from typing import Any, NamedTuple

from solver.base.errors import InputError
from solver.input import loading
from solver.input.writing import yaml_text
from solver.pages.contents import Contents
from solver.pages.markup import download, listing, section, table, text

PROGRAM = ("docker/run", "python3", "-m", "solver")
FOLDER = "again"
"""Where the commands put the run."""


class Stage(NamedTuple):
    """A stretch of a run with the same values.

    Attributes:
        name: Of the file with them.
        config: The file, as YAML in SI units.
        revision: Of the program, if it is known.
    """

    name: str
    config: str
    revision: str | None


def section_of(run: Contents) -> str:
    """The commands that do the run again, and the files that they need."""
    stages, ranks = _stages(run), run.record.get("ranks", 1)
    lines, revision = [], None
    for i, stage in enumerate(stages):
        if stage.revision and stage.revision != revision:
            lines.append(f"git checkout {shlex.quote(stage.revision.removesuffix('+'))}")
            revision = stage.revision
        if i:
            lines.append(shlex.join(["cp", stage.name, f"{FOLDER}/config.yaml"]))
            words = ["restart", FOLDER, "--force"]
        else:
            words = ["run", stage.name, "-o", FOLDER, *["--anyway"] * _refused(run, stage.config)]
        lines.append(shlex.join([*PROGRAM, *words, *["-n", str(ranks)] * (ranks > 1)]))
    files = ", ".join(download(stage.name, stage.config) for stage in stages)
    have = "which has every value" if len(stages) == 1 else (
        "which have every value of each stretch"
    )  # fmt: skip
    return section(
        "repeat", "How to repeat it",
        f"<p>Save {files}, {have}, into a checkout of the program:</p>",
        listing("\n".join(lines)),
        "".join(f"<p>{note}</p>" for note in _notes(run, stages)),
    )  # fmt: skip


def changes(run: Contents) -> str:
    """What the run was forced to on its way."""
    rows = [
        (text(run.time(forced["t_s"])), text(change["key"]), *map(_shown, _ends(change)))
        for forced in run.record.get("forced", ())
        for change in forced["changes"]
    ]
    return table("Forced on the way, by restart --force", ("from", "key", "was", "is"), rows)


def _ends(change: dict[str, Any]) -> tuple[Any, Any]:
    return change["from"], change["to"]


def _shown(value: Any) -> str:
    return "not set" if value is None else text(value)


def _stages(run: Contents) -> list[Stage]:
    """The stretches of a run, one after the other.

    What was changed before the first step counts from the start.
    """
    resolved, revision = run.text("resolved.yaml") or "", run.record.get("git_revision")
    forced = [x for x in run.record.get("forced", ()) if x["t_s"] > 0]
    if not forced or _is_steady(run):
        return [Stage("resolved.yaml", resolved, revision)]
    stages = []
    for i, before in enumerate(forced, 1):
        config = before["config"]
        ended = config | {"time": config["time"] | {"end": before["t_s"]}}
        stages.append(Stage(f"stage_{i}.yaml", yaml_text(ended), before["git_revision"]))
    return [*stages, Stage(f"stage_{len(forced) + 1}.yaml", resolved, revision)]


def _is_steady(run: Contents) -> bool:
    return (run.config.get("time") or {}).get("mode") == "steady"


def _notes(run: Contents, stages: list[Stage]) -> list[str]:
    notes = []
    if any((stage.revision or "").endswith("+") for stage in stages):
        notes.append("The checkout had changes that are in no revision.")
    if run.record.get("restarts"):
        notes.append(
            "The run was restarted, which changes no step on the same number of ranks, but for "
            "what was forced."
        )
    if len(stages) > 1:
        notes.append(
            "Each stage ends at the time from which on other values were forced; as snapshots are "
            "taken at other times, steps agree to their tolerance."
        )
    elif run.record.get("forced") and _is_steady(run):
        notes.append("What was forced on the way to the steady state is not repeated.")
    return notes


def _refused(run: Contents, config: str) -> bool:
    """Whether a config is one that is run with --anyway only."""
    if not run.kind.obstacle:
        return False
    try:
        return bool(run.kind.load("obstacle")(loading.parse(config)))
    except InputError:  # of another version of the program
        return False
