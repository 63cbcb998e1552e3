"""The middle of the Train screen: pictures of the run, live or from its history, and the filmstrip below."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gen_studio.core import paths, sheets
from gen_studio.core.description import ChartInfo, ViewInfo
from gen_studio.core.errors import UserError
from gen_studio.core.events import Charted, Marked, Pictured, Reason
from gen_studio.core.words import count
from gen_studio.ui.filmstrip import Filmstrip
from gen_studio.ui.panels.chart_pages import ChartPages, about_chart
from gen_studio.ui.panels.data_problem import DataProblem
from gen_studio.ui.panels.frame_loader import FrameLoader
from gen_studio.ui.panels.picture_files import PictureFiles
from gen_studio.ui.sample_grid import SampleGrid
from gen_studio.ui.widgets.buttons import icon_button
from gen_studio.ui.widgets.chips import Chip
from gen_studio.ui.widgets.labels import heading, secondary
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.latents import LatentsViewModel
from gen_studio.viewmodels.run_record import RunRecord
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import Phase, TrainingViewModel

Pixels = NDArray[np.uint8]
STARTER = Path("starter") / "samples.png"
STARTER_CHIP = "starter model"


class TrainingStage(QWidget):
    """Shows starter samples until the data are read, the data before there is a run, then the run's views."""

    step_shown = Signal(int)
    """The step of the pictures that are looked at, where it is not the newest; -1 while following."""

    def __init__(
        self, training: TrainingViewModel, data: DataViewModel, setup: SetupViewModel, latents: LatentsViewModel
    ) -> None:
        super().__init__()
        self._training, self._data = training, data
        self._path: Path | None = None
        self._views: tuple[ViewInfo, ...] = ()
        self._charts: tuple[ChartInfo, ...] = ()
        self._words: tuple[str, ...] = ()
        self._unseen = False
        self._newest: dict[str, Pictured] = {}
        self._newest_charts: dict[str, Charted] = {}
        self._followed = 0
        self.switch = ViewSwitch(name="View")
        self.grid = SampleGrid()
        self.problem = DataProblem(setup, data)
        self.charts = ChartPages(latents)
        self.filmstrip = Filmstrip()
        self._frames = FrameLoader(self)
        self._about = secondary()
        self.zoom = icon_button("zoom-in", "Show one picture large", "Enter")
        self._save = icon_button("download", "Save the pictures")
        self._files = PictureFiles(self.grid, training.noticed.emit, self)
        self._step = secondary(tabular=True)
        self._live = Chip("Following live", live=True, clickable=True)
        self._arrange()
        self._bind()
        self._show_run()

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(_row(44, self.switch, None, self._about, self.zoom, self._save))
        self._pages = QStackedWidget()
        self._pages.addWidget(self.grid)
        self._pages.addWidget(self.problem)
        self._pages.addWidget(self.charts)
        layout.addWidget(self._pages, 1)
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
        self.grid.copy_asked.connect(self._files.copy)
        self.grid.save_asked.connect(self._files.save_picture)
        self.zoom.clicked.connect(self._toggle_zoom)
        self._save.clicked.connect(self._save_shown)
        self._live.clicked.connect(self._follow_live)
        self.filmstrip.step_chosen.connect(self._show_step)
        self.filmstrip.following_changed.connect(self._show_following)
        self._frames.found.connect(self.filmstrip.add_frame)
        self._training.shown_changed.connect(self._show_run)
        self._training.rested.connect(self._show_rest)
        self._training.ready.connect(self._show_run)
        self._training.pictured.connect(self._take_pictures)
        self._training.charted.connect(self._take_chart)
        self._training.marked.connect(self._take_mark)
        self._training.phase_changed.connect(self._show_following)
        self._data.changed.connect(self._show_data)
        self._data.loading.connect(self._show_reading)

    def show_starter(self) -> None:
        """Samples of a model trained beforehand, so that there is a picture before anything is read."""
        if self._training.shown is not None or self.grid.pictures is not None or self._data.problem:
            return
        try:
            pictures, _ = sheets.read(paths.resources() / STARTER)
        except UserError:
            return  # the data follow in a moment
        self._set_words("Samples")
        self.grid.set_pictures(pictures)
        self.grid.set_chip(STARTER_CHIP)

    def _set_words(self, *words: str) -> None:
        """Where the views are the same as before, the chosen one stays."""
        if words != self._words:
            self._words = words
            self.switch.set_words(words)

    def mark_step(self, step: int) -> None:
        """Where the pointer is on the curves."""
        self.filmstrip.mark_step(step if step >= 0 else None)

    def choose_step(self, step: int) -> None:
        self.filmstrip.choose_step(step)

    @property
    def _view(self) -> ViewInfo | None:
        index = self.switch.index()
        return self._views[index] if 0 <= index < len(self._views) else None

    @property
    def _chart(self) -> ChartInfo | None:
        index = self.switch.index() - len(self._views)
        return self._charts[index] if 0 <= index < len(self._charts) else None

    @Slot()
    def _show_run(self) -> None:
        record = self._training.shown
        self._newest.clear()
        self._newest_charts.clear()
        self.charts.forget()
        self._frames.stop()
        self.filmstrip.clear()
        self._path = record.path if record else None
        if record is None:
            self._views, self._charts = (), ()
            self._show_page()
            self._show_data()
            self._show_following()
            return
        self._views, self._charts = self._training.views_of(record), self._training.charts_of(record)
        self._set_words(*(view.title for view in self._views), *(chart.title for chart in self._charts))
        self.filmstrip.set_total_steps(record.plan.steps)
        for mark in record.marks:
            self.filmstrip.add_event(mark.step, mark.kind)
        self._show_view()
        self._show_following()

    @Slot()
    def _show_rest(self) -> None:
        """What is looked at stays, whether it is the newest step or an old one."""
        self._show_following()
        self._show_state_chip()

    def _show_state_chip(self) -> None:
        record = self._training.shown
        went_bad = record is not None and not self._training.shows_live and record.status.reason is Reason.NOT_FINITE
        self.grid.set_chip("last good step before NaN" if went_bad else "")

    @Slot()
    def _show_view(self) -> None:
        self._show_page()
        record, view = self._training.shown, self._view
        if record is None or view is None:
            return
        self._followed = 0
        self._load_frames(record, view)
        self._show_current()

    def _show_page(self) -> None:
        """The grid with the history below it, or the chart that is chosen: it has no history."""
        chart = self._chart
        self._history.setVisible(self._training.shown is not None and chart is None)
        self.zoom.setVisible(chart is None)
        if chart is None:
            self.charts.leave()
            self._pages.setCurrentWidget(self.grid)
            return
        self._pages.setCurrentWidget(self.charts)
        live = self._training.shows_live
        nothing = "The first values come with the first step." if live else "This run kept no values. Resume it."
        newest = self._newest_charts.get(chart.key) or self._training.newest_chart(chart.key)
        self.charts.choose(chart, newest, nothing)
        self._about.setText(about_chart(newest) if newest else "")

    @Slot(object)
    def _take_chart(self, event: Charted) -> None:
        self._newest_charts[event.chart] = event
        chart = self._chart
        if chart is not None and chart.key == event.chart and self._pages.currentWidget() is self.charts:
            self.charts.take(event)
            self._about.setText(about_chart(event))

    def _show_current(self) -> None:
        """The pictures at the playhead."""
        record, view = self._training.shown, self._view
        if record is None or view is None:
            return
        newest = self._newest.get(view.key)
        if newest is not None and self.filmstrip.following:
            self._show_pictures(newest.step, newest.pictures, newest.per_item)
            return
        found = self._training.picture_at(view.key, record.step if self.filmstrip.following else self.filmstrip.step)
        if found is not None:
            self._show_pictures(*found)
        else:
            self._wait_for_pictures()

    def _wait_for_pictures(self) -> None:
        self._step.setText("")
        if not self._training.shows_live:
            self.grid.clear("This run has no pictures yet. Resume it to see some.")
            self._about.setText("")
        elif self._data.shown is not None and self._data.shown.plan.source == self._training.shown_source:
            # An empty stage would say less than what the model is to learn.
            self.grid.set_pictures(self._data.shown.pictures)
            self.grid.set_chip("the data, until the first step is taken")
        elif self.grid.chip != STARTER_CHIP:
            self.grid.clear("The first pictures come with the first step.")

    def _load_frames(self, record: RunRecord, view: ViewInfo) -> None:
        self.filmstrip.set_frames([])
        self._frames.load(record.path, view.key, view.followed(self._followed))

    def _show_pictures(self, step: int, pictures: Pixels, per_item: int) -> None:
        view = self._view
        fits = view is not None and view.per_item == per_item
        captions = view.captions if view and fits and per_item > 1 and any(view.captions) else None
        self.grid.set_pictures(pictures, captions, per_item, in_rows=bool(view and view.in_rows))
        self._show_state_chip()
        self._about.setText(view.in_words(len(pictures)) if view and fits else "")
        self._step.setText(f"step {step:,}")

    @Slot()
    def _show_data(self) -> None:
        if self._training.shown is not None:
            return
        shown, problem = self._data.shown, self._data.problem
        self._pages.setCurrentWidget(self.problem if problem else self.grid)
        if problem:
            self._set_words("Data")
            self.problem.show_problem()
            self._about.setText("")
        elif shown is not None:
            self._set_words("Data")
            self.grid.set_chip("")
            self.grid.set_pictures(shown.pictures)
            self._about.setText(f"{len(shown.pictures)} of {count(sum(shown.splits.values()), 'picture')}")
        elif self.grid.pictures is None:
            self.grid.clear("The pictures appear here as soon as they are read.")
        if self._data.is_loading:
            self.grid.set_rendering()

    @Slot(str, float)
    def _show_reading(self, words: str, share: float) -> None:
        if self._training.shown is None:
            self._about.setText(words if share < 0 else f"{words}, {share:.0%}")

    @Slot(object)
    def _take_pictures(self, event: Pictured) -> None:
        self._newest[event.view] = event
        view = self._view
        if view is None or event.view != view.key:
            return
        if event.kept:
            index = view.followed(self._followed)
            self.filmstrip.add_frame(event.step, event.pictures[min(index, len(event.pictures) - 1)])
        if self.filmstrip.following:
            if self._in_sight():
                self._show_pictures(event.step, event.pictures, event.per_item)
            else:
                self._unseen = True

    def _in_sight(self) -> bool:
        return self.isVisible() and not self.window().isMinimized()

    def _catch_up(self) -> None:
        """Shows what came while nobody could see it."""
        if self._unseen and self._in_sight():
            self._unseen = False
            self._show_current()

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
        if view.followed(index) != view.followed(self._followed):
            self._followed = index
            self._load_frames(record, view)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._catch_up()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowStateChange:
            self._catch_up()
        return super().eventFilter(watched, event)

    @Slot()
    def _toggle_zoom(self) -> None:
        self.grid.set_zoomed(not self.grid.zoomed)

    @Slot()
    def _save_shown(self) -> None:
        view, chart, page = self._view, self._chart, self.charts.currentWidget()
        if chart is not None and page is not None:
            self._files.save_chart(chart.key, page)
        else:
            self._files.save_sheet(view.key if view else "data", view.per_item if view else 1)


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
