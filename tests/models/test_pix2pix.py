"""What makes the translator the paper's: skips, norms, dropout that stays, an L1 term of the right weight."""

import pytest
import torch
from torch import Tensor, nn

from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.pix2pix import Pix2Pix, Pix2PixConfig
from gen_studio.nets.losses import AdversarialLoss, generator_loss
from gen_studio.nets.patch_critic import receptive_field


def pix2pix(size: int = 32, **settings: object) -> Pix2Pix:
    config = Pix2PixConfig.parse({"width": 4, **settings})
    spec = DataSpec(3, size, size, input_channels=1)
    model = build(Pix2Pix, config, spec, torch.Generator().manual_seed(0))
    assert isinstance(model, Pix2Pix)
    return model


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def edges(count: int = 4, size: int = 32) -> Tensor:
    return torch.rand(count, 1, size, size, generator=rng(9)) * 2 - 1


def test_the_unet_halves_down_to_one_pixel_with_the_papers_widths() -> None:
    unet = pix2pix(256, width=64).generator
    assert [down.out_channels for down in unet.downs] == [64, 128, 256, 512, 512, 512, 512, 512]
    assert [up.out_channels for up in unet.ups] == [512, 512, 512, 512, 256, 128, 64, 3]
    assert [up.in_channels for up in unet.ups] == [512, 1024, 1024, 1024, 1024, 512, 256, 128]


def test_every_size_has_a_skip_to_the_other_side() -> None:
    unet = pix2pix().generator.eval()
    joined: list[Tensor] = []
    features: list[Tensor] = []
    for norm in unet.down_norms:
        norm.register_forward_hook(lambda _, __, output: features.append(output))
    for up in list(unet.ups)[1:]:
        up.register_forward_pre_hook(lambda _, inputs: joined.append(inputs[0]))
    unet(edges(), rng())
    for skip, inputs in zip(features[-2::-1], joined, strict=True):
        assert torch.equal(inputs[:, -skip.shape[1] :], skip.relu())


def test_neither_the_first_nor_the_innermost_layer_is_normalised() -> None:
    unet = pix2pix().generator
    normalised = [isinstance(norm, nn.InstanceNorm2d) for norm in unet.down_norms]
    assert normalised == [False, True, True, True, False]
    assert all(isinstance(norm, nn.InstanceNorm2d) for norm in unet.up_norms)
    assert len(unet.up_norms) == len(unet.ups) - 1, "nor is the output"


def test_dropout_stays_on_in_use_and_comes_from_the_generator() -> None:
    model = pix2pix().eval()
    one, same, other = (model.translate(edges(), rng(seed)) for seed in (0, 0, 1))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_without_dropout_chance_has_no_say() -> None:
    model = pix2pix(dropout=0.0).eval()
    assert torch.equal(model.translate(edges(), rng(0)), model.translate(edges(), rng(1)))


def test_a_picture_is_normalised_by_itself_and_alike_in_training_and_in_use() -> None:
    model = pix2pix(dropout=0.0)
    together = model.train().translate(edges(4), rng())
    alone = model.eval().translate(edges(4)[:1], rng())
    torch.testing.assert_close(together[:1], alone, rtol=1e-4, atol=1e-5)
    assert not any("running" in name for name, _ in model.named_buffers())


@pytest.mark.parametrize(("size", "layers"), [(32, 3), (64, 3), (16, 2)])
def test_the_critic_sees_question_and_answer_in_patches(size: int, layers: int) -> None:
    model = pix2pix(size)
    first = model.discriminator[0]
    assert isinstance(first, nn.Conv2d)
    assert first.in_channels == 1 + 3
    convolutions = [layer for layer in model.discriminator if isinstance(layer, nn.Conv2d)]
    assert len(convolutions) == layers + 2
    assert receptive_field(layers) in (34, 70)
    scores = model.discriminator(torch.zeros(2, 4, size, size))
    assert scores.shape[:2] == (2, 1)
    assert scores.shape[-1] > 1


def test_the_generator_minimises_the_game_plus_a_hundred_times_l1() -> None:
    model = pix2pix(dropout=0.0, jitter=False)
    batch = Batch(images=torch.rand(4, 3, 32, 32, generator=rng(1)) * 2 - 1, inputs=edges())
    minimised: dict[str, float] = {}

    class Noted:
        def __init__(self, name: str) -> None:
            self.name = name

        def minimise(self, loss: Tensor) -> None:
            minimised[self.name] = float(loss.detach())

    readings = model.training_step(batch, {name: Noted(name) for name in ("discriminator", "generator")}, rng())
    assert batch.inputs is not None
    answers = model.translate(batch.inputs, rng())
    judged = model.discriminator(torch.cat([batch.inputs, answers], 1))
    l1 = (answers - batch.images).abs().mean()
    game = generator_loss(AdversarialLoss.NON_SATURATING, judged)
    assert minimised["generator"] == pytest.approx(float((game + 100 * l1).detach()), rel=1e-5)
    assert float(readings["l1"]) == pytest.approx(float(l1.detach()), rel=1e-5)
    real = model.discriminator(torch.cat([batch.inputs, batch.images], 1))
    halved = (nn.functional.softplus(-real).mean() + nn.functional.softplus(judged).mean()) / 2
    assert minimised["discriminator"] == pytest.approx(float(halved.detach()), rel=1e-5)


def test_the_optimizers_are_the_papers() -> None:
    for optimizer in pix2pix().optimizers().values():
        assert optimizer.defaults["lr"] == 2e-4
        assert optimizer.defaults["betas"] == (0.5, 0.999)


def test_pairs_are_jittered_in_training_and_never_where_they_are_judged() -> None:
    model = pix2pix(dropout=0.0)
    batch = Batch(images=torch.rand(4, 3, 32, 32, generator=rng(1)) * 2 - 1, inputs=edges())
    assert batch.inputs is not None
    plain = (model.translate(batch.inputs, rng()) - batch.images).abs().mean()
    assert torch.equal(model.validate(batch, rng())["l1"], plain)

    class Still:
        def minimise(self, loss: Tensor) -> None:
            pass

    readings = model.training_step(batch, {"discriminator": Still(), "generator": Still()}, rng())
    assert not torch.isclose(readings["l1"], plain, rtol=1e-4)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_without_dropout_no_seed_makes_a_difference_and_it_says_so(share: float) -> None:
    model = pix2pix(16, dropout=share).eval()
    inputs = torch.rand((1, 1, 16, 16), generator=rng())
    with torch.no_grad():
        one, other = (model.translate(inputs, rng(seed)) for seed in (0, 1))
    assert model.answers_by_chance is (share > 0) is not torch.equal(one, other)
