"""Charts as SVG."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from gen_studio.comparison.drawing import MARKS, Curve, Dots, cost_chart, loss_chart, mark, smoothed
from gen_studio.comparison.numbers import per_picture, reading, round_ticks, setting, tick
from gen_studio.comparison.tones import tone_of_run


def curve(values, label="D", tone="d"):
    values = np.asarray(values, np.float64)
    return Curve(label, tone, np.arange(1.0, len(values) + 1), values)


def lines(svg, kind):
    """The points of all lines of a class."""
    root = ElementTree.fromstring(svg)
    found = [item for item in root.iter() if item.tag == "polyline" and item.get("class").startswith(kind)]
    return [np.array([pair.split(",") for pair in item.get("points").split()], float) for item in found]


def test_a_player_has_its_fixed_colour():
    svg = loss_chart([curve([1, 2, 3]), curve([3, 2, 1], "G", "g")], "x")
    classes = [item.get("class") for item in ElementTree.fromstring(svg).iter() if item.tag == "polyline"]
    assert classes == ["raw d", "smooth d", "raw g", "smooth g"]


def test_a_higher_loss_is_higher_up_and_later_is_to_the_right():
    (raw,) = lines(loss_chart([curve(np.arange(50))], "x"), "raw")
    assert (np.diff(raw[:, 0]) > 0).all() and (np.diff(raw[:, 1]) < 0).all()


def test_a_long_run_keeps_its_peaks_in_few_points():
    values = np.zeros(100_000)
    values[77_777] = 5.0
    (raw,) = lines(loss_chart([curve(values)], "x"), "raw")
    assert len(raw) <= 400
    assert (raw[:, 1] < raw[0, 1] - 50).sum() == 1


def test_gaps_are_left_out_and_nothing_finite_is_no_chart():
    assert loss_chart([curve([np.nan, np.inf])], "x") == ""
    assert loss_chart([], "x") == ""
    (raw,) = lines(loss_chart([curve([1, np.nan, 2, np.inf])], "x"), "raw")
    assert len(raw) == 2


@pytest.mark.parametrize("values", [[1.0], [0.0, 0.0], [3.0] * 40, [1e-9, 2e-9], [1e12, -1e12]])
def test_any_readings_make_a_chart_of_finite_numbers(values):
    svg = loss_chart([curve(values)], "x")
    assert "nan" not in svg and "inf" not in svg
    ElementTree.fromstring(svg)


@pytest.mark.parametrize("number", [1, 2, 3, 14, 15, 16, 400])
def test_the_smoothed_line_has_a_point_for_each_part(number):
    steps, values = smoothed(np.arange(float(number)), np.ones(number))
    assert len(steps) == len(values) == min(number, 180)
    assert values == pytest.approx(np.ones(len(values)))


def test_labels_at_the_ends_do_not_meet():
    curves = [curve([1, 2], f"L{place}", "d") for place in range(4)]
    root = ElementTree.fromstring(loss_chart(curves, "x"))
    heights = sorted(float(item.get("y")) for item in root.iter("text") if "name" in item.get("class"))
    assert (np.diff(heights) >= 12).all() and heights[-1] <= 168


def test_costs_are_where_their_steps_and_seconds_are():
    one = Dots("one", "s3", 0, ((1, 0.001), (10, 0.01), (100, 0.1)))
    (line,) = lines(cost_chart([one]), "smooth")
    assert np.diff(line[:, 0]) == pytest.approx([np.diff(line[:, 0])[0]] * 2, abs=0.2)
    assert np.diff(line[:, 1]) == pytest.approx([np.diff(line[:, 1])[0]] * 2, abs=0.2)
    assert line[0, 1] > line[2, 1]


def test_a_run_without_a_number_of_steps_is_a_level_line_without_a_mark():
    svg = cost_chart([Dots("one", "s3", 0, ((None, 0.5),)), Dots("two", "s4", 1, ((1, 0.002),))])
    assert len(re.findall('class="level', svg)) == 2 and len(re.findall('class="mark', svg)) == 1


def test_costs_that_are_close_have_ticks_between_the_powers_of_ten():
    near = cost_chart([Dots("one", "s3", 0, ((1, 0.0011),)), Dots("two", "s4", 1, ((1, 0.0052),))])
    assert [word for word in ("1 ms", "2 ms", "5 ms", "10 ms") if f">{word}<" in near] == [
        "1 ms",
        "2 ms",
        "5 ms",
        "10 ms",
    ]
    far = cost_chart([Dots("one", "s3", 0, ((1, 0.0011), (250, 2.0)))])
    assert ">2 ms<" not in far and ">0.1 s<" in far


def test_sixteen_runs_have_sixteen_marks():
    shapes = {(re.sub(r"s\d", "", mark(place, 0, 0, "s3")), tone_of_run(place)) for place in range(16)}
    assert len(shapes) == 16 and len(MARKS) == 4


def test_labels_are_text():
    assert "<b>" not in cost_chart([Dots("<b>", "s3", 0, ((1, 0.1),))]) + loss_chart([curve([1, 2], "<b>")], "<b>")


def test_numbers_are_written_as_people_read_them():
    assert [reading(value) for value in (None, float("nan"), 0, 0.01234, 1.5, 12.34, 1234.6, -0.5)] == [
        "–",
        "–",
        "0.00",
        "0.0123",
        "1.50",
        "12.3",
        "1,235",
        "−0.5",
    ]
    assert [per_picture(s) for s in (0.00012, 0.0012, 0.034, 0.34, 2.25, 31)] == [
        "0.12 ms",
        "1.2 ms",
        "34 ms",
        "0.34 s",
        "2.2 s",
        "31 s",
    ]
    assert [setting(value) for value in (True, 1500, 0.0002, None, "Bernoulli")] == [
        "on",
        "1,500",
        "0.0002",
        "–",
        "Bernoulli",
    ]
    assert round_ticks(0.3, 2.1) == [0.5, 1.0, 1.5, 2.0] and tick(-1500.0) == "−1,500" and tick(0.5) == "0.5"
    assert round_ticks(3.0, 3.0) == [3.0]
