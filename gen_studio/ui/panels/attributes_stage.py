"""The middle of the Attributes panel: the picture and what it was before, one's own picture, a strip of strengths."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gen_studio.ui.attributes.compared_view import Compare, ComparedView
from gen_studio.ui.attributes.strength_strip import StrengthStrip
from gen_studio.ui.canvas.intake import holds_picture
from gen_studio.ui.panels.attributes_files import AttributesFiles
from gen_studio.ui.panels.latent_tasks import TaskRow
from gen_studio.ui.panels.no_model import NoModel
from gen_studio.ui.pictures import Pixels, to_image
from gen_studio.ui.widgets.buttons import Button, Kind, icon_button
from gen_studio.ui.widgets.empty_state import EmptyState
from gen_studio.ui.widgets.labels import STAGE_ROW, heading, secondary, stage_row
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels.attributes_own import FROM_DATA
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.attributes_stage import STRENGTHS
from gen_studio.viewmodels.exploration import strength_of

RENDERING_AFTER_MS = 300
NO_RUN = "Show a run, finished or under way, to change attributes of what its model draws."
NO_LATENTS = (
    "This model has no latents in which an attribute could be a direction: what it shows, it makes of other pictures. "
    "Choose a run whose model draws its pictures from latents, or encodes them."
)
NO_PICTURE = (
    "This model draws no samples: it gives back what it encodes. Change a picture of the data, or open one of yours."
)
WAYS = tuple(Compare)


class OwnRow(QWidget):
    """One's own picture: how near the model comes to it, a closer search, the way back to it."""

    def __init__(self, screen: AttributesScreen) -> None:
        super().__init__()
        self._own, self._stage = screen.own, screen.stage
        self._words = secondary(tabular=True)
        self.closer = Button("Come closer", Kind.QUIET, "search")
        self.closer.setToolTip("Search on from what the encoder says")
        self.again = Button("Find it again", Kind.QUIET, "repeat")
        self.again.setToolTip("The model has learnt on since, and the place means another picture to it now")
        self.show_button = Button("Show it", Kind.QUIET, "image")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.again)
        layout.addWidget(self.closer)
        layout.addWidget(self.show_button)
        self.again.clicked.connect(self._own.find_again)
        self.closer.clicked.connect(self._own.come_closer)
        self.show_button.clicked.connect(self._stage.show_own)
        self._own.changed.connect(self._show)
        self._show()

    @property
    def words(self) -> str:
        return self._words.text()

    @Slot()
    def _show(self) -> None:
        self.setVisible(self._own.own is not None)
        self._words.setText(self._own.in_words())
        shown = self._stage.own is not None
        self.again.setVisible(shown and self._own.is_outdated and not self._own.is_searching)
        self.closer.setVisible(shown and self._own.can_come_closer)
        self.show_button.setVisible(not shown)


class StripSection(QWidget):
    """The chosen direction from -3 to 3."""

    def __init__(self, screen: AttributesScreen, files: AttributesFiles) -> None:
        super().__init__()
        self._screen, self._stage = screen, screen.stage
        self._name = secondary()
        self.save = icon_button("download", "Save the strip as one picture")
        self.strip = StrengthStrip(STRENGTHS)
        row = QWidget()
        row.setFixedHeight(STAGE_ROW)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(heading("Strengths"))
        line.addWidget(self._name, 1)
        line.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(row)
        layout.addWidget(self.strip)
        self.save.clicked.connect(files.save_strip)
        self.strip.chosen.connect(self._stage.go_to_strength)
        self._stage.strip_pictured.connect(self._show_pictures)
        screen.directions.chosen_changed.connect(self._show)
        screen.exploring.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        chosen = self._screen.directions.chosen
        self.setVisible(chosen is not None and self._stage.has_picture)
        if chosen is not None:
            self._name.setText(chosen.direction.name)
            self.strip.set_current(strength_of(self._screen.exploring.picture, chosen.direction))

    @Slot()
    def _show_pictures(self) -> None:
        pictures = self._stage.strip_pictures
        self.strip.set_images([] if pictures is None else [to_image(picture) for picture in pictures])


class AttributesStage(QWidget):
    """Keeps the last picture until the next has come, and says so where that takes long."""

    way_on = Signal()
    """The button of a stage that has nothing to show."""

    def __init__(self, screen: AttributesScreen) -> None:
        super().__init__()
        self._screen = screen
        self._looking, self._exploring, self._stage = screen.looking, screen.exploring, screen.stage
        self.setAcceptDrops(True)
        self.files = AttributesFiles(screen, self)
        self.switch = ViewSwitch([way.value for way in WAYS], "How before and after are seen")
        self.open = Button("Open picture", icon="folder-open")
        self.open.setToolTip(
            "A picture of yours, to change it. It can also be pasted or dropped. One that was saved here leads back "
            "to its exact place."
        )
        self.export = Button("Export", icon="download")
        self.picture = ComparedView()
        self.picture.setToolTip("Hold the mouse or C for before")
        self.nothing = NoModel(self._looking, NO_RUN, NO_LATENTS)
        self.empty = EmptyState(NO_PICTURE, "Picture of the data", "database")
        self.tasks = TaskRow(screen.latent)
        self.own = OwnRow(screen)
        self.strip = StripSection(screen, self.files)
        self._rendering = QTimer(self, singleShot=True, interval=RENDERING_AFTER_MS)
        self._arrange()
        self._bind()
        self._show_model()

    def _arrange(self) -> None:
        self._pages = QStackedWidget()
        for page in (self.picture, self.empty, self.nothing):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(stage_row(self.switch, at_the_right=(self.open, self.export)))
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.own)
        layout.addWidget(self.tasks)
        layout.addWidget(self.strip)

    def _bind(self) -> None:
        self.switch.changed.connect(self._choose_way)
        self.open.clicked.connect(self.files.open_photo)
        self.export.clicked.connect(self._open_menu)
        self.nothing.clicked.connect(self.way_on)
        self.empty.clicked.connect(self._stage.draw_at_random)
        self._screen.own.changed.connect(self._show_page)
        for told in (self._stage.told, self._screen.directions.told):
            told.connect(self.tasks.say)
        self._looking.opened.connect(self._show_model)
        self._looking.left.connect(self._show_model)
        self._looking.updated.connect(self._show_step)
        self._exploring.changed.connect(self._wait)
        self._stage.pictured.connect(self._show_pictures)
        self._rendering.timeout.connect(self._show_step)

    def set_compact(self, compact: bool) -> None:
        self.switch.set_compact(compact)
        for button in (self.open, self.export):
            button.set_icon_only(compact)

    @Slot()
    def _show_model(self) -> None:
        usable = self._stage.is_usable
        for widget in (self.switch, self.open, self.export):
            widget.setVisible(usable)
        self.strip.setVisible(self._stage.has_picture and self._screen.directions.chosen is not None)
        self.own.setVisible(usable and self._screen.own.own is not None)
        if usable:
            self._show_page()
            self._show_pictures()
        else:
            self._rendering.stop()
            self.nothing.explain()
            self._pages.setCurrentWidget(self.nothing)

    @Slot()
    def _show_page(self) -> None:
        """A model that has no samples may have no picture yet, and a search for one says so below."""
        if self._stage.is_usable:
            self.empty.button.setEnabled(not self._screen.own.is_searching)
            self._pages.setCurrentWidget(self.picture if self._stage.has_picture else self.empty)

    @Slot()
    def _show_pictures(self) -> None:
        if not self._stage.is_waiting:
            self._rendering.stop()
        self._show_step()
        self.picture.set_compared(self._compared())

    def _compared(self) -> tuple[tuple[str, Pixels], ...]:
        stage = self._stage
        before, model, after = stage.before_pixels, stage.model_pixels, stage.after_pixels
        if before is None or model is None or after is None:
            return ()
        if stage.own is None:
            return ("Before", before), ("After", after)
        mine = stage.own.title if stage.own.title == FROM_DATA else "Your picture"
        return (mine, before), ("As the model has it", model), ("After", after)

    @Slot()
    def _show_step(self) -> None:
        if self._stage.is_waiting and not self._rendering.isActive():
            self.picture.set_step("rendering", live=False)
            return
        live, step = self._looking.is_live, f"step {self._stage.shown_step:,}"
        self.picture.set_step(f"live, {step}" if live else step, live=live)

    @Slot()
    def _wait(self) -> None:
        if self._stage.is_waiting and not self._rendering.isActive():
            self._rendering.start()

    @Slot(int)
    def _choose_way(self, index: int) -> None:
        self.picture.set_compare(WAYS[index])

    @Slot()
    def _open_menu(self) -> None:
        self.files.open_menu(self.export)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._stage.is_usable and holds_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files.take(event.mimeData())
