"""Maps of crystal orientations: their points as pixels, and grains by angles in closed form."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from meshes import ebsd, segmentation
from meshes.ebsd import NoMap, OrientationMap
from tests.written_map import hexagonal, square

CUBIC, NONE = Rotation.create_group("O"), Rotation.identity(1)
TILTED = Rotation.from_euler("ZXZ", [30, 40, 50], degrees=True)


def quaternions(rotation):
    return rotation.as_quat()[:, [3, 0, 1, 2]]


def turned(angle, axis=(0, 0, 1)):
    """A crystal turned about an axis of its own, in degrees."""
    axis = np.array(axis) / np.linalg.norm(axis)
    return Rotation.from_rotvec(np.radians(angle) * axis) * TILTED


def apart(one, other, group=CUBIC):
    both = [quaternions(Rotation.concatenate([x])) for x in (one, other)]
    return float(np.degrees(segmentation.misorientation(*both, quaternions(group))[0]))


def made(grains, group=CUBIC, phase=None):
    """A map of pixels of 0.5 um: rows of numbers, and the orientations that they stand for."""
    rows, kinds = grains
    numbers = np.array(rows)
    rotation = Rotation.concatenate([kinds[i] for i in numbers.ravel()])
    phases = np.zeros(numbers.size, dtype=int) if phase is None else np.ravel(phase)
    count = max(phases.max() + 1, 1)
    return OrientationMap(
        0.5, np.arange(numbers.size).reshape(numbers.shape), quaternions(rotation), phases,
        tuple("AB"[:count]), (quaternions(group),) * count,
    )  # fmt: skip


@pytest.mark.parametrize(("angle", "least"), [(90, 0), (45, 45), (60, 30), (7, 7), (-83, 7)])
def test_turns_about_an_axis_of_four_repeat_after_90_degrees(angle, least):
    assert apart(TILTED, turned(angle)) == pytest.approx(least, abs=1e-5)
    # Without symmetry it is the angle itself.
    assert apart(TILTED, turned(angle), NONE) == pytest.approx(abs(angle), abs=1e-5)


def test_angles_between_cubes_in_closed_form():
    """60 degrees about [111] is a twin; 62.7994 degrees the largest that there is."""
    assert apart(TILTED, turned(60, (1, 1, 1))) == pytest.approx(60, abs=1e-5)
    assert apart(TILTED, turned(120, (1, 1, 1))) == pytest.approx(0, abs=1e-5)
    largest = 2 * np.degrees(np.arccos((2 + np.sqrt(2)) / 4))
    axis = (1, 1, np.sqrt(2) - 1)
    assert apart(TILTED, turned(largest, axis)) == pytest.approx(largest, abs=1e-5)
    assert apart(TILTED, turned(largest + 4, axis)) < largest


def test_a_quaternion_and_its_negative_are_one_orientation():
    one = quaternions(Rotation.concatenate([TILTED]))
    angle = segmentation.misorientation(one, -one, quaternions(NONE))
    assert angle == pytest.approx(0, abs=1e-6)


def test_symmetry_is_that_of_the_crystal_not_of_the_sample():
    """90 degrees about the sample's z leave a tilted cube elsewhere."""
    other = TILTED * Rotation.from_euler("z", 90, degrees=True)
    assert apart(TILTED, other) > 20


BASE = [TILTED, turned(90), turned(8)]


@pytest.mark.parametrize(("threshold", "count"), [(7.9, 2), (8.1, 1)])
def test_grains_end_where_the_angle_reaches_the_threshold(threshold, count):
    its = made(([[0, 0, 1, 1, 2, 2]] * 4, BASE))
    label, phase = segmentation.grains(its, np.radians(threshold), 1, False)
    assert len(phase) == count
    assert (label == ([0, 0, 0, 0, 1, 1] if count == 2 else 0)).all()


def test_other_phases_are_other_grains_whatever_their_angle():
    phase = [[0, 0, 1], [0, 0, 1]]
    label, of = segmentation.grains(made((np.zeros((2, 3), int), BASE), phase=phase), 0.1, 1, False)
    assert label.tolist() == [[0, 0, 1], [0, 0, 1]] and of.tolist() == [0, 1]


def test_the_first_row_is_uppermost():
    label, _ = segmentation.grains(made(([[0] * 3, [2] * 3, [2] * 3], BASE)), 0.1, 1, False)
    assert label[2].tolist() == [0, 0, 0] and label[0].tolist() == [1, 1, 1]


def test_small_grains_go_to_the_nearest():
    rows = np.zeros((6, 9), dtype=int)
    rows[:, 6:] = 2
    rows[1, 1] = rows[4, 4] = rows[4, 5] = 2
    its = made((rows, BASE))
    label, _ = segmentation.grains(its, 0.1, 3, False)
    # Of the pair at the boundary both hang together with the right grain.
    assert (label[::-1] == (rows == 2) * 1)[4].all() and label[::-1][1, 1] == 0
    assert len(segmentation.grains(its, 0.1, 1, False)[1]) == 3
    with pytest.raises(NoMap, match="has no grain of 99 points or more; the largest has 33"):
        segmentation.grains(its, 0.1, 99, False)


def test_the_share_of_points_that_go_to_another_grain():
    """Three of 54 in two grains too small, 0 where all are large enough."""
    rows = np.zeros((6, 9), dtype=int)
    rows[:, 6:] = 2
    rows[1, 1] = rows[4, 3] = rows[5, 3] = 2
    phase = np.zeros((6, 9), dtype=int)
    phase[0, 4] = -1
    its = made((rows, BASE), phase=phase)
    assert segmentation.taken_over(its, 0.1, 3, False) == pytest.approx(4 / 54)
    assert segmentation.taken_over(its, 0.1, 1, False) == pytest.approx(1 / 54)
    assert segmentation.taken_over(its, 0.1, 1, True) == 0.0


def test_points_that_are_not_indexed_are_taken_over_or_pores():
    phase = np.zeros((6, 6), dtype=int)
    phase[2:4, 2:4] = -1
    phase[0, 0] = -1
    its = made((np.zeros((6, 6), int), BASE), phase=phase)
    label, of = segmentation.grains(its, 0.1, 4, False)
    assert of.tolist() == [0] and (label == 0).all()
    label, of = segmentation.grains(its, 0.1, 4, True)
    pores = np.flatnonzero(of < 0)
    assert len(of) == 2 and (np.isin(label[::-1], pores) == (phase < 0) & (phase[::-1] < 0)).all()


def test_squares_are_the_pixels():
    edge, point = ebsd.pixels(square(5, 3, 0.4) + [10.0, -2.0])
    assert edge == pytest.approx(0.4)
    assert point.tolist() == np.arange(15).reshape(3, 5).tolist()
    shuffled = np.random.default_rng(1).permutation(15)
    _, point = ebsd.pixels(square(5, 3, 0.4)[shuffled])
    assert shuffled[point].tolist() == np.arange(15).reshape(3, 5).tolist()


@pytest.mark.parametrize("shift", [0.0, 0.5])
def test_hexagons_become_pixels_of_half_a_step(shift):
    at = hexagonal(20, 21, 0.4)
    at[:, 0] += shift
    edge, point = ebsd.pixels(at)
    assert edge == pytest.approx(0.2)
    assert point.shape == (36, 40)  # 21 rows of 0.866 steps
    area = np.bincount(point.ravel()) * edge**2
    x, y = at.T - [[shift], [0]]
    inner = (x > 0.4) & (x < 7.2) & (y > 0.4) & (y < 6.4)
    assert area[inner].mean() == pytest.approx(0.4**2 * np.sqrt(0.75), rel=0.02)
    assert len(np.unique(point[:, 20])) == 21


def test_rectangles_become_pixels_of_half_the_shorter_step():
    at = square(4, 3, 1.0) * [1.0, 2.0]
    edge, point = ebsd.pixels(at)
    assert edge == pytest.approx(0.5) and point.shape == (12, 8)
    assert np.bincount(point.ravel()).tolist() == [8] * 12


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (np.random.default_rng(1).uniform(0, 9, (50, 2)), "points that are on no grid"),
        (np.delete(square(5, 4, 1.0), 7, axis=0), "has 19 points where its grid has 20; export"),
        (square(5, 4, 1.0) + np.repeat([[0, 0], [0.3, 0]] * 2, 5, axis=0), "on no grid"),
        (square(5, 4, 1.0) + np.eye(20)[:, 7:8] * [0.5, 0.0], "on no grid"),
        (np.vstack([square(5, 4, 1.0), [[1.0, 1.0]]]), "has 1 points twice"),
        (np.delete(hexagonal(5, 4, 1.0), 7, axis=0), "has 17 points where its grid has 18"),
    ],
)
def test_other_points_are_refused(at, sentence):
    with pytest.raises(NoMap, match=sentence):
        ebsd.pixels(at)
