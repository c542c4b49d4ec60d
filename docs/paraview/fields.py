# SPDX-License-Identifier: MIT
"""One picture of each field at the end of a run, with the edge of the deposit.

pvpython docs/paraview/fields.py RUN_FOLDER PICTURE_FOLDER
"""

import os

import common
from paraview import simple


def main(folder, pictures):
    """Write xi.png, c.png, phi.png and von_mises.png, as far as the run has these fields."""
    os.makedirs(pictures, exist_ok=True)
    run, times = common.open_run(folder)
    run.UpdatePipeline(times[-1])
    arrays = {a.Name for data in (run.PointData, run.CellData) for a in data.values()}
    for field in common.COLOURS:
        if field not in arrays:
            continue
        view = common.white_view()
        view.ViewTime = times[-1]
        common.show(run, view, field, limits=(0, 1) if field == "xi" else None)
        common.show_edge(run, view)
        common.show_time(view)
        common.look_at(run, view)
        simple.SaveScreenshot(
            os.path.join(pictures, f"{field}.png"), view, ImageResolution=common.SIZE
        )
        simple.Delete(view)


if __name__ == "__main__":
    main(*common.arguments(__doc__, 2)[:2])
