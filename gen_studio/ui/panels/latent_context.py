"""Where one is in a latent space: the map, what is pinned, the seed."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gen_studio.ui.latent.map_view import MapView
from gen_studio.ui.latent.pin_shelf import PinShelf, Thumbnail
from gen_studio.ui.pictures import to_image
from gen_studio.ui.widgets.buttons import Button, icon_button
from gen_studio.ui.widgets.choice_box import ChoiceBox
from gen_studio.ui.widgets.fields import NumberField
from gen_studio.ui.widgets.labels import heading_row, paragraph, secondary
from gen_studio.ui.widgets.slider import Slider, SliderRow
from gen_studio.viewmodels.exploration import seed_of
from gen_studio.viewmodels.latent_screen import LatentScreen
from gen_studio.viewmodels.map import MapChoice
from gen_studio.viewmodels.planes import Place

CHOICE_WIDTH = 168


class MapSection(QWidget):
    """The map and which plane it shows."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._map, self._exploring, self._walk = screen.map, screen.exploring, screen.walk
        self.choice = ChoiceBox()
        self.choice.setAccessibleName("Plane of the map")
        self.choice.setFixedWidth(CHOICE_WIDTH)
        self.view = MapView()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Map", self.choice))
        layout.addWidget(self.view)
        self.choice.activated.connect(self._choose)
        self.view.place_chosen.connect(self._go)
        self.view.let_go.connect(self._exploring.end_gesture)
        self._map.changed.connect(self._show)
        self._map.moved.connect(self._show_place)
        screen.walk.moved.connect(self._show_place)
        self._map.pictured.connect(self._show_pictures)
        self._exploring.opened.connect(self._show_pictures)
        self._exploring.opened.connect(self._show)
        screen.pins.pins_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        choices = self._map.choices()
        if [self.choice.itemData(index) for index in range(self.choice.count())] != list(choices):
            self.choice.clear()
            for choice in choices:
                self.choice.addItem(choice.value, choice)
        self.choice.setCurrentIndex(choices.index(self._map.choice))
        self.view.set_path(self._map.path)
        if self._exploring.size:
            self.view.setToolTip(self._map.axes())
        self._show_place()

    @Slot()
    def _show_place(self) -> None:
        """Of the picture on the stage: while a walk is played, where that is."""
        walk = self._walk
        if walk.is_playing:
            self.view.set_place(self._map.place_of(walk.walk.at(walk.second)))
        elif self._exploring.size:
            self.view.set_place(self._map.place)

    @Slot()
    def _show_pictures(self) -> None:
        self.view.set_pictures(self._map.pictures)

    @Slot()
    def _choose(self) -> None:
        choice = self.choice.currentData()
        if isinstance(choice, MapChoice):
            self._map.choose(choice)

    @Slot(object)
    def _go(self, place: Place) -> None:
        self._map.go_to(place)


class PinSection(QWidget):
    """Pins, and a slider for what lies between two of them."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._pins, self._exploring, self._walk = screen.pins, screen.exploring, screen.walk
        self.pin_button = icon_button("pin", "Pin the picture", "P")
        self.walk_button = icon_button("shuffle", "Walk through all pins")
        self.shelf = PinShelf()
        self._nothing = paragraph("Pin a picture to come back to it, to mix it or to walk through it.", muted=True)
        self.between = Slider(0.0, 1.0, 0.5, 0.01)
        self._between_row = SliderRow("Between", self.between)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading_row("Pinned", self.walk_button, self.pin_button))
        layout.addWidget(self.shelf)
        layout.addWidget(self._nothing)
        layout.addWidget(self._between_row)
        self._bind()
        self._show()

    def _bind(self) -> None:
        pins = self._pins
        self.pin_button.clicked.connect(pins.pin)
        self.walk_button.clicked.connect(self._walk_through)
        self.shelf.picked.connect(pins.pick)
        self.shelf.second_chosen.connect(self._mix)
        self.shelf.renamed.connect(pins.rename)
        self.shelf.removed.connect(pins.remove)
        self.shelf.moved.connect(pins.move)
        self.shelf.keyframe_asked.connect(self._add_keyframe)
        self._between_row.number_changed.connect(self._go_between)
        self.between.sliderReleased.connect(self._exploring.end_gesture)
        self._exploring.changed.connect(self._show_chosen)
        pins.pictured.connect(self._show)
        pins.pins_changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        thumbnails = []
        for pin in self._pins.pins:
            picture = self._pins.picture(pin.number)
            thumbnails.append(Thumbnail(pin.number, pin.name, None if picture is None else to_image(picture)))
        self.shelf.set_pins(thumbnails)
        self.shelf.setVisible(bool(thumbnails))
        self._nothing.setVisible(not thumbnails)
        self.walk_button.setEnabled(len(thumbnails) > 1)
        self._show_chosen()

    @Slot()
    def _show_chosen(self) -> None:
        span, current = self._exploring.state.span, self._pins.current
        chosen = (span.first, span.second) if span else () if current is None else (current,)
        self.shelf.set_chosen(chosen)
        self._between_row.setVisible(span is not None)
        if span is not None:
            names = [pin.name for number in chosen for pin in self._pins.pins if pin.number == number]
            self._between_row.set_source(" to ".join(names))
            self._between_row.show_number(span.share)

    @Slot(int)
    def _mix(self, number: int) -> None:
        """With the pin that the stage shows, or with the first of the two that it lies between."""
        span, current = self._exploring.state.span, self._pins.current
        first = span.first if span else current
        if first is None or first == number:
            self._pins.pick(number)
        else:
            self._pins.go_between(first, number)
            self._exploring.end_gesture()

    @Slot(float)
    def _go_between(self, share: float) -> None:
        span = self._exploring.state.span
        if span is not None:
            self._pins.go_between(span.first, span.second, share)

    @Slot()
    def _walk_through(self) -> None:
        self._walk.set_keyframes(tuple(pin.picture for pin in self._pins.pins))

    @Slot(int)
    def _add_keyframe(self, number: int) -> None:
        pin = self._exploring.state.pin(number)
        if pin is not None:
            self._walk.add_keyframe(pin.picture)


class SeedSection(QWidget):
    """The seed of the place, another one by the dice, and a short way from here."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self._exploring = screen.exploring
        self.seed = NumberField("Seed", whole=True, minimum=0, optional=True)
        self.dice = icon_button("dices", "Another seed", "R")
        self.near = Button("Near here")
        self.near.setToolTip("A short way from here, whichever   N")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(secondary("Seed"))
        layout.addWidget(self.seed, 1)
        layout.addWidget(self.dice)
        layout.addWidget(self.near)
        self.seed.editingFinished.connect(self._draw)
        self.dice.clicked.connect(self._exploring.draw_at_random)
        self.near.clicked.connect(self._step_near)
        self._exploring.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        if self.seed.hasFocus() and self.seed.isModified():
            return
        seed = seed_of(self._exploring.picture)
        self.seed.setText("" if seed is None else str(seed))
        self.seed.setPlaceholderText("of no seed")

    @Slot()
    def _draw(self) -> None:
        value, problem = self.seed.value(), self.seed.problem()
        self.seed.set_wrong(bool(problem))
        self.seed.setToolTip(problem)
        if isinstance(value, int) and not problem and value != seed_of(self._exploring.picture):
            self._exploring.draw(value)

    @Slot()
    def _step_near(self) -> None:
        self._exploring.step_near()


class LatentContext(QWidget):
    """The left column; in a narrow window the same sections stand in a tab at the right."""

    def __init__(self, screen: LatentScreen) -> None:
        super().__init__()
        self.map = MapSection(screen)
        self.pins = PinSection(screen)
        self.seed = SeedSection(screen)
        self.sections = QWidget()
        inside = QVBoxLayout(self.sections)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(self.map)
        inside.addWidget(self.pins)
        inside.addStretch(1)
        inside.addWidget(self.seed)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.take_back()

    def take_back(self) -> None:
        """The sections stand here again."""
        self._layout.addWidget(self.sections)
        self.sections.show()
