# SPDX-License-Identifier: MIT
"""Going on with a run from its newest good checkpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from mpi4py import MPI

from solver.base import compat, log, physics
from solver.base.errors import InputError
from solver.base.parallel import on_root
from solver.base.units import si_text
from solver.input import loading
from solver.input.comparison import Difference, differences
from solver.input.run_config import RunConfig
from solver.output import checkpoint, place, provenance, run_folder, series, writer
from solver.output.checkpoint import Checkpoint, Record
from solver.run.checkpointing import Source
from solver.run.simulation import Simulation


class Plan(NamedTuple):
    """What a restart is going to do."""

    config: RunConfig
    source: Source
    path: Path
    saved: Checkpoint


def restart(
    folder: Path,
    overrides: list[str],
    force: bool = False,
    on_step: Callable[[Simulation], None] | None = None,
    quiet: bool = False,
) -> None:
    """Continue the run of a folder on this number of ranks (collective over MPI's world).

    Args:
        folder: Its run folder.
        overrides: `--set` arguments on top of those that the run had.
        force: Go on with another config or version of the program too.
        on_step: As for `launching.run`.
        quiet: Print nothing; the messages still go to the folder's log.txt.

    Raises:
        InputError: There is no good checkpoint, or something differs that must not.
        SolverError: The time loop cannot go on; the last good state has been written.
        Stopped: Likewise, by a signal or the limit of wall time.
    """
    comm = MPI.COMM_WORLD
    log.setup(comm.rank, quiet)
    compat.require_real()
    compat.require_compiler(comm)
    on_root(comm, lambda: place.require_run(folder), InputError)
    with writer.alone(folder, comm), run_folder.logged(folder, comm):
        plan = on_root(comm, lambda: _plan(folder, overrides, force), InputError)
        standing = plan.saved.record.standing
        problem = physics.of(plan.config).load("problem")
        if problem.finished(plan.config, standing):
            log.logger.info(
                f"{folder}: the run is finished at t = {standing.t:.6g} s, "
                f"{problem.brief(standing.row)}; {problem.extending(standing)}"
            )
            return
        log.logger.info(f"going on from {plan.path}: step {standing.steps}, t = {standing.t:.6g} s")
        if limit := _kept_limit(plan.saved.record, plan.config):
            log.logger.info(limit)
        resolved = loading.resolved_yaml(plan.config)
        on_root(comm, lambda: run_folder.prepare_restart(folder, resolved), InputError)
        Simulation(plan.config, plan.source, folder, comm, plan.saved, quiet).run(on_step)


def _plan(folder: Path, overrides: list[str], force: bool) -> Plan:
    path, saved, complaints = checkpoint.newest_good(folder)
    if saved is None:
        nothing = f"{folder}: holds no checkpoint to go on from; start again with "
        nothing += f"'dendrite run {folder / place.MARK} -o {folder} --force'."
        raise InputError("\n".join([*complaints, nothing]))
    for complaint in complaints:
        log.logger.warning(complaint)
    source, config = _config(folder, saved.record, overrides)
    series.require_format(folder, config.output.format)
    changes = _compare(saved.record, config, force)
    if changes:
        saved.record.standing.forced.append(_forced(saved.record, changes))
    return Plan(config, source, path, saved)


def _config(folder: Path, record: Record, overrides: list[str]) -> tuple[Source, RunConfig]:
    file = folder / "config.yaml"
    text = loading.read_text(file) if file.exists() else record.config_text
    together = (*record.overrides, *overrides)
    kept = _kept(text, record, together)
    return Source(text, together), loading.parse(text, [*together, *kept], name=str(file))


def _kept(text: str, record: Record, overrides: tuple[str, ...]) -> list[str]:
    """Overrides by what was in the files of a config, which are not where the run folder is."""
    data = loading.section(text, "config.yaml")
    protocol, materials = data.get("protocol"), data.get("materials")
    named = {
        "protocol": isinstance(protocol, dict) and protocol.get("file") is not None,
        "materials": isinstance(materials, str),
    }
    given = {"protocol": "protocol.file", "materials": "materials="}
    kept = [
        f"{key}={json.dumps(record.resolved[key])}"
        for key, prefix in given.items()
        if named[key] or any(x.startswith(prefix) for x in overrides)
    ]
    return kept + _kept_geometry(record, overrides)


def _kept_geometry(record: Record, overrides: tuple[str, ...]) -> list[str]:
    """Where the file of a geometry was, if nobody says where else it is."""
    parts = record.resolved.get("geometry") or {}
    files = {f"geometry.{kind}.file": part["file"] for kind, part in parts.items()
             if part and "file" in part}  # fmt: skip
    return [f"{key}={json.dumps(path)}" for key, path in files.items()
            if not any(x.startswith(f"{key}=") for x in overrides)]  # fmt: skip


def _kept_limit(record: Record, config: RunConfig) -> str:
    """Say that a restart has the limit of wall time that the run had; empty if it has another."""
    limit = config.time.max_wall
    if limit is None or limit != record.resolved["time"]["max_wall"]:
        return ""
    return (
        f"it stops after {si_text(limit, 's')} of wall time, as the run did; --max-wall gives it "
        "another limit, --set time.max_wall=null none"
    )


def _forced(record: Record, changes: list[Difference]) -> dict:
    """What is kept of changes that the past was computed without."""
    named = [{"key": x.key, "from": x.before, "to": x.now} for x in changes]
    before = {"config": record.resolved, "git_revision": record.revision}
    return {"t_s": record.standing.t, "changes": named, **before}


def _compare(record: Record, config: RunConfig, force: bool) -> list[Difference]:
    """Refuse what a run cannot go on with; returns what it is forced to go on with."""
    changes = differences(record.resolved, config.model_dump(mode="json"))
    settled = [change for change in changes if change.settled]
    if settled:
        raise InputError(_sentences(settled, "the state belongs to another cell; start a new run"))
    versions = differences(record.versions, provenance.versions())
    program = [Difference("version of dendrite", v.before, v.now) for v in versions
               if v.key == "dendrite"]  # fmt: skip
    grave = [change for change in changes if not change.allowed] + program
    if grave and not force:
        raise InputError(_sentences(grave, "the past was computed otherwise; --force goes on"))
    for change in grave:
        log.logger.warning(f"forced: {change}")
    for change in changes:
        if change.allowed:
            log.logger.info(f"changed: {change}")
    for change in versions:
        if change.key != "dendrite":
            log.logger.warning(f"{change}: steps will agree to the tolerances, not to the last bit")
    return grave


def _sentences(changes: list[Difference], why: str) -> str:
    return "\n".join(f"{change}: {why}." for change in changes)
