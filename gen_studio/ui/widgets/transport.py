"""The transport: start, pause, stop, single steps, how far, how fast, how long, and the last checkpoint."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gen_studio.core.words import duration
from gen_studio.ui.widgets.buttons import Button, Kind
from gen_studio.ui.widgets.labels import ElidedLabel, rule, secondary
from gen_studio.ui.widgets.numbers import plain
from gen_studio.ui.widgets.progress_bar import ProgressBar

HEIGHT = 56
_SHORT = {"discriminator": "D", "generator": "G"}


class Mode(Enum):
    """What the primary button does next, and what else is possible. AT_REST: a run on the disk can be resumed."""

    BUSY = "busy"
    LOADING = "loading"
    AT_REST = "at rest"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"


class Transport(QWidget):
    """Stands under every panel. It knows of no session: whoever owns one listens and calls the setters."""

    start = Signal()
    pause = Signal()
    resume = Signal()
    stop = Signal()
    step_requested = Signal(str)
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self.setFixedHeight(HEIGHT)
        self._mode = Mode.READY
        self._compact = False
        self._players: tuple[str, ...] = ()
        self.main = Button("Start", Kind.PRIMARY, "play-filled")
        self.main.setMinimumWidth(92)
        self.stop_button = Button("Stop", Kind.RAISED, "square-filled")
        self.save = Button("Save checkpoint", Kind.QUIET, "save")
        self.progress = ProgressBar("Steps done")
        self._steps_row = QHBoxLayout()
        self._steps_row.setSpacing(4)
        self._step_buttons: list[Button] = []
        self._build_figures()
        self._arrange()
        self.main.clicked.connect(self._press_main)
        self.stop_button.clicked.connect(self.stop)
        self.save.clicked.connect(self.save_requested)
        self.set_players(())
        self.set_mode(Mode.READY)
        self.set_progress(0, 0)
        self.set_rate(None, None)

    def _build_figures(self) -> None:
        self._status = secondary()
        self._step_word = secondary("Step")
        self._step = ElidedLabel("0", weight=600, tabular=True)
        self._of = secondary(tabular=True)
        self._rate = ElidedLabel("", weight=600, tabular=True)
        self._rate_unit = secondary("img/s")
        self._left = ElidedLabel("", weight=600, tabular=True)
        self._left_word = secondary("left")
        self._saved = secondary(tabular=True)

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(8)
        self._step_rule, self._save_rule = _short_rule(), _short_rule()
        layout.addWidget(self.main)
        layout.addWidget(self.stop_button)
        layout.addSpacing(4)
        layout.addLayout(self._steps_row)
        layout.addWidget(self._step_rule)
        layout.addSpacing(8)
        for group in ((self._status,), (self._step_word, self._step, self._of)):
            layout.addLayout(_group(*group))
        layout.addSpacing(4)
        layout.addWidget(self.progress, 1)
        layout.addSpacing(4)
        layout.addLayout(_group(self._rate, self._rate_unit))
        layout.addSpacing(8)
        layout.addLayout(_group(self._left, self._left_word))
        layout.addSpacing(8)
        layout.addWidget(self._save_rule)
        layout.addWidget(self.save)
        layout.addWidget(self._saved)

    def mode(self) -> Mode:
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        self._mode = mode
        text, icon = {
            Mode.RUNNING: ("Pause", "pause-filled"),
            Mode.AT_REST: ("Resume", "play-filled"),
            Mode.PAUSED: ("Resume", "play-filled"),
        }.get(mode, ("Start", "play-filled"))
        self.main.setText(text)
        self.main.setAccessibleName(text)
        self.main.set_icon(icon)
        self.main.setEnabled(mode not in (Mode.BUSY, Mode.LOADING))
        going = mode in (Mode.RUNNING, Mode.PAUSED)
        self.stop_button.setEnabled(going or mode is Mode.LOADING)
        self.save.setEnabled(going)
        for button in self._step_buttons:
            button.setEnabled(mode is Mode.PAUSED)

    def set_players(self, players: Sequence[str]) -> None:
        """One step button for each network that is trained by itself; a single one is just "Step"."""
        if tuple(players) == self._players and self._step_buttons:
            return
        self._players = tuple(players)
        for button in self._step_buttons:
            self._steps_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._step_buttons = [self._step_button(player) for player in players]
        for button in self._step_buttons:
            self._steps_row.addWidget(button)
        self._step_rule.setVisible(bool(players))

    def set_progress(self, step: int, steps: int) -> None:
        self._step.setText(plain(step))
        self._of.setText(f"of {plain(steps)}" if steps else "")
        self.progress.setRange(0, max(1, steps))
        self.progress.setValue(min(step, max(1, steps)))
        self.progress.setAccessibleDescription(f"step {plain(step)} of {plain(steps)}")
        for widget in (self._step_word, self._step, self._of):
            widget.setVisible(steps > 0 and not self._status.text())

    def set_checkpoints(self, steps: Sequence[int]) -> None:
        """Ticks on the bar, where one could go back to."""
        self.progress.set_ticks(steps)

    def set_rate(self, images_per_second: float | None, seconds_left: float | None) -> None:
        """None where it is not known, or while nothing runs."""
        self._rate.setText("" if images_per_second is None else _rounded(images_per_second))
        self._rate_unit.setVisible(images_per_second is not None)
        self._left.setText("" if seconds_left is None else duration(seconds_left))
        self._left_word.setVisible(seconds_left is not None)

    def set_saved(self, seconds_ago: float | None) -> None:
        """How old the newest checkpoint is; None where there is none yet."""
        if seconds_ago is None:
            self._saved.setText("")
        else:
            # In whole minutes: a figure that changes every second draws the eye to what does not matter.
            self._saved.setText(f"saved {_age(seconds_ago)}")
        self._saved.setVisible(seconds_ago is not None and not self._compact)
        self.save.setToolTip(self._saved.text() or "Save a checkpoint")

    def set_status(self, status: str) -> None:
        """A few words in the place of the step ("Loading torch"); "" brings the step back."""
        self._status.setText(status)
        self._status.setVisible(bool(status))
        has_steps = bool(self._of.text())
        for widget in (self._step_word, self._step, self._of):
            widget.setVisible(has_steps and not status)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        for button in (self.stop_button, self.save, *self._step_buttons):
            button.set_icon_only(compact and button.icon_name != "")
        for button, player in zip(self._step_buttons, self._players, strict=True):
            # Two buttons with the same icon would say nothing, so the steps keep their letter.
            button.set_icon_only(compact and len(self._players) == 1)
            button.set_words(_step_words(player, len(self._players), compact))
        self._saved.setVisible(bool(self._saved.text()) and not compact)

    def _step_button(self, player: str) -> Button:
        words = _step_words(player, len(self._players), self._compact)
        button = Button(words, Kind.QUIET, "step-forward")
        button.setToolTip(f"One step of the {player}" if len(self._players) > 1 else "One step")
        button.setEnabled(self._mode is Mode.PAUSED)
        button.clicked.connect(lambda _checked=False: self.step_requested.emit(player))
        return button

    @Slot()
    def _press_main(self) -> None:
        {Mode.RUNNING: self.pause, Mode.PAUSED: self.resume, Mode.AT_REST: self.resume}.get(
            self._mode, self.start
        ).emit()


def _step_words(player: str, players: int, compact: bool) -> str:
    if players == 1:
        return "Step"
    name = _SHORT.get(player, player.replace("_", " ").capitalize())
    return name[:1] if compact else f"Step {name}"


def _age(seconds: float) -> str:
    if seconds < 60:
        return "just now"
    return f"{round(seconds / 60)} min ago" if seconds < 90 * 60 else f"{duration(seconds)} ago"


def _rounded(rate: float) -> str:
    return plain(round(rate)) if rate >= 10 else f"{rate:.1f}"


def _group(*widgets: QWidget) -> QHBoxLayout:
    """Words that belong together."""
    row = QHBoxLayout()
    row.setSpacing(5)
    for widget in widgets:
        row.addWidget(widget)
    return row


def _short_rule() -> QWidget:
    line = rule(vertical=True)
    line.setFixedHeight(20)
    return line
