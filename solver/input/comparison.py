# SPDX-License-Identifier: MIT
"""What may differ between a run and its continuation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ALLOWED = ("title", "time.end", "time.stop_tip", "time.max_wall", "output",
           r"geometry\.(msh|image)\.file")  # fmt: skip
"""Keys that leave the steps already done as they are."""

SETTLED = (
    "physics", "width", "height", r"layers\.\d+\.name", r"layers\.\d+\.thickness",
    r"layers\.\d+\.c0", "geometry", r"regions\.\d+\.name", r"regions\.\d+\.c0", "mesh", "nuclei",
    "skeleton", r"adapt\.enabled", r"adapt\.elements",
    "species", "closure", r"solver\.degree", r"electrochemistry\.closure", r"mechanics\.enabled",
    r"lithium\.c_Li", r"lithium\.flow", r"fracture\.length", r"fracture\.notches",
    r"mechanics\.push_speed",
)  # fmt: skip
"""Keys of the cell, its fields and its start, which a continuation cannot change, forced or not."""


@dataclass(frozen=True)
class Difference:
    """A value of the config that has changed; None stands for absent."""

    key: str
    before: Any
    now: Any

    @property
    def allowed(self) -> bool:
        """Whether the run may go on with it."""
        return _is_one_of(self.key, ALLOWED)

    @property
    def settled(self) -> bool:
        """Whether no continuation can have it."""
        return _is_one_of(self.key, SETTLED) and not self.allowed

    def __str__(self) -> str:
        return f"{self.key} was {_shown(self.before)}, is {_shown(self.now)}"


def differences(before: dict, now: dict) -> list[Difference]:
    """Compare two resolved configs, or two tables of versions, value by value."""
    old, new = dict(_values(before, "")), dict(_values(now, ""))
    keys = dict.fromkeys([*old, *new])
    return [
        Difference(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)
    ]


def forced(before: dict, now: dict) -> bool:
    """Whether a run goes on with a config that its past was computed otherwise with."""
    return any(not change.allowed for change in differences(before, now))


def changed(before: dict, now: dict, keys: tuple[str, ...]) -> bool:
    """Whether two resolved configs differ in one of some keys, given as patterns."""
    return any(_is_one_of(change.key, keys) for change in differences(before, now))


def _values(part: Any, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict | list | tuple):
        items = part.items() if isinstance(part, dict) else enumerate(part)
        for name, value in items:
            yield from _values(value, f"{key}.{name}" if key else str(name))
    else:
        yield key, part


def _is_one_of(key: str, patterns: tuple[str, ...]) -> bool:
    return any(re.match(rf"{pattern}(\.|$)", key) for pattern in patterns)


def _shown(value: Any) -> str:
    return "not set" if value is None else str(value)
