# SPDX-License-Identifier: MIT
"""YAML files of users, not validated: text in, plain data out, one sentence per mistake."""

from __future__ import annotations

from pathlib import Path

from solver.base.errors import InputError
from solver.input.complaints import shown
from solver.input.writing import yaml

SET = "it must be a set of 'key: value' lines"


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


def read_section(path: str | Path) -> dict:
    """Return the content of a YAML file of 'key: value' lines.

    Raises:
        InputError: The file cannot be read or is something else.
    """
    return section(read_text(path), str(path))


def section(text: str, name: str, wanted: str = SET) -> dict:
    """Return the content of a YAML text of 'key: value' lines, not validated.

    Args:
        text: The text.
        name: What stands for it in messages.
        wanted: What a message says of other content.

    Raises:
        InputError: It is something else.
    """
    try:
        data = yaml().load(text)
    except Exception as error:  # besides YAMLError, ruamel leaks others on malformed scalars
        raise InputError(f"{name}: not valid YAML{_yaml_reason(error)}.") from None
    if not isinstance(data, dict):
        content = "the file is empty" if data is None else f"this is {shown(data)}"
        raise InputError(f"{name}: {content}; {wanted}.")
    return data


def _yaml_reason(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    problem = getattr(error, "problem", None) or str(error) or type(error).__name__
    hint = "; indent with spaces, not tabs" if "'\\t'" in problem else ""
    return f"{where} ({problem.splitlines()[0]}){hint}"
