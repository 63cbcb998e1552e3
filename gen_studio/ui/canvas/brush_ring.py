"""The brush under the pointer: a white ring on a dark one, so that it is seen on any picture, and a small cross."""

from math import floor

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gen_studio.ui.canvas.overlay import DARK, DARK_WIDTH, WHITE_WIDTH

CROSS = 4.0
SMALLEST = 2.0
"""A smaller ring would not be seen: the cross then stands around it instead of in it."""
_CROSS_INSIDE = 10.0


def ring_bounds(middle: QPointF, radius: float) -> QRect:
    """What the ring takes up of a widget, the width of its lines with it."""
    reach = max(radius, SMALLEST) + (CROSS + 2 if radius < _CROSS_INSIDE else 0) + DARK_WIDTH
    return QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach).toAlignedRect()


def draw_ring(painter: QPainter, middle: QPointF, radius: float) -> None:
    shown = max(radius, SMALLEST)
    ratio = painter.device().devicePixelRatioF()
    # On the middle of a device pixel, so that the cross is sharp.
    middle = QPointF((floor(middle.x() * ratio) + 0.5) / ratio, (floor(middle.y() * ratio) + 0.5) / ratio)
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
