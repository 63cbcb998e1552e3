"""What only models have that were told classes: one to choose, and another to blend in."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.labels import ElidedLabel, heading_row
from gen_studio.ui.widgets.slider import Slider, SliderRow
from gen_studio.viewmodels.exploration import blend, blended
from gen_studio.viewmodels.latent_screen import LatentScreen

CONTROL_WIDTH = 168
NOBODY = "No other"


class ClassSection(QWidget):
    """The class of the picture, and how much of another there is in it."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._exploring, self._looking = screen.exploring, screen.looking
        self._names: tuple[str, ...] = ()
        self._chosen: tuple[float, ...] = ()
        self.first, self.second = ChoiceBox(), ChoiceBox()
        self.first.setAccessibleName("Class")
        self.second.setAccessibleName("Class to blend in")
        self.share = Slider(0.0, 1.0, 0.0, 0.01)
        self._share_row = SliderRow("Blend", self.share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Class"))
        layout.addWidget(_row("Shown", self.first))
        layout.addWidget(_row("Blended with", self.second))
        layout.addWidget(self._share_row)
        self.first.activated.connect(self._choose)
        self.second.activated.connect(self._choose_second)
        self._share_row.number_changed.connect(self._blend)
        self.share.sliderReleased.connect(self._exploring.end_gesture)
        self._looking.opened.connect(self._show_model)
        self._exploring.changed.connect(self._show)
        self._show_model()

    @Slot()
    def _show_model(self) -> None:
        facts = self._looking.facts
        names = facts.class_names if facts is not None and self._looking.can("IsConditional") else ()
        if names != self._names:
            self._names = names
            for box, words in ((self.first, names), (self.second, (NOBODY, *names))):
                box.clear()
                box.addItems(list(words))
        self.setVisible(len(names) > 1)
        self._show()

    @Slot()
    def _show(self) -> None:
        if not self._names:
            return
        weights = self._exploring.picture.classes
        if weights != self._chosen:
            # Undone or pasted. What was chosen here says more than weights can: which is first, what is at nothing.
            first, second, _ = blended(weights)
            self.first.setCurrentIndex(first)
            self.second.setCurrentIndex(0 if second is None else second + 1)
            self._chosen = weights
        other = self._second()
        self._share_row.setVisible(other is not None)
        if other is not None:
            share = weights[other] / sum(weights) if other < len(weights) else 0.0
            self._share_row.set_source(f"towards {self._names[other]}")
            self._share_row.show_number(share if weights else float(other == 0))

    def _second(self) -> int | None:
        """None where no other class is blended in."""
        index = self.second.currentIndex() - 1
        return None if index < 0 or index == self.first.currentIndex() else index

    @Slot()
    def _choose(self) -> None:
        self._blend(self.share.number() if self._second() is not None else 0.0)
        self._exploring.end_gesture()

    @Slot()
    def _choose_second(self) -> None:
        self._blend(0.5 if self._second() is not None else 0.0)
        self._exploring.end_gesture()
        self._show()

    @Slot(float)
    def _blend(self, share: float) -> None:
        self._chosen = blend(self.first.currentIndex(), self._second(), share, len(self._names))
        self._exploring.set_classes(self._chosen)


def _row(title: str, control: ChoiceBox) -> QWidget:
    """34 high: the name left, the control right."""
    row = QWidget()
    row.setFixedHeight(34)
    grid = QGridLayout(row)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.addWidget(ElidedLabel(title), 0, 0)
    control.setFixedWidth(CONTROL_WIDTH)
    grid.addWidget(control, 0, 1)
    return row
