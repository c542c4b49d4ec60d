# SPDX-License-Identifier: MIT
"""What the ParaView scripts of this folder share: opening a run, a view, colours, one picture.

For pvpython of ParaView 5.11 or newer, 5.12 for VTKHDF. Lengths in the files are in um, values in
SI units.
"""

from __future__ import annotations

import os
import sys

from paraview import simple

COLOURS = {
    # field: (centre, title, factor to the unit in the title, colour map)
    "xi": ("POINTS", "xi", 1.0, "Viridis (matplotlib)"),
    "c": ("POINTS", "c (mol/m3)", 1.0, "Viridis (matplotlib)"),
    "phi": ("POINTS", "phi (mV)", 1e3, "Plasma (matplotlib)"),
    "von_mises": ("CELLS", "stress (MPa)", 1e-6, "Inferno (matplotlib)"),
}
SIZE = (1200, 1000)
"""Pixels of a picture."""
INK = (0.13, 0.13, 0.13)


READERS = {
    # name: (file, how it is opened)
    "Xdmf3 Reader T": ("fields.xdmf", lambda path: simple.Xdmf3ReaderT(FileName=[path])),
    "Xdmf3 Reader S": ("fields.xdmf", lambda path: simple.Xdmf3ReaderS(FileName=[path])),
    "XDMF Reader": ("fields.xdmf", lambda path: simple.XDMFReader(FileNames=[path])),
    "VTKHDF Reader": ("fields.vtkhdf", lambda path: simple.VTKHDFReader(FileName=[path])),
}


def readers(folder):
    """How the files that a run folder has can be opened: (name, path, how).

    The paths are absolute: those of XDMF look for the HDF5 files beside it.
    """
    found = []
    for name, (file, opened) in READERS.items():
        path = os.path.abspath(os.path.join(folder, file))
        if os.path.exists(path):
            found.append((name, path, opened))
    if not found:
        sys.exit(f"{folder}: no field series there; give the folder of a run.")
    return found


def open_run(folder):
    """Open the fields of a run folder; returns the reader and its times."""
    _, path, opened = readers(folder)[0]
    reader = opened(path)
    reader.UpdatePipelineInformation()
    return reader, list(reader.TimestepValues)


def white_view():
    """A view of the x-y plane on white, without the axes in the corner."""
    view = simple.CreateView("RenderView")
    view.ViewSize = SIZE
    view.UseColorPaletteForBackground = 0
    view.Background = (1.0, 1.0, 1.0)
    view.OrientationAxesVisibility = 0
    view.InteractionMode = "2D"
    return view


def in_unit(source, field):
    """The field in the unit of its title, as an array called by the title."""
    centre, title, factor, _ = COLOURS[field]
    kind = "Point Data" if centre == "POINTS" else "Cell Data"
    return simple.Calculator(
        Input=source, AttributeType=kind, ResultArrayName=title, Function=f"{field}*{factor:g}"
    )


def show(source, view, field, limits=None):
    """Show a field with a colour bar; `limits` fix the ends of the colours."""
    centre, title, _, colours = COLOURS[field]
    shown = simple.Show(in_unit(source, field), view)
    simple.ColorBy(shown, (centre, title))
    flat(shown)
    table = simple.GetColorTransferFunction(title)
    table.ApplyPreset(colours, True)
    if limits is None:
        shown.RescaleTransferFunctionToDataRange(False, True)
    else:
        table.RescaleTransferFunction(*limits)
    bar = simple.GetScalarBar(table, view)
    bar.Title, bar.ComponentTitle = title, ""
    bar.TitleColor = bar.LabelColor = INK
    bar.TitleFontSize = bar.LabelFontSize = 26
    bar.TitleBold, bar.HorizontalTitle, bar.AddRangeLabels = 0, 1, 0
    bar.AutomaticLabelFormat, bar.LabelFormat = 0, "%.4g"
    bar.WindowLocation = "Any Location"
    bar.Position, bar.ScalarBarLength, bar.ScalarBarThickness = (0.865, 0.17), 0.62, 24
    shown.SetScalarBarVisibility(view, True)
    return shown


def flat(shown):
    """Show colours as they are in the colour bar, without a lamp."""
    shown.Ambient, shown.Diffuse, shown.Specular = 1.0, 0.0, 0.0


def show_edge(source, view, width=3.0):
    """Show the edge of the deposit, xi = 0.5, as a white line."""
    edge = simple.Contour(Input=source, ContourBy=["POINTS", "xi"], Isosurfaces=[0.5])
    shown = simple.Show(edge, view)
    simple.ColorBy(shown, None)
    shown.DiffuseColor = shown.AmbientColor = (1.0, 1.0, 1.0)
    shown.LineWidth = width
    flat(shown)
    return shown


def show_time(view):
    """Write the time in the upper left corner.

    That of the view: up to ParaView 5.13, the VTKHDF reader's data carry that of the step before.
    """
    text = simple.AnnotateTime(Format="t = {time:.0f} s")
    shown = simple.Show(text, view)
    shown.Color, shown.FontSize = INK, 28
    shown.WindowLocation = "Any Location"
    shown.Position = (0.055, 0.945)
    return shown


def look_at(source, view):
    """Fit the cell into the view, with room for the time above and the colours at the right."""
    x0, x1, y0, y1, _, _ = source.GetDataInformation().GetBounds()
    width, height = x1 - x0, y1 - y0
    across = max(height / 0.9, width / 0.8 * SIZE[1] / SIZE[0])
    middle = (x0 + x1) / 2 + 0.07 * across * SIZE[0] / SIZE[1], (y0 + y1) / 2 + 0.02 * across
    view.CameraParallelProjection = 1
    view.CameraPosition = (*middle, 10 * across)
    view.CameraFocalPoint = (*middle, 0.0)
    view.CameraViewUp = (0.0, 1.0, 0.0)
    view.CameraParallelScale = across / 2


def arguments(text, count):
    """The arguments of the script, or its usage."""
    if len(sys.argv) - 1 < count:
        sys.exit(text)
    return sys.argv[1:]
