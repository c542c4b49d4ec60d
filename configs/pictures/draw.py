# SPDX-License-Identifier: MIT
"""Draws the pictures that presets are made of: python3 configs/pictures/draw.py."""

from pathlib import Path

import numpy as np
from PIL import Image

PIXEL = 0.2
"""Edge of a pixel [um]."""
WIDTH, HEIGHT = 24.0, 30.0
"""Of the cells [um]."""


def places() -> tuple[np.ndarray, np.ndarray]:
    """Middles of the pixels [um], the lowest row first."""
    shape = round(HEIGHT / PIXEL), round(WIDTH / PIXEL)
    y, x = (np.indices(shape) + 0.5) * PIXEL
    return x, y


def pore() -> np.ndarray:
    """A round pore above the middle of the anode."""
    x, y = places()
    return np.hypot(x - 0.5 * WIDTH, y - 14.0) < 3.0


def rough() -> np.ndarray:
    """What is above an interface of waves whose amplitudes fall with their number."""
    x, y = places()
    random = np.random.default_rng(2)
    height = np.full_like(x, 15.0)
    for number in range(1, 9):
        amplitude, phase = 1.6 / number, 2 * np.pi * random.random()
        height += amplitude * np.cos(2 * np.pi * number * x / WIDTH + phase)
    return y > height


def save(name: str, bright: np.ndarray) -> None:
    """Write a picture of 0 and 255, the upper row first."""
    grey = np.where(bright[::-1], 255, 0).astype(np.uint8)
    Image.fromarray(grey).save(Path(__file__).with_name(name), optimize=True)


if __name__ == "__main__":
    save("pore.png", pore())
    save("rough.png", rough())
