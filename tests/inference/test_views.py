"""The table from capability to pictures."""

import numpy as np
import torch
from torch import Tensor, nn

from gen_studio.data.spec import Batch
from gen_studio.inference.views import VIEWS, render, views_of
from gen_studio.models.capabilities import CanReconstruct, CanSample, CanTranslate


class Painter(nn.Module, CanSample, CanReconstruct):
    """Samples are white, reconstructions grey."""

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return torch.ones(count, 3, 4, 4)

    def reconstruct(self, images: Tensor, rng: torch.Generator) -> Tensor:
        return torch.zeros_like(images)


class Colourer(nn.Module, CanTranslate):
    """Turns grey into black of three channels."""

    def translate(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        return -torch.ones(len(inputs), 3, *inputs.shape[2:])


def view(key: str) -> object:
    return next(view for view in VIEWS if view.info.key == key)


def keys(family: type) -> list[str]:
    return [view.info.key for view in views_of(family)]


def batch(count: int = 6) -> Batch:
    return Batch(images=torch.ones(count, 3, 4, 4), inputs=torch.zeros(count, 1, 4, 4))


def test_a_family_has_the_views_of_what_it_can_do() -> None:
    assert keys(Painter) == ["samples", "reconstructions"]
    assert keys(Colourer) == ["translations"]
    assert keys(nn.Module) == []


def test_pictures_of_one_item_stand_side_by_side() -> None:
    pictures = render(view("reconstructions"), Painter(), batch(), 2, torch.Generator())
    assert pictures.shape == (4, 4, 4, 3)
    assert [int(picture.mean()) for picture in pictures] == [255, 128, 255, 128]


def test_grey_beside_colour_becomes_colour() -> None:
    pictures = render(view("translations"), Colourer(), batch(), 2, torch.Generator())
    assert pictures.shape == (6, 4, 4, 3)
    assert [int(picture.mean()) for picture in pictures] == [128, 0, 255, 128, 0, 255]


def test_samples_stand_alone() -> None:
    pictures = render(view("samples"), Painter(), batch(), 5, torch.Generator())
    assert pictures.shape == (5, 4, 4, 3)
    assert np.all(pictures == 255)


def test_captions_say_how_many_pictures_belong_together() -> None:
    assert {view.info.key: view.info.per_item for view in VIEWS} == {
        "translations": 3,
        "samples": 1,
        "denoised": 3,
        "reconstructions": 2,
    }
