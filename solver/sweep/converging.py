# SPDX-License-Identifier: MIT
"""Doing the runs of a study of convergence, and writing its outcome."""

from __future__ import annotations

import csv
import io

from solver.base import files
from solver.base.errors import InputError
from solver.output import run_folder
from solver.sweep import convergence_figure, convergence_page, state, work
from solver.sweep.convergence import Convergence, evaluate
from solver.sweep.ladder import Plan

CSV, FIGURE = "convergence.csv", "convergence.png"


def do(planned: Plan, means: work.Means, force: bool) -> Convergence:
    """Do what is left of the runs, compare them, and write the outcome.

    Args:
        planned: The plan.
        means: What the runs are done with.
        force: Do all runs anew, whatever their folders hold.

    Raises:
        InputError: A folder holds something else, or the runs cannot be compared.
        Stopped: A signal ended the work; the same command goes on.
        SolverError: A run has failed; what can be said without it has been written.
    """
    sweep = planned.sweep
    if (sweep.folder / "resolved.yaml").exists():
        raise InputError(f"{sweep.folder}: holds a run; choose another folder with -o.")
    try:
        for run in sweep.runs if force else ():
            run_folder.remove_results(run.folder)
    except OSError as error:
        raise InputError(f"{error.filename}: cannot be removed: {error.strerror}.") from None
    stopped_by = work.finish(sweep, sweep.runs, means)
    if stopped_by or not all(state.state(run).over for run in planned.ladder[:2]):
        work.judge(sweep.runs, stopped_by)
    found = write(planned)
    work.judge(sweep.runs, stopped_by)
    return found


def write(planned: Plan) -> Convergence:
    """Write `convergence.csv`, `convergence.png` and `report.html`.

    Raises:
        InputError: The runs cannot be compared, or a file cannot be written.
    """
    found, folder = evaluate(planned), planned.sweep.folder
    try:
        files.replace(folder / CSV, _table(found).encode())
        files.replace(folder / FIGURE, convergence_figure.png(found))
        if planned.config.output.report:
            page = convergence_page.content(found, planned.sweep)
            files.replace(folder / convergence_page.NAME, page.encode())
    except OSError as error:
        raise InputError(f"{error.filename}: cannot be written: {error.strerror}.") from None
    return found


def _table(found: Convergence) -> str:
    rows = [
        {"number": n.name, "unit": n.unit}
        | {name: repr(value) for name, value in n.values.items()}
        | {
            "order_observed": "" if n.limit.order is None else f"{n.limit.order:.4g}",
            "order_expected": f"{n.expected:g}",
            "value": f"{n.value:.8g}",
            "error": f"{n.error:.3g}",
        }
        | {f"error_{name.replace(' ', '_')}": f"{e:.3g}" for name, e in n.errors.items()}
        | {"remarks": " ".join([*n.remarks, *found.remarks])}
        for n in found.numbers
    ]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
