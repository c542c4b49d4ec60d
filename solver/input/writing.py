# SPDX-License-Identifier: MIT
"""YAML as this program reads and writes it, and values put at a dotted key."""

from __future__ import annotations

import io
import itertools
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML


def yaml() -> YAML:
    """Return a reader and writer of plain values."""
    # YAML 1.2: 1e-3 is a number and "off" is text, as people who write parameters expect.
    found = YAML(typ="safe", pure=True)
    found.default_flow_style = False
    return found


def resolved_yaml(config: BaseModel) -> str:
    """Return a config with every default, in SI units, as YAML that can be run again."""
    return "# Every value of the run, in SI units.\n" + yaml_text(config.model_dump(mode="json"))


def yaml_text(data: dict[str, Any]) -> str:
    """Return plain data as YAML, keys in their order."""
    stream, writer = io.StringIO(), yaml()
    writer.sort_base_mapping_type_on_output = False
    writer.dump(data, stream)
    return stream.getvalue()


class NoSuchPlace(Exception):
    """A key of unvalidated data that has no place; the text says why."""


def place(data: dict, key: str, value: Any) -> str:
    """Set one value of unvalidated data in place.

    Args:
        data: Of a config.
        key: Dotted; `layers.0.D` reaches into a list.
        value: The value.

    Returns:
        The key as messages write it.

    Raises:
        NoSuchPlace: The data has no such place.
    """
    parts = [int(part) if part.isdecimal() else part for part in key.strip().split(".")]
    target: Any = data
    try:
        for depth, (part, following) in enumerate(itertools.pairwise(parts), 1):
            # A missing section is one of defaults; a missing list has no items to override.
            if isinstance(target, dict) and isinstance(following, str) and target.get(part) is None:
                target[part] = {}
            target = target[part]
            if isinstance(target, str):
                raise NoSuchPlace(_inside_text(".".join(map(str, parts[:depth])), target))
        if isinstance(target, list) and parts[-1] not in range(len(target)):
            raise IndexError
        target[parts[-1]] = value
    except (IndexError, KeyError, TypeError):
        raise NoSuchPlace(f"the config has no '{key.strip()}'") from None
    return ".".join(map(str, parts))


def _inside_text(key: str, text: str) -> str:
    return f"{key} is the text '{text}', which has no keys: set all of it, or make it a section"
