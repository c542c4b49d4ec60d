# SPDX-License-Identifier: MIT
"""Open a run in every reader, step through all times and render every field.

    pvpython docs/paraview/check.py RUN_FOLDER...

One line per run and reader; ends with exit code 1 if a field is missing or not finite, or if a
frame is empty.
"""

import math
import sys

import common
from paraview import simple
from paraview.vtk.util.numpy_support import vtk_to_numpy

FRAME = (160, 160)


def main(folders):
    """Check all folders with all readers; returns the complaints."""
    complaints = []
    for folder in folders:
        for name, path, opened in common.readers(folder):
            source = opened(path)
            source.UpdatePipelineInformation()
            times = list(source.TimestepValues)
            view = bare_view()
            found = [c for t in times for c in check_time(source, view, t)]
            simple.Delete(view)
            nodes = source.GetDataInformation().GetNumberOfPoints()
            summary = f"{folder}: {name}: {len(times)} times, {nodes} nodes at the end"
            print(summary, *(found or ["all fields rendered at all times"]), sep="\n  ", flush=True)
            complaints += found
            simple.Delete(source)
    return complaints


def bare_view():
    """A small view on a background that no colour map has."""
    view = simple.CreateView("RenderView")
    view.ViewSize = FRAME
    view.UseColorPaletteForBackground, view.Background = 0, (0.0, 1.0, 1.0)
    view.OrientationAxesVisibility = 0
    return view


def check_time(source, view, t):
    """Complaints about one time; every field is coloured and rendered."""
    view.ViewTime = t
    source.UpdatePipeline(t)
    shown = simple.Show(source, view)
    view.ResetCamera()
    fields = {a.Name: ("POINTS", a) for a in source.PointData.values()}
    fields |= {a.Name: ("CELLS", a) for a in source.CellData.values()}
    missing = {"xi", "c", "phi", "layer"} - set(fields)
    complaints = [f"t = {t}: {name} is missing" for name in missing]
    for name, (centre, array) in fields.items():
        if not all(math.isfinite(value) for value in array.GetRange(0)):
            complaints.append(f"t = {t}: {name} is not finite")
        simple.ColorBy(shown, (centre, name))
        shown.SetScalarBarVisibility(view, False)
        if covered(view) < 0.1:
            complaints.append(f"t = {t}: the picture of {name} is empty")
    return complaints


def covered(view):
    """Part of the frame that is not background."""
    simple.Render(view)
    image = view.SMProxy.CaptureWindow(1)
    pixels = vtk_to_numpy(image.GetPointData().GetScalars())
    return float((pixels[:, :3] != (0, 255, 255)).any(axis=1).mean())


if __name__ == "__main__":
    sys.exit(1 if main(common.arguments(__doc__, 1)) else 0)
