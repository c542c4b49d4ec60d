# SPDX-License-Identifier: MIT
"""From a YAML file and `--set` overrides to a Config, with one sentence per mistake."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from ruamel.yaml import YAML

from solver.base.errors import InputError
from solver.input.complaints import complaints, shown
from solver.input.config import Config
from solver.input.ions_config import TransportConfig

MODELS: dict[str, type[Config] | type[TransportConfig]] = {
    "dendrite": Config,
    "transport": TransportConfig,
}
"""The model of a config by its key `physics`."""


def _yaml() -> YAML:
    # YAML 1.2: 1e-3 is a number and "off" is text, as people who write parameters expect.
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    return yaml


def load(path: str | Path, overrides: list[str] | None = None) -> Config | TransportConfig:
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


def read_text(path: str | Path) -> str:
    """Return the text of a config file.

    Raises:
        InputError: The file is missing or cannot be read as text.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{path}: no such config file.") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a UTF-8 text file"
        raise InputError(f"{path}: cannot be read: {reason}.") from None


def parse(
    text: str, overrides: list[str] | None = None, name: str = "config"
) -> Config | TransportConfig:
    """Validate the text of a config; `name` stands for the file in messages.

    Raises:
        InputError: The text, an override or a value cannot be used; one line per mistake.
    """
    data = _section(text, name, "a config is a set of 'key: value' lines, starting with title")
    sources = {_apply(data, override): f"--set {override}" for override in overrides or []}
    physics = data.get("physics", "dendrite")
    if physics not in list(MODELS):
        place = sources.get("physics", name)
        raise InputError(f"{place}: physics: {shown(physics)} must be {' or '.join(MODELS)}.")
    model = MODELS[physics]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [
            f"{sources.get(key, name)}: {sentence}"
            for key, sentence in complaints(error, data, model)
        ]
        raise InputError("\n".join(dict.fromkeys(lines))) from None


def read_section(path: str | Path) -> dict:
    """Return the content of a YAML file of 'key: value' lines.

    Raises:
        InputError: The file cannot be read or is something else.
    """
    return _section(read_text(path), str(path), "it must be a set of 'key: value' lines")


def same_text(text: str) -> bool:
    """Whether a text, read as YAML, is that text: `--set a.b=...` needs no quotes for it."""
    try:
        return _yaml().load(text) == text
    except Exception:  # as in `_section`
        return False


def _section(text: str, name: str, wanted: str) -> dict:
    try:
        data = _yaml().load(text)
    except Exception as error:  # besides YAMLError, ruamel leaks others on malformed scalars
        raise InputError(f"{name}: not valid YAML{_yaml_reason(error)}.") from None
    if not isinstance(data, dict):
        content = "the file is empty" if data is None else f"this is {shown(data)}"
        raise InputError(f"{name}: {content}; {wanted}.")
    return data


def resolved_yaml(config: Config | TransportConfig) -> str:
    """Return the config with every default, in SI units, as YAML that can be run again."""
    stream = io.StringIO()
    yaml = _yaml()
    yaml.sort_base_mapping_type_on_output = False
    yaml.dump(config.model_dump(mode="json"), stream)
    return "# Every value of the run, in SI units.\n" + stream.getvalue()


def schema() -> dict[str, Any]:
    """Return the JSON schema of all configs, told apart by their key `physics`."""
    adapter = TypeAdapter(Annotated[Config | TransportConfig, Field(discriminator="physics")])
    return adapter.json_schema()


def _yaml_reason(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    problem = getattr(error, "problem", None) or str(error) or type(error).__name__
    hint = "; indent with spaces, not tabs" if "'\\t'" in problem else ""
    return f"{where} ({problem.splitlines()[0]}){hint}"


def _apply(data: dict, override: str) -> str:
    """Set one value of `data`; return its dotted key."""
    key, equals, text = override.partition("=")
    parts = [int(part) if part.isdecimal() else part for part in key.strip().split(".")]
    if not equals or "" in parts:
        raise InputError(f"--set {override}: must have the form a.b=value.")
    try:
        value = _yaml().load(text)
    except Exception:  # as in `parse`
        raise InputError(f"--set {override}: the value is not valid YAML.") from None
    target: Any = data
    try:
        for part, following in itertools.pairwise(parts):
            # A missing section is one of defaults; a missing list has no items to override.
            if isinstance(target, dict) and isinstance(following, str) and target.get(part) is None:
                target[part] = {}
            target = target[part]
        if isinstance(target, list) and parts[-1] not in range(len(target)):
            raise IndexError
        target[parts[-1]] = value
    except (IndexError, KeyError, TypeError):
        raise InputError(f"--set {override}: the config has no '{key.strip()}'.") from None
    return ".".join(map(str, parts))
