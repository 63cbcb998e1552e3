"""The middle of the Train screen: pictures of the run, live or from its history, and the filmstrip below."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.core import sheets
from gen_studio.core.description import ViewInfo
from gen_studio.core.errors import UserError
from gen_studio.core.events import Marked, Pictured
from gen_studio.core.runs import RunFolder
from gen_studio.core.words import count
from gen_studio.ui.filmstrip import Filmstrip
from gen_studio.ui.pictures import to_image
from gen_studio.ui.sample_grid import SampleGrid
from gen_studio.ui.widgets.buttons import icon_button
from gen_studio.ui.widgets.chips import Chip
from gen_studio.ui.widgets.labels import heading, secondary
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.run_record import RunRecord
from gen_studio.viewmodels.training import Phase, TrainingViewModel

Pixels = NDArray[np.uint8]


class TrainingStage(QWidget):
    """Shows the data before there is a run, then the run's views."""

    step_shown = Signal(int)
    """The step of the pictures that are looked at, where it is not the newest; -1 while following."""

    def __init__(self, training: TrainingViewModel, data: DataViewModel) -> None:
        super().__init__()
        self._training, self._data = training, data
        self._views: tuple[ViewInfo, ...] = ()
        self._newest: dict[str, Pictured] = {}
        self._followed = 0
        self.switch = ViewSwitch(name="View")
        self.grid = SampleGrid()
        self.filmstrip = Filmstrip()
        self._frames = FrameLoader(self)
        self._about = secondary()
        self._zoom = icon_button("zoom-in", "Show one picture large", "Enter")
        self._save = icon_button("download", "Save the pictures")
        self._step = secondary(tabular=True)
        self._live = Chip("Following live", live=True, clickable=True)
        self._arrange()
        self._bind()
        self._show_run()

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(_row(44, self.switch, None, self._about, self._zoom, self._save))
        layout.addWidget(self.grid, 1)
        self._history = QWidget()
        column = QVBoxLayout(self._history)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_row(32, heading("History"), self._step, None, self._live))
        column.addWidget(self.filmstrip)
        layout.addWidget(self._history)

    def _bind(self) -> None:
        self.switch.changed.connect(self._show_view)
        self.grid.tile_chosen.connect(self._follow_tile)
        self.grid.copy_asked.connect(self._copy)
        self.grid.save_asked.connect(self._save_picture)
        self._zoom.clicked.connect(self._toggle_zoom)
        self._save.clicked.connect(self._save_sheet)
        self._live.clicked.connect(self._follow_live)
        self.filmstrip.step_chosen.connect(self._show_step)
        self.filmstrip.following_changed.connect(self._show_following)
        self._frames.found.connect(self.filmstrip.add_frame)
        self._training.shown_changed.connect(self._show_run)
        self._training.ready.connect(self._show_run)
        self._training.pictured.connect(self._take_pictures)
        self._training.marked.connect(self._take_mark)
        self._training.phase_changed.connect(self._show_following)
        self._data.changed.connect(self._show_data)

    def mark_step(self, step: int) -> None:
        """Where the pointer is on the curves."""
        self.filmstrip.mark_step(step if step >= 0 else None)

    def choose_step(self, step: int) -> None:
        self.filmstrip.choose_step(step)

    @property
    def _view(self) -> ViewInfo | None:
        index = self.switch.index()
        return self._views[index] if 0 <= index < len(self._views) else None

    @Slot()
    def _show_run(self) -> None:
        record = self._training.shown
        self._newest.clear()
        self._frames.stop()
        self.filmstrip.clear()
        self._history.setVisible(record is not None)
        self.grid.set_chip("")
        if record is None:
            self._views = ()
            self.switch.set_words(["Data"])
            self._show_data()
            return
        self._views = self._training.views_of(record)
        self.switch.set_words([view.title for view in self._views])
        self.filmstrip.set_total_steps(record.plan.steps)
        for mark in record.marks:
            self.filmstrip.add_event(mark.step, mark.kind)
        self._show_view()
        self._show_following()

    @Slot()
    def _show_view(self) -> None:
        record, view = self._training.shown, self._view
        if record is None or view is None:
            return
        self._followed = 0
        self._load_frames(record, view)
        newest = self._newest.get(view.key)
        if newest is not None:
            self._show_pictures(newest.step, newest.pictures, newest.per_item)
            return
        found = self._training.picture_at(view.key, record.step)
        if found is None:
            self.grid.clear("The first pictures come with the first step.")
            self._about.setText("")
        else:
            self._show_pictures(*found)

    def _load_frames(self, record: RunRecord, view: ViewInfo) -> None:
        self.filmstrip.set_frames([])
        self._frames.load(record.path, view.key, self._followed * view.per_item + _output(view.per_item))

    def _show_pictures(self, step: int, pictures: Pixels, per_item: int) -> None:
        view = self._view
        captions = view.captions if view and view.per_item == per_item and per_item > 1 else None
        self.grid.set_pictures(pictures, captions, per_item)
        items = len(pictures) // per_item
        self._about.setText(f"{items} fixed latents" if per_item == 1 else count(items, "held-out example"))
        self._step.setText(f"step {step:,}")

    @Slot()
    def _show_data(self) -> None:
        if self._training.shown is not None:
            return
        shown = self._data.shown
        if self._data.problem:
            self.grid.clear(self._data.problem)
        elif shown is not None:
            self.grid.set_pictures(shown.pictures)
            self.grid.set_chip("the data")
            self._about.setText(f"{len(shown.pictures)} of {count(sum(shown.splits.values()), 'picture')}")
        if self._data.is_loading:
            self.grid.set_rendering()

    @Slot(object)
    def _take_pictures(self, event: Pictured) -> None:
        self._newest[event.view] = event
        view = self._view
        if view is None or event.view != view.key:
            return
        if event.kept:
            index = self._followed * event.per_item + _output(event.per_item)
            self.filmstrip.add_frame(event.step, event.pictures[min(index, len(event.pictures) - 1)])
        if self.filmstrip.following:
            self._show_pictures(event.step, event.pictures, event.per_item)

    @Slot(object)
    def _take_mark(self, mark: Marked) -> None:
        self.filmstrip.add_event(mark.step, mark.kind)

    @Slot(int)
    def _show_step(self, step: int) -> None:
        view = self._view
        found = self._training.picture_at(view.key, step) if view else None
        if found is not None:
            self._show_pictures(*found)
            self.step_shown.emit(found[0])

    @Slot()
    def _show_following(self) -> None:
        following, live = self.filmstrip.following, self._training.shows_live
        running = live and self._training.phase is Phase.RUNNING
        if not following:
            self._live.show_words("Back to the newest", icon="step-forward")
        elif running:
            self._live.show_words("Following live", live=True)
        self._live.setVisible(running or not following)
        if following:
            self.step_shown.emit(-1)

    @Slot()
    def _follow_live(self) -> None:
        self.filmstrip.set_following(True)
        view = self._view
        newest = self._newest.get(view.key) if view else None
        if newest is not None:
            self._show_pictures(newest.step, newest.pictures, newest.per_item)
        else:
            self._show_step(self.filmstrip.step)
            self.step_shown.emit(-1)

    @Slot(int)
    def _follow_tile(self, index: int) -> None:
        record, view = self._training.shown, self._view
        if record is None or view is None:
            return
        item = index // view.per_item
        if item != self._followed:
            self._followed = item
            self._load_frames(record, view)

    @Slot()
    def _toggle_zoom(self) -> None:
        self.grid.set_zoomed(not self.grid.zoomed)

    @Slot(int)
    def _copy(self, index: int) -> None:
        QApplication.clipboard().setImage(to_image(self.grid.picture(index)))

    @Slot(int)
    def _save_picture(self, index: int) -> None:
        path = self._ask_where("picture.png")
        if path and not to_image(self.grid.picture(index)).save(path):
            self._training.noticed.emit(f"{path} was not written. Choose another folder.", "")

    @Slot()
    def _save_sheet(self) -> None:
        pictures = self.grid.pictures
        if pictures is None:
            return
        view = self._view
        path = self._ask_where(f"{view.key if view else 'data'}.png")
        if not path:
            return
        try:
            sheets.write(Path(path), pictures, view.per_item if view else 1)
        except UserError as error:
            self._training.noticed.emit(str(error), "")

    def _ask_where(self, name: str) -> str:
        return QFileDialog.getSaveFileName(self, "Save as", name, "Pictures (*.png)")[0]


class FrameLoader(QObject):
    """Reads one picture out of each kept preview, one file per turn of the event loop, so that nothing stalls."""

    found = Signal(int, object)  # step, (H, W, C) uint8

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: Iterator[int] = iter(())
        self._folder: RunFolder | None = None
        self._view = ""
        self._index = 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._read_one)

    def load(self, path: Path, view: str, index: int) -> None:
        self._folder, self._view, self._index = RunFolder(path), view, index
        self._files = iter(self._folder.preview_steps(view))
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def _read_one(self) -> None:
        step = next(self._files, None)
        if step is None or self._folder is None:
            self._timer.stop()
            return
        try:
            pictures, _ = self._folder.read_preview(self._view, step)
        except UserError:
            # A preview that is gone or damaged leaves a gap in the strip; the run is not affected.
            return
        if self._index < len(pictures):
            self.found.emit(step, pictures[self._index])


def _output(per_item: int) -> int:
    """Of pictures that belong together the second is the model's own; it is the one that changes."""
    return 1 if per_item > 1 else 0


def _row(height: int, *widgets: QWidget | None) -> QWidget:
    """Widgets side by side; None takes the free room."""
    row = QWidget()
    row.setFixedHeight(height)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return row
