"""The middle of the Translate panel: tools, what one draws on, and the answer that follows the hand beside it."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from gen_studio.ui.canvas import intake
from gen_studio.ui.canvas.area import PictureArea
from gen_studio.ui.canvas.options_bar import OptionsBar
from gen_studio.ui.canvas.tool_strip import ToolStrip
from gen_studio.ui.canvas.tools import Command
from gen_studio.ui.canvas.view import View
from gen_studio.ui.panels.latent_tasks import TaskRow
from gen_studio.ui.panels.no_model import NoModel
from gen_studio.ui.panels.translate_canvas import AnswerArea, TranslateCanvas
from gen_studio.ui.panels.translate_compare import KnownPictures
from gen_studio.ui.panels.translate_examples import ExampleStrip
from gen_studio.ui.pictures import to_image
from gen_studio.ui.widgets.buttons import Button
from gen_studio.ui.widgets.labels import ElidedLabel, rule, secondary
from gen_studio.viewmodels.translating import Job
from gen_studio.viewmodels.translating_screen import TranslatingScreen

RENDERING_AFTER_MS = 300
GAP, PADDING, FOOT = 16, 16, 4
PNG = "Pictures (*.png)"
NO_RUN = "Show a run, finished or under way, to have its model translate, enlarge or paint what you draw or open."
CANNOT = (
    "This model makes no picture of another one: it neither translates nor enlarges pictures, nor paints layouts. "
    "Choose a run whose model does."
)
INPUTS = {
    Job.TRANSLATE: "Input",
    Job.BOTH_WAYS: "Input",
    Job.ENLARGE: "Small picture",
    Job.PAINT: "Layout",
}


class TranslateStage(QWidget):
    """Files and pictures may be dropped anywhere on it."""

    way_on = Signal()
    """The user wants to be led to a run that has what is missing."""

    def __init__(self, screen: TranslatingScreen) -> None:
        super().__init__()
        self._screen = screen
        self._looking, self._translating, self._files = screen.looking, screen.translating, screen.files
        self.setAcceptDrops(True)
        self.canvas = TranslateCanvas(screen.translating)
        self.answer = AnswerArea()
        self.export = Button("Save", icon="download")
        self.strip = ToolStrip(self.canvas)
        self.options = OptionsBar(self.canvas, (self.export,))
        self.examples, self.known = ExampleStrip(screen), KnownPictures(screen)
        self.tasks = TaskRow(screen, (screen.waiting,))
        self.nothing = NoModel(self._looking, NO_RUN, CANNOT)
        self._input_words, self._answer_words = _caption(), _caption()
        self._rendering = QTimer(self, singleShot=True, interval=RENDERING_AFTER_MS)
        self._arrange()
        self._bind()
        self._show_model()

    def _arrange(self) -> None:
        beside = QHBoxLayout()
        beside.setSpacing(GAP)
        for words, area, below in (
            (self._input_words, self.canvas, self.examples),
            (self._answer_words, self.answer, self.known),
        ):
            half = QVBoxLayout()
            half.setSpacing(4)
            half.addWidget(words)
            half.addWidget(area, 1)
            half.addWidget(below)
            beside.addLayout(half, 1)
        middle = QVBoxLayout()
        middle.setContentsMargins(PADDING, 0, PADDING, FOOT)
        middle.setSpacing(4)
        middle.addWidget(self.options)
        middle.addLayout(beside, 1)
        middle.addWidget(self.tasks)
        # The pictures stay where they are when something is said below them.
        policy = self.tasks.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.tasks.setSizePolicy(policy)
        self._work = QWidget()
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.strip)
        row.addWidget(rule(vertical=True))
        row.addLayout(middle, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._work)
        self._pages.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def _bind(self) -> None:
        self.canvas.file_offered.connect(self._take_file)
        self.canvas.picture_offered.connect(self._files.take_in)
        self.canvas.told.connect(self.tasks.say)
        self.canvas.view_changed.connect(self._move_answer)
        self.answer.view_changed.connect(self._move_canvas)
        for signal in (self.canvas.committed, self.canvas.material_changed, self._translating.changed):
            signal.connect(self._show_steps)
        self.export.clicked.connect(self._open_menu)
        self.nothing.clicked.connect(self.way_on)
        self._looking.opened.connect(self._show_model)
        self._looking.left.connect(self._show_model)
        self._translating.laid_out.connect(self._show_captions)
        self._translating.answered.connect(self._show_answer)
        self._translating.changed.connect(self._wait)
        self._rendering.timeout.connect(self._say_rendering)

    def set_compact(self, compact: bool) -> None:
        self.export.set_icon_only(compact)

    # What is shown

    @Slot()
    def _show_model(self) -> None:
        if self._translating.is_usable:
            self._pages.setCurrentWidget(self._work)
            self._show_captions()
            self._show_answer()
            return
        self._rendering.stop()
        self.nothing.explain()
        self._pages.setCurrentWidget(self.nothing)

    @Slot()
    def _show_captions(self) -> None:
        job, pixels = self._translating.job, self._translating.pixels
        if job is None:
            return
        self._input_words.setText(f"{INPUTS[job]}, {pixels.shape[1]} × {pixels.shape[0]}")
        answer = self._translating.answer
        size = "" if answer is None else f", {answer.shape[1]} × {answer.shape[0]}"
        self._answer_words.setText(f"Answer{size}")

    @Slot()
    def _show_answer(self) -> None:
        if not self._translating.is_waiting:
            self._rendering.stop()
        self.answer.show_answer(self._translating.answer)
        if self._scale == 1:
            # Its own fit may be a pixel off.
            self._move_answer(self.canvas.view)
        self._show_captions()
        if self._translating.answer is None:
            self.answer.set_chip("")
            return
        step = f"step {self._translating.shown_step:,}"
        self.answer.set_chip(f"live, {step}" if self._looking.is_live else step)

    @Slot()
    def _wait(self) -> None:
        if self._translating.is_waiting and not self._rendering.isActive():
            self._rendering.start()

    @Slot()
    def _say_rendering(self) -> None:
        if self._translating.is_waiting:
            self.answer.set_chip("rendering")

    @Slot()
    def _show_steps(self) -> None:
        """Undo goes beyond the strokes of one sheet."""
        self.strip.commands[Command.UNDO].setEnabled(self._translating.can_undo)
        self.strip.commands[Command.REDO].setEnabled(self._translating.can_redo)

    @property
    def _scale(self) -> int:
        """How many times as large the answer is as what it answers."""
        facts = self._looking.facts
        return facts.scale if facts is not None else 1

    @Slot(object)
    def _move_answer(self, view: View) -> None:
        """Both show the same place. Of two sizes it is the larger one that decides what fits."""
        zoom = view.zoom / self._scale
        if self._scale == 1 or zoom.is_integer():
            self._show_place(self.answer, View(zoom, view.left, view.top))

    @Slot(object)
    def _move_canvas(self, view: View) -> None:
        if self._scale > 1 or self.answer.hasFocus() or self.answer.underMouse():
            self._show_place(self.canvas, View(view.zoom * self._scale, view.left, view.top))

    def _show_place(self, area: PictureArea, view: View) -> None:
        if area.view != view and area.has_picture:
            area.set_view(view)

    # In and out

    @Slot(object)
    def _take_file(self, path: Path) -> None:
        self._files.take_in(path)

    @Slot()
    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction("Save answer…").triggered.connect(self.save_answer)
        menu.addAction("Save input…").triggered.connect(self.save_question)
        menu.addAction("Copy answer").triggered.connect(self.copy_answer)
        corner = self.export.mapToGlobal(QPoint(self.export.width(), self.export.height() + 4))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    @Slot()
    def save_answer(self) -> None:
        if path := self._ask_where("answer.png"):
            self._files.save_answer(path)

    @Slot()
    def save_question(self) -> None:
        if path := self._ask_where("input.png"):
            self._files.save_question(path)

    @Slot()
    def copy_answer(self) -> None:
        if self._translating.answer is not None:
            QGuiApplication.clipboard().setImage(to_image(self._translating.answer))
            self.tasks.say("The answer is on the clipboard.")

    @Slot()
    def answer_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder of pictures to answer")
        out = QFileDialog.getExistingDirectory(self, "An empty folder for the answers", folder) if folder else ""
        if out:
            self._files.answer_folder(Path(folder), Path(out))

    def _ask_where(self, name: str) -> Path | None:
        path = QFileDialog.getSaveFileName(self, "Save as", name, PNG)[0]
        return Path(path) if path else None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._translating.is_usable and intake.holds_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.canvas.take_in(event.mimeData())


def _caption() -> ElidedLabel:
    label = secondary(tabular=True)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return label
