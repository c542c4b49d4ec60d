# SPDX-License-Identifier: MIT
"""Whether a path is that of a run, for all who read one."""

from __future__ import annotations

from pathlib import Path

from solver.base.errors import InputError

MARK = "resolved.yaml"
"""What every folder of a run has from its beginning on."""
NAMED = 3
"""Runs in a folder that are named at most."""


def require_run(folder: Path) -> None:
    """Refuse what is no run folder.

    Raises:
        InputError: It is none; if there are runs in it, as in that of a sweep, they are named.
    """
    if not folder.exists():
        raise InputError(f"{folder}: no such run folder.")
    require_room(folder)
    if not (folder / MARK).is_file():
        raise InputError(f"{folder}: holds no {MARK}, so it is no run folder.")


def require_room(folder: Path) -> None:
    """Refuse what is no run folder and cannot become one.

    Raises:
        InputError: It is a file, or a folder of runs.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: this is a file; the folder of a run is needed.")
    runs = sorted(path.parent.name for path in folder.glob(f"*/{MARK}"))
    if runs and not (folder / MARK).is_file():
        more = f" and {len(runs) - NAMED} more" if len(runs) > NAMED else ""
        raise InputError(
            f"{folder}: is not the folder of a run but has some in it, {', '.join(runs[:NAMED])}"
            f"{more}: name one of them, such as {folder / runs[0]}."
        )
