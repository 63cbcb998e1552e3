"""What there is to say of a run beside its curves: how it was set up while it trains, how it ended once it rests."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gen_studio.core.events import Reason
from gen_studio.core.runs import State
from gen_studio.ui.widgets.alarm_card import Alarm, AlarmCard, Fix
from gen_studio.ui.widgets.labels import ElidedLabel, heading_row, paragraph, secondary
from gen_studio.viewmodels.run_record import RunRecord
from gen_studio.viewmodels.training import TrainingViewModel

HALVE = "halve"
LISTED = 3
"""More checkpoints than these are only counted."""
HEADINGS = {
    State.NEW: "Not begun",
    State.RUNNING: "Training",
    State.INTERRUPTED: "Interrupted",
    State.STOPPED: "Stopped",
    State.FINISHED: "Finished",
    State.FAILED: "Failed",
}


class RunFacts(QWidget):
    """Hidden where there is nothing to say."""

    gentler_asked = Signal()
    """Take the run up again with half the learning rates."""

    def __init__(self, training: TrainingViewModel) -> None:
        super().__init__()
        self._training = training
        self._result = QWidget()
        self._title = ElidedLabel(weight=600)
        self._rows = QGridLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(4)
        self._rows.setColumnStretch(1, 1)
        self.sentence = paragraph(muted=True)
        self.alarm = AlarmCard()
        inside = QVBoxLayout(self._result)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(heading_row("Result", detail=self._title))
        inside.addLayout(self._rows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._result)
        layout.addWidget(self.sentence)
        layout.addWidget(self.alarm)
        self.alarm.fix_chosen.connect(self._take_fix)
        training.shown_changed.connect(self._show)
        training.rested.connect(self._show)
        self._show()

    def rows(self) -> dict[str, str]:
        """What is said of a run at rest, by name."""
        record = self._training.shown
        return {} if record is None or self._training.shows_live else _facts(record)

    @Slot()
    def _show(self) -> None:
        record, live = self._training.shown, self._training.shows_live
        self.setVisible(record is not None)
        rows = self.rows()
        self._result.setVisible(bool(rows))
        self._fill(rows)
        if record is None:
            return
        self._title.setText("" if live else HEADINGS[record.state].lower())
        self._say(self._notes(record) if live else record.status.sentence)
        self._show_alarm(record)

    def _fill(self, rows: dict[str, str]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for place, (name, value) in enumerate(rows.items()):
            self._rows.addWidget(secondary(name), place, 0)
            label = ElidedLabel(value, 12, tabular=True)
            self._rows.addWidget(label, place, 1)

    def _say(self, words: str) -> None:
        self.sentence.setText(words)
        self.sentence.setVisible(bool(words))

    def _notes(self, record: RunRecord) -> str:
        known = self._training.known.get(record.path)
        return " ".join(known.notes) if known else ""

    def _show_alarm(self, record: RunRecord) -> None:
        status = record.status
        if self._training.shows_live or status.reason is not Reason.NOT_FINITE:
            self.alarm.show_alarm(None)
            return
        self._say("")
        fixes = (Fix(HALVE, "Halve the rates and resume"),) if record.checkpoints else ()
        since = f"after step {record.step:,}"
        self.alarm.show_alarm(Alarm("not finite", "NaN or infinite loss", since, status.sentence, fixes=fixes))

    @Slot(str, str)
    def _take_fix(self, _alarm: str, _fix: str) -> None:
        self.gentler_asked.emit()


def _facts(record: RunRecord) -> dict[str, str]:
    status, rows = record.status, {}
    rows["Steps"] = f"{record.step:,} of {record.plan.steps:,}"
    if status.best_step is not None and status.score is not None:
        rows["Best checkpoint"] = f"step {status.best_step:,}, score {status.score:.4g} on held-out pictures"
    kept = record.checkpoints
    if kept:
        earlier = f" and {len(kept) - LISTED} more" if len(kept) > LISTED else ""
        rows["Checkpoints"] = "step " + ", ".join(f"{step:,}" for step in kept[-LISTED:]) + earlier
    rows["Trained on"] = f"{record.plan.device.value.upper()}, {record.plan.precision.value}"
    return rows
