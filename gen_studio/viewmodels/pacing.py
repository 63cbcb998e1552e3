"""Says when something that costs more than one picture is asked for: once the hand rests, and not too often."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

REST_MILLISECONDS = 120
AGAIN_MILLISECONDS = 4_000
"""A run under way publishes several times a second: what takes many pictures follows more calmly."""


class Pace(QObject):
    """Calls `ask` a moment after the last wish, and after newer weights at most every four seconds; never while
    `is_moving` says that something follows the hand."""

    def __init__(self, ask: Callable[[], None], parent: QObject, is_moving: Callable[[], bool] = lambda: False) -> None:
        super().__init__(parent)
        self._ask, self._is_moving = ask, is_moving
        self._soon = QTimer(self, singleShot=True, interval=REST_MILLISECONDS)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MILLISECONDS)
        self._is_due = False
        self._soon.timeout.connect(self._ask_now)
        self._again.timeout.connect(self._look_up)

    @Slot()
    def ask_soon(self) -> None:
        """Each wish puts it off, so that a drag asks once, at its end."""
        self._soon.start()

    @Slot()
    def ask_again(self) -> None:
        """The same question to newer weights."""
        if self._again.isActive():
            self._is_due = True
        else:
            self._again.start()
            self._ask_now()

    def forget(self) -> None:
        """Another model: nothing has been asked of it yet."""
        self._soon.stop()
        self._again.stop()
        self._is_due = False

    @Slot()
    def _look_up(self) -> None:
        if self._is_due:
            self._is_due = False
            self._again.start()
            self._ask_now()

    @Slot()
    def _ask_now(self) -> None:
        if self._is_moving():
            self._soon.start()
            return
        self._soon.stop()
        self._ask()
