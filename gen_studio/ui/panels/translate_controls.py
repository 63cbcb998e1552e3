"""The right column of the Translate panel: where questions come from, with what they are drawn, chance and look."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.ui.canvas.canvas import PICTURE_FILES
from gen_studio.ui.canvas.material import Sketch
from gen_studio.ui.canvas.swatches import ClassPalette, ColourDots
from gen_studio.ui.canvas.tools import Command
from gen_studio.ui.panels.translate_canvas import TranslateCanvas
from gen_studio.ui.panels.translate_compare import MagnifierSection, PlainPicture
from gen_studio.ui.widgets.buttons import Button, icon_button
from gen_studio.ui.widgets.fields import NumberField
from gen_studio.ui.widgets.labels import ElidedLabel, heading, heading_row, paragraph, secondary
from gen_studio.ui.widgets.switch import Switch
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels.translating import Job
from gen_studio.viewmodels.translating_screen import TranslatingScreen

INKS = (("Black", 0, 0, 0), ("White", 255, 255, 255), ("Grey", 128, 128, 128))
COLOURED_INKS = (
    ("Skin", 226, 178, 150),
    ("Brown", 110, 66, 38),
    ("Red", 200, 50, 45),
    ("Yellow", 240, 205, 80),
    ("Green", 70, 150, 80),
    ("Blue", 60, 105, 200),
)
STYLE_SIDE = 72


class QuestionSection(QWidget):
    """Pictures from files and the clipboard, how they are taken in, and held-out data."""

    def __init__(self, screen: TranslatingScreen, canvas: TranslateCanvas) -> None:
        super().__init__()
        self._translating, self._files, self._canvas = screen.translating, screen.files, canvas
        self.open = Button("Open", icon="folder-open")
        self.open.setToolTip("Open a picture   Ctrl+O")
        self.paste = icon_button("clipboard-paste", "Paste a picture", "Ctrl+V")
        self.blank = icon_button("square", "Empty sheet", "N")
        self.folder = Button("Folder", icon="layers")
        self.folder.setToolTip("Answer all pictures of a folder")
        self.filter, self.keep_small = Switch(), Switch("At the model's size")
        self._filter_words, self._size_words = ElidedLabel(), ElidedLabel()
        self._filter_row, self._size_row = (
            _row(self._filter_words, self.filter),
            _row(self._size_words, self.keep_small),
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.open, self.paste, self.blank, self.folder):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Input"))
        layout.addLayout(buttons)
        for widget in (self._filter_row, self._size_row):
            layout.addWidget(widget)
        self._bind()
        self._show()

    def _bind(self) -> None:
        self.open.clicked.connect(self._canvas.ask_for_file)
        self.paste.clicked.connect(self._paste)
        self.blank.clicked.connect(self._translating.clear)
        self.filter.clicked.connect(self._files.set_makes_questions)
        self.keep_small.clicked.connect(self._files.set_at_model_size)
        self._files.changed.connect(self._show)

    @Slot()
    def _paste(self) -> None:
        self._canvas.perform(Command.PASTE)

    @Slot()
    def _show(self) -> None:
        files, facts = self._files, self._translating.looking.facts
        self._filter_row.setVisible(files.can_make_questions)
        enlarges = self._translating.job is Job.ENLARGE
        made = "Make photos small first" if enlarges else f"Make {files.filter.value} of photos" if files.filter else ""
        self._filter_words.setText(made)
        self.filter.setAccessibleName(made)
        self.filter.setChecked(files.makes_questions)
        self._size_row.setVisible(files.can_keep_size)
        if facts is not None:
            self._size_words.setText(f"Bring pictures to {facts.width} × {facts.height}")
        self.keep_small.setChecked(files.at_model_size)


class InkSection(QWidget):
    """What one paints with: the classes of a layout, or a few colours."""

    def __init__(self, canvas: TranslateCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self.classes = ClassPalette(canvas)
        self.inks = ColourDots("Ink")
        self._classes_part, self._inks_part = QWidget(), QWidget()
        for part, words, widget in (
            (self._classes_part, "Classes", self.classes),
            (self._inks_part, "Ink", self.inks),
        ):
            inside = QVBoxLayout(part)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(4)
            inside.addWidget(heading_row(words))
            inside.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._classes_part)
        layout.addWidget(self._inks_part)
        self.inks.chosen.connect(self._take)
        canvas.material_changed.connect(self._show)
        canvas.ink_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        material = self._canvas.material
        is_sketch = isinstance(material, Sketch)
        self._classes_part.setVisible(material is not None and not is_sketch)
        self._inks_part.setVisible(is_sketch)
        if isinstance(material, Sketch):
            inks = self._all(material)
            now = material.ink.value
            current = next((place for place, ink in enumerate(inks) if list(ink[1:]) == _three(now)), -1)
            self.inks.set_choices([ink[0] for ink in inks], [QColor(*ink[1:]) for ink in inks], current)

    @Slot(int)
    def _take(self, index: int) -> None:
        material = self._canvas.material
        if isinstance(material, Sketch):
            colour = self._all(material)[index][1:]
            self._canvas.take_colour(colour[: material.document.pixels.shape[2]])

    def _all(self, material: Sketch) -> tuple[tuple[str, int, int, int], ...]:
        return (*INKS, *COLOURED_INKS) if material.document.pixels.shape[2] == 3 else INKS


class DirectionSection(QWidget):
    """Which of two domains the picture is of."""

    def __init__(self, screen: TranslatingScreen) -> None:
        super().__init__()
        self._translating = screen.translating
        self.switch = ViewSwitch(("There", "Back"), "Direction")
        self.round = Button("Answer as input", icon="repeat")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Direction"))
        layout.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.round)
        self.switch.changed.connect(self._choose)
        self.round.clicked.connect(self._translating.turn_round)
        self._translating.opened.connect(self._show_model)
        self._translating.changed.connect(self._show)
        self._show_model()

    @Slot()
    def _show_model(self) -> None:
        facts = self._translating.looking.facts
        self.setVisible(self._translating.job is Job.BOTH_WAYS)
        if facts is not None and len(facts.domains) == 2:
            self.switch.set_words([f"→ {name}" for name in reversed(facts.domains)])
        self._show()

    @Slot()
    def _show(self) -> None:
        before = self.switch.blockSignals(True)
        self.switch.set_index(int(self._translating.state.back))
        self.switch.blockSignals(before)
        self.round.setEnabled(self._translating.answer is not None)

    @Slot(int)
    def _choose(self, index: int) -> None:
        self._translating.set_back(bool(index))


class LookSection(QWidget):
    """Chance by its seed, or the look of a picture where the model takes one."""

    def __init__(self, screen: TranslatingScreen) -> None:
        super().__init__()
        self._translating, self._files = screen.translating, screen.files
        self.seed = NumberField("Seed", whole=True, minimum=0)
        self.dice = icon_button("dices", "Another seed", "D")
        self.style_picture = PlainPicture("Style")
        self.style_picture.setFixedSize(STYLE_SIDE, STYLE_SIDE)
        self.open = Button("From a picture")
        self.use_target = Button("From the target")
        self.leave = icon_button("x", "By chance again")
        self._says = paragraph("The look is drawn by chance.", muted=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._title = heading("Look")
        layout.addWidget(_row(self._title, self.leave))
        layout.addWidget(_row(secondary("Seed"), self.seed, self.dice))
        layout.addWidget(self._style_row())
        self.seed.editingFinished.connect(self._take_seed)
        self.dice.clicked.connect(self._translating.draw_seed)
        self.open.clicked.connect(self._ask_for_style)
        self.use_target.clicked.connect(self._take_target)
        self.leave.clicked.connect(self._leave_style)
        self._translating.changed.connect(self._show)
        self._show()

    def _style_row(self) -> QWidget:
        self._styles = QWidget()
        buttons = QVBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.open)
        buttons.addWidget(self.use_target)
        row = QHBoxLayout(self._styles)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.style_picture)
        row.addWidget(self._says, 1)
        row.addStretch(0)
        row.addLayout(buttons)
        return self._styles

    @Slot()
    def _show(self) -> None:
        state, facts = self._translating.state, self._translating.looking.facts
        takes_style = facts is not None and facts.takes_style
        self._title.setText("Look" if self._translating.job is Job.PAINT else "Chance")
        self._styles.setVisible(takes_style)
        picture = None if state.style is None else state.style.picture
        self.style_picture.show_picture(picture)
        self.style_picture.setVisible(picture is not None)
        self._says.setVisible(picture is None)
        self.leave.setVisible(picture is not None)
        self.use_target.setEnabled(self._translating.sheet.target is not None)
        if not (self.seed.hasFocus() and self.seed.isModified()):
            self.seed.set_value(state.seed)

    @Slot()
    def _take_seed(self) -> None:
        value, problem = self.seed.value(), self.seed.problem()
        self.seed.set_wrong(bool(problem))
        self.seed.setToolTip(problem)
        self.seed.setModified(False)
        if isinstance(value, int) and not problem and value != self._translating.state.seed:
            self._translating.set_seed(value)

    @Slot()
    def _ask_for_style(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Take the look of a picture", "", PICTURE_FILES)
        if path:
            self._files.take_style(Path(path))

    @Slot()
    def _leave_style(self) -> None:
        self._translating.set_style(None)

    @Slot()
    def _take_target(self) -> None:
        self._translating.set_style(self._translating.sheet.target)


class TranslateControls(QWidget):
    """All sections, of which each shows itself where the model has use for it."""

    def __init__(self, screen: TranslatingScreen, canvas: TranslateCanvas) -> None:
        super().__init__()
        self.question = QuestionSection(screen, canvas)
        self.ink = InkSection(canvas)
        self.direction = DirectionSection(screen)
        self.look = LookSection(screen)
        self.magnifier = MagnifierSection(screen)
        self._screen = screen
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self._sections = (self.direction, self.ink, self.look, self.question, self.magnifier)
        for section in self._sections:
            layout.addWidget(section)
        layout.addStretch(1)
        screen.looking.opened.connect(self._show)
        screen.looking.left.connect(self._show)
        self._show()

    def set_compact(self, compact: bool) -> None:
        self.direction.switch.set_compact(compact)

    @Slot()
    def _show(self) -> None:
        usable = self._screen.translating.is_usable
        job = self._screen.translating.job
        for section in (self.ink, self.question):
            section.setVisible(usable)
        self.direction.setVisible(job is Job.BOTH_WAYS)
        self.look.setVisible(self._screen.translating.has_chance)
        self.magnifier.setVisible(job is Job.ENLARGE)


def _row(name: QWidget, *controls: QWidget) -> QWidget:
    """34 high: the name left, the controls right."""
    row = QWidget()
    row.setFixedHeight(34)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(name, 1)
    for control in controls:
        layout.addWidget(control)
    return row


def _three(value: object) -> list[int]:

    channels = np.atleast_1d(np.asarray(value)).tolist()
    return [int(one) for one in (channels * 3 if len(channels) == 1 else channels)]
