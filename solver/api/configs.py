# SPDX-License-Identifier: MIT
"""Configs from files and texts, and what they mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from solver.api import transport as transport
from solver.base import physics
from solver.base.errors import InputError
from solver.check.summary import Report
from solver.input import loading
from solver.input.construction import plain
from solver.input.run_config import RunConfig


def load(source: str | Path, set: Mapping[str, Any] | None = None) -> RunConfig:
    """Read and validate a config of any physics.

    Args:
        source: Path of a YAML file, or its text, which has more than one line.
        set: Values to override, by dotted key: `{"layers.0.D": "2e-11 m^2/s"}`.

    Returns:
        A `Config` or a `TransportConfig`, in SI units.

    Raises:
        InputError: The file or a value cannot be used; one sentence per mistake.
    """
    if not isinstance(source, str | Path):
        raise InputError(
            f"load: a path or a text is needed, not a {type(source).__name__}; Config(...) takes "
            "values."
        )
    if isinstance(source, str) and "\n" in source.strip():
        return loading.parse(source, overrides(set))
    return loading.load(source, overrides(set))


def overrides(set: Mapping[str, Any] | None) -> list[str]:
    """Write values to override as the command line has them.

    Raises:
        InputError: A value is of no kind that a file can hold.
    """
    if not isinstance(set or {}, Mapping):
        raise InputError('set: must be a dictionary of dotted keys: {"time.end": "900 s"}.')
    found = []
    for key, value in (set or {}).items():
        try:
            found.append(f"{key}={json.dumps(plain(value))}")  # JSON is YAML
        except TypeError:
            kind = type(value).__name__
            raise InputError(
                f"{key}: a value of the type {kind} cannot be set; give a number, a text, true or "
                "false, a list or a section."
            ) from None
    return found


def report(config: RunConfig, accuracy: float | None = None) -> Report:
    """Say what a config means: its values, what they imply, what it costs, what is doubtful.

    It is what the verb `check` prints; the page that the verb `report` writes is `Run.report`.

    Args:
        config: The config.
        accuracy: If given, say also what errors it makes and which values would make them as small
            as this share of the way of the tips, such as 0.03.

    Raises:
        InputError: This is no config, the mesh would be too large, no front speed follows from the
            values, or nothing can be said of this accuracy.
    """
    if not isinstance(config, RunConfig):
        raise InputError(f"report: a config is needed, not a {type(config).__name__}; see load.")
    kind = physics.of(config)
    found = kind.load("report")(config)
    if accuracy is None:
        return found
    if not kind.accuracy:
        raise InputError(
            f"accuracy: no errors of {kind.title} have been measured; converge measures those of "
            "a config."
        )
    return replace(found, accuracy=kind.load("accuracy")(config, accuracy))


def refuse_impossible(config: RunConfig, name: str, remedy: str = "") -> None:
    """Refuse a config that cannot run.

    Args:
        config: The config.
        name: What the message calls it.
        remedy: A sentence on how it is run all the same.

    Raises:
        InputError: It cannot run.
    """
    kind = physics.of(config)
    sentence = kind.load("obstacle")(config) if kind.obstacle else None
    if sentence:
        raise InputError(f"{name}: {sentence} {remedy}".rstrip())
