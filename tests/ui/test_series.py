"""What is drawn of many readings: smoothing, thinning, gaps, ticks."""

import numpy as np
import pytest

from gen_studio.core.description import LOSS, VERDICTS, Metric, Role
from gen_studio.ui.plots.heading import legend_name
from gen_studio.ui.plots.series import BINS, RAW_POINTS, SMOOTH_POINTS, Series, smooth, thin
from gen_studio.ui.ticks import log_ticks, reading, round_ticks, tick, whole

D = Metric("d", "D loss", LOSS, Role.DISCRIMINATOR, "D")


KL = Metric("kl", "KL divergence", LOSS, Role.OTHER, "KL")


REAL = Metric("real", "D(real)", VERDICTS, Role.DISCRIMINATOR, "real")


def test_the_smoothed_line_is_the_debiased_average_in_the_order_of_steps() -> None:
    values = np.random.default_rng(0).normal(size=BINS)
    total = weights = 0.0
    expected = []
    for value in values:
        total, weights = 0.9 * total + value, 0.9 * weights + 1
        expected.append(total / weights)
    _, smoothed = smooth(np.arange(float(BINS)), values, 0.9, 0, BINS, most=BINS)
    np.testing.assert_allclose(smoothed, expected, atol=1e-3)
    assert smoothed[0] == values[0]


@pytest.mark.parametrize("weight", [0.0, 0.5, 0.96, 0.99])
def test_a_constant_stays_the_constant_however_much_it_is_smoothed(weight: float) -> None:
    steps = np.sort(np.random.default_rng(0).choice(100_000, 5000, replace=False)).astype(float)
    _, smoothed = smooth(steps, np.full(5000, 3.5), weight, 0, 100_000)
    np.testing.assert_allclose(smoothed, 3.5)


def test_zooming_in_does_not_start_the_average_anew() -> None:
    steps = np.arange(10_000.0)
    values = np.where(steps < 5000, 10.0, 0.0)
    _, smoothed = smooth(steps, values, 0.96, 5000, 10_000)
    assert smoothed[0] > 9


def test_the_smoothed_line_has_few_points_and_ends_at_the_newest_reading() -> None:
    steps = np.arange(100_000.0)
    shown, smoothed = smooth(steps, steps, 0.9, 0, 99_999)
    assert len(shown) <= SMOOTH_POINTS and shown[-1] == 99_999
    assert smoothed[-1] == pytest.approx(99_999, rel=0.02)


@pytest.mark.parametrize("broken", [0, 50_050, 50_250, 50_450, 50_650, 99_999])
def test_one_broken_reading_among_many_is_a_gap_in_the_smoothed_line(broken: int) -> None:
    values = np.ones(100_000)
    values[broken] = np.nan
    steps, smoothed = smooth(np.arange(100_000.0), values, 0.96, 0, 99_999)
    gap = steps[np.isnan(smoothed)]
    assert len(gap) == 1 and abs(gap[0] - broken) < 500
    assert np.nanmax(abs(smoothed - 1)) < 1e-9


def test_thinning_keeps_every_peak_and_the_order() -> None:
    values = np.random.default_rng(0).normal(size=100_001)
    values[[777, 99_999]] = 50, -60
    steps, thinned = thin(np.arange(100_001.0), values)
    assert len(steps) <= RAW_POINTS and (np.diff(steps) >= 0).all()
    assert thinned.max() == 50 and thinned.min() == -60
    np.testing.assert_array_equal(values[steps.astype(int)], thinned)


def test_few_readings_are_drawn_as_they_are() -> None:
    values = np.array([1.0, np.nan, 3.0])
    np.testing.assert_array_equal(thin(np.arange(3.0), values)[1], values)


def test_history_grows_without_losing_anything() -> None:
    series = Series()
    for first in range(0, 10_000, 7):
        series.append(np.arange(first, first + 7), np.arange(first, first + 7) * 2.0)
    np.testing.assert_array_equal(series.steps, np.arange(len(series)))
    np.testing.assert_array_equal(series.values, np.arange(len(series)) * 2.0)


def test_a_run_that_goes_back_forgets_what_came_after() -> None:
    series = Series()
    series.append(np.arange(100), np.zeros(100))
    series.append(np.arange(40, 60), np.ones(20))
    assert len(series) == 60 and series.values[39] == 0 and series.values[40] == 1


def test_infinite_readings_count_as_broken_and_a_run_of_them_as_one_break() -> None:
    series = Series()
    series.append(np.arange(6), np.array([1, np.nan, np.inf, 1, -np.inf, 1.0]))
    np.testing.assert_array_equal(series.breaks(), [1, 4])


# Numbers in words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.531, "0.53"),
        (1.754, "1.75"),
        (-12.34, "−12.3"),
        (1240.0, "1,240"),
        (0.0123, "0.012"),
        (0.0, "0.00"),
        (np.nan, "–"),
    ],
)
def test_readings_have_about_three_figures_and_a_true_minus(value: float, words: str) -> None:
    assert reading(value) == words


def test_ticks_are_round_and_written_alike() -> None:
    assert [tick(value, 0.5) for value in round_ticks(-1, 1, 4)] == ["−1", "−0.5", "0", "0.5", "1"]
    assert [whole(value) for value in round_ticks(0, 20_000, 4)] == ["0", "5,000", "10,000", "15,000", "20,000"]
    assert [tick(value, 0.25) for value in round_ticks(0, 0.5, 2)] == ["0", "0.25", "0.5"]


def test_ticks_of_a_log_axis_are_ones_twos_and_fives_or_decades() -> None:
    np.testing.assert_allclose(10 ** np.array(log_ticks(0, 1, 5)), [1, 2, 5, 10])
    assert log_ticks(-3, 5, 5) == [-2, 0, 2, 4]


def test_the_legend_does_not_repeat_the_heading() -> None:
    assert [legend_name(metric) for metric in (D, REAL, KL)] == ["D", "D(real)", "KL"]


# Drawing
