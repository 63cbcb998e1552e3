"""Numbers by name as a list of thin bars: how many pictures each class has."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.painting import box, draw_text

ROW = 24
BAR = 3
NAME_SHARE = 0.4
PATCH = 18


class BarList(QWidget):
    """One row for each name: the name, a bar relative to the largest, the number."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, int] = {}
        self._colours: dict[str, QColor] = {}
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_values(self, values: Mapping[str, int], colours: Mapping[str, str] | None = None) -> None:
        """colours: of bars that stand for a colour, as "#8CC8F0"; they are painted in it."""
        self._values = dict(values)
        self._colours = {name: QColor(code) for name, code in (colours or {}).items()}
        self.setAccessibleDescription(", ".join(f"{name} {value:,}" for name, value in values.items()))
        self.updateGeometry()
        self.update()

    @property
    def is_filled(self) -> bool:
        return bool(self._values)

    def sizeHint(self) -> QSize:
        return QSize(240, ROW * len(self._values))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, ROW * len(self._values))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._values:
            return
        t, painter = tokens(), QPainter(self)
        numbers = font(12, 400, tabular=True)
        largest = max(1, *self._values.values())
        widest = max(QFontMetrics(numbers).horizontalAdvance(f"{value:,}") for value in self._values.values())
        metrics = QFontMetrics(font(12))
        names = min(self.width() * NAME_SHARE, max(metrics.horizontalAdvance(name) for name in self._values) + 2)
        room = self.width() - names - widest - 24
        for place, (name, value) in enumerate(self._values.items()):
            top = place * ROW
            draw_text(painter, QRectF(0, top, names, ROW), name, font(12), t.text)
            middle = top + ROW / 2 - BAR / 2
            track = QRectF(names + 12, middle, room, BAR)
            box(painter, track, t.raised, BAR / 2)
            own = self._colours.get(name)
            if own is not None:
                # A patch that is seen however small the share: it is the legend too.
                box(painter, QRectF(track.left(), top + 6, PATCH, ROW - 12), own, 3)
                track.setLeft(track.left() + PATCH + 8)
            if value:
                width = max(BAR, track.width() * value / largest)
                box(painter, QRectF(track.left(), middle, width, BAR), t.accent, BAR / 2)
            figure = QRectF(self.width() - widest - 1, top, widest + 1, ROW)
            draw_text(painter, figure, f"{value:,}", numbers, t.muted, Qt.AlignmentFlag.AlignRight)
