"""The middle of the Inpaint panel: tools, the picture with its mask, the result, the answers to choose from."""

from enum import Enum
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gen_studio.ui.canvas.canvas import Canvas
from gen_studio.ui.canvas.intake import holds_picture
from gen_studio.ui.canvas.options_bar import OptionsBar
from gen_studio.ui.canvas.tool_strip import ToolStrip
from gen_studio.ui.canvas.view import View
from gen_studio.ui.panels.inpaint_answers import AnswerStrip
from gen_studio.ui.panels.inpaint_files import InpaintFiles
from gen_studio.ui.panels.inpaint_result import ResultArea
from gen_studio.ui.panels.latent_tasks import TaskRow
from gen_studio.ui.panels.no_model import NoModel
from gen_studio.ui.widgets.buttons import Button, Kind, tip
from gen_studio.ui.widgets.labels import ElidedLabel, secondary
from gen_studio.ui.widgets.switch import Switch
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels.inpainting_screen import InpaintingScreen

RENDERING_AFTER_MS = 300
PADDING, COMPACT_PADDING, GAP, FOOT = 24, 12, 12, 48
NO_RUN = "Show a run whose model fills holes, finished or under way, and paint over what is to be filled."
NO_HOLES = (
    "This model fills no holes. Choose a run of one that does, or train one: Partial convolution or Gated convolution."
)
NO_PICTURE = "Open, paste or drop a picture, or take one from the data."
FIRST = "Paint over what is to be filled."


class StageView(Enum):
    """What stands on the stage."""

    BOTH = "Side by side"
    WIPE = "Wipe"
    RESULT = "Result only"


VIEWS = tuple(StageView)


class InpaintStage(QWidget):
    """The canvas has the mask and its history, the view model what is made of it."""

    way_on = Signal()
    """The button of a stage that has nothing to show."""

    def __init__(self, screen: InpaintingScreen) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._screen = screen
        self._looking, self._inpainting = screen.looking, screen.inpainting
        self.canvas, self.result = Canvas(), ResultArea()
        self.files = InpaintFiles(screen, self)
        self.switch = ViewSwitch([view.value for view in VIEWS])
        self.tools = ToolStrip(self.canvas)
        self.options = OptionsBar(self.canvas, (self.switch,))
        self.answers = AnswerStrip()
        self.nothing = NoModel(self._looking, NO_RUN, NO_HOLES)
        self.at_once = Switch("Fill on release")
        self.fill_button = Button("Fill")
        self.more = Button("Six more", icon="plus")
        self.keep = Button("Keep answer", Kind.PRIMARY, icon="check")
        self._hint = secondary(tabular=True)
        self.tasks = TaskRow(screen, (screen.waiting,))
        self._rendering = QTimer(self, singleShot=True, interval=RENDERING_AFTER_MS)
        self._photo_version = 0
        self._arrange()
        self._bind()
        self._show_model()

    def _arrange(self) -> None:
        self.at_once.setChecked(self._inpainting.fills_at_once)
        self.keep.setToolTip(tip("Go on from this answer, with an empty mask", "Return"))
        pictures = QHBoxLayout()
        pictures.setSpacing(GAP)
        pictures.addWidget(self.canvas, 1)
        pictures.addWidget(self.result, 1)
        foot = QWidget()
        foot.setFixedHeight(FOOT)
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._hint, 1)
        row.addWidget(self.tasks, 1)
        row.addWidget(ElidedLabel("Fill on release"))
        for widget in (self.at_once, self.fill_button, self.more, self.keep):
            row.addWidget(widget)
        middle = QWidget()
        self._column = QVBoxLayout(middle)
        self._column.setSpacing(4)
        self._column.addWidget(self.options)
        self._column.addLayout(pictures, 1)
        self._column.addWidget(foot)
        self._column.addWidget(self.answers)
        work = QWidget()
        across = QHBoxLayout(work)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.tools)
        across.addWidget(middle, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(work)
        self._pages.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.set_compact(False)

    def _bind(self) -> None:
        inpainting, files = self._inpainting, self._screen.files
        self.canvas.file_offered.connect(self._open)
        self.canvas.picture_offered.connect(files.paste)
        self.canvas.told.connect(self.tasks.say)
        self.canvas.committed.connect(self._take_painting)
        self.canvas.view_changed.connect(self._lead)
        self.result.view_changed.connect(self._follow)
        self.result.fit_wanted.connect(self.canvas.fit)
        self.switch.changed.connect(self._choose_view)
        self.at_once.toggled.connect(inpainting.set_fills_at_once)
        self.fill_button.clicked.connect(inpainting.fill)
        self.more.clicked.connect(inpainting.ask_for_more)
        self.keep.clicked.connect(self.keep_answer)
        self.answers.chosen.connect(inpainting.choose)
        self.nothing.clicked.connect(self.way_on)
        inpainting.began.connect(self._show_picture)
        inpainting.changed.connect(self._show_answers)
        inpainting.going_on.connect(self.canvas.go_on_from)
        files.holes_made.connect(self.canvas.set_pixels)
        self.tasks.shown.connect(self._show_hint)
        self._looking.opened.connect(self._show_model)
        self._looking.left.connect(self._show_model)
        self._looking.updated.connect(self._show_words)
        self._rendering.timeout.connect(self._show_words)

    def set_compact(self, compact: bool) -> None:
        self.switch.set_compact(compact)
        self.more.set_icon_only(compact)
        padding = COMPACT_PADDING if compact else PADDING
        self._column.setContentsMargins(padding, 8, padding, 12)

    @property
    def view(self) -> StageView:
        return VIEWS[self.switch.index()]

    # The model

    @Slot()
    def _show_model(self) -> None:
        usable = self._inpainting.is_usable
        self._pages.setCurrentIndex(0 if usable else 1)
        if usable:
            self._show_picture() if self.canvas.material is None else self._show_answers()
        else:
            self._rendering.stop()
            self.nothing.explain()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Beside the canvas too, and where only the result is seen."""
        if self._inpainting.is_usable and holds_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.canvas.take_in(event.mimeData())

    # The canvas

    @Slot(object)
    def _open(self, path: Path) -> None:
        self._screen.files.open(path)

    @Slot()
    def _show_picture(self) -> None:
        subject = self._inpainting.subject
        if subject is None:
            self.canvas.show_nothing(NO_PICTURE)
        else:
            self.canvas.show_mask(subject.pixels)
            self.canvas.set_chip("Picture and mask")
        self._photo_version = self.canvas.photo_version
        self._show_answers()

    @Slot()
    def _take_painting(self) -> None:
        pixels = self.canvas.pixels
        if pixels is None or self._inpainting.subject is None:
            return
        is_other = self.canvas.photo_version != self._photo_version
        self._photo_version = self.canvas.photo_version
        self._inpainting.take_painting(pixels.astype(np.bool_, copy=False), self.canvas.photo if is_other else None)

    @Slot()
    def keep_answer(self) -> None:
        self._inpainting.keep()
        self.canvas.setFocus()

    # The result

    @Slot()
    def _show_answers(self) -> None:
        inpainting = self._inpainting
        if not inpainting.is_usable:
            return
        subject, answer = inpainting.subject, inpainting.answer
        self.result.show_pair(None if subject is None else subject.pixels, inpainting.photo, answer)
        self.answers.show_answers(inpainting.answers, inpainting.mask, inpainting.chosen)
        several = len(inpainting.answers) > 1
        self.answers.setVisible(several)
        self.more.setVisible(several)
        self.keep.set_words(f"Keep answer {inpainting.chosen + 1}" if several else "Keep answer")
        self.keep.setEnabled(answer is not None)
        called_off = inpainting.can_fill and answer is None and not inpainting.is_waiting
        self.fill_button.setVisible(called_off or not inpainting.fills_at_once)
        self.fill_button.setEnabled(inpainting.can_fill and not inpainting.is_waiting)
        if not inpainting.is_waiting:
            self._rendering.stop()
        elif not self._rendering.isActive():
            self._rendering.start()
        self._show_words()

    @Slot()
    def _show_words(self) -> None:
        inpainting, answer = self._inpainting, self._inpainting.answer
        late = inpainting.is_waiting and not self._rendering.isActive()
        live = self._looking.is_live
        if answer is None:
            words = "Rendering" if late else "Nothing filled"
        else:
            words = "Rendering" if late else f"{'Live, step' if live else 'Filled, step'} {answer.step:,}"
        self.result.set_words(words, live=live and answer is not None and not late)
        self._show_hint()

    @Slot()
    def _show_hint(self) -> None:
        """What is wrong, or what there is to do, while nothing is under way and nothing was just done."""
        inpainting = self._inpainting
        first = "" if inpainting.has_mask or inpainting.subject is None else FIRST
        self._hint.setText(inpainting.problem or first)
        self._hint.setVisible(self.tasks.isHidden())

    def status(self) -> str:
        return self._hint.text() if self.tasks.isHidden() else self.tasks.words()

    # The views

    @Slot(int)
    def _choose_view(self, index: int) -> None:
        view = VIEWS[index]
        both = view is StageView.BOTH
        self.canvas.setVisible(both)
        self.result.set_wipes(view is StageView.WIPE)
        self.result.set_led(both)
        if both:
            self._lead(self.canvas.view)

    @Slot(object)
    def _lead(self, view: View) -> None:
        if self.view is StageView.BOTH:
            self.result.set_view(view)

    @Slot(object)
    def _follow(self, view: View) -> None:
        if self.view is StageView.BOTH and view != self.canvas.view:
            self.canvas.set_view(view)
