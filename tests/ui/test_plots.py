"""Curves tell the truth about what was measured, and cost nothing while nobody sees them."""

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gen_studio.core.description import LOSS, VERDICTS, Metric, Plot, Role
from gen_studio.core.events import MarkKind
from gen_studio.ui.pictures import from_image
from gen_studio.ui.plots import MetricPlot, Spark
from gen_studio.ui.plots.chart import PlotEvent, end_labels, event_labels, spread
from gen_studio.ui.plots.heading import legend_name
from gen_studio.ui.theme import DARK, LIGHT, Scheme, apply_theme, font

D = Metric("d", "D loss", LOSS, Role.DISCRIMINATOR, "D")
G = Metric("g", "G loss", LOSS, Role.GENERATOR, "G")
KL = Metric("kl", "KL divergence", LOSS, Role.OTHER, "KL")
REAL = Metric("real", "D(real)", VERDICTS, Role.DISCRIMINATOR, "real")


def has(image: QImage, color: object) -> bool:
    wanted = [color.red(), color.green(), color.blue()]  # type: ignore[attr-defined]
    return bool((from_image(image) == wanted).all(axis=2).any())


@pytest.fixture
def plot(qtbot: QtBot) -> MetricPlot:
    widget = MetricPlot(LOSS, (D, G, REAL))
    qtbot.addWidget(widget)
    widget.resize(392, 340)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def feed(qtbot: QtBot, plot: MetricPlot, count: int = 1000, **values: np.ndarray) -> np.ndarray:
    steps = np.arange(count)
    plot.append(steps, values or {"d": 1 - steps / (2 * count), "g": 1 + steps / count})
    drawn(qtbot, plot)
    return steps


def drawn(qtbot: QtBot, plot: MetricPlot) -> None:
    qtbot.waitUntil(lambda: not plot._timer.isActive() and not plot._dirty, timeout=3000)


# Smoothing and thinning


def test_a_hidden_plot_draws_nothing_and_all_of_it_when_shown(qtbot: QtBot, plot: MetricPlot) -> None:
    drawn(qtbot, plot)
    plot.hide()
    plot.append(np.arange(10), {"d": np.ones(10)})
    assert not plot._timer.isActive()
    plot.show()
    drawn(qtbot, plot)
    line = plot.chart.curves[0].line
    assert line is not None and len(line.raw[0]) == 10


def test_a_minimised_window_draws_nothing(qtbot: QtBot, plot: MetricPlot) -> None:
    drawn(qtbot, plot)
    plot.showMinimized()
    plot.append(np.arange(10), {"d": np.ones(10)})
    assert not plot._timer.isActive()
    plot.showNormal()
    drawn(qtbot, plot)
    assert plot.chart.curves[0].line is not None


def test_many_reports_become_one_redraw(qtbot: QtBot, plot: MetricPlot, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn(qtbot, plot)
    redraws: list[int] = []
    set_curves = plot.chart.set_curves
    monkeypatch.setattr(plot.chart, "set_curves", lambda curves: (redraws.append(1), set_curves(curves)))
    for step in range(200):
        plot.append(np.array([step]), {"d": np.array([1.0])})
    drawn(qtbot, plot)
    assert len(redraws) == 1


def test_hovering_does_not_paint_the_curves_again(
    qtbot: QtBot, plot: MetricPlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(qtbot, plot)
    plot.grab()
    monkeypatch.setattr(plot.chart, "_render", lambda: pytest.fail("the curves were painted"))
    plot.chart.pointed.emit(500.0)
    assert has(plot.grab().toImage(), DARK.edge)


def test_a_metrics_role_gives_its_colour_in_either_scheme(qtbot: QtBot, plot: MetricPlot, qapp: object) -> None:
    feed(qtbot, plot)
    assert [curve.style.color for curve in plot.chart.curves] == [DARK.discriminator, DARK.generator]
    apply_theme(qapp, Scheme.LIGHT)
    drawn(qtbot, plot)
    assert [curve.style.color for curve in plot.chart.curves] == [LIGHT.discriminator, LIGHT.generator]
    image = plot.grab().toImage()
    assert has(image, LIGHT.discriminator) and has(image, LIGHT.surface) and not has(image, DARK.surface)


def test_metrics_without_a_role_can_all_be_told_apart(qtbot: QtBot) -> None:
    metrics = [Metric(str(number), str(number)) for number in range(4)] + [D, Metric("d2", "D penalty", LOSS, D.role)]
    plot = MetricPlot(LOSS, metrics)
    qtbot.addWidget(plot)
    styles = [(style.color.name(), style.dashed) for style in plot._styles(DARK)]
    assert len(set(styles)) == len(styles)


def test_a_plot_takes_only_its_own_metrics(plot: MetricPlot) -> None:
    assert plot.metrics == (D, G)


def test_pens_are_as_wide_on_a_fine_screen(qtbot: QtBot, plot: MetricPlot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot.chart, "devicePixelRatioF", lambda: 2.0)
    plot._restyle()
    assert [item.opts["pen"].widthF() for item in plot.chart._smoothed] == [4.0, 4.0]
    assert [item.opts["pen"].widthF() for item in plot.chart._raw] == [1.0, 1.0]
    monkeypatch.undo()


def test_broken_readings_are_a_gap_and_a_danger_mark(qtbot: QtBot, plot: MetricPlot) -> None:
    feed(qtbot, plot)
    assert not has(plot.grab().toImage(), DARK.danger)
    values = np.ones(1000)
    values[600:] = np.nan
    plot.set_history(np.arange(1000), {"d": values, "g": np.ones(1000)})
    drawn(qtbot, plot)
    assert has(plot.grab().toImage(), DARK.danger)
    assert plot._heading.keys[0].value_text == "NaN" and plot._heading.keys[1].value_text == "1.00"


def test_a_lone_spike_does_not_flatten_the_curve(qtbot: QtBot, plot: MetricPlot) -> None:
    values = np.random.default_rng(0).normal(1, 0.1, 5000)
    values[17] = 1e6
    feed(qtbot, plot, 5000, d=values, g=values)
    plot.set_smoothing(0.0)
    plot.set_smoothing(0.9)
    values[17] = 40
    plot.set_history(np.arange(5000), {"d": values, "g": values})
    drawn(qtbot, plot)
    assert plot.chart.y_range[1] < 40


def test_a_plot_with_fixed_ends_keeps_them(qtbot: QtBot) -> None:
    plot = MetricPlot(VERDICTS, (REAL,), controls=False)
    qtbot.addWidget(plot)
    plot.resize(392, 130)
    plot.show()
    plot.append(np.arange(100), {"real": np.full(100, 0.5)})
    drawn(qtbot, plot)
    low, high = plot.chart.y_range
    assert -0.2 < low < 0 and 1 < high < 1.2


def test_a_scale_does_not_tremble_with_every_reading(qtbot: QtBot, plot: MetricPlot) -> None:
    random = np.random.default_rng(0)
    feed(qtbot, plot, 1000, d=random.normal(size=1000))
    before = plot.chart.y_range
    plot.append(np.arange(1000, 1050), {"d": random.normal(size=50)})
    drawn(qtbot, plot)
    assert plot.chart.y_range == before


# Legend, log scale


def test_a_click_in_the_legend_hides_that_curve(qtbot: QtBot, plot: MetricPlot) -> None:
    feed(qtbot, plot)
    qtbot.mouseClick(plot._heading.keys[0], Qt.MouseButton.LeftButton)
    drawn(qtbot, plot)
    assert plot.chart.curves[0].line is None and plot.chart.curves[1].line is not None
    assert not has(plot.chart.grab().toImage(), DARK.discriminator)


def test_the_legend_shows_the_newest_value(qtbot: QtBot, plot: MetricPlot) -> None:
    assert plot._heading.keys[0].value_text == "–"
    feed(qtbot, plot, 500, d=np.full(500, 0.531), g=np.full(500, 1.75))
    assert [key.value_text for key in plot._heading.keys] == ["0.53", "1.75"]


def test_a_log_scale_is_named_and_leaves_out_what_has_no_logarithm(qtbot: QtBot, plot: MetricPlot) -> None:
    values = np.logspace(-2, 3, 150)  # as few as are drawn one by one
    values[100] = -1
    plot.set_log(True)
    feed(qtbot, plot, 150, d=values, g=values)
    assert "log" in plot._heading._title.text()
    line = plot.chart.curves[0].line
    assert line is not None and np.isnan(line.raw[1][100])
    assert line.raw[1][0] == pytest.approx(-2) and line.raw[1][-1] == pytest.approx(3)
    assert float(plot._heading.keys[0].value_text.replace(",", "")) > 100


# Labels


def test_names_at_the_ends_of_lines_never_overlap() -> None:
    tops = spread([100, 101, 99, 300], 15, 0, 285)
    assert (np.diff(sorted(tops)) >= 15).all() and max(tops) <= 285
    assert np.argsort(tops).tolist() == [2, 0, 1, 3]


def test_equal_lines_have_names_beside_each_other(qtbot: QtBot, plot: MetricPlot) -> None:
    feed(qtbot, plot, 1000, d=np.ones(1000), g=np.ones(1000))
    (one, _), (other, _) = end_labels(plot.chart, plot.chart.curves)
    assert not one.intersects(other)
    assert plot.chart.rect().contains(one.toRect()) and plot.chart.rect().contains(other.toRect())


def test_of_events_that_meet_the_newest_keeps_its_label(qtbot: QtBot, plot: MetricPlot) -> None:
    feed(qtbot, plot)
    events = [PlotEvent(step, f"rate halved {step}", MarkKind.USER) for step in (420, 790, 800)]
    assert {event.step for event in event_labels(plot.chart, events, font(12))} == {420, 800}


def test_events_are_drawn_in_the_colour_of_who_made_them(qtbot: QtBot, plot: MetricPlot) -> None:
    feed(qtbot, plot)
    assert not has(plot.grab().toImage(), DARK.warning)
    plot.add_event(400, "Look-alikes", MarkKind.ALARM)
    plot.add_event(800, "G rate halved", MarkKind.USER)
    image = plot.grab().toImage()
    assert has(image, DARK.warning) and has(image, DARK.accent)


def test_before_the_first_step_a_sentence_stands_where_curves_will_be(qtbot: QtBot, plot: MetricPlot) -> None:
    drawn(qtbot, plot)
    assert plot.chart._sentence
    feed(qtbot, plot)
    assert not plot.chart._sentence
    plot.clear()
    drawn(qtbot, plot)
    assert plot.chart._sentence


# Pointer, zoom, keys


def test_the_pointer_shows_the_nearest_measured_step(qtbot: QtBot, plot: MetricPlot) -> None:
    plot.append(np.arange(0, 1000, 50), {"d": np.arange(20.0), "g": np.ones(20)})
    drawn(qtbot, plot)
    with qtbot.waitSignal(plot.hovered) as hovered:
        qtbot.mouseMove(plot.chart.viewport(), QPoint(round(plot.chart.x_of(512)), 150))
    assert hovered.args == [500]
    shown = plot.chart._readings
    assert [item.raw for item in shown] == [10.0, 1.0]
    assert shown[1].smoothed == pytest.approx(1.0)
    with qtbot.waitSignal(plot.hover_ended):
        plot.chart.pointer_left.emit()
    assert plot.chart.marked is None


def test_a_click_chooses_a_step_and_a_drag_does_not(qtbot: QtBot, plot: MetricPlot) -> None:
    feed(qtbot, plot)
    view = plot.chart.viewport()
    place = QPoint(round(plot.chart.x_of(400)), 150)
    with qtbot.waitSignal(plot.step_clicked) as clicked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert abs(clicked.args[0] - 400) <= 3
    with qtbot.assertNotEmitted(plot.step_clicked):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place + QPoint(60, 0))


def test_a_step_looked_at_elsewhere_is_marked_until_the_pointer_comes(qtbot: QtBot, plot: MetricPlot) -> None:
    feed(qtbot, plot)
    plot.mark_step(300)
    assert plot.chart.marked == 300 and not plot.chart._readings
    plot.chart.pointed.emit(700.0)
    plot.mark_step(300)
    assert plot.chart.marked == 700


def test_zooming_stops_following_until_asked(qtbot: QtBot, plot: MetricPlot) -> None:
    feed(qtbot, plot)
    with qtbot.waitSignal(plot.follow_changed) as followed:
        plot.chart.zoom(0.5)
    assert followed.args == [False] and not plot._follow.isHidden()
    before = plot.chart.x_range
    plot.append(np.arange(1000, 2000), {"d": np.ones(1000), "g": np.ones(1000)})
    drawn(qtbot, plot)
    assert plot.chart.x_range == before
    qtbot.mouseClick(plot._follow, Qt.MouseButton.LeftButton)
    drawn(qtbot, plot)
    assert plot.following and plot._follow.isHidden() and plot.chart.x_range[1] > 1999


def test_the_wheel_zooms_the_steps_and_not_the_values(qtbot: QtBot, plot: MetricPlot) -> None:
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    feed(qtbot, plot)
    x_before, y_before = plot.chart.x_range, plot.chart.y_range
    place = QPointF(200, 150)
    turned = QWheelEvent(
        place,
        plot.chart.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.chart.viewport(), turned)
    assert np.diff(plot.chart.x_range) < np.diff(x_before) and plot.chart.y_range == y_before
    assert not plot.following


def test_steps_can_be_looked_at_with_keys_alone(qtbot: QtBot, plot: MetricPlot) -> None:
    feed(qtbot, plot)
    qtbot.keyClick(plot.chart, Qt.Key.Key_Left)
    qtbot.keyClick(plot.chart, Qt.Key.Key_Left)
    marked = plot.chart.marked
    assert marked is not None and marked < 999
    with qtbot.waitSignal(plot.step_clicked) as clicked:
        qtbot.keyClick(plot.chart, Qt.Key.Key_Return)
    assert clicked.args == [marked]


def test_what_is_exported_is_everything_that_was_measured(qtbot: QtBot, plot: MetricPlot) -> None:
    steps = feed(qtbot, plot, 50_000)
    history = plot.history()
    assert set(history) == {"d", "g"}
    np.testing.assert_array_equal(history["d"][0], steps)


# Spark


def test_a_spark_says_its_newest_value_and_leaves_out_unmeasured_steps(qtbot: QtBot) -> None:
    spark = Spark("Gradient norm, D", Role.DISCRIMINATOR)
    qtbot.addWidget(spark)
    spark.show()
    assert spark.value_text == "–"
    spark.append(np.arange(4), np.array([1.0, np.nan, 2.74, np.nan]))
    spark.set_detail("clipped at 10")
    assert spark.value_text == "2.74"
    qtbot.waitUntil(lambda: len(spark._course) == 2, timeout=3000)
    assert has(spark.grab().toImage(), DARK.discriminator)
    assert spark.accessibleDescription() == "2.74 clipped at 10"


def test_pictures_do_not_wait_for_the_plots_library() -> None:
    code = "import gen_studio.ui.sample_grid, gen_studio.ui.filmstrip, sys; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_title_that_only_ends_like_the_plot_is_kept() -> None:
    plot = Plot("kl", "KL")
    assert legend_name(Metric("kl", "KL", plot)) == "KL"
