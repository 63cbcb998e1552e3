"""Pictures that are kept: named, put in order, come back to, and gone between."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.latents import Curve
from gen_studio.core.looking import Explore, Shown
from gen_studio.core.walks import between
from gen_studio.viewmodels.exploration import Pin, Span
from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.pacing import Pace

VIEW = "pins"


class PinsViewModel(QObject):
    """Pins belong to the exploration: whatever is done to them can be undone."""

    pins_changed = Signal()
    """Which there are, their names and their order."""
    pictured = Signal()

    def __init__(self, exploring: ExploringViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring = exploring
        self._pictures: dict[int, NDArray[np.uint8]] = {}
        self._asked: tuple[Pin, ...] = ()
        self._followed: tuple[Pin, ...] | None = None
        self._pace = Pace(self._ask, self, exploring.is_moving)
        exploring.opened.connect(self._forget)
        exploring.changed.connect(self._follow)
        exploring.refresh_wanted.connect(self._pace.ask_again)
        exploring.looking.shown.connect(self._take)

    @property
    def pins(self) -> tuple[Pin, ...]:
        return self._exploring.state.pins

    @property
    def current(self) -> int | None:
        """The number of the pin that the stage shows; None where it shows something else."""
        picture = self._exploring.picture
        return next((pin.number for pin in self.pins if pin.picture == picture), None)

    def picture(self, number: int) -> NDArray[np.uint8] | None:
        """(H, W, C), None until the answer comes."""
        return self._pictures.get(number)

    def pin(self) -> None:
        """Keeps the picture on the stage."""
        number = 1 + max((pin.number for pin in self.pins), default=0)
        pin = Pin(number, f"Pin {number}", self._exploring.picture)
        self._set(pins=(*self.pins, pin))

    def rename(self, number: int, name: str) -> None:
        name = name.strip()
        if name:
            self._set(pins=tuple(replace(pin, name=name) if pin.number == number else pin for pin in self.pins))

    def remove(self, number: int) -> None:
        """What lies between it and another stays on the stage."""
        span = self._exploring.state.span
        touched = span is not None and number in (span.first, span.second)
        kept = tuple(pin for pin in self.pins if pin.number != number)
        self._exploring.set(replace(self._exploring.state, pins=kept, span=None if touched else span))

    def move(self, number: int, place: int) -> None:
        """To another place among the pins."""
        pin = self._exploring.state.pin(number)
        if pin is not None:
            others = [other for other in self.pins if other.number != number]
            others.insert(place, pin)
            self._set(pins=tuple(others))

    def pick(self, number: int) -> None:
        """Its picture on the stage again, with all that was done to it."""
        pin = self._exploring.state.pin(number)
        if pin is not None:
            self._exploring.set_picture(pin.picture)

    def go_between(self, first: int, second: int, share: float = 0.5) -> None:
        """What lies between two pins, that share of the way from the first to the second."""
        state = self._exploring.state
        start, end = state.pin(first), state.pin(second)
        if start is None or end is None or first == second:
            return
        solid = self._exploring.known.solid
        picture = between(solid(start.picture), solid(end.picture), share, self.curve)
        span = Span(first, second, share)
        self._exploring.set(replace(state, picture=picture, span=span), f"between {first} and {second}")

    @property
    def curve(self) -> Curve:
        """Straight, or along the sphere: the same choice as for the walk."""
        return self._exploring.state.walk.curve

    def _set(self, *, pins: tuple[Pin, ...]) -> None:
        self._exploring.set(replace(self._exploring.state, pins=pins))

    @Slot()
    def _forget(self) -> None:
        self._pace.forget()
        self._pictures.clear()
        self._asked = ()

    @Slot()
    def _follow(self) -> None:
        if self.pins is self._followed:
            return
        self._followed = self.pins
        self.pins_changed.emit()
        asked = {pin.number: pin.picture for pin in self._asked}
        if any(asked.get(pin.number) != pin.picture for pin in self.pins):
            self._pace.ask_soon()

    def _ask(self) -> None:
        if self.pins and self._exploring.watched and self._exploring.is_usable:
            self._asked = self.pins
            self._exploring.looking.ask(VIEW, Explore(tuple(pin.picture for pin in self.pins)))

    @Slot(object)
    def _take(self, answer: Shown) -> None:
        if answer.view == VIEW and self._exploring.looking.is_newest(answer):
            if answer.latents is not None:
                self._exploring.known.take([pin.picture for pin in self._asked], answer.latents)
            for pin, picture in zip(self._asked, answer.pictures, strict=False):
                self._pictures[pin.number] = picture
            self.pictured.emit()
