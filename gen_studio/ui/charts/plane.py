"""The frame that charts share: where their axes stand, their ticks and titles, the box of values under the pointer."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import box, draw_text

LEFT, TOP, RIGHT, BOTTOM = 52, 32, 16, 44
LINE = 16
GRID = {True: 0.20, False: 0.16}
"""Of the muted ink, in the dark and in the light scheme."""


def area(width: float, height: float, has_axes: bool = True) -> QRectF:
    """Inside of the axes, of a chart of that size."""
    left, top, bottom = (LEFT, TOP, BOTTOM) if has_axes else (RIGHT, RIGHT, RIGHT)
    return QRectF(left, top, max(1.0, width - left - RIGHT), max(1.0, height - top - bottom))


def grid_color() -> QColor:
    """Mixed beforehand: thin columns that let something through take ten times as long to fill."""
    t = tokens()
    share = GRID[t.surface.lightness() < 128]
    parts = zip(_rgb(t.muted), _rgb(t.surface), strict=True)
    return QColor(*(round(share * ink + (1 - share) * ground) for ink, ground in parts))


def _rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


def row_line(painter: QPainter, place: QRectF, y: float, words: str) -> None:
    """A line of the grid on whole pixels, and its tick."""
    y = round(y)
    painter.fillRect(QRectF(place.left(), y, place.width(), 1), grid_color())
    at_the_left = QRectF(0, y - LINE / 2, place.left() - 8, LINE)
    draw_text(painter, at_the_left, words, _ticks(), tokens().muted, Qt.AlignmentFlag.AlignRight)


def column_tick(painter: QPainter, place: QRectF, x: float, words: str) -> None:
    width = QFontMetrics(_ticks()).horizontalAdvance(words) + 4
    below = QRectF(x - width / 2, place.bottom() + 4, width, LINE)
    draw_text(painter, below, words, _ticks(), tokens().muted, Qt.AlignmentFlag.AlignHCenter)


def column_line(painter: QPainter, place: QRectF, x: float, words: str) -> None:
    painter.fillRect(QRectF(round(x), place.top(), 1, place.height()), grid_color())
    column_tick(painter, place, x, words)


def titles(painter: QPainter, place: QRectF, across: str, up: str) -> None:
    """Over the left axis and at the right end below the other: nobody turns the head."""
    over = QRectF(12, place.top() - 24, place.right() - 12, LINE)
    draw_text(painter, over, up, font(12), tokens().muted)
    under = QRectF(place.left(), place.bottom() + 4 + LINE, place.width(), LINE)
    draw_text(painter, under, across, font(12), tokens().muted, Qt.AlignmentFlag.AlignRight)


def values_box(painter: QPainter, beside: QPointF, within: QRectF, title: str, rows: Sequence[str]) -> None:
    """What is under the pointer, next to it and never over the edge."""
    strong, plain = font(12, 600), font(12, tabular=True)
    widths = [QFontMetrics(strong).horizontalAdvance(title)]
    widths += [QFontMetrics(plain).horizontalAdvance(row) for row in rows]
    size = QSizeF(max(widths) + 18, LINE * (1 + len(rows)) + 10)
    left = beside.x() + 12 if beside.x() + 12 + size.width() <= within.right() else beside.x() - 12 - size.width()
    top = min(max(within.top(), beside.y() - size.height() / 2), within.bottom() - size.height())
    place = QRectF(QPointF(max(within.left(), round(left)), round(top)), size)
    t = tokens()
    box(painter, place, t.raised, 4, t.line)
    line = QRectF(place.left() + 8, place.top() + 5, size.width(), LINE)
    draw_text(painter, line, title, strong, t.text)
    for row in rows:
        line.translate(0, LINE)
        draw_text(painter, line, row, plain, t.muted)


def sentence(painter: QPainter, place: QRectF, words: str) -> None:
    """In the middle of a chart that has nothing to show."""
    draw_text(painter, place, words, font(13), tokens().muted, Qt.AlignmentFlag.AlignHCenter)


def _ticks() -> QFont:
    return font(11, tabular=True)
