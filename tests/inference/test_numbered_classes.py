"""Numbered samples of a model with classes go through them by number, over all portions."""

import numpy as np
import torch
from torch import Tensor

from gen_studio.inference.sampling import samples
from gen_studio.models.capabilities import IsConditional


class Labeller(IsConditional):
    """Each picture is its label."""

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return (2,)

    @property
    def class_names(self) -> tuple[str, ...]:
        return ("zero", "one", "two")

    def decode_as(self, latents: Tensor, labels: Tensor) -> Tensor:
        return (labels.float() - 1).view(-1, 1, 1, 1).expand(-1, 1, 2, 2)

    def decode_blended(self, latents: Tensor, weights: Tensor) -> Tensor:
        raise NotImplementedError


def test_classes_go_on_where_the_portion_before_left_off() -> None:
    pictures = samples(Labeller(), 10, seed=0, portion=4)
    assert pictures[:, 0, 0, 0].tolist() == [[0, 128, 255][number % 3] for number in range(10)]


def test_the_portion_does_not_change_a_numbers_class() -> None:
    assert np.array_equal(samples(Labeller(), 9, seed=0, portion=2), samples(Labeller(), 9, seed=0, portion=7))


def test_a_model_asked_for_no_class_goes_through_all_in_turn() -> None:
    pictures = Labeller().decode(torch.zeros(5, 2))
    assert pictures[:, 0, 0, 0].tolist() == [-1, 0, 1, -1, 0]
