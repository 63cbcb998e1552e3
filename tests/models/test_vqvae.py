"""VQ-VAE: one run of two phases, and a codebook that only training steps change."""

import pytest
import torch
from torch import Tensor

from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.vqvae import VQVAE
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner

SETTINGS = {"codes": 16, "latents": 4, "width": 4, "hidden": 8, "prior_layers": 2, "batch_size": 8}


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def vqvae(size: int = 8, **settings: object) -> VQVAE:
    config = VQVAE.Config.parse({**SETTINGS, **settings})
    return build(VQVAE, config, DataSpec(1, size, size), rng())


def learner(first_phase: float) -> Learner:
    plan = subjects.plan_for(VQVAE, {**SETTINGS, "first_phase": first_phase}, steps=10)
    return Learner(plan, subjects.pictures())


def state(made: Learner, *prefixes: str) -> dict[str, Tensor]:
    return {k: v.clone() for k, v in made.model.state_dict().items() if k.startswith(prefixes)}


FIRST = ("encoder.", "decoder.", "codebook.")


class Recorder:
    def minimise(self, loss: Tensor) -> None:
        self.loss = loss


def test_each_phase_moves_its_own_part_and_leaves_the_other_still():
    made = learner(first_phase=0.5)
    for step in range(10):
        before = {"first": state(made, *FIRST), "prior": state(made, "prior.")}
        made.take_step()
        moved = {
            "first": subjects.differences(before["first"], state(made, *FIRST)) != [],
            "prior": subjects.differences(before["prior"], state(made, "prior.")) != [],
        }
        assert moved == {"first": step < 5, "prior": step >= 5}, step


@pytest.mark.parametrize(("share", "phases"), [(0.0, 0), (0.25, 3), (1.0, 10)])
def test_the_phases_share_the_planned_steps_as_set(share, phases):
    made, count = learner(share), 0
    for _ in range(10):
        before = state(made, "prior.")
        made.take_step()
        count += subjects.differences(before, state(made, "prior.")) == []
    assert count == phases


def test_the_codebook_starts_as_features_of_the_first_batch():
    model, images = vqvae(), subjects.pictures(size=8).batch(torch.arange(8)).images
    features = model.features(images).permute(0, 2, 3, 1).reshape(-1, 4)
    seeds = []
    learn = model.codebook.learn
    model.codebook.learn = lambda *given: (seeds.append(model.codebook.vectors.clone()), learn(*given))
    model.training_step(Batch(images), {"vqvae": Recorder()}, rng())
    torch.testing.assert_close((seeds[0][:, None] - features).abs().amax(2).amin(1), torch.zeros(16))


def test_the_loss_of_the_first_phase_is_error_and_commitment_with_the_entries_held():
    model, images = vqvae(commitment=0.4), subjects.pictures(size=8).batch(torch.arange(8)).images
    model.step = 1
    update = Recorder()
    entries = model.encode(images)
    features = model.features(images)
    model.training_step(Batch(images), {"vqvae": update}, rng())
    error = (model.decoder(entries) - images).square().mean()
    torch.testing.assert_close(update.loss, error + 0.4 * (features - entries).square().mean())


def test_the_encoder_learns_what_the_decoder_would_have_of_its_features():
    """Straight through: the features' gradient of the error is the entries'."""
    model, images = vqvae(commitment=0.0), subjects.pictures(size=8).batch(torch.arange(8)).images
    model.step = 1
    entries = model.encode(images).requires_grad_()
    wanted = torch.autograd.grad((model.decoder(entries) - images).square().mean(), entries)[0]
    features = model.features(images)
    last = [*model.encoder.parameters()][-1]
    by_chain = torch.autograd.grad(features, last, wanted)[0]
    update = Recorder()
    model.training_step(Batch(images), {"vqvae": update}, rng())
    torch.testing.assert_close(torch.autograd.grad(update.loss, last)[0], by_chain)


def test_the_scale_of_the_terms_does_not_depend_on_the_batch():
    model, images = vqvae(), subjects.pictures(size=8).batch(torch.arange(8)).images
    with torch.no_grad():
        one, more = (model.validate(Batch(given), rng()) for given in (images, images.repeat(4, 1, 1, 1)))
    for name in ("loss", "reconstruction", "commitment", "prior", "perplexity", "used"):
        torch.testing.assert_close(one[name], more[name], msg=name)


@pytest.mark.parametrize("size", [8, 10, 15])
def test_pictures_that_do_not_halve_are_rounded_up_and_cut(size):
    model = vqvae(size)
    side = -(-size // 4)
    images = torch.zeros(2, 1, size, size)
    assert model.encode(images).shape == (2, 4, side, side)
    assert model.reconstruct(images, rng()).shape == images.shape
    assert model.sample(3, rng()).shape == (3, 1, size, size)


def test_samples_are_made_of_entries_that_the_prior_draws():
    model = vqvae()
    drawn = model.codebook(model.prior.draw(2, *model.grid, rng()))
    assert torch.equal(model.sample(2, rng()), model.decode(drawn))
