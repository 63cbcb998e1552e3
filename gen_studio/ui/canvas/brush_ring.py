"""The brush under the pointer: a white ring on a dark one, so that it is seen on any picture, and a small cross."""

from functools import lru_cache
from math import ceil, floor

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from gen_studio.ui.canvas.overlay import DARK, DARK_WIDTH, WHITE_WIDTH

CROSS = 4.0
SMALLEST = 2.0
"""A smaller ring would not be seen: the cross then stands around it instead of in it."""
_CROSS_INSIDE = 10.0
LARGEST_KEPT = 700
"""Device pixels of the radius; larger rings lie mostly out of sight."""


def ring_bounds(middle: QPointF, radius: float) -> QRect:
    """What the ring takes up of a widget, the width of its lines with it."""
    reach = max(radius, SMALLEST) + (CROSS + 2 if radius < _CROSS_INSIDE else 0) + DARK_WIDTH
    return QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach).toAlignedRect()


def draw_ring(painter: QPainter, middle: QPointF, radius: float) -> None:
    ratio = painter.device().devicePixelRatioF()
    # On the middle of a device pixel, so that the cross is sharp.
    across, down = floor(middle.x() * ratio), floor(middle.y() * ratio)
    if radius * ratio > LARGEST_KEPT:
        _draw_ring(painter, QPointF((across + 0.5) / ratio, (down + 0.5) / ratio), radius)
        return
    image = _ring(radius, ratio)
    painter.save()
    painter.scale(1 / ratio, 1 / ratio)
    painter.drawImage(across - image.width() // 2, down - image.height() // 2, image)
    painter.restore()


@lru_cache(maxsize=2)
def _ring(radius: float, ratio: float) -> QImage:
    """Copied where it stands, in a tenth of the time that drawing it takes."""
    reach = ceil(ring_bounds(QPointF(), radius).width() / 2 * ratio)
    image = QImage(2 * reach + 1, 2 * reach + 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    prepare(painter)
    painter.scale(ratio, ratio)
    _draw_ring(painter, QPointF((reach + 0.5) / ratio, (reach + 0.5) / ratio), radius)
    painter.end()
    return image


def _draw_ring(painter: QPainter, middle: QPointF, radius: float) -> None:
    shown = max(radius, SMALLEST)
    start, end = (0.0, CROSS) if radius >= _CROSS_INSIDE else (shown + 2, shown + 2 + CROSS)
    lines = [
        QLineF(middle + QPointF(x, y) * start, middle + QPointF(x, y) * end)
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    for pen in _pens():
        painter.setPen(pen)
        painter.drawEllipse(middle, shown, shown)
        painter.drawLines(lines)


def draw_line(painter: QPainter, points: list[QPointF]) -> None:
    """A line in the same manner: a rectangle or a lasso while it is drawn."""
    for pen in _pens():
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))


def prepare(painter: QPainter) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _pens() -> tuple[QPen, QPen]:
    round_join = Qt.PenJoinStyle.RoundJoin
    return QPen(QColor(*DARK), DARK_WIDTH, j=round_join), QPen(QColor("#FFFFFF"), WHITE_WIDTH, j=round_join)
