"""What makes the upscaler the paper's: its phases, its content losses and the weight of the game beside them."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.srgan import SRGAN, SRGANConfig
from gen_studio.nets.losses import AdversarialLoss, discriminator_loss, generator_loss
from gen_studio.nets.perceptual import relative_error
from gen_studio.nets.super_resolution import ResidualBlock
from gen_studio.testing.training import Unwaiting

SPEC = DataSpec(3, 16, 16, ("left", "right"))


def srgan(spec: DataSpec = SPEC, progress: float = 0.0, **settings: object) -> SRGAN:
    config = SRGANConfig.parse({"width": 4, "blocks": 1, **settings})
    model = build(SRGAN, config, spec, torch.Generator().manual_seed(0))
    assert isinstance(model, SRGAN)
    model.progress = progress
    return model


def rng() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def batch(count: int = 4) -> Batch:
    return Batch(torch.rand(count, 3, 16, 16, generator=rng()) * 2 - 1, labels=torch.arange(count) % 2)


class Noted:
    """Updates that note what is to be minimised and change nothing."""

    def __init__(self) -> None:
        self.losses: dict[str, float] = {}

    def __getitem__(self, player: str) -> "Player":
        return Player(self.losses, player)


class Player:
    def __init__(self, losses: dict[str, float], name: str) -> None:
        self.losses, self.name = losses, name

    def minimise(self, loss: Tensor) -> None:
        self.losses[self.name] = float(loss.detach())


def losses_of(model: SRGAN) -> tuple[dict[str, float], dict[str, float]]:
    noted = Noted()
    readings = model.training_step(batch(), noted, rng())  # type: ignore[arg-type]
    return noted.losses, {key: float(value) for key, value in readings.items()}


def test_the_default_is_the_papers_sixteen_blocks_of_64() -> None:
    config = SRGANConfig()
    assert (config.blocks, config.width, config.scale.value, config.crop) == (16, 64, "4x", 96)
    assert config.adversarial_weight == 1e-3
    assert config.generator_rate == config.discriminator_rate == 1e-4
    model = srgan(blocks=16)
    assert sum(isinstance(module, ResidualBlock) for module in model.generator.modules()) == 16
    for optimizer in model.optimizers().values():
        assert optimizer.defaults["betas"] == (0.9, 0.999)


def test_the_first_phase_is_squared_error_alone() -> None:
    model = srgan(first_phase=0.5, progress=0.49)
    losses, readings = losses_of(model)
    assert set(losses) == {"generator", "classifier"}
    answers = model.generator(model.shrunk(batch().images)).detach()
    assert losses["generator"] == pytest.approx(float(F.mse_loss(answers, batch().images)), rel=1e-5)
    assert readings["loss_d"] == 0 and readings["d_real"] == 0.5


def test_the_second_phase_is_content_and_a_thousandth_of_the_game() -> None:
    model = srgan(perceptual="pixels", first_phase=0.5, progress=0.5)
    losses, readings = losses_of(model)
    assert set(losses) == {"discriminator", "generator"}
    images = batch().images
    answers = model.generator(model.shrunk(images)).detach()
    on_real, on_fake = model.discriminator(images).detach(), model.discriminator(answers).detach()
    game = generator_loss(AdversarialLoss.NON_SATURATING, on_fake)
    assert losses["generator"] == pytest.approx(float(F.mse_loss(answers, images) + 1e-3 * game), rel=1e-4)
    wanted = discriminator_loss(AdversarialLoss.NON_SATURATING, on_real, on_fake)
    assert losses["discriminator"] == pytest.approx(float(wanted), rel=1e-4)
    assert readings["loss_g"] == pytest.approx(float(game), rel=1e-4)


def test_beside_a_classifiers_features_the_pixels_stay_in() -> None:
    model = srgan(first_phase=0.0, adversarial_weight=0.0)
    losses, readings = losses_of(model)
    assert model.classifier is not None and "classifier" not in losses, "what it learnt in the first phase stays"
    images = batch().images
    answers = model.generator(model.shrunk(images)).detach()
    error = relative_error(model.classifier.maps(answers), model.classifier.maps(images)).detach()
    assert losses["generator"] == pytest.approx(float(F.mse_loss(answers, images) + 0.006 * error), rel=1e-4)
    assert readings["feature_error"] == pytest.approx(float(error), rel=1e-4) and readings["feature_error"] > 0


def test_no_loss_is_ever_put_in_anothers_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlabelled = DataSpec(3, 16, 16)
    with pytest.raises(WrongUse, match="has no classes. Choose a labelled source, or set Perceptual loss"):
        srgan(unlabelled)
    assert srgan(unlabelled, perceptual="pixels").classifier is None
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    elsewhere = srgan(unlabelled, perceptual="VGG19")
    assert elsewhere.upscale(torch.zeros(1, 3, 4, 4), rng()).shape == (1, 3, 16, 16), "looking needs no features"
    with pytest.raises(WrongUse, match="weights of VGG19 are not on this machine"):
        elsewhere.optimizers()


def test_settings_say_which_readings_have_nothing_to_say() -> None:
    assert srgan().meaningless == frozenset()
    assert srgan(perceptual="pixels").meaningless == {"classifier", "feature_error"}
    assert {"loss_d", "d_real", "feature_error"} <= srgan(first_phase=1).meaningless


def test_rates_fall_to_a_tenth_for_the_second_half_of_the_game() -> None:
    model = srgan(first_phase=0.5)
    assert [model.rate_factor("generator", share) for share in (0.0, 0.5, 0.74, 0.75, 1.0)] == [1, 1, 1, 0.1, 0.1]


class Backwards:
    """Updates that find gradients and take no step."""

    def __getitem__(self, player: str) -> "Backwards":
        return self

    def minimise(self, loss: Tensor) -> None:
        loss.backward()  # type: ignore[no-untyped-call]


def test_a_step_of_the_game_never_waits_for_the_device() -> None:
    model, examples = srgan(first_phase=0.0), batch()
    with Unwaiting():  # type: ignore[no-untyped-call]
        model.training_step(examples, Backwards(), rng())  # type: ignore[arg-type]
    assert all(parameter.grad is not None for parameter in model.discriminator.parameters())
    assert model.classifier is not None
    assert all(parameter.grad is None for parameter in model.classifier.parameters())


def test_large_pictures_are_trained_on_in_parts() -> None:
    model = srgan(DataSpec(3, 32, 32, ("left", "right")), crop=18)
    assert model.part == (16, 16)
    assert srgan(crop=96).part == (16, 16)


@pytest.mark.parametrize(("scale", "times"), [("2x", 2), ("4x", 4)])
def test_a_picture_becomes_as_large_as_the_setting_says(scale: str, times: int) -> None:
    model = srgan(scale=scale).eval()
    assert model.upscale(torch.zeros(1, 3, 5, 7), rng()).shape == (1, 3, 5 * times, 7 * times)


@pytest.mark.parametrize(("height", "width"), [(12, 12), (18, 18), (16, 30)])
def test_sides_that_cannot_be_shrunk_to_a_quarter_are_refused(height: int, width: int) -> None:
    objection = SRGAN.objection(DataSpec(3, height, width, ("left", "right")))
    assert objection is not None and "multiples of 4" in objection
