# SPDX-License-Identifier: MIT
"""The reference pages, from the program itself, and those of the notebooks.

`config_PHYSICS.md` is from the schema, `verbs.md` from the help, `python.md` from the docstrings.

They are written into `docs/reference/` whenever the pages are built, or by
`docker/run python3 docs/reference.py`. The first two kinds are kept in the repository, to be read
there; a test holds them to the program.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import notebooks  # noqa: E402

import solver  # noqa: E402
from solver.base.physics import PHYSICS, Physics  # noqa: E402
from solver.verbs import cli  # noqa: E402

BOUNDS = (
    ("exclusiveMinimum", "> {}"), ("minimum", ">= {}"), ("exclusiveMaximum", "< {}"),
    ("maximum", "<= {}"),
)  # fmt: skip


def write(folder: Path) -> None:
    """Write all pages."""
    folder.mkdir(exist_ok=True)
    for name, text in kept().items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "python.md").write_text(python_page(), encoding="utf-8")
    notebooks.write(folder)


def kept() -> dict[str, str]:
    """The pages that are kept in the repository, by the name of their file."""
    pages = {f"config_{physics.name}.md": config_page(physics) for physics in PHYSICS.values()}
    return pages | {"verbs.md": verbs_page()}


# --- config ------------------------------------------------------------------------------------


def config_page(physics: Physics) -> str:
    """Every key of the config of a kind of physics with its unit, bounds, default and meaning."""
    schema = physics.load("config").model_json_schema()
    lines = [
        f"# Keys of a config: {physics.title}", "",
        f"Of `physics: {physics.name}`. Generated from the schema that `python3 -m solver schema`",
        "prints. A quantity is a number in the unit of the table, or a text with any convertible",
        "unit: `5.65 mS/cm`. The sources in brackets: S1, S3-S5 are tables of Chen et al. (2025);",
        "Zhang is Zhang et al. (2024), Table S1; Deng is J. Electrochem. Soc. 163 (2016) A67;",
        "CODATA are the exact constants of 2018; family is the phase-field family started by",
        "J. Power Sources 300 (2015) 376; ours is a choice of this program.", "",
        "Sections:", "", *_contents(schema), "",
    ]  # fmt: skip
    loose = {k: v for k, v in schema["properties"].items() if len(_held(v)) != 1}
    lines += ["## The run", "", *_table(loose, schema.get("required", []))]
    for title, section in _sections(schema, schema["$defs"], ""):
        lines += [f"## {title}", "", _one_line(section.get("description", "")), ""]
        loose = {k: v for k, v in section["properties"].items() if len(_held(v)) != 1}
        if loose:
            lines += _table(loose, section.get("required", []))
    return "\n".join(lines)


def _contents(schema: dict) -> Iterator[str]:
    """Yield links to the sections, those inside others below theirs."""
    titles = dict.fromkeys(title for title, _ in _sections(schema, schema["$defs"], ""))
    tops: dict[str, list[str]] = {}
    for title in titles:
        tops.setdefault(re.match(r"\w+", title).group(), []).append(title)
    for of_one in tops.values():
        links = (f"[{t}](#{re.sub(r'[^a-z0-9_ -]', '', t.lower()).replace(' ', '-')})"
                 for t in of_one)  # fmt: skip
        yield f"- {', '.join(links)}"


def _sections(schema: dict, known: dict, before: str) -> Iterator[tuple[str, dict]]:
    """Yield the dotted key and the schema of every section, those inside others too."""
    for key, value in schema["properties"].items():
        names = _held(value)
        inside = ".N" if value.get("type") == "array" else ""
        inside = ".NAME" if "patternProperties" in value else inside
        title = f"{before}{key}{inside}"
        for name in names:
            yield title if len(names) == 1 else f"{title}: {name.lower()}", known[name]
            yield from _sections(known[name], known, f"{title}.")


def _held(value: dict) -> list[str]:
    """Names of the sections that a key can hold, alone or in a list; none for a plain value."""
    refs = (part["$ref"] for part in _parts(value) if "$ref" in part)
    return [ref.rpartition("/")[2] for ref in refs]


def _parts(value: dict) -> Iterator[dict]:
    """Yield a schema and what it is made of."""
    yield value
    single = (value.get(key) for key in ("items", "additionalProperties"))
    named = value.get("patternProperties", {}).values()
    for inner in (*value.get("anyOf", ()), *value.get("allOf", ()), *named, *single):
        if isinstance(inner, dict) and inner:
            yield from _parts(inner)


def _table(properties: dict, required: list[str]) -> list[str]:
    rows = ["| key | unit | allowed | default | meaning |", "|---|---|---|---|---|"]
    for key, value in properties.items():
        default = "required" if key in required else _written(value.get("default"))
        cells = (f"`{key}`", _unit(value), _allowed(value), default, value.get("description", ""))
        rows.append(f"| {' | '.join(_one_line(cell) for cell in cells)} |")
    return [*rows, ""]


def _unit(value: dict) -> str:
    return next((part["unit"] for part in _parts(value) if "unit" in part), "")


def _allowed(value: dict) -> str:
    for part in _parts(value):
        choices = part.get("enum") or ([part["const"]] if "const" in part else None)
        if choices:
            return ", ".join(f"`{choice}`" for choice in choices)
    found = {
        text.format(f"{part[k]:g}") for part in _parts(value) for k, text in BOUNDS if k in part
    }
    return ", ".join(sorted(found, reverse=True))


def _written(value) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value == {}:
        return "none"
    if isinstance(value, list | tuple):
        return ", ".join(_written(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


# --- verbs -------------------------------------------------------------------------------------


def verbs_page() -> str:
    """Every verb with its arguments, as `--help` says it."""
    lines = [
        "# Verbs", "",
        "Generated from the program's own help. The verbs follow `docker/run python3 -m solver`,",
        "or `dendrite` where the program is installed or runs from its image. Exit codes: 0 done,",
        "1 internal error, 2 bad input, 3 solver failed, 4 stopped by a signal or a limit.", "",
    ]  # fmt: skip
    for name, verb in _verbs(cli.parser()).items():
        lines += [f"## {name}", "", f"{verb.description}", ""]
        lines += ["```text", verb.epilog.partition("\n")[2].strip(), "```", ""]
        rows = [_row(action) for action in verb._actions if action.dest != "help"]
        if rows:
            lines += ["| argument | meaning |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _verbs(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    actions = parser._actions
    return next(a.choices for a in actions if isinstance(a, argparse._SubParsersAction))


def _row(action: argparse.Action) -> str:
    value = action.metavar or ("" if action.nargs == 0 else "|".join(action.choices or ()))
    if action.option_strings:
        name = ", ".join(f"`{option}`" for option in action.option_strings)
        name += f" `{value}`" if value else ""
    else:
        name = f"`{value}`" + (" ..." if action.nargs == "+" else "")
    meaning = (action.help or "") + (" (required)" if action.required and name[1] == "-" else "")
    return f"| {name.replace('|', chr(92) + '|')} | {_one_line(meaning)} |"


# --- Python ------------------------------------------------------------------------------------

FUNCTIONS = ("load", "report", "simulate", "open_run", "compare")
CONFIGS = ("Config", "TransportConfig")
RESULTS = ("Report", "Run", "Fields", "Comparison")
ERRORS = ("InputError", "SolverError", "Stopped")


def python_page() -> str:
    """The public names of `solver`; Sphinx puts their docstrings in."""
    lines = [
        "# Python", "",
        "Generated from the docstrings. `import solver` has all of it; the",
        "[tutorial](tutorial_python.md) shows it at work.", "",
        "## Functions", "", *_documented("autofunction", FUNCTIONS),
        "## Configs", "", *_documented("autoclass", CONFIGS, "(**values)", "to_yaml, with_"),
        "Their values are the keys of [a dendrite run](config_dendrite.md) and of",
        "[ion transport](config_transport.md), as keyword arguments.", "",
        "| section of a `Config` | what |", "|---|---|", *_rows(solver), "",
        "| section of a `TransportConfig` | what |", "|---|---|", *_rows(solver.transport), "",
        "## Results", "", *_documented("autoclass", RESULTS, members=" "),
        "## Errors", "", *_documented("autoexception", ERRORS),
    ]  # fmt: skip
    return "\n".join(lines)


def _documented(
    directive: str, names: tuple[str, ...], signature: str = "", members: str = ""
) -> Iterator[str]:
    for name in names:
        yield from ("```{eval-rst}", f".. {directive}:: solver.{name}{signature}")
        yield from ([f"   :members: {members}".rstrip()] if members else [])
        yield from ("```", "")


def _rows(module) -> Iterator[str]:
    """Yield a row for every section that is a name of a module."""
    place = "solver." if module is solver else "solver.transport."
    for name in module.__all__:
        value = getattr(module, name)
        if getattr(value, "model_fields", None) and name not in CONFIGS:
            yield f"| `{place}{name}` | {_one_line(value.__doc__.partition(chr(10))[0])} |"


if __name__ == "__main__":
    write(HERE / "reference")
