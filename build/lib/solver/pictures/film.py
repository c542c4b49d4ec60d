# SPDX-License-Identifier: MIT
"""Frames to a film: MP4 by ffmpeg, GIF or a folder of PNG files by Pillow. No display is needed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from solver.base import files
from solver.base.errors import InputError

Write = Callable[[np.ndarray], None]
"""Takes one frame, shape (height, width, 4), bytes."""
LAST_FRAME = 2.0
"""Seconds for which a GIF shows its last frame before it starts again."""


@contextmanager
def writer(path: Path, rate: float) -> Iterator[Write]:
    """Give a function that adds a frame to a film; the film appears when all are there.

    Args:
        path: `.mp4`, `.gif`, or a name without ending for a folder of PNG frames.
        rate: Frames per second.

    Raises:
        InputError: Another ending, ffmpeg is missing or fails, or the film cannot be written.
    """
    makers = {".mp4": _mp4, ".gif": _gif, "": _frames}
    if path.suffix not in makers:
        raise InputError(
            f"-o {path}: a movie is .mp4 or .gif, or a name without ending for a folder of frames."
        )
    try:
        with makers[path.suffix](path, rate) as write:
            yield write
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}.") from None


@contextmanager
def _mp4(path: Path, rate: float) -> Iterator[Write]:
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        raise InputError(
            f"-o {path}: MP4 needs the program ffmpeg, which cannot be found; write a .gif instead "
            "or start with docker/run."
        )
    # Frames as files, not through a pipe: one that ffmpeg closes early is a signal, which ends a
    # process that holds PETSc.
    with tempfile.TemporaryDirectory(prefix="dendrite-") as scratch:
        frames, aside = Path(scratch) / "frames", Path(scratch) / "film.mp4"
        with _frames(frames, rate) as write:
            yield write
        done = subprocess.run(
            [ffmpeg, *_encoding(frames, rate), str(aside)], capture_output=True, text=True
        )
        if done.returncode:
            raise InputError(f"{path}: ffmpeg failed: {done.stderr.strip()}")
        files.replace(path, aside.read_bytes())


def _encoding(frames: Path, rate: float) -> list[str]:
    # yuv420p and an even size are what players and slides can show; the colours of figures, with
    # their thin lines, want a high quality (crf).
    source = ["-framerate", str(rate), "-i", str(frames / "%04d.png")]
    target = ["-c:v", "libx264", "-crf", "18", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    return ["-loglevel", "error", "-y", *source, *target]


@contextmanager
def _gif(path: Path, rate: float) -> Iterator[Write]:
    frames: list[Image.Image] = []

    def write(frame: np.ndarray) -> None:
        image = Image.fromarray(frame).convert("RGB")
        # 256 colours per frame, kept at once: the frames of a long movie fit into memory.
        frames.append(image.quantize(256, dither=Image.Dither.NONE))

    yield write
    durations = [1000 / rate] * (len(frames) - 1) + [max(1000 * LAST_FRAME, 1000 / rate)]
    with tempfile.TemporaryDirectory(prefix="dendrite-") as scratch:
        aside = Path(scratch) / "film.gif"
        frames[0].save(
            aside, save_all=True, append_images=frames[1:], duration=durations, loop=0,
            optimize=False,
        )  # fmt: skip
        files.replace(path, aside.read_bytes())


@contextmanager
def _frames(path: Path, rate: float) -> Iterator[Write]:
    path.mkdir(parents=True, exist_ok=True)
    written = []

    def write(frame: np.ndarray) -> None:
        Image.fromarray(frame).convert("RGB").save(path / f"{len(written):04d}.png")
        written.append(None)

    yield write
