"""What each of the plain autoencoders is asked for, and that none of them claims to sample."""

import pytest
import torch
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.autoencoding import Autoencoding, Distance, Layers
from gen_studio.models.base import build
from gen_studio.models.capabilities import CanAutoencode, CanSample, HasLatent
from gen_studio.models.families.autoencoder import Autoencoder
from gen_studio.models.families.denoising_autoencoder import DenoisingAutoencoder, Noise
from gen_studio.models.families.sparse_autoencoder import Penalty, SparseAutoencoder
from gen_studio.nets.losses import bernoulli_nll

FAMILIES = (Autoencoder, DenoisingAutoencoder, SparseAutoencoder)
every_family = pytest.mark.parametrize("kind", FAMILIES)


def made(kind: type[Autoencoding], **settings: object) -> Autoencoding:
    config = kind.Config.parse({"hidden": 16, "width": 4, "latents": 5, **settings})
    return build(kind, config, DataSpec(1, 8, 8), torch.Generator().manual_seed(0))


def pictures(count: int = 6) -> Tensor:
    return 2 * torch.rand(count, 1, 8, 8, generator=torch.Generator().manual_seed(1)) - 1


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Recorder:
    """An update that keeps the loss and steps nowhere."""

    def minimise(self, loss: Tensor) -> None:
        self.loss = loss


def loss_of(model: Autoencoding, images: Tensor, seed: int = 0) -> Tensor:
    update = Recorder()
    readings = model.training_step(Batch(images), {"coder": update}, rng(seed))
    assert torch.equal(readings["loss"], update.loss.detach())
    return update.loss


@every_family
def test_it_encodes_and_reconstructs_but_has_nothing_to_sample_from(kind):
    assert issubclass(kind, CanAutoencode)
    assert not issubclass(kind, CanSample) and not issubclass(kind, HasLatent)
    model = made(kind)
    assert torch.equal(model.reconstruct(pictures(), rng()), model.decode(model.encode(pictures())))


@every_family
@pytest.mark.parametrize("layers", Layers)
def test_a_batch_twice_as_large_has_the_same_loss(kind, layers):
    model = made(kind, layers=layers, **({"amount": 0.0} if kind is DenoisingAutoencoder else {}))
    torch.testing.assert_close(loss_of(model, pictures().repeat(2, 1, 1, 1)), loss_of(model, pictures()))


def test_the_plain_error_is_summed_over_pixels_and_averaged_over_pictures():
    model, images = made(Autoencoder), pictures()
    raw = model.decoder(model.encode(images))
    torch.testing.assert_close(loss_of(model, images), (raw - images).square().sum() / len(images))
    model = made(Autoencoder, distance=Distance.CROSS_ENTROPY)
    logits = model.decoder(model.encode(images))
    torch.testing.assert_close(loss_of(model, images), bernoulli_nll(logits, images).mean())
    torch.testing.assert_close(model.reconstruct(images, rng()), 2 * torch.sigmoid(logits) - 1)


def test_a_code_as_large_as_the_picture_is_refused_with_a_way_out():
    with pytest.raises(WrongUse, match="Set Code size to less than 64"):
        made(Autoencoder, latents=64)
    made(Autoencoder, latents=63)
    made(SparseAutoencoder, latents=100)


@pytest.mark.parametrize("noise", Noise)
def test_the_denoiser_is_shown_fresh_noise_and_judged_by_the_clean_picture(noise):
    model, images = made(DenoisingAutoencoder, noise=noise, amount=0.4), pictures()
    noisy = model.corrupt(images, rng(3))
    assert not torch.equal(noisy, images)
    raw = model.decoder(model.encode(noisy))
    torch.testing.assert_close(loss_of(model, images, seed=3), (raw - images).square().sum() / len(images))
    chance = rng()
    assert not torch.equal(model.corrupt(images, chance), model.corrupt(images, chance))


def test_l1_is_charged_for_all_of_the_code():
    model, images = made(SparseAutoencoder, weight=0.7), pictures()
    code = model.encode(images)
    assert (code >= 0).all() and (code == 0).any()
    error = (model.decoder(code) - images).square().sum() / len(images)
    torch.testing.assert_close(loss_of(model, images), error + 0.7 * code.sum() / len(images))


def test_l1_cannot_be_dodged_by_a_quieter_code_and_a_louder_decoder():
    model, images = made(SparseAutoencoder), pictures()
    code = model.encode(images)
    before = model.decode(code)
    with torch.no_grad():
        model.decoder.layers[0].weight.mul_(100)
    torch.testing.assert_close(model.decode(code), before)


def test_kl_draws_the_mean_activation_of_each_unit_to_the_target():
    model, images = made(SparseAutoencoder, penalty=Penalty.KL, target=0.1, weight=2.0), pictures()
    mean = model.encode(images).mean(0)
    kl = 0.1 * (0.1 / mean).log() + 0.9 * (0.9 / (1 - mean)).log()
    error = (model.decoder(model.encode(images)) - images).square().sum() / len(images)
    torch.testing.assert_close(loss_of(model, images), error + 2 * kl.sum())


def test_a_heavier_penalty_leaves_a_sparser_code():
    shares = []
    for weight in (0.0, 20.0):
        model = made(SparseAutoencoder, weight=weight, latents=32)
        optimizer = torch.optim.Adam(model.parameters(), 3e-3)
        for _ in range(150):
            optimizer.zero_grad()
            terms = model.terms(pictures(32), rng())
            terms["loss"].backward()
            optimizer.step()
        shares.append(float(terms["active"]))
    assert shares[1] < 0.5 * shares[0]
