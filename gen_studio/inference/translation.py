"""Answers to single pictures: a translation or a reconstruction that depends on the picture and the seed alone."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gen_studio.core.plan import PairFilter
from gen_studio.data import filters
from gen_studio.data.spec import normalise
from gen_studio.inference.images import to_pictures
from gen_studio.models.capabilities import CanReconstruct, CanTranslate, CanTranslateBothWays, TakesAnySize

Picture = NDArray[np.uint8]
"""(C, H, W) where it goes in, (H, W, C) where it comes out."""


class WayBack(TakesAnySize):
    """A model that translates both ways, asked the other way."""

    def __init__(self, model: CanTranslateBothWays) -> None:
        self.model = model

    @property
    def stride(self) -> int | None:
        return self.model.stride

    @property
    def reach(self) -> int | None:
        return self.model.reach

    def translate(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        return self.model.translate_back(inputs, rng)


Translator = CanTranslate | CanTranslateBothWays | WayBack


@torch.no_grad()
def translated(model: Translator, question: Picture, seed: int, device: torch.device | str = "cpu") -> Picture:
    """The answer to one question, (H, W, C). The model is in evaluation mode on the device."""
    rng = torch.Generator(device).manual_seed(seed)
    answer: Picture = to_pictures(model.translate(_image(question, device), rng))[0]
    return answer


@torch.no_grad()
def reconstructed(model: CanReconstruct, picture: Picture, seed: int, device: torch.device | str = "cpu") -> Picture:
    """What a model gives back of one picture, (H, W, C). The model is in evaluation mode on the device."""
    rng = torch.Generator(device).manual_seed(seed)
    answer: Picture = to_pictures(model.reconstruct(_image(picture, device), rng))[0]
    return answer


def question_from(photograph: Picture, pair_filter: PairFilter) -> Picture:
    """The question that a filter makes of a photograph, both (C, H, W)."""
    question: Picture = filters.apply(pair_filter, photograph[None])[0]
    return question


def _image(picture: Picture, device: torch.device | str) -> Tensor:
    return normalise(torch.tensor(picture)[None].to(device))
