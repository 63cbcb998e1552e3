"""One style mix: whose styles, for which layers, and how much of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.core.latents import Drawn, StyleMix
from gen_studio.ui.widgets.buttons import icon_button
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.fields import NumberField
from gen_studio.ui.widgets.labels import ElidedLabel, secondary
from gen_studio.ui.widgets.slider import Slider

LAYER_WIDTH, SEED_WIDTH = 38, 76
A_SEED, ELSEWHERE = "A seed", "Another place"


@dataclass(frozen=True)
class Source:
    """A pin whose styles may be taken."""

    number: int
    name: str


class MixRow(QWidget):
    """Two lines. Its signals tell of the hand alone."""

    pin_chosen = Signal(int)
    seed_chosen = Signal(object)
    """The seed; None for whichever."""
    layers_chosen = Signal(int, int)
    """From 0, both included."""
    share_changed = Signal(float)
    let_go = Signal()
    removed = Signal()

    def __init__(self, place: int) -> None:
        super().__init__()
        self.source = ChoiceBox()
        self.source.setAccessibleName(f"Styles {place + 1} of")
        self.seed = NumberField(f"Seed of styles {place + 1}", whole=True, minimum=0)
        self.seed.setFixedWidth(SEED_WIDTH)
        self.remove = icon_button("x", "Remove these styles")
        self.first = NumberField(f"First layer of styles {place + 1}", whole=True, minimum=1)
        self.last = NumberField(f"Last layer of styles {place + 1}", whole=True, minimum=1)
        self.share = Slider(0.0, 1.0, 1.0, 0.01)
        self.share.setAccessibleName(f"How much of styles {place + 1}")
        self.share.setToolTip("How much of these styles there is in their layers")
        self._share = ElidedLabel("1.00", 12, 500, tabular=True)
        self._share.setFixedWidth(self._share.sizeHint().width() + 4)
        self._mix: StyleMix | None = None
        self._arrange()
        self._bind()

    def _arrange(self) -> None:
        whose, where = QHBoxLayout(), QHBoxLayout()
        whose.setSpacing(4)
        whose.addWidget(self.source, 1)
        whose.addWidget(self.seed)
        whose.addWidget(self.remove)
        where.setSpacing(4)
        for widget in (_tight("Layers"), self.first, _tight("to"), self.last):
            where.addWidget(widget)
        where.addWidget(self.share, 1)
        where.addWidget(self._share)
        for field in (self.first, self.last):
            field.setFixedWidth(LAYER_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 6)
        layout.setSpacing(4)
        layout.addLayout(whose)
        layout.addLayout(where)

    def _bind(self) -> None:
        self.source.activated.connect(self._choose)
        self.seed.editingFinished.connect(self._take_seed)
        for field in (self.first, self.last):
            field.editingFinished.connect(self._take_layers)
        self.share.number_changed.connect(self._tell_share)
        self.share.sliderReleased.connect(self.let_go)
        self.remove.clicked.connect(self.removed)

    def show_mix(self, mix: StyleMix, pins: Sequence[Source], pin: int | None) -> None:
        """pins: what may be chosen; pin: the number of the one whose styles they are, None where they are no pin's."""
        self._mix = mix
        of_seed = pin is None and isinstance(mix.point, Drawn)
        with QSignalBlocker(self.source):
            self.source.clear()
            for source in pins:
                self.source.addItem(source.name, source.number)
            self.source.addItem(A_SEED, None)
            if pin is None and not of_seed:
                self.source.addItem(ELSEWHERE, None)
            last = self.source.count() - 1
            self.source.setCurrentIndex(last if pin is None else self.source.findData(pin))
        self.seed.setVisible(of_seed)
        if isinstance(mix.point, Drawn):
            _write(self.seed, mix.point.seed)
        self._write_layers(mix)
        with QSignalBlocker(self.share):
            self.share.set_number(mix.share)
        self._share.setText(f"{mix.share:.2f}")

    @Slot(int)
    def _choose(self, index: int) -> None:
        number = self.source.itemData(index)
        if number is not None:
            self.pin_chosen.emit(number)
        elif self.source.itemText(index) == A_SEED:
            self.seed_chosen.emit(None)

    @Slot()
    def _take_seed(self) -> None:
        value, problem = self.seed.value(), self.seed.problem()
        self.seed.set_wrong(bool(problem))
        self.seed.setToolTip(problem)
        if isinstance(value, int) and not problem and self._mix is not None and self._mix.point != Drawn(seed=value):
            self.seed.setModified(False)
            self.seed_chosen.emit(value)

    @Slot()
    def _take_layers(self) -> None:
        first, last = self.first.value(), self.last.value()
        for field in (self.first, self.last):
            field.setModified(False)
        if self._mix is None or not isinstance(first, int) or not isinstance(last, int):
            return
        if (first - 1, last - 1) != (self._mix.first_layer, self._mix.last_layer):
            self.layers_chosen.emit(first - 1, last - 1)
            # What the model does not have was left out.
            self._write_layers(self._mix)

    def _write_layers(self, mix: StyleMix) -> None:
        _write(self.first, mix.first_layer + 1)
        _write(self.last, mix.last_layer + 1)

    @Slot(float)
    def _tell_share(self, share: float) -> None:
        self._share.setText(f"{share:.2f}")
        self.share_changed.emit(share)


def _write(field: NumberField, number: int) -> None:
    """What is being typed stays."""
    if not (field.hasFocus() and field.isModified()):
        field.set_value(number)


def _tight(text: str) -> ElidedLabel:
    label = secondary(text)
    label.setFixedWidth(label.sizeHint().width())
    return label
