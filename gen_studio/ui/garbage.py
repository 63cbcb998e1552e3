"""Keeps Python's collector of reference cycles on the window's thread, and between events.

Left to itself it runs in whichever thread makes the object that is one too many. It may then destroy a widget from a
training thread, or from within a call of Qt's that holds the very lock which the widget's end asks for: the window
stands still for good, as was seen with a plot's old axes ending while a signal was being disconnected.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

SECONDS_APART = 1.0


class GarbageTimer(QObject):
    """From its creation to `close`, cycles are collected by this timer alone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(round(SECONDS_APART * 1000))
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def set_aside(self) -> None:
        """What exists now, the imports above all, is never walked again: a full collection is short from here on."""
        gc.freeze()

    def close(self) -> None:
        """Gives the collector back as it was."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    @Slot()
    def collect(self) -> None:
        """Collects the oldest generation whose turn it is, by Python's own thresholds."""
        due = [generation for generation, (count, most) in enumerate(_counts()) if count > most]
        if 0 in due:
            gc.collect(max(due))


def _counts() -> list[tuple[int, int]]:
    return list(zip(gc.get_count(), gc.get_threshold(), strict=True))
