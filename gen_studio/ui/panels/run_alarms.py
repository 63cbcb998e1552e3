"""The alarms of the run that trains, one at a time: what was seen, why it matters, and fixes that do something."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gen_studio.core.events import Alarmed
from gen_studio.ui.widgets.alarm_card import Alarm, AlarmCard, Fix
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import TrainingViewModel

PREPARED = "The setup has it now. Stop this run and start a new one to try it."


class RunAlarms(QWidget):
    """Shows the newest alarm that was not dismissed; hidden without one, and while another run is looked at."""

    samples_meant = Signal(object)
    """Indices of the samples that the alarm speaks of; empty for none."""

    def __init__(self, training: TrainingViewModel, setup: SetupViewModel) -> None:
        super().__init__()
        self._training, self._setup = training, setup
        self.card = AlarmCard()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        self.card.dismissed.connect(training.dismiss_alarm)
        self.card.why_asked.connect(self._explain)
        self.card.fix_chosen.connect(self._try)
        training.alarms_changed.connect(self._show)
        training.shown_changed.connect(self._show)
        training.rested.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        alarm = self._current()
        self.card.show_alarm(None if alarm is None else card_of(alarm))
        self.setVisible(alarm is not None)
        self.samples_meant.emit(() if alarm is None else alarm.items)

    @Slot(str)
    def _explain(self, key: str) -> None:
        shown, alarm = self.card.alarm(), self._current()
        if shown is not None and alarm is not None and alarm.key == key:
            self.card.show_alarm(replace(shown, advice=alarm.meaning))

    @Slot(str, str)
    def _try(self, key: str, fix_key: str) -> None:
        """Learning rates change at once; other settings are those of the next run."""
        alarm, live = self._current(), self._training.live
        if alarm is None or live is None or alarm.key != key:
            return
        fix = next(fix for fix in alarm.fixes if fix.key == fix_key)
        self._training.scale_rates(fix.rate_factors)
        if not fix.settings:
            self._training.dismiss_alarm(key)
            return
        plan = live.plan
        self._setup.take_over(plan.model_copy(update={"config": {**plan.config, **fix.settings}}))
        self.card.show_alarm(replace(card_of(alarm), advice=PREPARED, fixes=()))

    def _current(self) -> Alarmed | None:
        alarms = self._training.alarms
        return alarms[-1] if alarms and self._training.shows_live else None


def card_of(alarm: Alarmed) -> Alarm:
    fixes = tuple(Fix(fix.key, fix.label) for fix in alarm.fixes)
    return Alarm(alarm.key, alarm.title, f"since step {alarm.since:,}", alarm.seen, fixes=fixes)
