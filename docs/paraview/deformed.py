# SPDX-License-Identifier: MIT
"""The deformed cell at the end of a run: the mesh moved by u, coloured by the von Mises stress.

    pvpython docs/paraview/deformed.py RUN_FOLDER PICTURE.png [FACTOR]

u is in m and the mesh in um, so Warp By Vector is true to scale with the factor 1e6; FACTOR (1000)
exaggerates it. The lines were straight and equally spaced before.
"""

import sys

import common
from paraview import simple

LINES = 20
"""Lines in each direction."""


def main(folder, picture, factor="1000"):
    """Write the picture."""
    run, times = common.open_run(folder)
    run.UpdatePipeline(times[-1])
    if "u" not in {a.Name for a in run.PointData.values()}:
        sys.exit(f"{folder}: was run without mechanics and has no displacement.")
    view = common.white_view()
    view.ViewTime = times[-1]
    marked = simple.Calculator(Input=run, ResultArrayName="X", Function="coordsX")
    marked = simple.Calculator(Input=marked, ResultArrayName="Y", Function="coordsY")
    warped = simple.WarpByVector(Input=marked, Vectors=["POINTS", "u"])
    warped.ScaleFactor = 1e6 * float(factor)
    common.show(warped, view, "von_mises")
    for direction in ("X", "Y"):
        show_lines(warped, view, direction)
    common.show_edge(warped, view)
    common.show_time(view)
    common.look_at(run, view)
    simple.SaveScreenshot(picture, view, ImageResolution=common.SIZE)


def show_lines(warped, view, direction):
    """Show where places of equal X or Y have gone to."""
    warped.UpdatePipeline()
    first, last = warped.PointData[direction].GetRange(0)
    places = [first + (last - first) * i / LINES for i in range(1, LINES)]
    lines = simple.Contour(Input=warped, ContourBy=["POINTS", direction], Isosurfaces=places)
    shown = simple.Show(lines, view)
    simple.ColorBy(shown, None)
    shown.DiffuseColor = shown.AmbientColor = (0.75, 0.75, 0.75)
    common.flat(shown)


if __name__ == "__main__":
    main(*common.arguments(__doc__, 2)[:3])
