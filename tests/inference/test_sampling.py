import numpy as np
import pytest
import torch
from torch import Tensor

from gen_studio.inference.sampling import draw_latents, samples
from gen_studio.models.capabilities import CanSample, HasLatent


class Decoder(HasLatent):
    """Each picture says which latent it was made of, and in how large a batch."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return (7,)

    def decode(self, latents: Tensor) -> Tensor:
        self.batches.append(len(latents))
        return latents.reshape(-1, 1, 1, 7).tanh()


class Walker(CanSample):
    """Draws anew at each of its steps, as diffusion models do."""

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        pictures = torch.zeros(count, 1, 4, 4)
        for _ in range(3):
            pictures += torch.randn(pictures.shape, generator=rng) / 3
        return pictures


@pytest.mark.parametrize("model", [Decoder(), Walker()])
def test_more_samples_do_not_change_the_first(model):
    many = samples(model, 40, seed=5)
    for count in (1, 7, 16, 17):
        few = samples(model, count, seed=5)
        assert len(few) == count
        assert np.array_equal(few, many[:count])


@pytest.mark.parametrize("model", [Decoder(), Walker()])
def test_another_seed_gives_other_pictures(model):
    assert not np.array_equal(samples(model, 4, seed=5), samples(model, 4, seed=6))
    assert np.array_equal(samples(model, 4, seed=5), samples(model, 4, seed=5))


def test_the_batch_size_does_not_change_what_a_latent_model_draws():
    assert np.array_equal(samples(Decoder(), 10, seed=1, portion=3), samples(Decoder(), 10, seed=1, portion=16))


def test_every_batch_is_decoded_at_full_length():
    model = Decoder()
    samples(model, 20, seed=0, portion=16)
    assert model.batches == [16, 16]


def test_latents_do_not_repeat():
    latents = draw_latents(Decoder(), 30, seed=0)
    assert len(latents.unique(dim=0)) == 30


def test_chance_elsewhere_has_no_part_in_it():
    torch.manual_seed(1)
    first = samples(Walker(), 3, seed=2)
    torch.manual_seed(2)
    assert np.array_equal(first, samples(Walker(), 3, seed=2))
