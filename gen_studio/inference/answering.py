"""Answers what may be asked of a model that is looked at, and says what there is to know of it, by what it can do."""

from pathlib import Path
from typing import Any, assert_never

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.core.looking import Convert, Explore, Fill, ModelFacts, PaintLayout, Picture, Question
from gen_studio.inference import inpainting, painting, translation, whole
from gen_studio.inference.exploring import explore
from gen_studio.inference.translation import Translator, WayBack
from gen_studio.models.base import FamilyConfig, TrainableModel
from gen_studio.models.capabilities import (
    CanAnswer,
    CanInpaint,
    CanPaint,
    CanTranslate,
    CanTranslateBothWays,
    CanUpscale,
    HasCode,
    HasStyles,
    IsConditional,
    TakesAnySize,
    capabilities_of,
)

Model = TrainableModel[FamilyConfig]
Device = torch.device | str
Answer = tuple[NDArray[np.uint8], NDArray[np.float32] | None]
"""Pictures (N, H, W, C), and the latents (N, D) of those that were explored."""


def facts_of(model: Model, run: Path, is_live: bool) -> ModelFacts:
    """What panels have to know of a model to ask it."""
    data = model.data
    asked = data.channels if isinstance(model, CanTranslateBothWays) else data.input_channels
    translates = isinstance(model, CanTranslate | CanTranslateBothWays)
    return ModelFacts(
        run=run,
        family=model.info.key,
        step=model.step,
        is_live=is_live,
        capabilities=capabilities_of(type(model)),
        channels=data.channels,
        height=data.height,
        width=data.width,
        latent_shape=tuple(model.latent_shape) if isinstance(model, HasCode) else (),
        class_names=model.class_names if isinstance(model, IsConditional) else (),
        style_layers=model.style_layers if isinstance(model, HasStyles) else 0,
        style_size=model.style_size if isinstance(model, HasStyles) else 0,
        palette=model.palette if isinstance(model, CanPaint) else (),
        takes_style=isinstance(model, CanPaint) and model.takes_style,
        scale=model.scale if isinstance(model, CanUpscale) else 1,
        stride=model.stride if isinstance(model, TakesAnySize) else None,
        input_channels=asked if translates else None,
        domains=data.domains if isinstance(model, CanTranslateBothWays) else (),
        fills_by_chance=isinstance(model, CanInpaint) and model.fills_by_chance,
        answers_by_chance=isinstance(model, CanAnswer | CanTranslateBothWays) and model.answers_by_chance,
    )


@torch.no_grad()
def answered(model: Model, question: Question, device: Device = "cpu", report: Report = unheard) -> Answer:
    """The answer of a model in evaluation mode on the device. Raises WrongUse for what it cannot answer.

    report: called before each part of a large picture, which is answered part by part.
    """
    match question:
        case Explore(pictures):
            return explore(able(model, HasCode, "latents to explore"), pictures, device)
        case Fill():
            return _filled(model, question, device, report), None
        case Convert():
            return _converted(model, question, device, report), None
        case PaintLayout(layout, seed, style):
            _check_layout(model, question)
            painter = able(model, CanPaint, "way to paint layouts")
            look = None if style is None else _planes(style)
            return painting.painted(painter, layout, seed, look, device)[None], None
        case _:
            assert_never(question)


def _filled(model: Model, question: Fill, device: Device, report: Report) -> NDArray[np.uint8]:
    painter = able(model, CanInpaint, "way to fill holes")
    picture, hole, size, seeds = question.picture, question.hole, model.data.height, question.seeds
    _check_channels(picture, model.data.channels)
    answers = [
        inpainting.inpainted(painter, size, picture, hole, seed, device, _share(report, place, len(seeds)))
        for place, seed in enumerate(seeds)
    ]
    return np.stack(answers)


def _share(report: Report, place: int, parts: int) -> Report:
    """Tells of one of several parts that take equally long, as of a share of the whole."""

    def told(progress: Progress) -> None:
        total = progress.total
        report(Progress(progress.what, place * total + progress.done, parts * total))

    return told


def _converted(model: Model, question: Convert, device: Device, report: Report) -> NDArray[np.uint8]:
    if isinstance(model, CanUpscale):
        _check_channels(question.picture, model.data.channels)
        return whole.upscaled(model, _planes(question.picture), question.seed, device, report)[None]
    both_ways = isinstance(model, CanTranslateBothWays)
    if (question.back or question.and_back) and not both_ways:
        raise WrongUse(f"{model.info.title} answers one way only. Ask it without the way back.")
    if not isinstance(model, CanTranslate | CanTranslateBothWays):
        raise WrongUse(_cannot(model, "way to translate or enlarge pictures"))
    asked = model.data.channels if both_ways or model.data.input_channels is None else model.data.input_channels
    _check_channels(question.picture, asked)
    ways: list[Translator] = [model]
    if isinstance(model, CanTranslateBothWays):
        ways = [WayBack(model), model] if question.back else [model, WayBack(model)]
    answers, picture = [], question.picture
    wanted = ways if question.and_back else ways[:1]
    for place, way in enumerate(wanted):
        picture = _translated(model, way, picture, question.seed, device, _share(report, place, len(wanted)))
        answers.append(picture)
    return np.stack(answers)


def _translated(model: Model, way: Translator, picture: Picture, seed: int, device: Device, report: Report) -> Picture:
    if way.stride is not None:
        return whole.translated(way, _planes(picture), seed, device, report)
    _check_size(model, picture.shape[0], picture.shape[1], "pictures")
    return translation.translated(way, _planes(picture), seed, device)


def _check_layout(model: Model, question: PaintLayout) -> None:
    _check_size(model, question.layout.shape[0], question.layout.shape[1], "layouts")
    if question.style is not None:
        _check_channels(question.style, model.data.channels)
        if not (isinstance(model, CanPaint) and model.takes_style):
            raise WrongUse("This model was trained without a style encoder. Leave the style out.")


def _check_size(model: Model, height: int, width: int, what: str) -> None:
    wanted = (model.data.height, model.data.width)
    if (height, width) != wanted:
        raise WrongUse(
            f"This model answers {what} of {wanted[1]} × {wanted[0]}, and this is {width} × {height}. Scale it first."
        )


def _check_channels(picture: Picture, channels: int) -> None:
    if picture.ndim != 3 or picture.shape[2] != channels:
        kind = "grey" if channels == 1 else "coloured"
        raise WrongUse(f"This model takes {kind} pictures, and this is not one. Convert it first.")


def able(model: Model, capability: type[Any], what: str) -> Any:
    """The model, where it has this capability. what: the same in words. Raises WrongUse."""
    if not isinstance(model, capability):
        raise WrongUse(_cannot(model, what))
    return model


def _cannot(model: Model, what: str) -> str:
    return f"{model.info.title} has no {what}. Open a run of a family that has."


def _planes(picture: Picture) -> Picture:
    """(H, W, C) -> (C, H, W)."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1))
