"""DDPM: what it is taught, and that its samples follow from their noise as its settings say."""

import math

import pytest
import torch
from torch import Tensor, nn

from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.inference.sampling import samples
from gen_studio.models.base import build
from gen_studio.models.families.ddpm import DDPM, Sampler


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def ddpm(**settings: object) -> DDPM:
    values = {"width": 4, "sizes": 2, "blocks": 1, "sample_steps": 8, "levels": 100, "dropout": 0.0, **settings}
    model = build(DDPM, DDPM.Config.parse(values), DataSpec(1, 8, 8), rng())
    for parameter in model.parameters():
        if not parameter.any():
            nn.init.normal_(parameter, 0.0, 0.1, generator=rng(1))
    return model.eval().requires_grad_(False)


class Oracle(nn.Module):
    """Knows the one clean picture there is, and with it the noise exactly."""

    def __init__(self, model: DDPM, picture: Tensor) -> None:
        super().__init__()
        self.kept, self.picture, self.levels = model.kept, picture, model.config.levels
        self.told: list[float] = []

    def forward(self, noisy: Tensor, times: Tensor, rng: torch.Generator | None = None) -> Tensor:
        assert rng is None, "dropout is off when sampling"
        self.told.append(float(times[0]))
        share = float(self.kept[round(float(times[0]) * self.levels / 1000)])
        return (noisy - math.sqrt(share) * self.picture) / math.sqrt(1 - share)


PICTURE = (2 * torch.rand(1, 1, 8, 8, generator=rng(5)) - 1) * 0.9


@pytest.mark.parametrize("sampler", Sampler)
@pytest.mark.parametrize("steps", [1, 2, 8, 100])
def test_with_a_perfect_guess_every_sampler_ends_at_the_picture(sampler, steps):
    model = ddpm(sampler=sampler, sample_steps=steps)
    model.denoiser = Oracle(model, PICTURE)
    made = model.sample(3, rng())
    torch.testing.assert_close(made, PICTURE.expand(3, 1, 8, 8), atol=1e-3, rtol=0)
    assert len(model.denoiser.told) == steps
    assert model.denoiser.told[0] == pytest.approx(990) and (steps == 1 or model.denoiser.told[-1] == 0)


def test_ddim_without_eta_is_a_function_of_the_noise_it_starts_from():
    model = ddpm()
    latents = model.draw_latents(4, rng())
    one = model.decode(latents)
    assert torch.equal(one, model.decode(latents))
    assert torch.equal(model.sample(4, rng()), one)
    torch.testing.assert_close(model.decode(latents[1:2]), one[1:2], atol=1e-4, rtol=1e-4)
    nearby = model.decode(latents + 1e-4 * torch.randn(latents.shape, generator=rng(2)))
    assert float((nearby - one).abs().mean()) < 0.01


def test_ddim_is_consistent_over_the_number_of_steps():
    """More steps come ever closer to one path, which starts where fewer steps do."""
    latents = torch.randn(8, 1, 8, 8, generator=rng(3))
    made = {steps: ddpm(sample_steps=steps).decode(latents) for steps in (5, 25, 100)}
    coarse, fine = ((made[steps] - made[100]).square().mean() for steps in (5, 25))
    other = (made[100][1:] - made[100][:-1]).square().mean()
    assert fine < 0.5 * coarse < 0.25 * other


@pytest.mark.parametrize("settings", [{"eta": 0.5}, {"sampler": Sampler.ANCESTRAL}])
def test_a_sampler_with_chance_is_asked_for_samples_and_not_for_its_latents(settings):
    plain, chancy = ddpm(), ddpm(**settings)
    latents = plain.draw_latents(2, rng())
    assert plain.samples_are_decoded and not chancy.samples_are_decoded
    assert torch.equal(plain.decode(latents), chancy.decode(latents))
    assert not torch.allclose(plain.sample(2, rng()), chancy.sample(2, rng()), atol=1e-2)
    assert (samples(plain, 4, 0) != samples(chancy, 4, 0)).any()


def test_eta_one_is_ancestral_sampling():
    one, other = ddpm(eta=1.0), ddpm(sampler=Sampler.ANCESTRAL)
    torch.testing.assert_close(one.sample(2, rng()), other.sample(2, rng()), atol=1e-3, rtol=1e-3)


def test_it_is_taught_the_noise_that_was_mixed_in():
    model = ddpm()
    seen = {}

    class Spy(nn.Module):
        def forward(self, noisy: Tensor, times: Tensor, rng: torch.Generator | None) -> Tensor:
            seen.update(noisy=noisy, times=times)
            return torch.zeros_like(noisy)

    class Keep:
        def minimise(self, loss: Tensor) -> None:
            seen["loss"] = loss

    model.denoiser = Spy()
    images = 2 * torch.rand(16, 1, 8, 8, generator=rng(4)) - 1
    model.training_step(Batch(images), {"denoiser": Keep()}, rng())
    levels = (seen["times"] / 10).round().long()
    assert len(set(levels.tolist())) > 4
    share = torch.tensor(model.kept)[levels].view(-1, 1, 1, 1).float()
    noise = (seen["noisy"] - share.sqrt() * images) / (1 - share).sqrt()
    assert float(seen["loss"]) == pytest.approx(float(noise.square().mean()), rel=1e-3)
    assert float(noise.std()) == pytest.approx(1.0, rel=0.1)


def test_the_rate_warms_up_to_its_value():
    model = ddpm(warm_up=10)
    factors = []
    for model.step in range(20):
        factors.append(model.rate_factor("denoiser", 0.0))
    assert factors[0] == pytest.approx(1 / 11)
    assert factors[:11] == sorted(factors[:11])
    assert factors[10:] == [1.0] * 10


def test_more_steps_than_levels_are_refused_with_a_way_out():
    with pytest.raises(WrongUse, match="Set Sampling steps to 10 or less"):
        ddpm(levels=10, sample_steps=11)
