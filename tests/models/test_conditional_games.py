"""cGAN, cDCGAN, AC-GAN and projection GAN: where the class enters, and what each player makes of it."""

from dataclasses import replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from gen_studio.models import registry
from gen_studio.models.adversarial import ConditionalAdversarialModel
from gen_studio.models.base import build
from gen_studio.nets.conditional_norm import ConditionalNorm
from gen_studio.nets.losses import AdversarialLoss
from gen_studio.testing import subjects

TOLD = ("cgan", "cdcgan", "projection_gan")
ALL = (*TOLD, "acgan")


def model_of(family: str, **settings: object) -> ConditionalAdversarialModel[Any]:
    kind = registry.find(family)
    config = subjects.tiny_config(kind, {"critic_steps": 1, **settings})
    model = build(kind, config, subjects.spec(), torch.Generator().manual_seed(0))
    assert isinstance(model, ConditionalAdversarialModel)
    return model.train()


class Still:
    def __init__(self) -> None:
        self.loss = torch.zeros(())

    def minimise(self, loss: Tensor) -> None:
        self.loss = loss.detach()


def step(model: ConditionalAdversarialModel[Any]) -> dict[str, Tensor]:
    """One step without any: the readings, and what each player was to minimise."""
    players = {"discriminator": Still(), "generator": Still()}
    readings = model.training_step(batch(), players, torch.Generator().manual_seed(1))
    return {**readings, **{name: player.loss for name, player in players.items()}}


def batch() -> Any:
    return subjects.pictures(count=8).batch(torch.arange(8))


@pytest.mark.parametrize("family", ALL)
def test_fakes_have_the_classes_of_the_real_pictures_and_d_is_told_them_or_not(family: str) -> None:
    model, asked, told = model_of(family), [], []
    model.generator.register_forward_pre_hook(lambda _, inputs: asked.append(inputs[1]))
    model.discriminator.register_forward_pre_hook(lambda _, inputs: told.append(inputs[1]))
    step(model)
    labels = batch().labels
    assert all(torch.equal(given, labels) for given in asked)
    assert len(told) == 3
    assert all(torch.equal(given, labels) if family in TOLD else given is None for given in told)


@pytest.mark.parametrize("family", ALL)
def test_without_classes_it_objects(family: str) -> None:
    objection = registry.find(family).objection(replace(subjects.spec(), classes=()))
    assert objection is not None
    assert "one folder per class" in objection


@pytest.mark.parametrize("family", ALL)
@pytest.mark.parametrize("classes", [1, 37])
def test_any_number_of_classes_will_do(family: str, classes: int) -> None:
    kind = registry.find(family)
    spec = replace(subjects.spec(), classes=tuple(str(number) for number in range(classes)))
    model = build(kind, subjects.tiny_config(kind), spec, torch.Generator().manual_seed(0)).train()
    assert isinstance(model, ConditionalAdversarialModel)
    labels = torch.tensor([0, classes - 1])
    pictures = model.decode_as(model.draw_latents(2, torch.Generator().manual_seed(0)), labels)
    assert pictures.shape == (2, 1, 16, 16)
    assert model.scores(model.discriminator(pictures, labels)).shape == (2,)


class TestACGAN:
    def test_d_classifies_real_and_fake_and_g_wants_its_class_named(self) -> None:
        for weight in (1.0, 2.5):
            model, outputs = model_of("acgan", class_weight=weight), []
            model.discriminator.register_forward_hook(lambda _m, _i, output, seen=outputs: seen.append(output.detach()))
            made = step(model)
            real, fake, again = outputs
            labels = batch().labels
            source = F.softplus(-real[:, 0]).mean() + F.softplus(fake[:, 0]).mean()
            classes = F.cross_entropy(real[:, 1:], labels) + F.cross_entropy(fake[:, 1:], labels)
            torch.testing.assert_close(made["discriminator"], source + weight * classes)
            torch.testing.assert_close(made["loss_d"], source)
            named = F.cross_entropy(again[:, 1:], labels)
            torch.testing.assert_close(made["generator"], F.softplus(-again[:, 0]).mean() + weight * named)

    def test_how_often_d_names_the_class_is_read_on_real_and_fake(self) -> None:
        model = model_of("acgan")
        with torch.no_grad():
            # D names class 1 whatever it sees; a quarter of the pictures are of class 1.
            model.discriminator.head.weight.zero_()
            model.discriminator.head.bias.copy_(torch.tensor([0.0, 0, 5, 0, 0]))
        made = step(model)
        assert made["class_real"].item() == made["class_fake"].item() == 0.25

    def test_a_penalty_and_the_verdict_look_at_the_score_alone(self) -> None:
        penalties = []
        for sharpness in (1.0, 100.0):
            model = model_of("acgan", norm="none", regulariser="R1", penalty_weight=1e4, class_weight=0.0)
            with torch.no_grad():
                model.discriminator.head.weight[1:] *= sharpness
            made = step(model)
            penalties.append(made["discriminator"] - made["loss_d"])
        assert penalties[0] > 0
        torch.testing.assert_close(penalties[0], penalties[1])

    def test_the_classes_count_for_no_player_at_weight_0(self) -> None:
        made = step(model_of("acgan", class_weight=0.0))
        assert made["discriminator"] == made["loss_d"]
        assert made["generator"] == made["loss_g"]


class TestProjectionGAN:
    def test_the_score_is_psi_of_phi_plus_the_inner_product_of_phi_and_the_classs_embedding(self) -> None:
        critic: Any = model_of("projection_gan").discriminator.eval()
        images, labels = batch().images, batch().labels
        phi = critic.features(images).sum((2, 3))
        inner = torch.stack([critic.embedding.weight[y] @ row for y, row in zip(labels, phi, strict=True)])
        torch.testing.assert_close(critic(images, labels), critic.dense(phi)[:, 0] + inner, atol=1e-5, rtol=1e-5)

    def test_every_layer_of_d_is_spectrally_normalised_the_embedding_too_and_none_of_g(self) -> None:
        model = model_of("projection_gan")
        kinds = nn.Conv2d | nn.Linear | nn.Embedding
        for network, normalised in ((model.discriminator, True), (model.generator, False)):
            layers = [layer for layer in network.modules() if isinstance(layer, kinds)]
            assert any(isinstance(layer, nn.Embedding) for layer in layers)
            assert all(is_parametrized(layer, "weight") == normalised for layer in layers)

    def test_every_norm_in_the_blocks_of_g_belongs_to_the_class(self) -> None:
        blocks: Any = model_of("projection_gan").generator.blocks
        norms = [layer for layer in blocks.modules() if isinstance(layer, ConditionalNorm)]
        assert len(norms) == 2 * len(blocks)
        assert all(norm.scale is not None and norm.scale.num_embeddings == 4 for norm in norms)

    def test_the_game_is_the_papers(self) -> None:
        config: Any = registry.find("projection_gan").Config()
        assert (config.loss, config.critic_steps, config.batch_size) == (AdversarialLoss.HINGE, 5, 64)
        for optimizer in model_of("projection_gan").optimizers().values():
            assert (optimizer.defaults["lr"], optimizer.defaults["betas"]) == (2e-4, (0.0, 0.9))


class TestCGANs:
    @pytest.mark.parametrize("family", ["cgan", "cdcgan"])
    def test_the_losses_are_those_of_the_plain_game_on_pairs_of_picture_and_class(self, family: str) -> None:
        model, scores = model_of(family), []
        model.discriminator.register_forward_hook(lambda _m, _i, output: scores.append(output.detach()))
        made = step(model)
        real, fake, again = scores
        torch.testing.assert_close(made["discriminator"], F.softplus(-real).mean() + F.softplus(fake).mean())
        torch.testing.assert_close(made["generator"], F.softplus(-again).mean())

    def test_features_are_matched_beside_the_classes_that_d_is_told(self) -> None:
        model = model_of("cdcgan", norm="none", feature_matching=2.0)
        seen: list[Tensor] = []
        model.discriminator.body[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
        made = step(model)
        assert [len(channels) for channels in seen[0]] == [1 + 4] * 8
        assert all(torch.equal(entry[:, 1:], seen[0][:, 1:]) for entry in seen)
        assert len(seen) == 5
        assert made["generator"] > made["loss_g"]

    @pytest.mark.parametrize("family", ["cdcgan", "acgan"])
    def test_first_weights_are_dcgans_where_networks_are(self, family: str) -> None:
        for settings in ({}, {"spectral_norm": True}):
            for name, weight in model_of(family, width=32, **settings).named_parameters():
                if weight.ndim == 4 and weight.numel() > 10_000:
                    assert float(weight.detach().std()) == pytest.approx(0.02, rel=0.05), name
