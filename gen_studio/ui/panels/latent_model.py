"""What only some models have: classes to choose and to blend, styles to mix, noise."""

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.core.latents import StyleMix
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.fields import NumberField
from gen_studio.ui.widgets.labels import ElidedLabel, heading_row, secondary
from gen_studio.ui.widgets.slider import Slider, SliderRow
from gen_studio.ui.widgets.switch import Switch
from gen_studio.viewmodels.exploration import blend, blended
from gen_studio.viewmodels.latent_screen import LatentScreen

CONTROL_WIDTH = 168
NOISE_SEED = 1
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


class StyleSection(QWidget):
    """Styles of a pin for some of the layers, and the noise that no style controls."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._exploring, self._looking, self._pins = screen.exploring, screen.looking, screen.pins
        self.source = ChoiceBox()
        self.source.setAccessibleName("Styles of")
        self.first = NumberField("First layer", whole=True, minimum=1)
        self.last = NumberField("Last layer", whole=True, minimum=1)
        self.noise = Switch("Noise")
        self._layers = QWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Styles"))
        layout.addWidget(_row("Mixed with", self.source))
        layout.addWidget(self._layers_row())
        layout.addWidget(_row("Noise", self.noise))
        self.source.activated.connect(self._choose)
        for field in (self.first, self.last):
            field.editingFinished.connect(self._choose_layers)
        self.noise.clicked.connect(self._switch_noise)
        self._looking.opened.connect(self._show)
        self._exploring.changed.connect(self._show)
        self._show()

    def _layers_row(self) -> QWidget:
        line = QHBoxLayout(self._layers)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(ElidedLabel("Layers"), 1)
        for widget in (self.first, secondary("to"), self.last):
            line.addWidget(widget)
        for field in (self.first, self.last):
            field.setFixedWidth(56)
        return self._layers

    @Slot()
    def _show(self) -> None:
        has_styles = self._looking.can("HasStyles")
        self.setVisible(has_styles)
        if not has_styles:
            return
        mix = next(iter(self._exploring.picture.mixes), None)
        with QSignalBlocker(self.source):
            self.source.clear()
            self.source.addItem("Nothing" if self._pins.pins else "Nothing; pin a picture", None)
            for pin in self._pins.pins:
                self.source.addItem(pin.name, pin.number)
                if mix is not None and mix.point == self._exploring.known.solid_point(pin.picture):
                    self.source.setCurrentIndex(self.source.count() - 1)
            if mix is not None and self.source.currentIndex() == 0:
                self.source.addItem("Another place", -1)
                self.source.setCurrentIndex(self.source.count() - 1)
        self._layers.setVisible(mix is not None)
        if mix is not None and not (self.first.isModified() or self.last.isModified()):
            self.first.set_value(mix.first_layer + 1)
            self.last.set_value(mix.last_layer + 1)
        self.noise.setChecked(self._exploring.picture.noise is not None)

    @Slot()
    def _choose(self) -> None:
        """The finer half of the layers at first: colours and details, not the shape."""
        pin = self._exploring.state.pin(self.source.currentData() or 0)
        facts, mix = self._looking.facts, next(iter(self._exploring.picture.mixes), None)
        if pin is None or facts is None:
            self._exploring.set_mix(None)
            return
        layers = (mix.first_layer, mix.last_layer) if mix else (facts.style_layers // 2, facts.style_layers - 1)
        point = self._exploring.known.solid_point(pin.picture)
        self._exploring.set_mix(StyleMix(point=point, first_layer=layers[0], last_layer=layers[1]))
        self._exploring.end_gesture()

    @Slot()
    def _choose_layers(self) -> None:
        mix, facts = next(iter(self._exploring.picture.mixes), None), self._looking.facts
        first, last = self.first.value(), self.last.value()
        for field in (self.first, self.last):
            field.setModified(False)
        if mix is None or facts is None or not isinstance(first, int) or not isinstance(last, int):
            self._show()
            return
        first = min(max(first, 1), facts.style_layers)
        last = min(max(last, first), facts.style_layers)
        self._exploring.set_mix(mix.model_copy(update={"first_layer": first - 1, "last_layer": last - 1}))
        self._exploring.end_gesture()
        self._show()

    @Slot()
    def _switch_noise(self) -> None:
        self._exploring.set_noise(NOISE_SEED if self.noise.isChecked() else None)


def _row(title: str, control: QWidget) -> QWidget:
    """34 high: the name left, the control right."""
    row = QWidget()
    row.setFixedHeight(34)
    grid = QGridLayout(row)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.addWidget(ElidedLabel(title), 0, 0)
    if isinstance(control, ChoiceBox):
        control.setFixedWidth(CONTROL_WIDTH)
    grid.addWidget(control, 0, 1)
    return row
