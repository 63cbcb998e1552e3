"""Ctrl+C and the system's request to end, taken as a wish: what is under way finishes its step, saves, and says so."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

ALWAYS = ("SIGINT", "SIGTERM")
UNLESS_IGNORED = ("SIGHUP",)  # nohup ignores it, and means it


class Interrupt:
    """Catches the signals while it is entered. However many come, they only set `signal`, so no saving is cut short."""

    def __init__(self) -> None:
        self.signal = 0
        self._before: dict[int, Any] = {}

    @property
    def requested(self) -> bool:
        return self.signal != 0

    @property
    def status(self) -> int:
        """The exit status by the shells' convention: 130 after Ctrl+C."""
        return 128 + self.signal

    def __enter__(self) -> "Interrupt":
        # Only the main thread may set handlers; elsewhere nobody could press Ctrl+C anyway.
        if threading.current_thread() is threading.main_thread():
            for number in _caught():
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.signal = self.signal or number


def _caught() -> list[signal.Signals]:
    there = [getattr(signal, name) for name in (*ALWAYS, *UNLESS_IGNORED) if name in signal.Signals.__members__]
    return [number for number in there if number.name in ALWAYS or signal.getsignal(number) is not signal.SIG_IGN]
