"""Something that lasts as long as a key is held: a shortcut says only when it is pressed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

BEFORE = Qt.Key.Key_C
"""What a picture was before, in every panel: C to compare."""


class HeldKey(QObject):
    """`press` is for the shortcut. That the key is let go is heard at the window, wherever the focus is."""

    def __init__(self, key: Qt.Key, over: QWidget, hold: Callable[[bool], None]) -> None:
        super().__init__(over)
        self._key, self._over, self._hold = key, over, hold
        self._window: QWidget | None = None

    def press(self) -> None:
        if self._window is None:
            self._window = self._over.window()
            self._window.installEventFilter(self)
        self._hold(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.WindowDeactivate or (isinstance(event, QKeyEvent) and self._is_let_go(event)):
            self._hold(False)
        return super().eventFilter(watched, event)

    def _is_let_go(self, event: QKeyEvent) -> bool:
        is_release = event.type() is QEvent.Type.KeyRelease and not event.isAutoRepeat()
        return is_release and event.key() == self._key
