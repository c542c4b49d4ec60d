# SPDX-License-Identifier: MIT
"""The page of what Python users call, from the docstrings of the program."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import solver

HEADINGS = ("Args", "Returns", "Raises", "Attributes")


def api_page() -> str:
    """Every name of `solver` with its signature and what it says of itself."""
    lines = [
        "# The program from Python", "",
        "`import solver` brings these names; nothing heavy is imported before it is used. The",
        "[tutorial](tutorial_python.md) shows them at work. Sections of a config have the keys of",
        "[its page](config_dendrite.md), also as arguments; those of `TransportConfig`, some of",
        "which have the same names, are in `solver.transport`.", "",
    ]  # fmt: skip
    things = [(name, getattr(solver, name)) for name in solver.__all__]
    functions = [(n, x) for n, x in things if inspect.isfunction(x)]
    classes = [(n, x) for n, x in things if inspect.isclass(x)]
    lines += ["## Functions", ""]
    for name, function in functions:
        lines += _entry(f"### {name}", f"solver.{name}{inspect.signature(function)}", function)
    lines += ["## Classes", ""]
    sections = []
    for name, kind in classes:
        if "model_fields" in dir(kind) and not name.endswith("Config"):
            sections.append(f"`{name}`: {_first(kind)}")
            continue
        lines += _entry(f"### {name}", None, kind)
        for method, function in _methods(kind):
            if isinstance(function, property):
                lines += _entry(f"#### {name}.{method}", None, function)
            else:
                call = f"{name}.{method}{inspect.signature(function)}"
                lines += _entry(f"#### {name}.{method}()", call, function)
    lines += ["## Sections", "", *(f"- {text}" for text in sections), ""]
    return "\n".join(lines)


def _methods(kind: type) -> Iterator[tuple[str, object]]:
    """What a class of ours has of its own, by its bases too."""
    found = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("solver."):
            found |= {n: x for n, x in vars(base).items() if not n.startswith("_")}
    for name, thing in found.items():
        if isinstance(thing, property) or inspect.isfunction(thing):
            yield name, thing


def _first(thing: object) -> str:
    return (inspect.getdoc(thing) or "").splitlines()[0]


def _entry(heading: str, call: str | None, thing: object) -> list[str]:
    call = re.sub(r"'(\w[^']*)'", r"\1", call) if call else None  # annotations are kept as texts
    code = ["```python", call, "```", ""] if call else []
    return [heading, "", *code, *_described(inspect.getdoc(thing) or ""), ""]


def _described(text: str) -> Iterator[str]:
    """Paragraphs as they are; what is indented under a heading of Google's style as a list."""
    inside = False
    for line in text.splitlines():
        if line.rstrip(":") in HEADINGS and line.endswith(":"):
            inside = True
            yield f"*{line[:-1]}*"
            yield ""
        elif inside and re.match(r"    \S", line):
            name, colon, rest = line.strip().partition(": ")
            yield f"- `{name}`: {rest}" if colon else f"- {line.strip()}"
        elif inside and line.strip():
            yield f"  {line.strip()}"
        else:
            yield line
