"""Maps of crystal orientations written by hand, as microscopes write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

LAUE = {"m-3m": (11, "43"), "6/mmm": (9, "62"), "-1": (1, "1")}
"""Numbers of Laue groups in a .ctf and in a .ang."""
TABLE = ("Phase", "X", "Y", "Bands", "Error", "Euler1", "Euler2", "Euler3", "MAD", "BC", "BS")


def square(columns: int, rows: int, step: float) -> np.ndarray:
    """Points of a square grid, the first row first, shape (points, 2)."""
    x, y = np.meshgrid(np.arange(columns), np.arange(rows))
    return step * np.column_stack([x.ravel(), y.ravel()])


def hexagonal(columns: int, rows: int, step: float) -> np.ndarray:
    """Points of a hexagonal grid as EDAX writes it: every second row has one less."""
    points = [(i + 0.5 * (j % 2), j * np.sqrt(0.75))
              for j in range(rows) for i in range(columns - j % 2)]  # fmt: skip
    return step * np.array(points)


def ctf(path: Path, at, euler, phase, phases: dict[str, str], columns: int = 11) -> Path:
    """Write a file of Oxford's.

    Args:
        path: The file.
        at: Coordinates [um], shape (points, 2).
        euler: Bunge's angles in degrees, shape (points, 3) or (3,).
        phase: Number of the phase of every point from 1 on, 0 where it is not indexed.
        phases: Laue group by the name of the phase.
        columns: How many columns the table has.
    """
    rows = _rows(at, euler, phase)
    head = ["Channel Text File", "Prj\tmade", "Author\t[Unknown]", "JobMode\tGrid"]
    head += [f"Phases\t{len(phases)}"]
    head += [f"5;5;5\t90;90;90\t{name}\t{LAUE[group][0]}\t0" for name, group in phases.items()]
    head += ["\t".join(TABLE[:columns])]
    lines = ["\t".join(map(str, (p, x, y, 8, 0, *angles, 0.5, 100, 100)[:columns]))
             for x, y, p, angles in rows]  # fmt: skip
    path.write_text("\n".join([*head, *lines, ""]))
    return path


def ang(path: Path, at, euler, phase, phases: dict[str, str]) -> Path:
    """Write a file of EDAX's, angles in radians; as `ctf`, with a confidence of -1 for phase 0."""
    head = ["# TEM_PIXperUM 1.0", "#"]
    for number, (name, group) in enumerate(phases.items(), 1):
        head += [f"# Phase {number}", f"# MaterialName  \t{name}", "# Formula     \tnone",
                 f"# Symmetry              {LAUE[group][1]}",
                 "# LatticeConstants      5.0 5.0 5.0  90.000  90.000  90.000", "#"]  # fmt: skip
    table = [(*np.radians(angles), x, y, 50.0, 0.9 if p else -1.0, max(p, 1), 1, 1)
             for x, y, p, angles in _rows(at, euler, phase)]  # fmt: skip
    lines = [" ".join(map(str, row)) for row in table]
    path.write_text("\n".join([*head, *lines, ""]))
    return path


def _rows(at, euler, phase):
    angles = np.broadcast_to(euler, (len(at), 3))
    numbers = np.broadcast_to(phase, len(at))
    return [(float(x), float(y), int(p), [float(a) for a in turn])
            for (x, y), p, turn in zip(at, numbers, angles, strict=True)]  # fmt: skip
