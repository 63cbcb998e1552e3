"""Dropout and noise: the right statistics, and from the generator that is handed in."""

import pytest
import torch

from gen_studio.nets.noise import dropout, normal_like


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.8])
def test_dropout_zeroes_its_share_and_keeps_the_mean(probability: float) -> None:
    ones = torch.ones(200, 500)
    dropped = dropout(ones, probability, generator())
    assert (dropped == 0).float().mean().item() == pytest.approx(probability, abs=0.01)
    assert dropped.mean().item() == pytest.approx(1, abs=0.03)
    assert torch.allclose(dropped[dropped != 0], torch.tensor(1 / (1 - probability)))


def test_dropout_passes_the_gradient_only_where_it_kept() -> None:
    features = torch.ones(50, requires_grad=True)
    dropped = dropout(features, 0.5, generator())
    dropped.sum().backward()
    assert features.grad is not None
    assert torch.equal(features.grad != 0, dropped != 0)


def test_dropout_of_nothing_changes_nothing() -> None:
    features = torch.randn(100, generator=generator())
    assert torch.equal(dropout(features, 0.0, generator()), features)


def test_chance_comes_from_the_generator_alone() -> None:
    features = torch.ones(1000)
    before = torch.get_rng_state()
    for draw in (lambda rng: dropout(features, 0.5, rng), lambda rng: normal_like(features, rng)):
        assert torch.equal(draw(generator(1)), draw(generator(1)))
        assert not torch.equal(draw(generator(1)), draw(generator(2)))
        rng = generator(1)
        assert not torch.equal(draw(rng), draw(rng))
    assert torch.equal(before, torch.get_rng_state())


def test_noise_is_like_what_it_is_made_for() -> None:
    like = torch.empty(100, 100, dtype=torch.bfloat16)
    noise = normal_like(like, generator())
    assert noise.shape == like.shape
    assert noise.dtype == like.dtype
    assert noise.float().mean().item() == pytest.approx(0, abs=0.05)
    assert noise.float().std().item() == pytest.approx(1, abs=0.05)
