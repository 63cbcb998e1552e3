"""How a class looks on a map: a colour and a shape, so that nothing is said by colour alone."""

from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from gen_studio.ui.theme import tokens

SIZE = 8
"""Logical pixels across a mark."""
GOLDEN = 0.618034
"""Steps of this share of the circle never meet, however many there are."""


class Shape(Enum):
    DISC = "disc"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    CROSS = "cross"


SHAPES = tuple(Shape)


def class_color(number: int, classes: int) -> QColor:
    """Of ten classes any two can be told apart, colour-blind or not; more than that go by hue."""
    t = tokens()
    if classes <= len(t.classes):
        return t.classes[number % len(t.classes)]
    # Neighbours differ in lightness as well: hues alone would soon be too near to each other.
    dark = t.surface.lightness() < 128
    lightness = (0.58, 0.72, 0.66)[number % 3] if dark else (0.44, 0.30, 0.37)[number % 3]
    return QColor.fromHslF((number * GOLDEN) % 1.0, 0.62, lightness)


def class_shape(number: int) -> Shape:
    return SHAPES[number % len(SHAPES)]


def mark(number: int, classes: int, ratio: float, opacity: float = 1.0) -> QPixmap:
    """The mark of a class for a screen with so many device pixels per logical pixel."""
    return _mark(class_shape(number), class_color(number, classes).rgb(), tokens().surface.rgb(), ratio, opacity)


@lru_cache(maxsize=512)
def _mark(shape: Shape, color: int, ground: int, ratio: float, opacity: float) -> QPixmap:
    side = round((SIZE + 2) * ratio)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(opacity)
    middle, half = side / 2, SIZE * ratio / 2
    # A thin edge of the ground keeps marks apart that lie over each other.
    painter.setPen(QPen(QColor(ground), 0.75 * ratio))
    painter.setBrush(QColor(color))
    _draw(painter, shape, middle, half)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _draw(painter: QPainter, shape: Shape, middle: float, half: float) -> None:
    match shape:
        case Shape.DISC:
            painter.drawEllipse(QPointF(middle, middle), half, half)
        case Shape.SQUARE:
            inner = 0.88 * half
            painter.drawRect(QRectF(middle - inner, middle - inner, 2 * inner, 2 * inner))
        case Shape.TRIANGLE:
            painter.drawPolygon(_polygon(middle, half, [(0, -1.1), (1.05, 0.85), (-1.05, 0.85)]))
        case Shape.DIAMOND:
            painter.drawPolygon(_polygon(middle, half, [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)]))
        case Shape.CROSS:
            arm = 0.42
            corners = [(-arm, -1), (arm, -1), (arm, -arm), (1, -arm), (1, arm), (arm, arm)]
            corners += [(-x, -y) for x, y in corners]
            painter.drawPolygon(_polygon(middle, 1.1 * half, corners))


def _polygon(middle: float, half: float, corners: list[tuple[float, float]]) -> QPolygonF:
    return QPolygonF([QPointF(middle + half * x, middle + half * y) for x, y in corners])
