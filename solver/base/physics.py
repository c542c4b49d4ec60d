# SPDX-License-Identifier: MIT
"""The kinds of physics, and where what the verbs need of each is.

Places are written as `module:name` inside solver and imported when they are asked for, so that
`check` needs no DOLFINx, and a kind of physics is its own modules and one entry here.
"""

from __future__ import annotations

import importlib
from typing import Any, NamedTuple

DEFAULT = "dendrite"
"""The physics of a config that names none."""


class Physics(NamedTuple):
    """One kind of physics.

    Attributes:
        name: Value of the key `physics` of a config.
        title: What is computed, for headings.
        config: The class of its config, an `input.run_config.RunConfig`.
        cell: Function config -> geometry for Gmsh [um].
        report: Function config -> what `check` prints, a `check.summary.Report`.
        problem: The class of what a run steps, a `run.problem.Problem`.
        panels: Function attributes of a field series -> how to show those that can be shown.
        figure: Function run folder -> path of the figure that it has drawn there.
        page: Function run folder -> path of the page that it has written there.
        outcome: What a sweep compares, a `sweep.outcome.Outcome`.
        study: How `converge` refines a config, a `sweep.refining.Study`.
        obstacle: Function config -> sentence on why it is not run without --anyway, or None; empty
            where every valid config is run.
        accuracy: Function config, accuracy -> lines on its errors and what makes them so small;
            empty where no errors have been measured.
    """

    name: str
    title: str
    config: str
    cell: str
    report: str
    problem: str
    panels: str
    figure: str
    page: str
    outcome: str
    study: str
    obstacle: str = ""
    accuracy: str = ""

    def load(self, part: str) -> Any:
        """Import a part, by its name above."""
        module, _, name = getattr(self, part).partition(":")
        return getattr(importlib.import_module(f"solver.{module}"), name)


PHYSICS = {
    physics.name: physics
    for physics in (
        Physics(
            "dendrite", "the phase field", "input.config:Config", "cell.triangles:cell",
            "check.report:report", "run.dendrite:Dendrite", "pictures.panels:of_dendrite",
            "pictures.plots:figure", "pages.run_page:write", "sweep.outcome:TIP",
            "sweep.refining:DENDRITE", "check.judging:obstacle", "check.accuracy:lines",
        ),
        Physics(
            "transport", "ion transport without deposition", "input.ions_config:TransportConfig",
            "cell.ions_rows:cell", "check.ions_report:report", "run.ions:IonTransport",
            "pictures.panels:of_ions", "pictures.ions_figure:figure", "pages.run_page:write",
            "sweep.outcome:DROP", "sweep.refining:IONS",
        ),
    )
}  # fmt: skip
"""The physics by name."""


def of(config: Any) -> Physics:
    """The physics of a config."""
    return PHYSICS[config.physics]
