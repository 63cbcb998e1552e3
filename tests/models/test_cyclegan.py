"""What makes it the cycle-consistent translator of its paper: losses, order of steps, pool, decay."""

import pytest
import torch
from torch import Tensor, nn

from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.cyclegan import CycleGAN, CycleGANConfig
from gen_studio.nets.patch_critic import receptive_field
from gen_studio.nets.residual_translator import ResidualBlock


def cyclegan(size: int = 16, **settings: object) -> CycleGAN:
    config = CycleGANConfig.parse({"width": 4, "blocks": 1, "jitter": False, **settings})
    data = DataSpec(3, size, size, domains=("day", "night"))
    model = build(CycleGAN, config, data, torch.Generator().manual_seed(0))
    assert isinstance(model, CycleGAN)
    return model


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def batch(count: int = 2, size: int = 16) -> Batch:
    images, others = torch.rand(2, count, 3, size, size, generator=rng(9)) * 2 - 1
    return Batch(images=images, others=others)


class Noted:
    """An update that remembers its loss and where its gradient goes, and moves nothing."""

    def __init__(self, model: nn.Module, order: list[str], name: str) -> None:
        self.model, self.order, self.name = model, order, name
        self.loss = 0.0
        self.reached: set[str] = set()

    def minimise(self, loss: Tensor) -> None:
        self.model.zero_grad()
        loss.backward()
        self.order.append(self.name)
        self.loss = float(loss.detach())
        self.reached = {name.split(".")[0] for name, p in self.model.named_parameters() if p.grad is not None}


def step(model: CycleGAN, examples: Batch) -> tuple[dict[str, Noted], list[str], dict[str, Tensor]]:
    order: list[str] = []
    updates = {name: Noted(model, order, name) for name in ("generator", "discriminator")}
    readings = model.training_step(examples, updates, rng())
    return updates, order, dict(readings)


class Same(nn.Module):
    def forward(self, images: Tensor) -> Tensor:
        return images


def test_the_translators_minimise_the_papers_sum() -> None:
    model, examples = cyclegan(), batch()
    updates, _, readings = step(model, examples)
    x, y = examples.images, examples.others
    assert y is not None
    with torch.no_grad():
        as_y, as_x = model.there(x), model.back(y)
        game = (model.critics[1](as_y) - 1).square().mean() + (model.critics[0](as_x) - 1).square().mean()
        cycle = (model.back(as_y) - x).abs().mean() + (model.there(as_x) - y).abs().mean()
        identity = (model.there(y) - y).abs().mean() + (model.back(x) - x).abs().mean()
    assert updates["generator"].loss == pytest.approx(float(game + 10 * cycle + 5 * identity), rel=1e-4)
    assert float(readings["cycle"]) == pytest.approx(float(cycle / 2), rel=1e-4)
    assert float(readings["identity"]) == pytest.approx(float(identity / 2), rel=1e-4)


def test_the_discriminators_minimise_half_of_theirs() -> None:
    model, examples = cyclegan(), batch()
    updates, _, _ = step(model, examples)
    x, y = examples.images, examples.others
    assert y is not None
    with torch.no_grad():
        on_y = (model.critics[1](y) - 1).square().mean() + model.critics[1](model.there(x)).square().mean()
        on_x = (model.critics[0](x) - 1).square().mean() + model.critics[0](model.back(y)).square().mean()
    assert updates["discriminator"].loss == pytest.approx(float((on_y + on_x) / 2), rel=1e-4)


def test_the_translators_step_first_and_the_discriminators_gradient_ends_at_the_fakes() -> None:
    updates, order, _ = step(cyclegan(), batch())
    assert order == ["generator", "discriminator"]
    assert {"there", "back"} <= updates["generator"].reached
    assert updates["discriminator"].reached == {"critics"}


def test_translators_that_change_nothing_close_the_cycle() -> None:
    model, examples = cyclegan(), batch()
    model.there, model.back = Same(), Same()  # type: ignore[assignment]
    assert float(model.validate(examples, rng())["cycle"]) == 0


def test_each_domain_has_a_pool_of_its_own_that_the_discriminators_see() -> None:
    model, examples = cyclegan(pool=4), batch()
    step(model, examples)
    assert model.pools is not None
    with torch.no_grad():
        fakes = (model.back(examples.others), model.there(examples.images))
    for pool, fake in zip(model.pools, fakes, strict=True):
        torch.testing.assert_close(pool.pictures[:2], fake)
        assert not pool.pictures[2:].any()


def test_the_rates_fall_to_nothing_over_the_second_half() -> None:
    factors = [cyclegan().rate_factor("generator", progress) for progress in (0, 0.25, 0.5, 0.75, 1)]
    assert factors == [1, 1, 1, 0.5, 0]


@pytest.mark.parametrize(("size", "blocks"), [(128, 6), (256, 9)])
def test_left_open_the_blocks_are_the_papers(size: int, blocks: int) -> None:
    model = cyclegan(size, blocks=0, pool=0)
    for network in (model.there, model.back):
        assert sum(isinstance(layer, ResidualBlock) for layer in network) == blocks
    convolutions = [layer for layer in model.critics[0] if isinstance(layer, nn.Conv2d)]
    assert receptive_field(len(convolutions) - 2) == 70
    assert not any(layer.affine for layer in model.critics.modules() if isinstance(layer, nn.InstanceNorm2d))


def test_the_defaults_are_the_papers() -> None:
    config = CycleGANConfig()
    assert (config.batch_size, config.cycle_weight, config.identity_weight, config.pool) == (1, 10, 5, 50)
    for optimizer in cyclegan().optimizers().values():
        assert optimizer.defaults["lr"] == 2e-4
        assert optimizer.defaults["betas"] == (0.5, 0.999)


def test_it_translates_pictures_of_other_sizes_in_fours() -> None:
    model = cyclegan()
    assert model.stride == 4
    images = torch.zeros(1, 3, 20, 36)
    assert model.translate(images, rng()).shape == model.translate_back(images, rng()).shape == images.shape
