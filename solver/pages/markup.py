# SPDX-License-Identifier: MIT
"""Pieces of a page. What comes from a run is text here, whatever is written in it."""

from __future__ import annotations

import base64
import html
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any


def text(value: Any) -> str:
    """Any value as text in a page; characters that are no text are replaced."""
    shown = (c if c.isprintable() or c in "\n\t" else "\ufffd" for c in str(value))
    return html.escape("".join(shown))


def number(value: float, digits: int = 5) -> str:
    """A number as people write it: with a true minus and without a needless exponent."""
    if not math.isfinite(value):
        return "–"
    return f"{value:.{digits}g}".replace("-", "−")


def data(content: Any) -> str:
    """Plain data as JSON that nothing in it can end; what is not finite is null."""
    shown = json.dumps(_finite(content), separators=(",", ":"), allow_nan=False)
    return shown.replace("<", "\\u003c").replace("&", "\\u0026")


def _finite(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_finite(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of pieces of a page, the first of each row its heading."""
    if not (lines := list(rows)):
        return ""
    top = "".join(f'<th scope="col">{x}</th>' for x in head)
    body = "\n".join(
        f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{x}</td>" for x in rest) + "</tr>"
        for first, *rest in lines
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
        "</table></div>"
    )


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values, both pieces of a page."""
    return "<dl>" + "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in pairs) + "</dl>"


def section(name: str, title: str, *content: str) -> str:
    """A section of a page, nothing if there is nothing in it."""
    inner = "\n".join(filter(None, content))
    if not inner:
        return ""
    return f'<section id="{name}" aria-labelledby="{name}-title">' + (
        f'<h2 id="{name}-title">{title}</h2>\n{inner}\n</section>'
    )


def folded(title: str, content: str) -> str:
    """What is shown on demand."""
    return f"<details><summary>{title}</summary>\n{content}\n</details>"


def listing(content: str) -> str:
    """Lines of a file or of commands."""
    return f'<pre tabindex="0">{text(content)}</pre>'


def download(name: str, content: str) -> str:
    """A link that saves a text as a file of this name."""
    address = base64.b64encode(content.encode()).decode("ascii")
    return f'<a download="{name}" href="data:text/plain;base64,{address}">{name}</a>'
