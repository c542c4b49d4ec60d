# SPDX-License-Identifier: MIT
"""Text of users on its way to a terminal or into a figure."""

from __future__ import annotations

import textwrap

UNSEEN = "?"
"""What stands for a character that cannot be shown."""


def visible(text: str) -> str:
    """Return a text of any number of lines with what cannot be printed replaced.

    A terminal obeys control characters, and those that turn the direction of writing make a line
    say something else than what it holds.
    """
    return "".join(c if c.isprintable() or c == "\n" else UNSEEN for c in text.expandtabs())


def one_line(text: str) -> str:
    """Return a text on one line, with single spaces and what cannot be printed replaced."""
    return visible(" ".join(text.split()))


def required_line(text: str) -> str:
    """Return a text on one line, with single spaces.

    Raises:
        ValueError: It has characters that cannot be printed.
    """
    words = " ".join(text.split())
    if not words.isprintable():
        raise ValueError("must be a line of characters that can be printed")
    return words


def counted(number: int, noun: str) -> str:
    """A number with its noun, `1 item`, `2 items`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def heading(text: str, width: int, lines: int) -> str:
    """Break a text into a few lines at most; what does not fit ends in three dots.

    Args:
        text: Any text.
        width: Characters of a line.
        lines: Number of lines at most.
    """
    return "\n".join(textwrap.wrap(one_line(text), width, max_lines=lines, placeholder=" ..."))
