"""The card that says what may be going wrong in a run, what was seen, and what to try."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gen_studio.ui.theme import tokens
from gen_studio.ui.widgets.buttons import Button, Kind, icon_button
from gen_studio.ui.widgets.labels import heading, paragraph, secondary
from gen_studio.ui.widgets.painting import CARD_RADIUS, box, draw_icon, empty


@dataclass(frozen=True)
class Fix:
    """One thing to try; its key comes back when it is chosen."""

    key: str
    label: str


@dataclass(frozen=True)
class Alarm:
    """`title` is a question ("Mode collapse?"), `since` a place ("since step 11,900"), `seen` what was seen."""

    key: str
    title: str
    since: str
    seen: str
    advice: str = ""
    fixes: tuple[Fix, ...] = ()


class AlarmCard(QWidget):
    """Shows one alarm; hidden without. It never takes the focus by itself."""

    fix_chosen = Signal(str, str)
    why_asked = Signal(str)
    dismissed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._alarm: Alarm | None = None
        self._title = heading("")
        self._since = secondary(tabular=True)
        # Where both do not fit, it is the place that is cut.
        self._title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._since.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._seen = paragraph()
        self._advice = paragraph(muted=True)
        self._close = icon_button("x", "Dismiss")
        self._why = Button("Why?", Kind.LINK)
        self._fixes = QHBoxLayout()
        self._fixes.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addSpacing(24)
        top.addWidget(self._title)
        top.addWidget(self._since, 1)
        top.addWidget(self._close)
        bottom = QHBoxLayout()
        bottom.addLayout(self._fixes)
        bottom.addStretch(1)
        bottom.addWidget(self._why)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 12)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self._seen)
        layout.addWidget(self._advice)
        layout.addLayout(bottom)
        self._close.clicked.connect(self._dismiss)
        self._why.clicked.connect(self._ask_why)
        self.setVisible(False)

    def show_alarm(self, alarm: Alarm | None) -> None:
        """Shows an alarm, or hides the card."""
        if alarm == self._alarm:
            return
        self._alarm = alarm
        self.setVisible(alarm is not None)
        if alarm is None:
            return
        self.setAccessibleName(f"Alarm: {alarm.title}")
        self._title.setText(alarm.title)
        self._since.setText(alarm.since)
        self._seen.setText(alarm.seen)
        self._advice.setText(alarm.advice)
        self._advice.setVisible(bool(alarm.advice))
        self._show_fixes(alarm)

    def _show_fixes(self, alarm: Alarm) -> None:
        empty(self._fixes)
        for fix in alarm.fixes:
            button = Button(fix.label)
            button.set_on_raised(True)
            button.clicked.connect(lambda _checked=False, key=fix.key: self.fix_chosen.emit(alarm.key, key))
            self._fixes.addWidget(button)

    def alarm(self) -> Alarm | None:
        return self._alarm

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        box(painter, self.rect(), t.raised, CARD_RADIUS, t.alarm_line)
        draw_icon(painter, QPointF(20, self._title.geometry().center().y() + 0.5), "triangle-alert", t.warning)

    @Slot()
    def _dismiss(self) -> None:
        if self._alarm is not None:
            key = self._alarm.key
            self.show_alarm(None)
            self.dismissed.emit(key)

    @Slot()
    def _ask_why(self) -> None:
        if self._alarm is not None:
            self.why_asked.emit(self._alarm.key)
