"""How late the window's thread answers: how much later than every five milliseconds a timer fires."""

import time

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Slot

EVERY_MILLISECONDS = 5


class Heartbeat(QObject):
    """Lives in the GUI thread. `late` holds a stall in milliseconds for each beat since `begin`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.late: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self, interval=EVERY_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def begin(self) -> None:
        self.late.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def end(self) -> dict[str, float]:
        """Percentiles of the stalls so far, in milliseconds."""
        self._timer.stop()
        stalls = np.array(self.late or [0.0])
        return {
            "stall p50 ms": float(np.percentile(stalls, 50)),
            "stall p99 ms": float(np.percentile(stalls, 99)),
            "stall max ms": float(stalls.max()),
            "beats": float(len(self.late)),
        }

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, 1000 * (now - self._last) - EVERY_MILLISECONDS))
        self._last = now
