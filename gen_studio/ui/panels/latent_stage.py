"""The middle of the Latent panel: the picture that follows the hand, others around it, and the walk below."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gen_studio.ui.panels.latent_files import LatentFiles
from gen_studio.ui.panels.latent_tasks import NearestStrip, TaskRow
from gen_studio.ui.panels.latent_walk import LatentWalk
from gen_studio.ui.panels.no_model import NoModel
from gen_studio.ui.picture_view import PictureView
from gen_studio.ui.sample_grid import SampleGrid
from gen_studio.ui.widgets.buttons import Button, icon_button
from gen_studio.ui.widgets.labels import ElidedLabel, secondary, stage_row
from gen_studio.ui.widgets.slider import Slider
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels.exploring import StageView
from gen_studio.viewmodels.latent_screen import LatentScreen

RENDERING_AFTER_MS = 300
NO_RUN = "Show a run, finished or under way, to walk through what its model has learnt."
NO_LATENTS = (
    "This model has no latent space to draw from: what it shows, it makes of other pictures. "
    "Choose a run whose model draws its pictures from latents."
)
VIEWS = tuple(StageView)
TRUNCATION_WIDTH = 88


class TruncationControl(QWidget):
    """How far styles may be from the mean, for models that have styles."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._exploring = screen.exploring
        self.slider = Slider(0.0, 1.5, 1.0, 0.01)
        self.slider.setFixedWidth(TRUNCATION_WIDTH)
        self.slider.setAccessibleName("Truncation")
        self._value = ElidedLabel("1.00", 13, 600, tabular=True)
        self._value.setFixedWidth(self._value.sizeHint().width())
        name = secondary("Truncation")
        name.setFixedWidth(name.sizeHint().width())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(name)
        layout.addWidget(self.slider)
        layout.addWidget(self._value)
        self.slider.number_changed.connect(self._exploring.set_truncation)
        self.slider.sliderReleased.connect(self._exploring.end_gesture)
        self._exploring.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        truncation = self._exploring.picture.truncation
        self.slider.blockSignals(True)
        self.slider.set_number(truncation)
        self.slider.blockSignals(False)
        self._value.setText(f"{truncation:.2f}")


class LatentStage(QWidget):
    """Keeps the last picture until the next has come, and says so where that takes long."""

    way_on = Signal()
    """The button of a stage that has nothing to show."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._screen = screen
        self._compact = False
        self._looking, self._exploring, self._walk = screen.looking, screen.exploring, screen.walk
        self.setAcceptDrops(True)
        self.switch = ViewSwitch([view.value for view in VIEWS])
        self.truncation = TruncationControl(screen)
        self.copying = icon_button("copy", "Is it copying? Find the nearest training pictures")
        self.export = Button("Export", icon="film")
        self.files = LatentFiles(screen, self)
        self.nearest = NearestStrip(screen)
        self.tasks = TaskRow(screen)
        self.picture = PictureView()
        self.grid = SampleGrid()
        self.nothing = NoModel(self._looking, NO_RUN, NO_LATENTS)
        self.walk = LatentWalk(screen)
        self._rendering = QTimer(self, singleShot=True, interval=RENDERING_AFTER_MS)
        self._arrange()
        self._bind()
        self._show_model()

    def _arrange(self) -> None:
        self._row = stage_row(self.switch, at_the_right=(self.truncation, self.copying, self.export))
        self._pages = QStackedWidget()
        for page in (self.picture, self.grid, self.nothing):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._row)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.nearest)
        layout.addWidget(self.tasks)
        layout.addWidget(self.walk)

    def _bind(self) -> None:
        self.switch.changed.connect(self._choose_view)
        self.grid.tile_chosen.connect(self._go_to)
        self.grid.copy_asked.connect(self.files.copy_tile)
        self.grid.save_asked.connect(self.files.save_tile)
        self.nothing.clicked.connect(self.way_on)
        self.copying.clicked.connect(self._screen.findings.find_nearest)
        self.export.clicked.connect(self._open_menu)
        self._looking.opened.connect(self._show_model)
        self._looking.left.connect(self._show_model)
        self._looking.updated.connect(self._show_chip)
        self._exploring.changed.connect(self._wait)
        self._exploring.pictured.connect(self._show_pictures)
        self._walk.pictured.connect(self._show_pictures)
        self._walk.moved.connect(self._show_page)
        self._rendering.timeout.connect(self._say_rendering)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.switch.set_compact(compact)
        self._make_room()
        self.walk.set_compact(compact)

    def _make_room(self) -> None:
        """Beside the truncation there is no room for words on the button."""
        self.export.set_icon_only(self._compact or self._looking.can("HasStyles"))

    @Slot()
    def _show_model(self) -> None:
        self._make_room()
        usable = self._exploring.is_usable
        for widget in (self.switch, self.copying, self.export, self.walk):
            widget.setVisible(usable)
        self.truncation.setVisible(self._looking.can("HasStyles"))
        if usable:
            self._show_pictures()
            return
        self._rendering.stop()
        self.nothing.explain()
        self._pages.setCurrentWidget(self.nothing)

    @Slot()
    def _show_page(self) -> None:
        if not self._exploring.is_usable:
            return
        alone = self._exploring.view is StageView.ONE or self._walk.is_playing
        page = self.picture if alone else self.grid
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
            self._show_pictures()

    @Slot()
    def _show_pictures(self) -> None:
        if not self._exploring.is_usable:
            return
        self._show_page()
        pictures, frame = self._exploring.pictures, self._walk.frame
        if self._walk.is_playing and frame is not None:
            self.picture.set_pictures(frame)
        elif self._exploring.view is StageView.ONE:
            self.picture.set_pictures(None if pictures is None else pictures[:1])
        elif pictures is not None:
            self.grid.set_pictures(pictures)
            self.grid.choose(self._exploring.own_place)
        if not self._exploring.is_waiting:
            self._rendering.stop()
        self._show_chip()

    @Slot()
    def _show_chip(self) -> None:
        step = f"step {self._exploring.shown_step:,}"
        live = self._looking.is_live
        words = f"live, {step}" if live else step
        if self._exploring.pictures is None:
            words = ""
        self.picture.set_chip(words, live=live)
        self.grid.set_chip(words)

    @Slot()
    def _wait(self) -> None:
        if self._exploring.is_waiting and not self._rendering.isActive():
            self._rendering.start()

    @Slot()
    def _say_rendering(self) -> None:
        if self._exploring.is_waiting:
            self.picture.set_chip("rendering")
            self.grid.set_chip("rendering")

    @Slot(int)
    def _choose_view(self, index: int) -> None:
        self._exploring.choose_view(VIEWS[index])
        self._show_page()

    @Slot(int)
    def _go_to(self, index: int) -> None:
        if index != self._exploring.own_place:
            self._exploring.go_to(index)

    @Slot()
    def _open_menu(self) -> None:
        self.files.open_menu(self.export)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self._screen.exporting.drop(path)


def _dropped(mime: QMimeData) -> Path | None:
    """The one file that is dropped, where it may be a picture of ours."""
    files = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    return Path(files[0]) if len(files) == 1 and files[0].lower().endswith(".png") else None
