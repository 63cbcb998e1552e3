"""Models made ready to be looked at: the fastest form whose answers stay within one grey level of the plain one's."""

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import assert_never

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.core.latents import Drawn, Given, LatentPicture
from gen_studio.core.looking import Convert, Explore, Fill, ModelFacts, PaintLayout, Question
from gen_studio.inference.answering import Device, Model, answered, facts_of
from gen_studio.nets.lightening import in_precision, lightened

SEED = 5
Pictures = NDArray[np.uint8]
LONGEST_SECONDS = 1.0
"""Models whose probe takes longer gain nothing that anybody would notice while trying costs much."""
MEAN_APART = 0.1
"""Grey levels: errors of this mean, if they are anything like normal, reach one level once in 10^14 values."""
POINTS = 4
"""Latents that are tried."""


class Form(Enum):
    """What is done to a model to be looked at."""

    PLAIN = "plain"
    LIGHT = "light"
    LIGHT_BFLOAT16 = "light, in bfloat16"


def prepared(model: Model, device: Device = "cpu") -> Model:
    """The model in its best form, which shares with it what it can; `model`, in evaluation mode, stays as it is."""
    return in_form(model, best_form(model, device))


def in_form(model: Model, form: Form) -> Model:
    match form:
        case Form.PLAIN:
            return model
        case Form.LIGHT:
            return lightened(model)
        case Form.LIGHT_BFLOAT16:
            return in_precision(lightened(model), torch.bfloat16)
        case _:
            assert_never(form)


def best_form(model: Model, device: Device = "cpu") -> Form:
    """The fastest of those that answer a few questions within one grey level."""
    trial = try_forms(model, device)
    while True:
        try:
            next(trial)
        except StopIteration as found:
            form: Form = found.value
            return form


def try_forms(model: Model, device: Device, still: bool = True) -> Generator[None, None, Form]:
    """Comes to what `best_form` gives, and pauses after every answer, for whoever has more urgent things to do.

    still: the weights will stay. What bfloat16 loses depends on them, so without it that is not tried.
    """
    trial = _Trial(probes(model), torch.device(device))
    yield from trial.run(model)  # what is slow the first time only says nothing
    plain = yield from trial.run(model)
    best, quickest = Form.PLAIN, plain.seconds
    if quickest > LONGEST_SECONDS:
        return best
    for form in (Form.LIGHT, Form.LIGHT_BFLOAT16) if still else (Form.LIGHT,):
        try:
            light = in_form(model, form)
            yield from trial.run(light)
            found = yield from trial.run(light)
        except (RuntimeError, TypeError, AttributeError):
            continue  # a network that cannot be treated so is shown as it is
        if stays(plain.pictures, found.pictures) and found.seconds < quickest:
            best, quickest = form, found.seconds
    return best


@dataclass(frozen=True, eq=False)
class _Run:
    pictures: list[Pictures]
    seconds: float


@dataclass(frozen=True, eq=False)
class _Trial:
    questions: tuple[Question, ...]
    device: torch.device

    def run(self, model: Model) -> Generator[None, None, _Run]:
        # On the processor what this thread computed counts, so that neighbours do not.
        clock = time.thread_time if self.device.type == "cpu" else time.perf_counter
        pictures, seconds = [], 0.0
        for question in self.questions:
            before = clock()
            pictures.append(answered(model, question, self.device)[0])
            seconds += clock() - before
            yield
        return _Run(pictures, seconds)


def probes(model: Model) -> tuple[Question, ...]:
    """A question of each kind that the model can answer, about noise, so that none of its layers idles."""
    facts = facts_of(model, Path(), is_live=False)
    capable, rng = set(facts.capabilities), np.random.default_rng(SEED)
    found: list[Question] = []
    if "HasCode" in capable:
        # One by one, as a slider asks.
        found.extend(Explore((picture,)) for picture in _points(facts, rng))
    size = (facts.height, facts.width)
    if "CanInpaint" in capable:
        hole = np.zeros(size, dtype=bool)
        hole[size[0] // 4 : size[0] // 2, size[1] // 4 : size[1] // 2] = True
        found.append(Fill(_noise(rng, size, facts.channels), hole))
    if "CanUpscale" in capable:
        small = (size[0] // facts.scale, size[1] // facts.scale)
        found.append(Convert(_noise(rng, small, facts.channels)))
    if facts.input_channels is not None:
        both_ways = "CanTranslateBothWays" in capable
        found.append(Convert(_noise(rng, size, facts.input_channels), and_back=both_ways))
    if "CanPaint" in capable:
        layout = rng.integers(0, len(facts.palette), size).astype(np.uint8)
        style = _noise(rng, size, facts.channels) if facts.takes_style else None
        found.append(PaintLayout(layout, style=style))
    return tuple(found)


def stays(wanted: Sequence[Pictures], answers: Sequence[Pictures]) -> bool:
    """Whether no value is more than one grey level away, and so few are at all that none will be elsewhere."""
    apart = [np.abs(one.astype(np.int16) - other) for one, other in zip(wanted, answers, strict=True)]
    return all(int(each.max()) <= 1 and float(each.mean()) <= MEAN_APART for each in apart)


def _points(facts: ModelFacts, rng: np.random.Generator) -> tuple[LatentPicture, ...]:
    if "HasLatent" not in facts.capabilities:
        numbers = rng.standard_normal((2, int(np.prod(facts.latent_shape))))
        return tuple(LatentPicture(point=Given(values=tuple(row.tolist()))) for row in numbers)
    noise = SEED if facts.style_layers else None
    blend = tuple(rng.random(len(facts.class_names)).tolist())
    points = [Drawn(seed=seed) for seed in range(POINTS)]
    return (
        *(LatentPicture(point=point) for point in points[1:-1]),
        LatentPicture(point=points[0], noise=noise),
        LatentPicture(point=points[-1], classes=blend),
    )


def _noise(rng: np.random.Generator, size: tuple[int, int], channels: int) -> Pictures:
    return rng.integers(0, 256, (*size, channels)).astype(np.uint8)
