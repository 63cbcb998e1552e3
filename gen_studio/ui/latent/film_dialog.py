"""Asks how a walk is to be filmed: how large, how many pictures a second, squares or smooth."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.core.enlarging import Scaling
from gen_studio.ui.widgets.buttons import Button, Kind
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.labels import ElidedLabel, heading, paragraph

RATES = (12, 24, 30, 60)
USUAL_RATE = 30
LEAST_HEIGHT, MOST_HEIGHT = 256, 1024
CONTROL_WIDTH = 168
SCALINGS = {Scaling.SQUARES: "Each pixel a square", Scaling.SMOOTH: "Smooth"}


class FilmDialog(QDialog):
    """`height`, `rate` and `scaling` once it was accepted. native: height and width of the model's pictures."""

    def __init__(self, native: tuple[int, int], seconds: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Film the walk")
        self.setMinimumWidth(320)
        self._native, self._seconds = native, seconds
        self._sizes = heights(native[0])
        self.size_box, self.rate_box, self.scaling_box = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.size_box.addItems([self._in_words(height) for height in self._sizes])
        self.rate_box.addItems([f"{rate} per second" for rate in RATES])
        self.rate_box.setCurrentIndex(RATES.index(USUAL_RATE))
        self.scaling_box.addItems(list(SCALINGS.values()))
        comfortable = [height for height in self._sizes if height >= LEAST_HEIGHT]
        self.size_box.setCurrentIndex(self._sizes.index(comfortable[0]) if comfortable else len(self._sizes) - 1)
        self._about = paragraph(muted=True)
        self._arrange()
        self.rate_box.currentIndexChanged.connect(self._describe)
        self._describe()

    @property
    def height_asked(self) -> int:
        return self._sizes[self.size_box.currentIndex()]

    @property
    def rate(self) -> int:
        return RATES[self.rate_box.currentIndex()]

    @property
    def scaling(self) -> Scaling:
        return list(SCALINGS)[self.scaling_box.currentIndex()]

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(heading("Film the walk"))
        for title, box in (("Size", self.size_box), ("Pictures", self.rate_box), ("Pixels", self.scaling_box)):
            box.setFixedWidth(CONTROL_WIDTH)
            box.setAccessibleName(title)
            row = QHBoxLayout()
            row.addWidget(ElidedLabel(title), 1)
            row.addWidget(box)
            layout.addLayout(row)
        layout.addWidget(self._about)
        self.save = Button("Choose a file", Kind.PRIMARY)
        self.save.setDefault(True)
        cancel = Button("Cancel")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        layout.addSpacing(8)
        layout.addLayout(buttons)
        self.save.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)

    @Slot()
    def _describe(self) -> None:
        frames = max(2, round(self._seconds * self.rate))
        self._about.setText(f"{frames:,} pictures, {self._seconds:.1f} s, as MP4 or GIF by the file's name.")

    def _in_words(self, height: int) -> str:
        width = round(self._native[1] * height / self._native[0])
        return f"{width} × {height}"


def heights(native: int) -> tuple[int, ...]:
    """The model's own, and whole multiples up to what a screen shows."""
    found = [native]
    while found[-1] * 2 <= MOST_HEIGHT:
        found.append(found[-1] * 2)
    return tuple(found)
