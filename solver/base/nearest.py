# SPDX-License-Identifier: MIT
"""What somebody may have meant who wrote a name that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

CUTOFF = 0.5
"""Least likeness of two names, from 0 to 1, for one to be suggested for the other."""


def hint(word: str, known: Iterable[str], otherwise: str) -> str:
    """Suggest the nearest known name, whatever its case, or else list all.

    Args:
        word: What was written.
        known: The names.
        otherwise: What stands before the list, such as "known: ".
    """
    names = list(known)
    folded = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=CUTOFF)
    return f"did you mean '{folded[found[0]]}'?" if found else f"{otherwise}{', '.join(names)}"


def sentence(word: str, known: Iterable[str], otherwise: str) -> str:
    """The same with its full stop."""
    found = hint(word, known, otherwise)
    return found if found.endswith("?") else f"{found}."
