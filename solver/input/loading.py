# SPDX-License-Identifier: MIT
"""From a YAML file and `--set` overrides to a config, with one sentence per mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Union

from pydantic import Field, TypeAdapter

from solver.base import physics
from solver.base.errors import InputError
from solver.base.physics import PHYSICS, Physics
from solver.input.complaints import shown
from solver.input.construction import validated
from solver.input.located import located
from solver.input.run_config import RunConfig
from solver.input.writing import NoSuchPlace, place, yaml
from solver.input.writing import resolved_yaml as resolved_yaml
from solver.input.yaml_file import read_section as read_section
from solver.input.yaml_file import read_text as read_text
from solver.input.yaml_file import section as section


def load(path: str | Path, overrides: list[str] | None = None) -> RunConfig:
    """Read and validate a config file.

    Args:
        path: YAML file.
        overrides: Texts ``a.b=c``; ``layers.0.D=...`` reaches into lists.

    Returns:
        The validated config in SI units.

    Raises:
        InputError: The file, an override or a value cannot be used.
    """
    return parse(read_text(path), overrides, name=str(path))


def parse(text: str, overrides: list[str] | None = None, name: str = "config") -> RunConfig:
    """Validate the text of a config; `name` stands for the file in messages.

    Raises:
        InputError: The text, an override or a value cannot be used; one line per mistake.
    """
    data = section(text, name, "a config is a set of 'key: value' lines, starting with title")
    sources = {_apply(data, override): f"--set {override}" for override in overrides or []}
    kind = data.get("physics", physics.DEFAULT)
    if kind not in list(PHYSICS):
        where = sources.get("physics", name)
        raise InputError(f"{where}: physics: {shown(kind)} must be {' or '.join(PHYSICS)}.")
    data = located(data, Path(name).parent)
    return validated(PHYSICS[kind].load("config"), data, name, sources)


def physics_of(path: str | Path) -> Physics:
    """Return the physics of a config file, the rest of which is not validated.

    Raises:
        InputError: The file cannot be read, or names no physics of this program.
    """
    kind = read_section(path).get("physics", physics.DEFAULT)
    if kind not in list(PHYSICS):
        raise InputError(f"{path}: physics: {shown(kind)} must be {' or '.join(PHYSICS)}.")
    return PHYSICS[kind]


def same_text(text: str) -> bool:
    """Whether a text, read as YAML, is that text: `--set a.b=...` needs no quotes for it."""
    try:
        return yaml().load(text) == text
    except Exception:  # as in `_section`
        return False


def schema() -> dict[str, Any]:
    """Return the JSON schema of all configs, told apart by their key `physics`."""
    configs = Union[tuple(kind.load("config") for kind in PHYSICS.values())]  # noqa: UP007
    return TypeAdapter(Annotated[configs, Field(discriminator="physics")]).json_schema()


def _apply(data: dict, override: str) -> str:
    """Set one value of `data`; return its dotted key."""
    key, equals, text = override.partition("=")
    if not equals or "" in key.strip().split("."):
        raise InputError(f"--set {override}: must have the form a.b=value.")
    try:
        value = yaml().load(text)
    except Exception:  # as in `parse`
        raise InputError(f"--set {override}: the value is not valid YAML.") from None
    try:
        return place(data, key, value)
    except NoSuchPlace as error:
        raise InputError(f"--set {override}: {error}.") from None
