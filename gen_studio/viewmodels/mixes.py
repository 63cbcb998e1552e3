"""Styles of pins or of other seeds for some of a picture's layers: laid over it one after the other."""

import numpy as np
from PySide6.QtCore import QObject

from gen_studio.core.latents import Drawn, LatentPicture, Point, StyleMix
from gen_studio.viewmodels.exploration import Pin
from gen_studio.viewmodels.exploring import LARGEST_SEED, ExploringViewModel

FIRST_NOISE = 1


class MixesViewModel(QObject):
    """Of models that have styles. Mixes belong to the picture, so that they are undone, pinned and walked with it."""

    def __init__(
        self, exploring: ExploringViewModel, chance: np.random.Generator | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._exploring = exploring
        self._chance = chance or np.random.default_rng()

    @property
    def mixes(self) -> tuple[StyleMix, ...]:
        return self._exploring.picture.mixes

    @property
    def layers(self) -> int:
        """How many the model has."""
        facts = self._exploring.looking.facts
        return facts.style_layers if facts else 0

    def pin_of(self, mix: StyleMix) -> Pin | None:
        """Whose styles they are; None where they come from no pin."""
        known = self._exploring.known
        return next((pin for pin in self._exploring.state.pins if known.solid_point(pin.picture) == mix.point), None)

    def add(self) -> None:
        """Of a pin that is not in use yet, or else of some seed, for the finer half of the layers that are free."""
        used = [mix.point for mix in self.mixes]
        pins = (self._exploring.known.solid_point(pin.picture) for pin in self._exploring.state.pins)
        here = self._exploring.known.solid_point(self._exploring.picture)
        point: Point = next((one for one in pins if one not in (*used, here)), self._some_seed())
        first, last = self._free_layers()
        self._set((*self.mixes, StyleMix(point=point, first_layer=first, last_layer=last)))

    def remove(self, place: int) -> None:
        self._set((*self.mixes[:place], *self.mixes[place + 1 :]))

    def take_pin(self, place: int, number: int) -> None:
        pin = self._exploring.state.pin(number)
        if pin is not None:
            self._change(place, point=self._exploring.known.solid_point(pin.picture))

    def take_seed(self, place: int, seed: int | None = None) -> None:
        """Without one, whichever."""
        self._change(place, point=self._some_seed() if seed is None else Drawn(seed=seed))

    def set_layers(self, place: int, first: int, last: int) -> None:
        """Both from 0 and included; what the model does not have is left out."""
        first = min(max(first, 0), self.layers - 1)
        self._change(place, first_layer=first, last_layer=min(max(last, first), self.layers - 1))

    def set_share(self, place: int, share: float) -> None:
        self._change(place, f"share of mix {place}", share=share)

    def switch_noise(self, switched_on: bool) -> None:
        self.set_noise(FIRST_NOISE if switched_on else None)

    def set_noise(self, seed: int | None) -> None:
        """The noise that no style controls; None for none."""
        self._exploring.set_picture(self._exploring.picture.model_copy(update={"noise": seed}))

    def draw_noise(self) -> None:
        self.set_noise(int(self._chance.integers(LARGEST_SEED)))

    def _some_seed(self) -> Drawn:
        return Drawn(seed=int(self._chance.integers(LARGEST_SEED)))

    def _free_layers(self) -> tuple[int, int]:
        """The finer half of the longest run of layers without a mix, or of all where every layer has one."""
        taken = {layer for mix in self.mixes for layer in range(mix.first_layer, mix.last_layer + 1)}
        runs: list[list[int]] = [[]]
        for layer in range(self.layers):
            if layer in taken:
                runs.append([])
            else:
                runs[-1].append(layer)
        longest = max(runs, key=len) or list(range(self.layers))
        return longest[len(longest) // 2], longest[-1]

    def _change(self, place: int, gesture: str = "", /, **values: object) -> None:
        changed = self.mixes[place].model_copy(update=values)
        self._set((*self.mixes[:place], changed, *self.mixes[place + 1 :]), gesture)

    def _set(self, mixes: tuple[StyleMix, ...], gesture: str = "") -> None:
        picture: LatentPicture = self._exploring.picture.model_copy(update={"mixes": mixes})
        self._exploring.set_picture(picture, gesture)
