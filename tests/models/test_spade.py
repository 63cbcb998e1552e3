"""What makes it the painter of its paper: losses and where their gradients go, the style code, spectral norm, rates."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from gen_studio.core.annotations import LayoutClass
from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.spade import SPADE, SPADEConfig
from gen_studio.nets.losses import kl_to_standard_normal
from gen_studio.nets.spade import one_hot

LAYOUT = tuple(LayoutClass(name, (shade, 0, 0)) for shade, name in enumerate(("sky", "ground", "tree")))


def spade(**settings: object) -> SPADE:
    config = SPADEConfig.parse({"width": 4, "hidden": 8, "latents": 6, **settings})
    model = build(SPADE, config, DataSpec(3, 16, 16, layout=LAYOUT), torch.Generator().manual_seed(0))
    assert isinstance(model, SPADE)
    return model


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def layouts(count: int = 2) -> Tensor:
    return torch.randint(3, (count, 16, 16), generator=rng(5))


def batch() -> Batch:
    return Batch(images=torch.rand(2, 3, 16, 16, generator=rng(9)) * 2 - 1, layout=layouts())


class Noted:
    """An update that remembers its loss and where its gradient goes, and moves nothing."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.loss = 0.0
        self.reached: set[str] = set()

    def minimise(self, loss: Tensor) -> None:
        self.model.zero_grad()
        loss.backward()
        self.loss = float(loss.detach())
        reached = [name for name, p in self.model.named_parameters() if p.grad is not None and p.grad.any()]
        self.reached = {".".join(name.split(".")[:2]) for name in reached}


def step(model: SPADE, examples: Batch) -> tuple[dict[str, Noted], dict[str, Tensor]]:
    updates = {name: Noted(model) for name in ("discriminator", "generator")}
    return updates, dict(model.training_step(examples, updates, rng()))


def still(model: SPADE) -> SPADE:
    """Without the power iteration, which would make every forward pass another."""
    for module in model.modules():
        if is_parametrized(module):
            module.parametrizations.eval()  # type: ignore[union-attr]
    return model


def test_the_losses_are_the_papers_sums() -> None:
    model, examples = still(spade()), batch()
    updates, readings = step(model, examples)
    with torch.no_grad():
        mean, log_variance = model.painter["encoder"](examples.images)
        noise = torch.randn(mean.shape, generator=rng())
        layout = one_hot(layouts(), 3)
        fakes = model.painter["generator"](mean + (log_variance / 2).exp() * noise, layout)
        real, fake = (model.discriminator(torch.cat([layout, x], 1)) for x in (examples.images, fakes))
        hinge = sum(F.relu(1 - r[-1]).mean() + F.relu(1 + f[-1]).mean() for r, f in zip(real, fake, strict=True)) / 2
        game = -sum(f[-1].mean() for f in fake) / 2
        pairs = [pair for r, f in zip(real, fake, strict=True) for pair in zip(r[:-1], f[:-1], strict=True)]
        matching = sum((a - b).abs().mean() for a, b in pairs) / 2
        kl = kl_to_standard_normal(mean, log_variance).sum(1).mean()
    assert updates["discriminator"].loss == pytest.approx(float(hinge), rel=1e-4)
    assert updates["generator"].loss == pytest.approx(float(game + 10 * matching + 0.05 * kl), rel=1e-4)
    assert float(readings["features"]) == pytest.approx(float(matching), rel=1e-4)
    assert float(readings["style_kl"]) == pytest.approx(float(kl), rel=1e-4)


def test_the_discriminators_gradient_ends_at_the_fakes_and_the_encoder_learns_with_the_generator() -> None:
    updates, _ = step(spade(), batch())
    assert updates["discriminator"].reached == {"discriminator.critics"}
    assert {"painter.generator", "painter.encoder"} <= updates["generator"].reached


def test_real_and_fake_pass_the_discriminator_in_one_batch() -> None:
    model, seen = spade(), []
    model.discriminator.register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    step(model, batch())
    assert seen == [4, 4]


@pytest.mark.parametrize("in_generator", [True, False])
def test_every_weight_is_divided_by_its_largest_singular_value(in_generator: bool) -> None:
    model = spade(generator_spectral_norm=in_generator)
    for part, wanted in ((model.discriminator, True), (model.painter, in_generator)):
        layers = [module for module in part.modules() if isinstance(module, nn.Conv2d | nn.Linear)]
        assert layers
        assert all(is_parametrized(layer, "weight") is wanted for layer in layers)


def test_a_look_is_drawn_by_chance_or_taken_from_a_picture() -> None:
    model = spade().eval()
    one, same, other = (model.paint(layouts(), rng(seed)) for seed in (0, 0, 1))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    style = batch().images
    taken, again = (model.paint(layouts(), rng(seed), style) for seed in (0, 1))
    assert torch.equal(taken, again), "chance has no say then"
    assert not torch.equal(taken, model.paint(layouts(), rng(), style.flip(0)))


def test_without_an_encoder_there_is_chance_alone() -> None:
    model = spade(encoder=False)
    assert not model.takes_style
    assert "style_kl" in model.meaningless
    _, readings = step(model, batch())
    assert float(readings["style_kl"]) == 0
    with pytest.raises(WrongUse, match="without a style encoder"):
        model.paint(layouts(), rng(), batch().images)
    assert not torch.equal(model.eval().paint(layouts(), rng(0)), model.paint(layouts(), rng(1)))


def test_vgg19_is_asked_for_and_never_left_out_in_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    asked, plain = spade(perceptual="VGG19"), spade()
    assert "perceptual" in plain.meaningless and "perceptual" not in asked.meaningless
    assert asked.eval().paint(layouts(), rng()).shape == (2, 3, 16, 16), "looking needs no features"
    with pytest.raises(WrongUse, match="weights of VGG19 are not on this machine.*set Perceptual loss to none"):
        asked.optimizers()


def test_vgg19s_error_counts_ten_times() -> None:
    model, examples = still(spade(perceptual="VGG19")), batch()
    without, _ = step(model, examples)
    model.vgg = lambda images: images.float()  # type: ignore[assignment]  pixels in place of VGG19's maps
    updates, readings = step(model, examples)
    assert float(readings["perceptual"]) > 0
    more = updates["generator"].loss - without["generator"].loss
    assert more == pytest.approx(10 * float(readings["perceptual"]), rel=1e-3)


def test_the_defaults_are_the_papers() -> None:
    config = SPADEConfig()
    assert (config.hidden, config.latents, config.feature_weight, config.style_weight) == (128, 256, 10, 0.05)
    optimizers = spade().optimizers()
    assert {name: optimizer.defaults["lr"] for name, optimizer in optimizers.items()} == {
        "discriminator": 4e-4,
        "generator": 1e-4,
    }
    assert all(optimizer.defaults["betas"] == (0, 0.999) for optimizer in optimizers.values())
    assert [spade().rate_factor("generator", progress) for progress in (0, 0.5, 0.75, 1)] == [1, 1, 0.5, 0]
