"""The bar that says what failed, what still works and the ways out. It pushes the content up and covers nothing."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gen_studio.ui.theme import tokens
from gen_studio.ui.widgets.buttons import Button, Kind, icon_button
from gen_studio.ui.widgets.labels import ElidedLabel, secondary
from gen_studio.ui.widgets.painting import draw_icon, empty

HEIGHT = 44


@dataclass(frozen=True)
class Way:
    """A way out: a link's words and what it does."""

    label: str
    run: Callable[[], None]


@dataclass(frozen=True)
class Notice:
    """What happened, in a sentence. `details` (a traceback, say) are only copied, never shown."""

    sentence: str
    ways: tuple[Way, ...] = ()
    details: str = ""


class ErrorBar(QFrame):
    """Shows one notice at a time, the newest; hidden without any. Closing one shows the one before it."""

    emptied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("errorBar")
        self.setFixedHeight(HEIGHT)
        self._notices: deque[Notice] = deque()
        self._sentence = ElidedLabel()
        self._sentence.setAccessibleName("Error")
        self._others = secondary()
        self._links = QHBoxLayout()
        self._links.setSpacing(12)
        self._copy = icon_button("copy", "Copy")
        self._close = icon_button("x", "Close")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(40, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self._others)
        layout.addLayout(self._links)
        layout.addWidget(self._copy)
        layout.addWidget(self._close)
        self._copy.clicked.connect(self._copy_text)
        self._close.clicked.connect(self.close_notice)
        self.setVisible(False)

    def add(self, notice: Notice) -> None:
        """Shows a notice. One that says the same takes its place, so that a repeated failure is one notice."""
        self._notices = deque(other for other in self._notices if other.sentence != notice.sentence)
        self._notices.append(notice)
        self._show_newest()

    def notice(self) -> Notice | None:
        return self._notices[-1] if self._notices else None

    def clear(self) -> None:
        self._notices.clear()
        self._show_newest()

    @Slot()
    def close_notice(self) -> None:
        if self._notices:
            self._notices.pop()
        self._show_newest()
        if not self._notices:
            self.emptied.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_icon(QPainter(self), QPointF(24, self.height() / 2), "circle-x", tokens().danger)

    def _show_newest(self) -> None:
        notice = self.notice()
        self.setVisible(notice is not None)
        if notice is None:
            return
        self._sentence.setText(notice.sentence)
        self._sentence.set_hint(notice.sentence)
        others = len(self._notices) - 1
        self._others.setText(f"and {others} more")
        self._others.setVisible(others > 0)
        empty(self._links)
        for way in notice.ways:
            link = Button(way.label, Kind.LINK)
            # Not `way.run` itself: Qt would hand it the click's "checked".
            link.clicked.connect(lambda _checked=False, run=way.run: run())
            self._links.addWidget(link)

    @Slot()
    def _copy_text(self) -> None:
        notice = self.notice()
        if notice is not None:
            text = f"{notice.sentence}\n\n{notice.details}" if notice.details else notice.sentence
            QGuiApplication.clipboard().setText(text)
