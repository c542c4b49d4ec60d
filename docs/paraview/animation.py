# SPDX-License-Identifier: MIT
"""A field at all times with the edge of the deposit, as numbered PNG frames or an AVI film.

    pvpython docs/paraview/animation.py RUN_FOLDER FILE.png|FILE.avi [FIELD]

FIELD is xi, c (default), phi or von_mises. The colours hold for all times.
"""

import common
from paraview import simple


def main(folder, film, field="c"):
    """Write the frames."""
    run, times = common.open_run(folder)
    view = common.white_view()
    low, high = ends(run, times, field)
    common.show(run, view, field, limits=(low, high))
    common.show_edge(run, view)
    common.show_time(view)
    run.UpdatePipeline(times[0])
    common.look_at(run, view)
    scene = simple.GetAnimationScene()
    scene.UpdateAnimationUsingDataTimeSteps()
    scene.PlayMode = "Snap To TimeSteps"
    simple.SaveAnimation(film, view, scene, ImageResolution=common.SIZE, FrameRate=10)


def ends(run, times, field):
    """Smallest and largest value over all times, in the unit of the title."""
    centre, _, factor, _ = common.COLOURS[field]
    low, high = [], []
    for t in times:
        run.UpdatePipeline(t)
        data = run.PointData if centre == "POINTS" else run.CellData
        values = data[field].GetRange(0)
        low.append(values[0] * factor)
        high.append(values[1] * factor)
    return min(low), max(high)


if __name__ == "__main__":
    main(*common.arguments(__doc__, 2)[:3])
