"""What there is to say of a run beside its curves: how it was set up while it trains, how it ended once it rests."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMessageBox, QVBoxLayout, QWidget

from gen_studio.core.events import Reason
from gen_studio.core.runs import State
from gen_studio.ui.widgets.alarm_card import Alarm, AlarmCard, Fix
from gen_studio.ui.widgets.fact_list import FactList
from gen_studio.ui.widgets.labels import heading_row, paragraph, secondary
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.run_record import RunRecord
from gen_studio.viewmodels.training import TrainingViewModel

HALVE = "halve"
LISTED = 3
"""More checkpoints than these are only counted."""
SEEN = "Training stopped. What is shown and saved is the last good step."
ADVICE = "Lower learning rates or clipped gradients help most often."
WHY = (
    "A step that is too long for the slope it stands on lands where the loss is larger still; after a few such steps "
    "the numbers leave what the processor can hold. From then on every weight is NaN, which is why the run was taken "
    "back to the last step whose loss and weights were finite."
)
STATES = {
    State.NEW: "not begun",
    State.RUNNING: "training elsewhere",
    State.INTERRUPTED: "interrupted",
    State.STOPPED: "stopped",
    State.FINISHED: "finished",
    State.FAILED: "failed",
}


class RunFacts(QWidget):
    """Hidden where there is nothing to say."""

    gentler_asked = Signal()
    """Take the run up again with half the learning rates."""

    def __init__(self, training: TrainingViewModel, data: DataViewModel) -> None:
        super().__init__()
        self._training, self._data = training, data
        self._state = secondary()
        self._heading = heading_row("Result", detail=self._state)
        self._list = FactList("Result")
        self.sentence = paragraph(muted=True)
        self.alarm = AlarmCard()
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self._heading, self._list, self.sentence, self.alarm):
            layout.addWidget(widget)
        self.alarm.fix_chosen.connect(self._take_fix)
        self.alarm.why_asked.connect(self._explain)
        training.shown_changed.connect(self._show)
        training.rested.connect(self._show)
        self._show()

    def rows(self) -> dict[str, str]:
        """What is said of a run at rest, by name."""
        record = self._training.shown
        return {} if record is None or self._training.shows_live else _facts(record)

    def hasHeightForWidth(self) -> bool:
        # Else the column is measured as if nothing in it could shrink, and this is what gets no room.
        return False

    def sizeHint(self) -> QSize:
        column = self._column
        wraps = column.hasHeightForWidth()
        return QSize(240, column.totalHeightForWidth(self.width()) if wraps else column.totalSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        answer = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return answer

    @Slot()
    def _show(self) -> None:
        record, live = self._training.shown, self._training.shows_live
        self.setVisible(record is not None)
        rows = self.rows()
        self._list.set_facts(rows)
        for widget in (self._heading, self._list):
            widget.setVisible(bool(rows))
        if record is None:
            return
        self._state.setText("" if live else STATES[record.state])
        # Of a run that reached its end the rows above say all.
        finished = record.state is State.FINISHED
        self._say(self._notes(record) if live else "" if finished else record.status.sentence)
        self._show_alarm(record)

    def _say(self, words: str) -> None:
        self.sentence.setText(words)
        self.sentence.setVisible(bool(words))

    def _notes(self, record: RunRecord) -> str:
        """Without those on the data: they stand on the Data screen."""
        known = self._training.known.get(record.path)
        elsewhere = self._data.shown.notes if self._data.shown else ()
        return " ".join(note for note in known.notes if note not in elsewhere) if known else ""

    def _show_alarm(self, record: RunRecord) -> None:
        status = record.status
        if self._training.shows_live or status.reason is not Reason.NOT_FINITE:
            self.alarm.show_alarm(None)
            return
        self._say("")
        fixes = (Fix(HALVE, "Halve the rates and resume"),) if record.checkpoints else ()
        since = f"after step {record.step:,}"
        self.alarm.show_alarm(Alarm("not finite", "NaN or infinite loss", since, SEEN, ADVICE, fixes))

    @Slot(str, str)
    def _take_fix(self, _alarm: str, _fix: str) -> None:
        self.gentler_asked.emit()

    @Slot(str)
    def _explain(self, _alarm: str) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setText("Why a loss becomes NaN")
        box.setInformativeText(WHY)
        box.addButton("Close", QMessageBox.ButtonRole.RejectRole)
        box.open()


def _facts(record: RunRecord) -> dict[str, str]:
    status, rows = record.status, {}
    rows["Steps"] = f"{record.step:,} of {record.plan.steps:,}"
    if status.best_step is not None and status.score is not None:
        rows["Best checkpoint"] = f"step {status.best_step:,}, held-out score {status.score:.4g}"
    kept = record.checkpoints
    if kept:
        earlier = f" and {len(kept) - LISTED} more" if len(kept) > LISTED else ""
        rows["Checkpoints"] = "step " + ", ".join(f"{step:,}" for step in kept[-LISTED:]) + earlier
    rows["Trained on"] = f"{record.plan.device.value.upper()}, {record.plan.precision.value}"
    return rows
