"""What is said of long tasks below the picture, and the training pictures that a sample may have been copied from."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gen_studio.core.jobs import Progress
from gen_studio.core.tasks import FoundNearest
from gen_studio.ui.pictures import to_image
from gen_studio.ui.theme import font, tokens
from gen_studio.ui.widgets.buttons import Button, Kind, icon_button
from gen_studio.ui.widgets.labels import ElidedLabel, heading, secondary
from gen_studio.ui.widgets.painting import draw_text
from gen_studio.ui.widgets.progress_bar import ProgressBar
from gen_studio.viewmodels.latent_screen import LatentScreen
from gen_studio.viewmodels.tasking import Tasking

TOLD_MS = 12_000
ROW = 36
COPIED = 0.5
"""Of the usual distance of pictures that were never seen: what is nearer than that is a copy."""
TILE, GAP, CAPTION = 56, 4, 18


class Exporting(Protocol):
    """Says in a sentence what came of a task."""

    told: SignalInstance


class Underway(Protocol):
    """Something that takes long."""

    changed: SignalInstance

    @property
    def is_shown(self) -> bool: ...

    @property
    def progress(self) -> Progress | None: ...

    def call_off(self) -> None: ...


class Tasked(Protocol):
    """A panel's state, as far as long tasks go."""

    @property
    def tasking(self) -> Tasking: ...

    @property
    def exporting(self) -> Exporting: ...


class TaskRow(QWidget):
    """How far a task is, with a way to call it off; after it, for a while, what came of it.

    also: what else may take long, shown while there is no task.
    """

    shown = Signal()
    """Or hidden."""

    def __init__(self, screen: Tasked, also: Sequence[Underway] = ()) -> None:
        super().__init__()
        self._all: tuple[Underway, ...] = (screen.tasking, *also)
        self.setFixedHeight(ROW)
        self._words = secondary(tabular=True)
        self._bar = ProgressBar("How far the task is")
        self.cancel = Button("Cancel", Kind.QUIET)
        self.close_button = icon_button("x", "Close")
        self._told = QTimer(self, singleShot=True, interval=TOLD_MS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self.cancel)
        layout.addWidget(self.close_button)
        self.cancel.clicked.connect(self._call_off)
        self.close_button.clicked.connect(self.hide)
        self._told.timeout.connect(self.hide)
        for one in self._all:
            one.changed.connect(self._show)
        screen.exporting.told.connect(self.say)
        self.hide()

    def words(self) -> str:
        return self._words.text()

    def setVisible(self, visible: bool) -> None:
        was_hidden = self.isHidden()
        super().setVisible(visible)
        if visible is was_hidden:
            self.shown.emit()

    @Slot(str)
    def say(self, sentence: str) -> None:
        self._arrange(sentence, busy=False)
        self._told.start()

    def _shown(self) -> Underway | None:
        return next((one for one in self._all if one.is_shown), None)

    @Slot()
    def _call_off(self) -> None:
        shown = self._shown()
        if shown is not None:
            shown.call_off()

    @Slot()
    def _show(self) -> None:
        shown = self._shown()
        if shown is None:
            if not self._told.isActive():
                self.hide()
            return
        self._told.stop()
        progress = shown.progress
        self._arrange(progress.what if progress else "Waiting", busy=True)
        known = progress is not None and progress.total > 0
        self._bar.setVisible(known)
        if progress is not None and known:
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)

    def _arrange(self, words: str, *, busy: bool) -> None:
        self._words.setText(words)
        self._bar.setVisible(busy)
        self.cancel.setVisible(busy)
        self.close_button.setVisible(not busy)
        self.show()


class NearestStrip(QWidget):
    """Is it copying? The nearest training pictures with their distances, beside what distance is usual."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._findings = screen.findings
        self._verdict = ElidedLabel("", 12, muted=True, tabular=True)
        self.close_button = icon_button("x", "Close")
        self.tiles = NearestTiles()
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(heading("Nearest in training"))
        top.addWidget(self._verdict, 1)
        top.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.tiles)
        self.close_button.clicked.connect(self._findings.close_nearest)
        self._findings.nearest_changed.connect(self._show)
        self._show()

    def verdict(self) -> str:
        return self._verdict.text()

    @Slot()
    def _show(self) -> None:
        found = self._findings.nearest
        self.setVisible(found is not None)
        if found is not None:
            words = verdict_of(found)
            self._verdict.setText(words)
            self._verdict.set_hint(words)
            self.tiles.show_found(found)


class NearestTiles(QWidget):
    """As many as fit, the nearest first."""

    def __init__(self) -> None:
        super().__init__()
        self._found: FoundNearest | None = None
        self.setFixedHeight(TILE + CAPTION)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Nearest training pictures")

    def show_found(self, found: FoundNearest) -> None:
        self._found = found
        distances = ", ".join(f"{distance:.0f}" for distance in found.distances)
        self.setAccessibleDescription(f"distances {distances}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._found is None:
            return
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        fits = max(1, (self.width() + GAP) // (TILE + GAP))
        mode, keep = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.KeepAspectRatio
        pairs = zip(self._found.pictures, self._found.distances, strict=True)
        for number, (picture, distance) in enumerate(list(pairs)[:fits]):
            left = number * (TILE + GAP)
            side = round(TILE * ratio)
            image = to_image(picture)
            if max(image.width(), image.height()) * 2 <= side:
                mode = Qt.TransformationMode.FastTransformation
            scaled = image.scaled(side, side, keep, mode)
            scaled.setDevicePixelRatio(ratio)
            painter.drawImage(left, 0, scaled)
            below = self.rect().adjusted(left, TILE, 0, 0)
            below.setWidth(TILE)
            middle = Qt.AlignmentFlag.AlignHCenter
            draw_text(painter, below, f"{distance:.0f}", font(11, tabular=True), tokens().muted, middle)


def verdict_of(found: FoundNearest) -> str:
    """What the distances say, in grey levels."""
    nearest = float(found.distances[0])
    if found.usual is None:
        return f"{nearest:.0f} grey levels away; no held-out pictures to compare with"
    beside = f"{nearest:.0f} grey levels away; a picture it never saw is {found.usual:.0f} away"
    return f"{beside}: a copy" if nearest < COPIED * found.usual else f"{beside}: not a copy"
