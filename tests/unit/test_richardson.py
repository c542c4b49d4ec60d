"""The limit of manufactured numbers f_0 + a s^p, and what is said where there is none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.laws.richardson import limit


def made(order, ratio, count, amount=0.3, second=0.0):
    """The numbers 7 + amount s^order + second s^(order + 1) at s = 1, 1/ratio, ..."""
    sizes = [ratio**-k for k in range(count)]
    return [7 + amount * s**order + second * s ** (order + 1) for s in sizes]


@settings(deadline=None)
@given(
    st.floats(0.8, 2.2), st.floats(1.3, 4), st.floats(0.01, 3), st.sampled_from([-1, 1])
)  # fmt: skip
def test_three_sizes_show_order_and_limit(order, ratio, amount, sign):
    values = made(order, ratio, 3, sign * amount)
    found = limit(values, ratio, expected=1.5)
    assert found.order == pytest.approx(order, rel=1e-6)
    assert found.value == pytest.approx(7, abs=1e-6)
    assert found.error == pytest.approx(1.25 * abs(values[-1] - 7), rel=1e-5)
    assert not found.remark


def test_two_sizes_take_the_expected_order_with_the_larger_factor():
    values = made(2, 2, 2)
    found = limit(values, 2, expected=2)
    assert found.value == pytest.approx(7)
    assert found.error == pytest.approx(3 * (values[-1] - 7))
    assert (found.order, found.used) == (None, 2)
    # The wrong order: off by 2/3 of the last difference, and the bar covers it.
    wrong = limit(values, 2, expected=1)
    assert abs(wrong.value - 7) == pytest.approx(2 / 3 * (values[0] - values[1]))
    assert wrong.error > abs(wrong.value - 7)


@pytest.mark.parametrize("second", [-0.08, 0.1, 0.3])
def test_the_bar_covers_the_limit_short_of_the_asymptotic_range(second):
    found = limit(made(1, 2, 3, 0.3, second), 2, expected=1)
    assert found.value != pytest.approx(7, abs=1e-4)
    assert abs(found.value - 7) < found.error


def test_only_the_last_three_count():
    assert limit([100.0, *made(1, 2, 3)], 2, 1) == limit(made(1, 2, 3), 2, 1)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.0, 1.3, 1.1], "change sign"),
        ([1.0, 1.3, 1.3], "change sign"),
        ([1.0, 1.0, 1.3], "change sign"),
        ([1.0, 1.1, 1.3], "do not shrink"),
        ([1.0, 1.25, 1.5], "do not shrink"),
        ([1.0, 1.16, 1.3], "far below 1"),
    ],
)
def test_numbers_without_a_limit_are_not_extrapolated(values, words):
    found = limit(values, 2, expected=1)
    assert words in found.remark and "not extrapolated" in found.remark
    assert found.value == values[-1] and found.used is None
    assert found.error == pytest.approx(3 * (max(values) - min(values)))


def test_too_high_an_order_is_not_believed():
    values = made(3, 2, 3)
    found = limit(values, 2, expected=1)
    assert "3.00 is far above 1" in found.remark
    assert found.order == pytest.approx(3) and found.used == 1
    assert found.value == pytest.approx(2 * values[-1] - values[-2])
    assert found.error == pytest.approx(3 * abs(values[-1] - values[-2]))


@pytest.mark.parametrize("count", [2, 3, 4])
def test_a_number_that_does_not_depend_on_the_size_has_no_error_and_that_is_said(count):
    assert limit([2.0] * count, 2, 1) == (2.0, 0.0, None, None, "all values are the same")


@pytest.mark.parametrize("values", [[], [1.0], [1.0, float("nan")], [1.0, float("inf"), 2.0]])
def test_too_little_is_refused(values):
    with pytest.raises(ValueError, match="two finite values"):
        limit(values, 2, 1)
