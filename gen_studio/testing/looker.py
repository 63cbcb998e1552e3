"""A service without a model behind it: it answers questions about latents when a test tells it to."""

from dataclasses import replace
from pathlib import Path
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gen_studio.core.jobs import Progress
from gen_studio.core.latents import Drawn, Given, LatentPicture, Mixed, Near, Point
from gen_studio.core.looking import Ask, Explore, ModelFacts, NotShown, Opened, Shown, Underway, Updated

RUN = Path("runs") / "first"
FACTS = ModelFacts(RUN, "dcgan-like", 500, False, ("CanSample", "HasCode", "HasLatent"), 1, 8, 8, (16,))


class FakeLooker(QObject):
    """Records what it is asked; `answer` answers the newest question of a view, `settle` all that wait."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.facts = FACTS
        self.opened: list[Path] = []
        self.closed = 0
        self.asked: list[Ask] = []
        self.called_off: list[tuple[str, int]] = []
        self._answered: set[int] = set()

    def open(self, run: Path) -> None:
        self.opened.append(run)

    def close(self) -> None:
        self.closed += 1

    def ask(self, ask: Ask) -> None:
        self.asked.append(ask)

    def call_off(self, view: str, number: int) -> None:
        self.called_off.append((view, number))

    def say_opened(self, **changes: object) -> None:
        """The run that was opened last can be looked at, with these facts."""
        self.facts = replace(self.facts, run=self.opened[-1], **changes)  # type: ignore[arg-type]
        self.happened.emit(Opened(self.facts))

    def say_updated(self, step: int) -> None:
        self.facts = replace(self.facts, step=step)
        self.happened.emit(Updated(self.facts.run, step))

    def questions(self, view: str) -> list[Ask]:
        return [ask for ask in self.asked if ask.view == view]

    def newest(self, view: str) -> tuple[LatentPicture, ...]:
        """The pictures that were last asked for."""
        question = self.questions(view)[-1].question
        assert isinstance(question, Explore)
        return question.pictures

    def answer(self, view: str, number: int = -1) -> None:
        """The newest question of a view, or the one at that place among them."""
        ask = self.questions(view)[number]
        question = ask.question
        assert isinstance(question, Explore)
        self._answered.add(ask.number)
        latents = np.stack([latent_of(picture, self.facts.latent_shape[0]) for picture in question.pictures])
        pictures = np.stack([self.picture_of(latent) for latent in latents])
        self.happened.emit(Shown(ask.view, ask.number, self.facts.step, pictures, latents))

    def refuse(self, view: str, sentence: str) -> None:
        ask = self.questions(view)[-1]
        self._answered.add(ask.number)
        self.happened.emit(NotShown(ask.view, ask.number, sentence))

    def say_underway(self, view: str, done: int, total: int) -> None:
        ask = self.questions(view)[-1]
        self.happened.emit(Underway(view, ask.number, Progress("Answering", done, total)))

    def settle(self) -> None:
        """Answers the newest question of every view until nobody asks any more."""
        while waiting := {ask.view for ask in self.asked if self._is_newest(ask) and ask.number not in self._answered}:
            for view in waiting:
                self.answer(view)

    def picture_of(self, latent: NDArray[np.float32]) -> NDArray[np.uint8]:
        """(H, W, C): its brightness is the first number of the latent, with a slope by the second."""
        height, width, channels = self.facts.height, self.facts.width, self.facts.channels
        slope = np.linspace(-1, 1, width)[None, :, None] * (latent[1] if len(latent) > 1 else 0.0)
        grey = 128 + 40 * latent[0] + 20 * np.broadcast_to(slope, (height, width, channels))
        picture: NDArray[np.uint8] = np.clip(grey, 0, 255).astype(np.uint8)
        return picture

    def _is_newest(self, ask: Ask) -> bool:
        return ask is self.questions(ask.view)[-1]


def latent_of(picture: LatentPicture, size: int) -> NDArray[np.float32]:
    """(D,) before moves, with what was set by hand."""
    latent = place_of(picture.point, size)
    for dimension in picture.dimensions:
        latent[dimension.index] = dimension.value
    return latent.astype(np.float32)


def place_of(point: Point, size: int) -> NDArray[np.float64]:
    match point:
        case Drawn(seed=seed):
            return np.random.default_rng(seed).normal(size=size)
        case Given(values=values):
            return np.array(values)
        case Near(point=inner, seed=seed, distance=distance):
            return place_of(inner, size) + distance * place_of(Drawn(seed=seed), size)
        case Mixed(points=points, weights=weights):
            places = [place_of(inner, size) * weight for inner, weight in zip(points, weights, strict=True)]
            total: NDArray[np.float64] = np.sum(places, axis=0)
            return total
        case _:
            assert_never(point)
