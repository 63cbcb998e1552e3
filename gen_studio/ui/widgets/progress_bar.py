"""How far a run is: a thin bar with a tick wherever a checkpoint lies."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from gen_studio.ui.theme import tokens
from gen_studio.ui.widgets.painting import box

THICKNESS = 4
TICK = 10


class ProgressBar(QProgressBar):
    """Set range and value as on any progress bar; ticks are values in that range."""

    def __init__(self, name: str = "Progress", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ticks: tuple[int, ...] = ()
        self.setAccessibleName(name)
        self.setTextVisible(False)
        self.setRange(0, 100)
        self.setValue(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_ticks(self, ticks: Sequence[int]) -> None:
        if tuple(ticks) != self._ticks:
            self._ticks = tuple(ticks)
            self.update()

    def ticks(self) -> tuple[int, ...]:
        return self._ticks

    def sizeHint(self) -> QSize:
        return QSize(160, TICK + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, TICK + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        top = (self.height() - THICKNESS) / 2
        track = QColor(t.edge)
        track.setAlphaF(0.55)
        box(painter, QRectF(0, top, self.width(), THICKNESS), track, THICKNESS / 2)
        done = self._x(self.value())
        if done > 0:
            box(painter, QRectF(0, top, max(done, THICKNESS), THICKNESS), t.accent, THICKNESS / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for tick in self._ticks:
            painter.fillRect(QRectF(round(self._x(tick)), (self.height() - TICK) / 2, 1, TICK), t.accent)

    def _x(self, value: int) -> float:
        span = self.maximum() - self.minimum()
        return self.width() * (value - self.minimum()) / span if span > 0 and value >= self.minimum() else 0.0
