"""The right column of the Inpaint panel: the picture, its mask, how well the holes are filled, what leaves it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.core.words import count
from gen_studio.ui.canvas.canvas import Canvas
from gen_studio.ui.canvas.swatches import MaskColours
from gen_studio.ui.panels.inpaint_files import InpaintFiles
from gen_studio.ui.widgets.buttons import Button, icon_button, tip
from gen_studio.ui.widgets.labels import ElidedLabel, heading_row, paragraph, rule, secondary
from gen_studio.ui.widgets.slider import Slider
from gen_studio.viewmodels.inpainting_screen import InpaintingScreen

ROW = 34
LEAST, USUAL, MOST = 0.02, 0.2, 0.6
"""Shares of a picture that holes by chance may cover."""
LARGEST_SEED = 2**31
KEYS = "Hold C for before, V to hide the mask. F1 lists all keys."


class PictureSection(QWidget):
    """Which picture is worked on, and where another comes from."""

    def __init__(self, screen: InpaintingScreen, canvas: Canvas) -> None:
        super().__init__()
        self._inpainting = screen.inpainting
        self._name, self._size = ElidedLabel(), secondary(tabular=True)
        self.open_button = Button("Open", icon="folder-open")
        self.open_button.setToolTip(tip("Open a picture", "Ctrl+O"))
        self.data_button = Button("From the data", icon="database")
        self.data_button.setToolTip("A picture of the run's data that it was not trained on")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.data_button)
        buttons.addStretch(1)
        layout = _column(self)
        layout.addWidget(heading_row("Picture"))
        layout.addWidget(self._name)
        layout.addSpacing(4)
        layout.addWidget(self._size)
        layout.addSpacing(8)
        layout.addLayout(buttons)
        self.open_button.clicked.connect(canvas.ask_for_file)
        self.data_button.clicked.connect(screen.files.show_next_of_data)
        self._inpainting.began.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        subject = self._inpainting.subject
        self._name.setText(subject.name if subject else "None yet")
        self._size.setText("Open, paste or drop one." if subject is None else _size(subject.pixels.shape))


class MaskSection(QWidget):
    """What is to be filled."""

    def __init__(self, screen: InpaintingScreen, canvas: Canvas, files: InpaintFiles) -> None:
        super().__init__()
        self._inpainting, self._files = screen.inpainting, screen.files
        self._seed = 0
        self.open_button = icon_button("folder-open", "Open a mask")
        self.again_button = icon_button("repeat", "Use the last mask again", "M")
        self.save_button = icon_button("download", "Save the mask")
        self.covers = ElidedLabel("", 13, 600, tabular=True)
        self.colours = MaskColours(canvas)
        self.coverage = Slider(LEAST, MOST, USUAL, 0.01)
        self.coverage.setAccessibleName("Share that random holes cover")
        self.coverage.setFixedWidth(60)
        self._share = ElidedLabel("", 13, 600, tabular=True)
        self._share.setFixedWidth(40)
        self.dice = icon_button("dices", "Other random holes", "D")
        layout = _column(self)
        layout.addWidget(heading_row("Mask", self.open_button, self.again_button, self.save_button))
        layout.addWidget(_row("Covers", self.covers))
        layout.addWidget(_row("Overlay", self.colours))
        layout.addWidget(_row("Random holes", self.coverage, self._share, self.dice))
        self.open_button.clicked.connect(files.open_mask)
        self.again_button.clicked.connect(self._files.reuse_mask)
        self.save_button.clicked.connect(files.save_mask)
        self.dice.clicked.connect(self.draw_holes)
        self.coverage.number_changed.connect(self._show_coverage)
        self.coverage.sliderReleased.connect(self._redraw)
        for signal in (self._inpainting.changed, self._inpainting.began):
            signal.connect(self._show)
        self._show()
        self._show_coverage()

    @Slot()
    def draw_holes(self) -> None:
        """Others than before."""
        self._seed += 1
        self._redraw()

    @Slot()
    def _redraw(self) -> None:
        self._files.draw_holes(self.coverage.number(), self._seed)

    @Slot()
    def _show_coverage(self) -> None:
        self._share.setText(f"{100 * self.coverage.number():.0f} %")

    @Slot()
    def _show(self) -> None:
        has_picture = self._inpainting.subject is not None
        self.covers.setText(f"{100 * self._inpainting.share:.1f} % of the picture" if has_picture else "")
        self.save_button.setEnabled(self._inpainting.has_mask)
        self.again_button.setEnabled(has_picture and self._inpainting.last_mask is not None)
        for widget in (self.open_button, self.dice, self.coverage):
            widget.setEnabled(has_picture)


class AnswerSection(QWidget):
    """How far the answer is from what was there."""

    def __init__(self, screen: InpaintingScreen) -> None:
        super().__init__()
        self._inpainting, self._looking = screen.inpainting, screen.looking
        self.error = ElidedLabel("", 13, 600, tabular=True)
        self._how = secondary()
        layout = _column(self)
        layout.addWidget(heading_row("Answer"))
        layout.addWidget(_row("Off the original by", self.error))
        layout.addWidget(self._how)
        self._inpainting.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        answer, facts = self._inpainting.answer, self._looking.facts
        self.error.setText("" if answer is None else f"{answer.error:.1f} of 255")
        self.error.set_hint("In the holes, on average over their pixels and colours, in grey levels.")
        side = 0 if facts is None else facts.height
        self._how.setText("" if not side else f"In windows of {side} × {side} around holes")


class InpaintInspector(QWidget):
    """What is saved stands at the foot."""

    def __init__(self, screen: InpaintingScreen, canvas: Canvas, files: InpaintFiles) -> None:
        super().__init__()
        self._inpainting, self._files = screen.inpainting, files
        self.picture = PictureSection(screen, canvas)
        self.mask_section = MaskSection(screen, canvas, files)
        self.answer = AnswerSection(screen)
        self.save_button = Button("Save", icon="download")
        self._hint = paragraph(KEYS, muted=True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._hint, 1)
        foot.addWidget(self.save_button)
        layout = _column(self)
        for section in (self.picture, self.mask_section, self.answer):
            if section is not self.picture:
                layout.addSpacing(12)
                layout.addWidget(rule())
            layout.addWidget(section)
        layout.addStretch(1)
        layout.addSpacing(12)
        layout.addLayout(foot)
        self.save_button.clicked.connect(self._open_menu)
        self._inpainting.began.connect(self._show)
        screen.looking.opened.connect(self._show)
        screen.looking.left.connect(self._show)
        self._show()

    @Slot()
    def _open_menu(self) -> None:
        self._files.open_menu(self.save_button)

    @Slot()
    def _show(self) -> None:
        """Nothing here is of use for a model that fills no holes."""
        for section in (self.picture, self.mask_section, self.answer):
            section.setEnabled(self._inpainting.is_usable)
        self.save_button.setEnabled(self._inpainting.is_usable and self._inpainting.subject is not None)


def _column(widget: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    return layout


def _row(title: str, *controls: QWidget) -> QWidget:
    """34 high: the name left, the controls right."""
    row = QWidget()
    row.setFixedHeight(ROW)
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    line.addWidget(ElidedLabel(title), 1)
    for control in controls:
        line.addWidget(control)
    return row


def _size(shape: tuple[int, ...]) -> str:
    height, width = shape[:2]
    megapixels = height * width / 1_000_000
    pixels = f", {megapixels:.1f} megapixels" if megapixels >= 1 else f", {count(height * width, 'pixel')}"
    return f"{width:,} × {height:,}{pixels}"
