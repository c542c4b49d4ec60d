# SPDX-License-Identifier: MIT
"""From a YAML file and `--set` overrides to a Config, with one sentence per mistake."""

from __future__ import annotations

import difflib
import io
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from solver.config import Config
from solver.errors import InputError


def _yaml() -> YAML:
    # YAML 1.2: 1e-3 is a number and "off" is text, as people who write parameters expect.
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    return yaml


def load(path: str | Path, overrides: list[str] | None = None) -> Config:
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


def parse(text: str, overrides: list[str] | None = None, name: str = "config") -> Config:
    """Validate the text of a config; `name` stands for the file in messages.

    Raises:
        InputError: The text, an override or a value cannot be used.
    """
    try:
        data = _yaml().load(text)
    except YAMLError as error:
        raise InputError(f"{name}: {_yaml_reason(error)}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: not valid YAML ({error}).") from None
    if not isinstance(data, dict):
        raise InputError(f"{name}: a config is a list of 'key: value' lines, starting with title.")
    for override in overrides or []:
        _apply(data, override)
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        messages = [_message(e) for e in error.errors(include_url=False)]
        raise InputError("\n".join(f"{name}: {m}" for m in dict.fromkeys(messages))) from None


def resolved_yaml(config: Config) -> str:
    """Return the config with every default, in SI units, as YAML that can be run again."""
    stream = io.StringIO()
    yaml = _yaml()
    yaml.sort_base_mapping_type_on_output = False
    yaml.dump(config.model_dump(mode="json"), stream)
    return "# Every value of the run, in SI units.\n" + stream.getvalue()


def _yaml_reason(error: YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    problem = (getattr(error, "problem", None) or str(error)).split("\n")[0]
    return f"not valid YAML{where} ({problem})"


def _apply(data: dict, override: str) -> None:
    key, equals, text = override.partition("=")
    if not equals or not key:
        raise InputError(f"--set {override}: must have the form a.b=value.")
    try:
        value = _yaml().load(text)
    except YAMLError:
        raise InputError(f"--set {override}: the value is not valid YAML.") from None
    *parents, last = (int(part) if part.isdigit() else part for part in key.split("."))
    target: Any = data
    try:
        for part in parents:
            target = target.setdefault(part, {}) if isinstance(target, dict) else target[part]
        if isinstance(target, list) and not -1 < last < len(target):
            raise IndexError
        target[last] = value
    except (IndexError, KeyError, TypeError, AttributeError):
        raise InputError(f"--set {override}: the config has no '{key}'.") from None


def _message(error: dict) -> str:
    """Turn one pydantic error into a sentence: which key, which value, what is allowed."""
    location = [part for part in error["loc"] if not _is_union_tag(part)]
    key = ".".join(str(part) for part in location)
    value, kind = error.get("input"), error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(location)
    if kind == "missing":
        return f"{key}: this key is required."
    if kind == "value_error":
        reason = str(error["ctx"]["error"])
        return f"{key}: {reason}." if key else f"{reason}."
    if not key:
        return f"{error['msg']}."
    return f"{key}: {value!r} is not allowed; {_lower_first(error['msg'])}."


def _is_union_tag(part: Any) -> bool:
    return isinstance(part, str) and ("[" in part or "-" in part)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _unknown_key(location: list) -> str:
    *parents, key = location
    known = list(_section(parents).model_fields)
    nearest = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
    hint = f"did you mean '{nearest[0]}'?" if nearest else f"known keys: {', '.join(known)}."
    inside = f" in {'.'.join(map(str, parents))}" if parents else ""
    return f"unknown key '{key}'{inside}; {hint}"


def _section(parents: list) -> type[BaseModel]:
    model: type[BaseModel] = Config
    for part in parents:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        model = next(
            (a for a in (annotation, *get_args(annotation)) if _is_model(a)),
            model,
        )
    return model


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
