# SPDX-License-Identifier: MIT
"""An .ang of a "grain file" that EDAX's OIM Analysis exports: the same points, and their symmetry.

A grain file has no head that says how its phases are symmetric, so that the config cannot read it;
the symmetry has to be known from elsewhere. Run as

    docker/run python3 -m benchmarks.geometry.grain_file FILE.txt FILE.ang PHASE SYMMETRY

where SYMMETRY is EDAX's symbol of the Laue group: 43 of cubes (m-3m), 62 of hexagons (6/mmm), 32 of
trigonal crystals (-3m).
"""

from __future__ import annotations

import sys
from pathlib import Path

COLUMNS = 11
"""phi1, PHI, phi2 [rad], x, y [um], quality, confidence, fit, grain, edge, name of the phase."""
HEAD = """\
# TEM_PIXperUM 1.000000
#
# Phase 1
# MaterialName  \t{phase}
# Formula     \t{phase}
# Symmetry              {symmetry}
# LatticeConstants      1.000 1.000 1.000  90.000  90.000  90.000
#
"""


def converted(text: str, phase: str, symmetry: str) -> str:
    """The text of an .ang; points of other phases than one are not indexed in it.

    Args:
        text: Of a grain file.
        phase: Name of the phase.
        symmetry: EDAX's symbol of its Laue group.

    Raises:
        ValueError: A line has fewer columns than a grain file has.
    """
    lines = [HEAD.format(phase=phase, symmetry=symmetry)]
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        words = line.split(maxsplit=COLUMNS - 1)
        if len(words) < COLUMNS:
            raise ValueError(f"has {len(words)} columns in the line '{line}', not {COLUMNS}")
        *angles, x, y, quality, confidence, fit, _, _, name = words
        known = confidence if name.strip() == phase else "-1"
        lines.append(f"{' '.join(angles)} {x} {y} {quality} {known} 1 1 {fit}\n")
    return "".join(lines)


if __name__ == "__main__":
    source, target, *kind = sys.argv[1:]
    Path(target).write_text(converted(Path(source).read_text(), *kind))
