"""What only models with styles have: styles of other places for some of the layers, and noise beside them."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.ui.latent.mix_row import MixRow, Source
from gen_studio.ui.widgets.buttons import icon_button
from gen_studio.ui.widgets.fields import NumberField
from gen_studio.ui.widgets.labels import ElidedLabel, heading_row, paragraph
from gen_studio.ui.widgets.painting import empty
from gen_studio.ui.widgets.switch import Switch
from gen_studio.viewmodels.latent_screen import LatentScreen

SEED_WIDTH = 76
NOTHING_MIXED = "Layers can take the styles of pins or of other seeds: the first shape, the last colour."


class StyleSection(QWidget):
    """A row for each mix, in the order in which they are laid over the picture."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._exploring, self._looking, self._mixes = screen.exploring, screen.looking, screen.mixes
        self.add = icon_button("plus", "Mix in the styles of another place")
        self.rows: list[MixRow] = []
        self._rows_layout = QVBoxLayout()
        self._rows_layout.setSpacing(0)
        self._nothing = paragraph(NOTHING_MIXED, muted=True)
        self.noise = NoiseRow(screen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Styles", self.add))
        layout.addLayout(self._rows_layout)
        layout.addWidget(self._nothing)
        layout.addWidget(self.noise)
        self.add.clicked.connect(self._mixes.add)
        self._looking.opened.connect(self._show)
        self._exploring.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        has_styles = self._looking.can("HasStyles")
        self.setVisible(has_styles)
        if not has_styles:
            return
        mixes = self._mixes.mixes
        if len(mixes) != len(self.rows):
            self._build(len(mixes))
        self._nothing.setVisible(not mixes)
        pins = [Source(pin.number, pin.name) for pin in self._exploring.state.pins]
        for row, mix in zip(self.rows, mixes, strict=True):
            pin = self._mixes.pin_of(mix)
            row.show_mix(mix, pins, None if pin is None else pin.number)

    def _build(self, count: int) -> None:
        empty(self._rows_layout)
        self.rows = [MixRow(place) for place in range(count)]
        for place, row in enumerate(self.rows):
            row.pin_chosen.connect(lambda number, place=place: self._mixes.take_pin(place, number))
            row.seed_chosen.connect(lambda seed, place=place: self._mixes.take_seed(place, seed))
            row.layers_chosen.connect(lambda first, last, place=place: self._mixes.set_layers(place, first, last))
            row.share_changed.connect(lambda share, place=place: self._mixes.set_share(place, share))
            row.removed.connect(lambda place=place: self._mixes.remove(place))
            row.let_go.connect(self._exploring.end_gesture)
            self._rows_layout.addWidget(row)


class NoiseRow(QWidget):
    """A switch, and the seed of the noise while it is on. 34 high."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._exploring, self._mixes = screen.exploring, screen.mixes
        self.seed = NumberField("Seed of the noise", whole=True, minimum=0)
        self.seed.setFixedWidth(SEED_WIDTH)
        self.seed.setPlaceholderText("blended")
        self.dice = icon_button("dices", "Other noise")
        self.switch = Switch("Noise")
        self.setFixedHeight(34)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(ElidedLabel("Noise"), 1)
        for widget in (self.seed, self.dice, self.switch):
            layout.addWidget(widget)
        self.switch.clicked.connect(self._mixes.switch_noise)
        self.dice.clicked.connect(self._mixes.draw_noise)
        self.seed.editingFinished.connect(self._take_seed)
        self._exploring.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        noise = self._exploring.picture.noise
        self.switch.setChecked(noise is not None)
        for widget in (self.seed, self.dice):
            widget.setVisible(noise is not None)
        if not (self.seed.hasFocus() and self.seed.isModified()):
            self.seed.setText(str(noise) if isinstance(noise, int) else "")

    @Slot()
    def _take_seed(self) -> None:
        value, problem = self.seed.value(), self.seed.problem()
        problem = problem if self.seed.text() else ""
        self.seed.set_wrong(bool(problem))
        self.seed.setToolTip(problem)
        if isinstance(value, int) and not problem and value != self._exploring.picture.noise:
            self.seed.setModified(False)
            self._mixes.set_noise(value)
