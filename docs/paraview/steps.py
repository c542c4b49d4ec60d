# SPDX-License-Identifier: MIT
"""Draw one field at some steps of a run's fields.vtkhdf by PyVista, without a display.

    python3 docs/paraview/steps.py RUN_FOLDER PICTURE.png [FIELD] [STEP...]

PyVista's HDFReader has no times; the steps go by the reader of VTK that it holds.
"""

import os
import sys

import pyvista

EDGE = 0.5
"""xi at the edge of the deposit."""


def main(folder, picture, field="c", *numbers):
    """Draw the steps side by side; by default the first, one in the middle and the last."""
    reader = pyvista.get_reader(os.path.join(folder, "fields.vtkhdf"))
    count = reader.reader.GetNumberOfSteps()
    chosen = [int(n) for n in numbers] or [0, count // 2, count - 1]
    if not all(0 <= number < count for number in chosen):
        sys.exit(f"{folder}: there are steps 0 to {count - 1}.")
    shown = []
    for number in chosen:
        reader.reader.SetStep(number)
        grid = reader.read()
        shown.append((reader.reader.GetTimeValue(), grid))
    ends = [grid.get_data_range(field) for _, grid in shown]
    limits = min(low for low, _ in ends), max(high for _, high in ends)
    plotter = pyvista.Plotter(
        off_screen=True, shape=(1, len(shown)), border=False, window_size=(500 * len(shown), 640)
    )
    for place, (time, grid) in enumerate(shown):
        plotter.subplot(0, place)
        last = place == len(shown) - 1
        plotter.add_mesh(
            grid, scalars=field, clim=limits, cmap="viridis", lighting=False, copy_mesh=True,
            show_edges=True, edge_opacity=0.15, show_scalar_bar=last,
            scalar_bar_args={"color": "black", "title": field, "fmt": "%.4g", "n_labels": 3},
        )  # fmt: skip
        edge = grid.contour([EDGE], scalars="xi")
        if edge.n_points:
            plotter.add_mesh(edge, color="white", line_width=3, lighting=False)
        title = f"t = {time:.0f} s, {grid.n_points} nodes"
        plotter.add_text(title, color="black", font_size=12)
        plotter.view_xy()
        plotter.camera.zoom(1.25)
    plotter.set_background("white")
    plotter.screenshot(picture)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
