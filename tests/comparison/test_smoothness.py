"""The figure for a loss curve's smoothness, on curves whose answer is known."""

import math

import numpy as np
import pytest

from gen_studio.comparison.smoothness import LEAST_PARTS, WINDOW, parts, smoothness

WHOLE = 200
"""Readings of which the last 180 are the parts themselves, and 172 have a whole window."""
STEPS = np.arange(WHOLE, dtype=np.float64)


@pytest.mark.parametrize("curve", [STEPS, -3 * STEPS + 7, np.full(WHOLE, 4.2), np.zeros(WHOLE), np.full(WHOLE, 1e6)])
def test_a_straight_line_is_smooth(curve):
    assert smoothness(curve) == pytest.approx(1.0)


def test_a_reading_that_jumps_to_and_fro_keeps_what_the_window_leaves_of_it():
    # The average over an odd window of +1, -1, +1, ... is a window's share of its middle.
    assert smoothness((-1.0) ** STEPS) == pytest.approx(1 - (1 - 1 / WINDOW) ** 2)


def test_a_wave_loses_what_the_moving_average_takes_of_it():
    period = 43  # four of them are 172 readings
    kept = math.sin(WINDOW * math.pi / period) / (WINDOW * math.sin(math.pi / period))
    wave = np.sin(2 * math.pi * STEPS / period)
    assert smoothness(wave) == pytest.approx(1 - (1 - kept) ** 2)


def test_noise_keeps_a_windows_share():
    noise = np.random.default_rng(0)
    figures = [smoothness(noise.normal(size=WHOLE)) for _ in range(300)]
    assert np.mean(figures) == pytest.approx(1 / WINDOW, abs=0.02)


def test_a_wave_that_the_average_turns_around_has_none():
    assert smoothness(np.sin(2 * math.pi * STEPS / 6.4)) == 0.0


def test_scale_and_offset_do_not_matter():
    curve = np.random.default_rng(1).normal(size=WHOLE).cumsum()
    assert smoothness(curve) == pytest.approx(smoothness(1000 * curve - 77))
    assert 0.5 < smoothness(curve) < 1


def test_the_fall_at_the_start_does_not_hide_what_follows():
    noise = np.random.default_rng(2).normal(size=WHOLE)
    fallen = noise.copy()
    fallen[:20] += 1e4
    assert smoothness(fallen) == smoothness(noise) < 0.3


def test_a_longer_run_of_the_same_shape_has_the_same_figure():
    wave = np.sin(2 * math.pi * np.arange(20_000) / 4300)
    assert smoothness(wave) == pytest.approx(smoothness(np.sin(2 * math.pi * STEPS / 43)), abs=0.01)


def test_readings_that_are_not_finite_are_left_out():
    curve = np.sin(STEPS / 9)
    broken = np.insert(curve, [50, 120], [np.nan, np.inf])
    assert smoothness(broken) == pytest.approx(smoothness(curve), abs=0.01)


@pytest.mark.parametrize("number", [0, 1, LEAST_PARTS - 1])
def test_too_few_readings_have_no_figure(number):
    assert math.isnan(smoothness(np.arange(number, dtype=np.float64)))
    assert math.isnan(smoothness(np.full(WHOLE, np.nan)))


def test_parts_are_means_of_equal_stretches():
    assert parts(np.arange(6.0), 3).tolist() == [0.5, 2.5, 4.5]
    assert parts(np.arange(2.0), 3).tolist() == [0.0, 1.0]
    assert parts(np.full(1001, 3.0), 180) == pytest.approx(np.full(180, 3.0))
