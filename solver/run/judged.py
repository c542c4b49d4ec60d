# SPDX-License-Identifier: MIT
"""What `check` finds doubtful about a config, for those who run it without asking."""

from __future__ import annotations

from solver.base import log, physics
from solver.base.errors import InputError
from solver.input.run_config import RunConfig


def judgements(config: RunConfig) -> tuple[str, ...]:
    """Its sentences; where it cannot tell what a config means, that one."""
    try:
        return tuple(physics.of(config).load("report")(config).judgements or ())
    except InputError as error:
        return (f"check cannot say what this means: {error}",)


def say(config: RunConfig) -> tuple[str, ...]:
    """Write them to the log, and return them."""
    sentences = judgements(config)
    for sentence in sentences:
        log.logger.warning(f"check: {sentence}")
    return sentences
