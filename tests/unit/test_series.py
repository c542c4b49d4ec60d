"""Pictures and movies: places of the panels, colours, times, endings of names."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from PIL import Image

from solver.base.errors import InputError
from solver.output import snapshots
from solver.pictures import arrangement, film, grid, panels, series
from solver.verbs.cli import main
from tests.unit.test_snapshots import png_size, write_run

XI, C = panels.named(["xi"]), panels.named(["xi", "c"])
# Linear RGB as dichromats see it: Machado, Oliveira, Fernandes (2009), severity 1.
SEEN_AS = {
    "everybody": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def luminance(colours, seen_as):
    """Relative luminance of sRGB colours (IEC 61966-2-1), seen through a matrix."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return np.clip(linear @ np.array(seen_as).T, 0, 1) @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("name", SEEN_AS)
@pytest.mark.parametrize("panel", panels.PANELS, ids=lambda panel: panel.field)
def test_colours_tell_more_from_less_for_the_colour_blind(panel, name):
    colours = matplotlib.colormaps[panel.colours](np.linspace(0, 1, 33))[:, :3]
    assert np.all(np.diff(luminance(colours, SEEN_AS[name])) > 0)


def runs(tmp_path, times, fields=C):
    folders = []
    for n, own in enumerate(times):
        (tmp_path / f"run{n}").mkdir()
        folders.append(write_run(tmp_path / f"run{n}", own))
    return series.Runs(folders, fields)


def places(names, fields):
    rows = arrangement.arrange(names, fields)
    return [[cell and (cell.run, cell.panel.field, cell.bar) for cell in row] for row in rows]


def test_places_of_the_pictures():
    assert places(["a"], C) == [[(0, "xi", True), (0, "c", True)]]
    assert places(["a", "b"], C) == [
        [(0, "xi", False), (1, "xi", True)],
        [(0, "c", False), (1, "c", True)],
    ]
    assert places(["a", "b", "d"], XI) == [
        [(0, "xi", False), (1, "xi", True)],
        [(2, "xi", True), None],
    ]
    assert [len(row) for row in arrangement.arrange(["a"], panels.PANELS)] == [2, 2, 2]
    assert [len(row) for row in arrangement.arrange(list("abcdefghi"), XI)] == [3, 3, 3]


def test_too_many_pictures_are_refused():
    with pytest.raises(InputError, match="10 runs with 4 fields make 40 pictures; at most 36"):
        arrangement.arrange(list("abcdefghij"), panels.PANELS[:4])


def test_colours_hold_for_all_snapshots_together(tmp_path):
    both = runs(tmp_path, [[0.0, 5.0], [9.0]], panels.PANELS)
    # c = 1000 + y + t with y from 0 to 2; its colours begin at 0, those of phi at the lowest value.
    assert [scale["c"] for scale in both.scales()] == [(0.0, 1007.0), (0.0, 1011.0)]
    first, last = series.coloured(both.scales(), "common")
    assert first == last and first["c"] == (0.0, 1011.0)
    assert first["phi"] == pytest.approx((-100, -100))


def strained(factor):
    """Write the stress of a run that many times as large."""
    return lambda fields: fields.update(von_mises=factor * fields["von_mises"])


def test_a_run_that_the_common_colours_hide_is_named_and_has_its_own(tmp_path, capsys):
    """Two runs whose stress differs by a thousand: the picture of one was black."""
    for name, factor in (("stiff", 1.0), ("soft", 1e-3)):
        (tmp_path / name).mkdir()
        write_run(tmp_path / name, [1.0], change=strained(factor))
    folders = [str(tmp_path / name) for name in ("stiff", "soft")]
    words = ["plot", *folders, "--fields", "von_mises", "-o", str(tmp_path / "both.svg")]
    assert main(words) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"{folders[1]}: von_mises takes 0.1 % of the colours that the runs share; --colours own "
        "gives each its own"
    ]
    assert main([*words, "--colours", "own"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    both = series.Runs([tmp_path / "stiff", tmp_path / "soft"], panels.named(["von_mises"]))
    for colours, bars in (("common", 1), ("own", 2)):
        found = both.page(series.coloured(both.scales(), colours), "page").figure
        assert len(found.axes) + sum(len(ax.child_axes) for ax in found.axes) == 2 + bars


def test_a_run_that_has_ended_stays_as_it_was(tmp_path):
    both = runs(tmp_path, [[0.0, 1.0], [0.0, 3.0]])
    assert both.times == [0.0, 1.0, 3.0]
    assert [s.time for s in both.at(1.0)] == [1.0, 0.0]
    assert [s.time for s in both.at(3.0)] == [1.0, 3.0]


def test_each_run_is_shown_at_its_own_nearest_time(tmp_path):
    """And it is said which one that is, where it is not the time that was asked for."""
    both = runs(tmp_path, [[0.0, 1.0], [0.0, 3.0]])
    for t, nearest in ((1.0, [1.0, 0.0]), (1.9, [1.0, 3.0]), (None, [1.0, 3.0]), (9.0, [1.0, 3.0])):
        assert [s.time for s in both.nearest(t)] == nearest
    one, two = both.folders
    assert list(both.instead(1.0)) == [f"{two}: shown at t = 0 s, the snapshot nearest to 1 s"]
    assert list(both.instead(7200.0)) == [
        f"{one}: has come to t = 1 s, not to 2 h; its last state is shown",
        f"{two}: has come to t = 3 s, not to 2 h; its last state is shown",
    ]


@pytest.mark.parametrize("unit", [0.1, 1.0, 7.0])
def test_of_two_snapshots_as_near_the_earlier_is_shown(unit):
    """0.3 - 0.2 is less than 0.2 - 0.1 by a bit, and was nearer."""
    times, asked = ([round(x * unit, 9) for x in some] for some in (
        (0, 1, 3), (-1, 0.5, 1.99, 2, 2.001, 9)
    ))  # fmt: skip
    assert [snapshots.nearest(times, t) for t in asked] == [0, 0, 1, 1, 2, 2]


def test_plot_says_which_time_it_shows(tmp_path, capsys):
    both = runs(tmp_path, [[0.0, 1.0], [0.0, 3.0]])
    words = ["plot", *map(str, both.folders), "--fields", "xi", "-o", str(tmp_path / "both.svg")]
    assert main([*words, "--time", "3 s"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(tmp_path / "both.svg"),
        f"{both.folders[0]}: has come to t = 1 s, not to 3 s; its last state is shown",
    ]
    drawn = (tmp_path / "both.svg").read_text()
    assert grid.OWN_TIMES in drawn and drawn.count("t = ") == 2
    assert main(words[:2] + words[3:] + ["--time", "1 s"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert "t = 1 s" in (tmp_path / "both.svg").read_text()


def test_runs_are_called_by_what_differs(tmp_path):
    for name in ("a/run", "b/run"):
        (tmp_path / name).mkdir(parents=True)
        write_run(tmp_path / name, [0.0])
    both = series.Runs([tmp_path / "a/run", tmp_path / "b/run"], XI)
    assert both.names == ["a/run", "b/run"]


@pytest.mark.parametrize(("size", "mm"), [("column", 86), ("page", 178), ("slide", 254)])
def test_a_picture_has_the_width_of_its_page(tmp_path, size, mm):
    path = tmp_path / "picture.png"
    assert series.picture(runs(tmp_path, [[0.0]]), path, None, size) == []
    assert png_size(path)[0] == int(mm / 25.4 * arrangement.SIZES[size].dpi)


def test_fields_without_mechanics_and_vector_formats(tmp_path):
    (tmp_path / "run").mkdir()
    folder = write_run(tmp_path / "run", [0.0], mechanics=False)
    series.picture(series.Runs([folder], panels.PANELS), tmp_path / "p.svg", None, "page")
    assert b"not solved for" in (tmp_path / "p.svg").read_bytes()


@pytest.mark.parametrize("name", ["m.gif", "m.mp4"])
def test_a_movie_has_a_frame_for_every_time(tmp_path, name):
    path = tmp_path / name
    series.movie(runs(tmp_path, [[0.0, 1.0, 2.0]]), path, "column", 5.0)
    if name.endswith("gif"):
        with Image.open(path) as image:
            assert image.n_frames == 3
            assert image.info["duration"] == 200
    else:
        assert path.read_bytes()[4:8] == b"ftyp"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == [name]


def test_frames_differ_and_are_of_one_size(tmp_path):
    series.movie(runs(tmp_path, [[0.0, 600.0]]), tmp_path / "frames", "column", 5.0)
    first, second = sorted((tmp_path / "frames").iterdir())
    assert png_size(first) == png_size(second)
    assert all(side % 2 == 0 for side in png_size(first))
    assert first.read_bytes() != second.read_bytes()


def test_mp4_without_ffmpeg(tmp_path, monkeypatch):
    monkeypatch.setattr(film.shutil, "which", lambda name: None)
    monkeypatch.setattr(film.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"needs the program ffmpeg.*write a \.gif"):
        series.movie(runs(tmp_path, [[0.0]]), tmp_path / "m.mp4", "column", 5.0)


def test_a_failing_ffmpeg_is_quoted(tmp_path, monkeypatch):
    fake = tmp_path / "ffmpeg"
    fake.write_text("#!/bin/sh\necho 'Unknown encoder' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(film.shutil, "which", lambda name: str(fake))
    with pytest.raises(InputError, match="ffmpeg failed: Unknown encoder"):
        series.movie(runs(tmp_path, [[0.0]]), tmp_path / "m.mp4", "column", 5.0)
    assert not (tmp_path / "m.mp4").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["plot", "RUN", "--fields", "xi,voltage", "-o", "p.png"], "'voltage' is no field"),
        (["plot", "RUN", "--fields", "xi"], "needs -o FILE"),
        (["plot", "RUN", "RUN"], "needs -o FILE"),
        (["plot", "RUN", "-o", "p.bmp"], "must end in .png"),
        (["plot", "RUN", "-o", "p.png", "--time", "soon"], "--time: 'soon' must start with"),
        (["plot", "nowhere"], "no such run folder"),
        (["movie", "RUN", "-o", "m.avi"], ".mp4 or .gif"),
        (["movie", "RUN", "-o", "m.gif", "--rate", "0"], "from 0.1 to 100"),
        (["movie", "nowhere", "-o", "m.gif"], "no such run folder"),
        (["movie", "RUN", "-o", "nowhere/m.gif"], "cannot be written"),
    ],
)
def test_bad_requests_are_one_sentence(tmp_path, monkeypatch, capsys, words, message):
    (tmp_path / "RUN").mkdir()
    write_run(tmp_path / "RUN", [0.0])
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    stderr = capsys.readouterr().err
    assert message in stderr
    assert len(stderr.splitlines()) == 1


def test_a_changing_mesh_is_drawn(tmp_path):
    # Two snapshots of different runs stand for two meshes of one: nothing is kept from the first.
    one, other = runs(tmp_path, [[0.0], [1.0]]).folders
    page = series.Runs([one], XI).page([{"xi": (0, 1)}], "column")
    page.show(0.0, [snapshots.load(one)])
    before = page.pixels()
    finer = snapshots.load(other)
    coarse = snapshots.Snapshot(1.0, finer.points[:4], np.array([[0, 1, 2], [2, 3, 0]]),
                                {"xi": np.array([0, 1, 1, 0.0]), "layer": np.ones(2)})  # fmt: skip
    page.show(1.0, [coarse])
    assert page.pixels().shape == before.shape
    assert (page.pixels() != before).any()


def unlike(tmp_path, widths, height=50.0):
    """Extents of cells of these widths [um] and one height."""
    return [np.array([[0.0, 0.0], [width, height]]) for width in widths]


def page(extents, fields=XI, size="page"):
    names = [f"run{n}" for n in range(len(extents))]
    scales = [{"xi": (0, 1), "c": (0, 1)}] * len(names)
    return grid.Page(names, fields, extents, scales, arrangement.SIZES[size])


def ticks(found):
    """Whether axes have numbers beside them and below."""
    axes = [ax for ax in found.figure.axes if ax.get_visible()]
    shown = [(ax.yaxis.get_tick_params(), ax.xaxis.get_tick_params()) for ax in axes]
    return [(y["labelleft"], x["labelbottom"]) for y, x in shown]


def test_cells_that_are_unlike_have_axes_of_their_own(tmp_path):
    alike = page(unlike(tmp_path, [50, 50]), C)
    assert ticks(alike) == [(True, False), (False, False), (True, True), (False, True)]
    assert ticks(page(unlike(tmp_path, [50, 10]), C)) == [(True, True)] * 4
    heights = unlike(tmp_path, [50]) + unlike(tmp_path, [50], height=10.0)
    assert ticks(page(heights)) == [(True, True)] * 2


@pytest.mark.parametrize("size", arrangement.SIZES)
@pytest.mark.parametrize("widths", [[5], [0.5], [5, 50], [50] * 6])
def test_a_page_is_no_taller_than_paper(tmp_path, widths, size):
    """A cell of 5 um x 50 um was 1.38 m tall on a page."""
    found = page(unlike(tmp_path, widths), C, size)
    width, height = found.figure.get_size_inches()
    paper = arrangement.SIZES[size]
    assert (width, True) == (paper.width, height <= paper.height * 1.001)


def test_fields_of_a_slender_cell_stand_side_by_side():
    rows = [len(row) for row in arrangement.arrange(["a"], panels.PANELS, aspect=10.0)]
    assert rows == [len(panels.PANELS)]


@pytest.mark.parametrize("width", [5, 10, 50])
def test_a_page_is_where_it_stays_from_the_first_picture_on(tmp_path, width):
    """Of a cell of 5 um the label of y and the numbers of the last bar left a column's edges."""
    found = page(unlike(tmp_path, [width]), panels.PANELS[:4], "column")
    places = []
    for _ in range(3):
        found.pixels()
        places.append(found.figure.axes[0].get_position().bounds)
    box, inches = found.figure.get_tightbbox(), found.figure.get_size_inches()
    assert (box.min > 0).all() and (box.max < inches).all()
    assert np.ptp(places, axis=0).max() * inches.max() * found.figure.dpi < 0.5  # pixels


def test_a_slender_cell_has_its_width_as_a_tick(tmp_path):
    found = page(unlike(tmp_path, [5]))
    found.pixels()
    assert found.figure.axes[0].get_xticks().tolist() == [0, 5]
    assert np.diff(found.figure.axes[0].get_yticks()).tolist() == [10] * 7


def test_a_run_that_shows_another_time_says_so(tmp_path):
    both = runs(tmp_path, [[0.0, 3.0], [0.0, 1.0]], XI)
    found = both.page([{"xi": (0, 1)}] * 2, "column")
    for t, said in ((0.0, []), (3.0, ["t = 1 s"]), (0.0, [])):
        found.show(t, both.at(t))
        assert [x.get_text() for ax in found.figure.axes for x in ax.texts] == said
    found.show(None, both.nearest(None))
    assert [x.get_text() for ax in found.figure.axes for x in ax.texts] == ["t = 3 s", "t = 1 s"]
    assert found.figure.get_suptitle() == grid.OWN_TIMES


def test_a_page_in_a_terminal_says_what_it_is(tmp_path):
    both = runs(tmp_path, [[0.0, 3.0], [0.0, 1.0]])
    found = both.page([{}] * 2, "column")
    found.show(None, both.nearest(1.0))
    assert repr(found).startswith(f"Page of xi, c at {grid.OWN_TIMES}: ")
    found.show(3.0, both.nearest(3.0))
    assert repr(found).startswith("Page of xi, c at t = 3 s: a notebook shows it, save(path) ")


def test_names_of_folders_cannot_command_a_figure(tmp_path):
    (tmp_path / "a\x1b[31m $x_").mkdir()
    folder = write_run(tmp_path / "a\x1b[31m $x_", [0.0])
    other = runs(tmp_path, [[0.0]]).folders[0]
    found = series.Runs([folder, other], XI).page([{"xi": (0, 1)}] * 2, "slide")
    titles = [ax.get_title(loc="left") for ax in found.figure.axes]
    assert "a?[31m $x_" in titles
