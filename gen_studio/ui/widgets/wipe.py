"""The line between before and after that one drags over a picture: white on dark, so that it is seen on any."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gen_studio.ui.theme import ON_FILL, tokens
from gen_studio.ui.widgets.painting import dot

HANDLE = 15.0
ARROW = 8


def draw_wipe(painter: QPainter, place: QRectF, x: float) -> None:
    """A line at `x` over a picture that stands at `place`, with its handle in the middle."""
    painter.fillRect(QRectF(x - 2, place.top(), 4, place.height()), tokens().scrim)
    painter.fillRect(QRectF(x - 1, place.top(), 2, place.height()), ON_FILL)
    center = QPointF(x, place.center().y())
    dot(painter, center, tokens().scrim, HANDLE + 1)
    dot(painter, center, ON_FILL, HANDLE)
    painter.setPen(QPen(tokens().scrim, 1.75, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    for side in (-1, 1):
        tip = center + QPointF(ARROW * side, 0)
        painter.drawPolyline([tip + QPointF(-4 * side, -4), tip, tip + QPointF(-4 * side, 4)])
