# SPDX-License-Identifier: MIT
"""The folder of a run: made once, never overwritten silently."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from solver.errors import InputError

OURS = ("config.yaml", "resolved.yaml", "run.json", "log.txt", "scalars.csv", "fields.xdmf",
        "fields", "figure.png")  # fmt: skip


def prepare(folder: Path, config_text: str, resolved: str, force: bool) -> Path:
    """Make the run folder and put the config into it.

    Args:
        folder: Where the run goes.
        config_text: Config as given.
        resolved: Every value in SI.
        force: Replace the results of an earlier run.

    Raises:
        InputError: The folder holds results or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            if not force:
                raise InputError(
                    f"{folder}: holds results already; choose another folder with -o or replace "
                    "them with --force."
                )
            _remove_results(folder)
        if not os.access(folder, os.W_OK):
            raise InputError(f"{folder}: the output folder is not writable.")
        (folder / "config.yaml").write_text(config_text, encoding="utf-8")
        (folder / "resolved.yaml").write_text(resolved, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"{folder}: cannot be used as output folder ({reason}).") from None
    return folder


def _remove_results(folder: Path) -> None:
    # Only what a run writes: a folder given by mistake keeps everything else.
    for name in OURS:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
