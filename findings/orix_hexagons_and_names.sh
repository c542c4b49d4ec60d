#!/usr/bin/env bash
# orix reads a .ang of a hexagonal grid without a word, although its maps are rectangular: 11 points
# in rows of 4, 3 and 4 become a map of 3 x 7 with steps of half the one in the file, and asking for
# it as a picture ends in an IndexError. Phases it calls by the formula of the head instead of by
# their name, and prints that it does so. The step in the head is not read; the points count.
# Exit code 1 if one of these is no longer so.
. "$(dirname "$0")/common.sh"
fresh orix==0.15.0
"$python" -m pip list --disable-pip-version-check | grep -E '^(orix|numpy) '
cat >map.py <<'TEXT'
import contextlib
import io
import warnings

from orix.io import load

HEAD = """# Phase 1
# MaterialName  Garnet
# Formula       none
# Symmetry      43
# LatticeConstants  13.0 13.0 13.0  90.0 90.0 90.0
# GRID: HexGrid
# XSTEP: 1.0
# YSTEP: 0.8660254
# NCOLS_ODD: 4
# NCOLS_EVEN: 3
# NROWS: 3
"""
POINTS = [(i + 0.5 * (j % 2), 0.8660254 * j) for j in range(3) for i in range(4 - j % 2)]
with open("hex.ang", "w") as file:  # of one orientation, in EDAX's ten columns
    file.write(HEAD + "".join(f"0.1 0.2 0.3 {x} {y} 50.0 0.9 1 1 1\n" for x, y in POINTS))
said = io.StringIO()
with warnings.catch_warnings(record=True) as warned, contextlib.redirect_stdout(said):
    warnings.simplefilter("always")
    found = load("hex.ang")
print(f"points {found.size}, shape {found.shape}, steps {found.dx}, {found.dy}, warnings {len(warned)}")
print(f"phase {found.phases[1].name!r}; printed: {said.getvalue().splitlines()}")
try:
    found.get_map_data("iq")
    picture = "a picture"
except IndexError as error:
    picture = f"IndexError: {error}"
print(picture)
same = (found.size, found.shape, found.dx, len(warned)) == (11, (3, 7), 0.5, 0)
same &= found.phases[1].name == "none" and "autogenerating" in said.getvalue()
raise SystemExit(not (same and picture.startswith("IndexError")))
TEXT
"$python" map.py
