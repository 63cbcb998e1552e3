"""Maps and bars: where things stand, what they say of themselves, and that keys reach all of it."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from gen_studio.core.charts import Bars, Fact, Projection, Scatter
from gen_studio.ui.charts import plane
from gen_studio.ui.charts.bar_chart import BarChart
from gen_studio.ui.charts.class_legend import MOST_ROWS, ROW, ClassLegend
from gen_studio.ui.charts.classes import class_color, class_shape
from gen_studio.ui.charts.scatter_map import ScatterMap
from gen_studio.ui.theme import DARK, LIGHT, Tokens, tokens

RNG = np.random.default_rng(3)
CLASSES = ("cats", "dogs", "birds")
POINTS = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 2.0], [4.0, 2.0], [2.0, 1.0], [1.0, 0.5]])
CODES = Scatter(POINTS, ("Latent 1", "Latent 2"), POINTS.astype(np.float32), np.arange(6) % 3, CLASSES, None)
VALUES = Bars(
    np.array([0.5, 0.0, 2.0, 1.0]),
    np.array([True, False, True, True]),
    "nats",
    "Dimension",
    "active",
    "not active",
    (Fact("3 of 4", "active units"),),
)


def shown(qtbot, widget: QWidget, width: int = 600, height: int = 440) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    return widget


@pytest.fixture
def map_(qtbot) -> ScatterMap:
    widget = shown(qtbot, ScatterMap())
    widget.set_values(CODES)
    return widget


@pytest.fixture
def bars(qtbot) -> BarChart:
    widget = shown(qtbot, BarChart())
    widget.set_values(VALUES)
    return widget


def point_at(widget: QWidget, point: QPointF) -> None:
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, point, widget.mapToGlobal(point), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(widget, event)


def near(image: QImage, point: QPointF) -> str:
    return image.pixelColor(round(point.x()), round(point.y())).name()


# The map


def test_a_unit_is_as_long_across_as_upwards_and_all_codes_are_inside(map_) -> None:
    for size in ((600, 440), (300, 500)):
        map_.resize(*size)
        places = [map_.place_of(code) for code in range(len(POINTS))]
        across, up = places[1].x() - places[0].x(), places[0].y() - places[2].y()
        assert across / 4 == pytest.approx(up / 2) and across > 0 and up > 0
        assert all(plane.area(*size).contains(place) for place in places)


def test_each_code_has_the_colour_of_its_class(map_) -> None:
    # So many classes that no name stands over a code.
    many = tuple(f"class {number}" for number in range(24))
    map_.set_values(Scatter(POINTS, CODES.axes, CODES.codes, np.arange(6) * 4, many, None))
    image = map_.grab().toImage()
    for code in range(6):
        assert near(image, map_.place_of(code)) == class_color(4 * code, 24).name()


def test_the_code_under_the_pointer_is_found_and_named(map_) -> None:
    for code in range(len(POINTS)):
        assert map_.code_at(map_.place_of(code) + QPointF(2, -2)) == code
    assert map_.code_at(QPointF(2, 2)) is None
    assert map_.words_of(4) == ("dogs", ["Latent 1 2.00", "Latent 2 1.00"])


def test_the_pointer_shows_the_code_and_leaves_again(map_) -> None:
    before = map_.grab().toImage()
    point_at(map_, map_.place_of(4))
    assert map_.grab().toImage() != before
    point_at(map_, QPointF(2, 2))
    assert map_.grab().toImage() == before


def test_where_axes_mean_nothing_only_the_class_is_said(map_) -> None:
    map_.set_values(Scatter(POINTS, ("", ""), CODES.codes, CODES.labels, CLASSES, Projection.TSNE))
    assert map_.words_of(0) == ("cats", [])


def test_codes_without_classes_are_numbered_and_all_alike(qtbot, map_) -> None:
    map_.set_values(Scatter(POINTS, CODES.axes, CODES.codes))
    assert map_.words_of(0)[0] == "Code 1"
    assert near(map_.grab().toImage(), map_.place_of(3)) == class_color(0, 1).name()
    qtbot.keyClick(map_, Qt.Key.Key_Right)
    assert map_.marked == -1, "there is no class to bring out"


def test_arrow_keys_bring_out_one_class_after_the_other_and_then_none(qtbot, map_) -> None:
    seen = []
    for _ in range(4):
        qtbot.keyClick(map_, Qt.Key.Key_Right)
        seen.append(map_.marked)
    assert seen == [0, 1, 2, -1]
    qtbot.keyClick(map_, Qt.Key.Key_Left)
    assert map_.marked == 2 and "birds brought out, 2 codes" in map_.accessibleDescription()
    qtbot.keyClick(map_, Qt.Key.Key_Escape)
    assert map_.marked == -1


def test_a_class_that_is_brought_out_fades_the_others_and_takes_the_pointer_alone(map_) -> None:
    map_.mark_class(0)
    image = map_.grab().toImage()
    assert near(image, map_.place_of(3)) == class_color(0, 3).name()
    assert near(image, map_.place_of(1)) != class_color(1, 3).name()
    assert map_.code_at(map_.place_of(1)) is None


def test_a_map_says_what_it_shows(map_) -> None:
    assert map_.accessibleDescription() == "6 held-out codes of 3 classes by Latent 1 and Latent 2"
    map_.set_values(None, "Nothing yet.")
    assert map_.accessibleDescription() == "Nothing yet."


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.zeros((1, 2)), np.full((5, 2), 3.0)])
def test_few_codes_and_codes_in_one_place_can_be_shown(map_, points: np.ndarray) -> None:
    map_.set_values(Scatter(points, CODES.axes, points.astype(np.float32)))
    map_.grab()
    if len(points):
        place = map_.place_of(0)
        assert plane.area(600, 440).contains(place)


def test_a_map_is_painted_anew_in_the_other_scheme(qapp, map_) -> None:
    from gen_studio.ui.theme import Scheme, apply_theme

    apply_theme(qapp, Scheme.LIGHT)
    image = map_.grab().toImage()
    assert near(image, QPointF(2, 2)) == tokens().surface.name()
    assert near(image, map_.place_of(3)) == class_color(0, 3).name()


# Classes

PROTAN = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTAN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
TRITAN = [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(color: QColor) -> np.ndarray:
    parts = np.array([color.redF(), color.greenF(), color.blueF()])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    x, y, z = np.cbrt(TO_XYZ @ light.clip(0, 1) / [0.95047, 1.0, 1.08883])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("t", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("sight", [np.eye(3), PROTAN, DEUTAN, TRITAN], ids=["all", "protan", "deutan", "tritan"])
def test_any_two_of_ten_classes_can_be_told_apart_also_by_the_colour_blind(t: Tokens, sight: np.ndarray) -> None:
    """Simulated after Machado, Oliveira and Fernandes (2009); distances in CIELAB of 1976."""
    places = [lab(np.asarray(sight) @ linear(color)) for color in t.classes]
    distances = [np.linalg.norm(a - b) for number, a in enumerate(places) for b in places[:number]]
    assert len(places) == 10 and min(distances) > 23


@pytest.mark.parametrize("t", [DARK, LIGHT], ids=["dark", "light"])
def test_marks_of_all_classes_stand_out_from_the_surface(t: Tokens) -> None:
    ground = (linear(t.surface) @ TO_XYZ[1]) + 0.05
    for color in t.classes:
        ink = (linear(color) @ TO_XYZ[1]) + 0.05
        assert max(ink, ground) / min(ink, ground) >= 3


def test_neighbouring_classes_differ_in_colour_and_in_shape() -> None:
    for classes in (3, 10, 40):
        colors = [class_color(number, classes).name() for number in range(classes)]
        assert len(set(colors)) == classes
        assert all(class_shape(number) != class_shape(number + 1) for number in range(classes))


def test_pointing_at_a_name_brings_its_class_out(qtbot, map_) -> None:
    legend = shown(qtbot, ClassLegend(), 400, 40)
    legend.set_names(CLASSES)
    legend.pointed.connect(map_.mark_class)
    point_at(legend, legend._places[2].center())
    assert map_.marked == 2
    point_at(legend, QPointF(399, 39))
    assert map_.marked == -1


def test_names_go_on_in_the_next_row_and_the_rest_is_counted(qtbot) -> None:
    legend = shown(qtbot, ClassLegend(), 200, 20)
    legend.set_names([f"class number {number}" for number in range(40)])
    assert legend.height() == MOST_ROWS * ROW and len(legend._places) < 40
    assert all(place.right() <= 200 for place in legend._places)
    legend.set_names(("a", "b"))
    assert legend.height() == ROW


# The bars


def test_the_largest_bar_comes_first_unless_numbers_are_asked_for(bars) -> None:
    assert bars.order.tolist() == [2, 3, 0, 1]
    bars.set_by_size(False)
    assert bars.order.tolist() == [0, 1, 2, 3]


def test_a_bar_is_as_high_as_its_value_and_filled_where_it_is_marked(bars) -> None:
    bars.set_by_size(False)
    image = bars.grab().toImage()
    first, slot = bars._slots()
    for place, value in ((0, 0.5), (2, 2.0), (3, 1.0)):
        middle = first + (place + 0.5) * slot
        assert near(image, QPointF(middle, bars._y(value) + 3)) == tokens().series[2].name()
        assert near(image, QPointF(middle, bars._y(value) - 4)) != tokens().series[2].name()
    assert bars._y(2.0) == pytest.approx(2 * bars._y(1.0) - bars._y(0.0))


def test_the_bar_under_the_pointer_is_named(bars) -> None:
    first, slot = bars._slots()
    assert [bars.bar_at(QPointF(first + (place + 0.5) * slot, 200)) for place in range(4)] == [0, 1, 2, 3]
    assert bars.bar_at(QPointF(first - 5, 200)) is None
    assert bars.words_of(0) == ("Dimension 3", ["2.00 nats, active"])
    assert bars.words_of(3) == ("Dimension 2", ["0.00 nats, not active"])


def test_arrow_keys_go_from_bar_to_bar_and_it_is_said(qtbot, bars) -> None:
    qtbot.keyClick(bars, Qt.Key.Key_Right)
    qtbot.keyClick(bars, Qt.Key.Key_Right)
    assert bars.accessibleDescription() == "4 bars, 3 active; 3 of 4 active units; Dimension 4: 1.00 nats, active"
    qtbot.keyClick(bars, Qt.Key.Key_End)
    assert "Dimension 2" in bars.accessibleDescription()
    qtbot.keyClick(bars, Qt.Key.Key_Escape)
    assert "Dimension" not in bars.accessibleDescription()


def test_of_more_bars_than_pixels_the_largest_are_seen(qtbot) -> None:
    chart = shown(qtbot, BarChart(), 300, 200)
    values = np.zeros(4000)
    values[1234] = 5.0
    chart.set_values(Bars(values, values > 0, "%", "Code", "in use", "not in use"))
    chart.set_by_size(False)
    image, area = chart.grab().toImage(), plane.area(300, 200)
    x = round(area.left() + 1234 / 4000 * area.width())
    colors = {near(image, QPointF(x + shift, area.center().y())) for shift in (-1, 0, 1)}
    assert tokens().series[2].name() in colors


@pytest.mark.parametrize("values", [np.zeros(0), np.zeros(1), np.zeros(600)])
def test_bars_without_height_can_be_shown(bars, values: np.ndarray) -> None:
    bars.set_values(Bars(values, values > 0, "nats", "Dimension", "active", "not active"))
    bars.grab()
    bars.set_values(None, "Nothing yet.")
    bars.grab()
    assert bars.accessibleDescription() == "Nothing yet."
