"""The table from capability to pictures."""

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from gen_studio.data.spec import Batch
from gen_studio.inference.views import MOMENTS, VIEWS, View, possible_views, render, views_of
from gen_studio.models.capabilities import (
    CanReconstruct,
    CanSample,
    CanTranslate,
    FormsInSteps,
    HasLatent,
    IsConditional,
)


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


class Mapper(nn.Module, HasLatent):
    """A picture is its latent's numbers, in thirds."""

    def __init__(self, latents: int = 2) -> None:
        super().__init__()
        self.latents = latents

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return (self.latents,)

    def decode(self, latents: Tensor) -> Tensor:
        return latents.view(-1, 1, 1, self.latents) / 3


class LabelledMapper(Mapper, IsConditional):
    """The class is the third number of the picture."""

    @property
    def class_names(self) -> tuple[str, ...]:
        return ("none", "one")

    def decode(self, latents: Tensor) -> Tensor:
        return IsConditional.decode(self, latents)

    def decode_as(self, latents: Tensor, labels: Tensor) -> Tensor:
        return torch.cat([latents / 3, labels.view(-1, 1).float()], 1).view(-1, 1, 1, 3)

    def decode_blended(self, latents: Tensor, weights: Tensor) -> Tensor:
        return torch.cat([latents / 3, weights[:, 1:]], 1).view(-1, 1, 1, 3)


class Former(nn.Module, FormsInSteps):
    """Goes from black to white in equal steps; each row is a little brighter than the last."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps

    @property
    def forming_steps(self) -> int:
        return self.steps

    @property
    def most_steps(self) -> int:
        return self.steps

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return list(self.forming(count, rng))[-1]

    def forming(self, count: int, rng: torch.Generator, steps: int | None = None) -> Iterator[Tensor]:
        for step in range(self.forming_steps):
            yield torch.full((count, 1, 2, 2), -1 + 2 * (step + 1) / self.forming_steps)


def view(key: str) -> View:
    return next(view for view in VIEWS if view.info.key == key)


def keys(model: nn.Module) -> list[str]:
    return [view.info.key for view in views_of(model)]


def batch(count: int = 6) -> Batch:
    return Batch(images=torch.ones(count, 3, 4, 4), inputs=torch.zeros(count, 1, 4, 4))


def shades(pictures: np.ndarray) -> list[int]:
    return [int(picture.mean()) for picture in pictures]


def test_a_model_has_the_views_of_what_it_can_do() -> None:
    assert keys(Painter()) == ["samples", "reconstructions"]
    assert keys(Colourer()) == ["translations"]
    assert keys(nn.Identity()) == []


def test_settings_decide_whether_the_prior_can_be_seen_as_a_grid() -> None:
    assert keys(Mapper(2)) == ["samples", "prior_grid"]
    assert keys(Mapper(3)) == ["samples"]
    assert [view.info.key for view in possible_views(Mapper)] == ["samples", "prior_grid"]


def test_pictures_of_one_item_stand_side_by_side() -> None:
    pictures = render(view("reconstructions"), Painter(), batch(), 2, torch.Generator())
    assert pictures.shape == (4, 4, 4, 3)
    assert shades(pictures) == [255, 128, 255, 128]


def test_grey_beside_colour_becomes_colour() -> None:
    pictures = render(view("translations"), Colourer(), batch(), 2, torch.Generator())
    assert pictures.shape == (6, 4, 4, 3)
    assert shades(pictures) == [128, 0, 255, 128, 0, 255]


def test_samples_stand_alone() -> None:
    pictures = render(view("samples"), Painter(), batch(), 5, torch.Generator())
    assert pictures.shape == (5, 4, 4, 3)
    assert np.all(pictures == 255)


def test_the_priors_grid_has_its_quantiles_to_the_right_and_upwards() -> None:
    pictures = render(view("prior_grid"), Mapper(), batch(), 9, torch.Generator())
    places = [NormalDist().inv_cdf((place + 0.5) / 9) for place in range(9)]
    wanted = [[(across, up) for across in places] for up in reversed(places)]
    latents = (pictures.reshape(9, 9, 2) / 127.5 - 1) * 3
    np.testing.assert_allclose(latents, wanted, atol=0.02)


def test_the_grid_of_a_model_with_classes_is_of_one_of_them() -> None:
    pictures = render(view("prior_grid"), LabelledMapper(), batch(), 9, torch.Generator())
    assert np.all(pictures.reshape(81, 3)[:, 2] == 128)


@pytest.mark.parametrize("steps", [1, 3, 8, 20, 1000])
def test_moments_are_evenly_spread_and_end_with_the_sample(steps: int) -> None:
    pictures = render(view("forming"), Former(steps), batch(), 2, torch.Generator())
    assert pictures.shape == (2 * MOMENTS, 2, 2, 1)
    shares = pictures[:MOMENTS].mean((1, 2, 3)) / 255
    wanted = [(moment + 1) / MOMENTS for moment in range(MOMENTS)]
    assert shares[-1] == 1
    assert np.all(shares - wanted > -0.01) and np.all(shares - wanted < 1 / steps + 0.01)
    np.testing.assert_array_equal(pictures[:MOMENTS], pictures[MOMENTS:])


def test_captions_say_how_many_pictures_belong_together() -> None:
    assert {view.info.key: view.info.per_item for view in VIEWS} == {
        "translations": 3,
        "there_and_back": 3,
        "back_and_there": 3,
        "paintings": 3,
        "in_style": 3,
        "enlargements": 4,
        "fillings": 3,
        "samples": 1,
        "denoised": 3,
        "reconstructions": 2,
        "prior_grid": 9,
        "forming": 8,
    }


def test_of_pictures_that_belong_together_the_models_own_is_followed() -> None:
    assert [view("reconstructions").info.followed(index) for index in (0, 1, 4)] == [1, 1, 5]
    assert [view("samples").info.followed(index) for index in (0, 7)] == [0, 7]
    assert view("prior_grid").info.followed(40) == 40
    assert view("forming").info.followed(3) == 7


def test_a_view_says_what_it_shows() -> None:
    assert view("samples").info.in_words(81) == "81 fixed latents"
    assert view("reconstructions").info.in_words(80) == "40 held-out examples"
    assert view("prior_grid").info.in_words(81) == "9 × 9 quantiles of the prior"
