"""Says when somebody waits long for a model's answer, how far it is, and calls it off."""

from collections.abc import Collection

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gen_studio.core.jobs import Progress
from gen_studio.core.looking import Shown, Underway
from gen_studio.viewmodels.looking import Looking

LONG_MS = 1000
"""Before that nobody looks for a way to call it off."""


class Waiting(QObject):
    """For the questions of a panel's views. Answers that follow a hand, one after the other, are not waited for."""

    changed = Signal()

    def __init__(self, looking: Looking, views: Collection[str], what: str, parent: QObject | None = None) -> None:
        """what: is done meanwhile, in a word."""
        super().__init__(parent)
        self._looking, self._views, self._what = looking, frozenset(views), what
        self._awaited: set[str] = set()
        self._progress: Progress | None = None
        self._soon = QTimer(self, singleShot=True, interval=LONG_MS)
        self._soon.timeout.connect(self._show)
        self.is_shown = False
        looking.asked.connect(self._await)
        looking.underway.connect(self._take_progress)
        looking.shown.connect(self._take_answer)
        looking.unanswered.connect(self._stop_awaiting)
        looking.dropped.connect(self._stop_awaiting)
        looking.left.connect(self._end)

    @property
    def progress(self) -> Progress:
        return self._progress or Progress(self._what)

    @Slot()
    def call_off(self) -> None:
        for view in tuple(self._awaited):
            self._looking.call_off(view)

    @Slot(str)
    def _await(self, view: str) -> None:
        if view in self._views:
            self._awaited.add(view)
            self._progress = None
            if not self.is_shown and not self._soon.isActive():
                self._soon.start()

    @Slot(object)
    def _take_progress(self, underway: Underway) -> None:
        if underway.view in self._awaited:
            self._progress = underway.progress
            if self.is_shown:
                self.changed.emit()

    @Slot(object)
    def _take_answer(self, shown: Shown) -> None:
        if shown.view not in self._awaited:
            return
        if self._looking.is_newest(shown):
            self._stop_awaiting(shown.view)
        elif not self.is_shown:
            self._soon.start()

    @Slot(str)
    def _stop_awaiting(self, view: str) -> None:
        self._awaited.discard(view)
        if not self._awaited:
            self._end()

    @Slot()
    def _end(self) -> None:
        self._awaited.clear()
        self._progress = None
        self._soon.stop()
        self._tell(shown=False)

    @Slot()
    def _show(self) -> None:
        self._tell(shown=True)

    def _tell(self, *, shown: bool) -> None:
        if shown is not self.is_shown:
            self.is_shown = shown
            self.changed.emit()
