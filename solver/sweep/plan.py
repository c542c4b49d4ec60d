# SPDX-License-Identifier: MIT
"""Which runs a sweep file asks for; needs neither DOLFINx nor a run folder."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.base.errors import InputError
from solver.base.text import required_line
from solver.base.units import NUMBER
from solver.input import loading
from solver.input.complaints import shown
from solver.input.run_config import RunConfig

KEYS = ("title", "config", "set", "vary")
RANGE_KEYS = ("from", "to", "count", "spacing")
MAX_RUNS = 10_000
"""More runs are taken for a mistake in the ranges."""


@dataclass(frozen=True)
class Run:
    """One run of a sweep.

    Attributes:
        number: From 0.
        folder: Its run folder, inside the folder of the sweep.
        values: Varied key -> its value as text.
        overrides: Arguments of `--set` that make this run of the base config.
        config: The validated result.
    """

    number: int
    folder: Path
    values: dict[str, str]
    overrides: tuple[str, ...]
    config: RunConfig

    @property
    def name(self) -> str:
        """Number and values, for messages."""
        values = ", ".join(f"{short(key, self.values)} {v}" for key, v in self.values.items())
        return f"{self.folder.name} ({values})"


def short(key: str, keys: Iterable[str]) -> str:
    """The end of a dotted key, as long as it takes to tell it from the others.

    A number in a list is none by itself.
    """
    words, others = key.split("."), [other.split(".") for other in keys if other != key]
    for count in range(1 + words[-1].isdecimal(), len(words)):
        if all(words[-count:] != other[-count:] for other in others):
            return ".".join(words[-count:])
    return key


@dataclass(frozen=True)
class Sweep:
    """All runs of a sweep file, and the base config that they vary."""

    title: str
    base: Path
    folder: Path
    runs: tuple[Run, ...]


def load(path: Path, folder: Path) -> Sweep:
    """Read a sweep file and validate every run that it asks for.

    Args:
        path: YAML file with `title`, `config`, `set` and `vary`.
        folder: Where the run folders `000`, `001`, ... go.

    Raises:
        InputError: The file, the base config or a combination of values cannot be used.
    """
    data = loading.read_section(path)
    _refuse_unknown_keys(data, KEYS, str(path))
    for key, kind, what in (
        ("title", str, "a text"), ("config", str, "the name of a config file"),
        ("vary", dict, "a section 'key: [value, ...]'"),
    ):  # fmt: skip
        if not isinstance(data.get(key), kind) or not data[key]:
            raise InputError(f"{path}: {key}: is {shown(data.get(key))}; it must be {what}.")
    try:
        title = required_line(data["title"])
    except ValueError as reason:
        raise InputError(f"{path}: title: {shown(data['title'])} {reason}.") from None
    fixed = data.get("set") or {}
    if not isinstance(fixed, dict):
        raise InputError(f"{path}: set: is {shown(fixed)}; it must be a section 'key: value'.")
    varied = {
        str(key): _values(values, f"{path}: vary.{key}") for key, values in data["vary"].items()
    }
    if twice := sorted(set(map(str, fixed)) & set(varied)):
        raise InputError(f"{path}: set: {twice[0]} is varied too; keep one of them.")
    count = math.prod(map(len, varied.values()))
    if count > MAX_RUNS:
        raise InputError(f"{path}: vary: asks for {count} runs; at most {MAX_RUNS} are allowed.")
    base = path.parent / data["config"]
    text = loading.read_text(base)
    common = [f"{key}={_written(value)}" for key, value in fixed.items()]
    digits = max(3, len(str(count - 1)))
    runs = []
    for number, combination in enumerate(itertools.product(*varied.values())):
        values = dict(zip(varied, combination, strict=True))
        overrides = (*common, *(f"{key}={value}" for key, value in values.items()))
        config = loading.parse(text, list(overrides), name=str(base))
        runs.append(Run(number, folder / f"{number:0{digits}d}", values, overrides, config))
    return Sweep(title, base, folder, tuple(runs))


def _refuse_unknown_keys(data: dict, known: tuple[str, ...], where: str) -> None:
    for key in data:
        if key not in known:
            raise InputError(f"{where}: unknown key {shown(key)}; known keys: {', '.join(known)}.")


def _values(values: Any, where: str) -> list[str]:
    """Return the values of a list or a range, as texts."""
    if isinstance(values, dict):
        return _range(values, where)
    if not isinstance(values, list) or not values:
        raise InputError(
            f"{where}: is {shown(values)}; it must be a list of values or a range "
            "{from: ..., to: ..., count: ...}."
        )
    texts = [_written(value) for value in values]
    repeated = next((text for text in texts if texts.count(text) > 1), None)
    if repeated is not None:
        raise InputError(f"{where}: the value {repeated} is there more than once.")
    return texts


def _range(data: dict, where: str) -> list[str]:
    _refuse_unknown_keys(data, RANGE_KEYS, where)
    first, unit = _split(data.get("from"), f"{where}.from")
    last, last_unit = _split(data.get("to"), f"{where}.to")
    count, spacing = data.get("count"), data.get("spacing", "linear")
    if unit != last_unit:
        raise InputError(f"{where}: 'from' and 'to' must have the same unit.")
    if first == last:
        raise InputError(f"{where}: 'from' and 'to' must differ.")
    if isinstance(count, bool) or not isinstance(count, int) or count < 2:
        raise InputError(f"{where}.count: is {shown(count)}; it must be a whole number from 2 on.")
    if count > MAX_RUNS:
        raise InputError(f"{where}.count: {count} must be at most {MAX_RUNS}.")
    if spacing not in ("linear", "log"):
        raise InputError(f"{where}.spacing: {shown(spacing)} must be linear or log.")
    if spacing == "log" and first * last <= 0:
        raise InputError(f"{where}: spacing log needs ends that are not 0 and have the same sign.")
    steps = [i / (count - 1) for i in range(count)]
    if spacing == "log":
        numbers = [first * (last / first) ** step for step in steps]
    else:
        numbers = [first + (last - first) * step for step in steps]
    return [f"{number:.12g} {unit}".rstrip() for number in numbers]


def _split(value: Any, where: str) -> tuple[float, str]:
    """Return number and unit of an end of a range."""
    match = None if isinstance(value, bool) else NUMBER.match(str(value).strip())
    if match is None:
        raise InputError(f"{where}: is {shown(value)}; it must be a number or a text 'value unit'.")
    return float(match.group()), str(value).strip()[match.end() :].strip()


def _written(value: Any) -> str:
    """Write a value so that `--set` reads it back."""
    if isinstance(value, str) and loading.same_text(value):
        return value
    return json.dumps(value)
