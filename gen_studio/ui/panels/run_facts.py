"""What there is to say of a run beside its curves: how it was set up while it trains, how it ended once it rests."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gen_studio.core.events import Reason
from gen_studio.core.runs import State
from gen_studio.ui.widgets.alarm_card import Alarm, AlarmCard, Fix
from gen_studio.ui.widgets.fact_list import FactList
from gen_studio.ui.widgets.labels import heading_row, paragraph, secondary
from gen_studio.viewmodels.run_record import RunRecord
from gen_studio.viewmodels.training import TrainingViewModel

HALVE = "halve"
LISTED = 3
"""More checkpoints than these are only counted."""
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

    def __init__(self, training: TrainingViewModel) -> None:
        super().__init__()
        self._training = training
        self._state = secondary()
        self._heading = heading_row("Result", detail=self._state)
        self._list = FactList("Result")
        self.sentence = paragraph(muted=True)
        self.alarm = AlarmCard()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self._heading, self._list, self.sentence, self.alarm):
            layout.addWidget(widget)
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
