"""Maxout, and dense networks that take a class in, against their definitions."""

import pytest
import torch
from torch import nn

from gen_studio.nets.critic import BatchView
from gen_studio.nets.dense import DenseCritic, DenseGenerator, LabelledDenseCritic, LabelledDenseGenerator, Maxout
from gen_studio.nets.labels import one_hot

SHAPE = (3, 5, 4)


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_one_hot_is_torchs_own() -> None:
    labels = torch.tensor([2, 0, 1, 2])
    assert torch.equal(one_hot(labels, 4), nn.functional.one_hot(labels, 4).float())


def test_maxout_is_the_largest_of_its_linear_pieces() -> None:
    layer, inputs = Maxout(4, units=3, pieces=2), noise(5, 4)
    pieces = layer.linear(inputs)
    for picture in range(5):
        for unit in range(3):
            assert layer(inputs)[picture, unit] == max(pieces[picture, 2 * unit], pieces[picture, 2 * unit + 1])


def test_maxout_of_two_pieces_can_be_a_rectifier() -> None:
    layer, inputs = Maxout(1, units=1, pieces=2), noise(6, 1)
    with torch.no_grad():
        layer.linear.weight.copy_(torch.tensor([[0.0], [1.0]]))
        layer.linear.bias.zero_()
    assert torch.equal(layer(inputs), inputs.relu())


def test_at_the_papers_width_layers_have_the_papers_units() -> None:
    generator, critic = LabelledDenseGenerator(100, 10, 1200, (1, 28, 28)), LabelledDenseCritic(10, 1200, (1, 28, 28))
    linear = {
        name: (layer.in_features, layer.out_features) for name, layer in generator.named_modules() if is_linear(layer)
    }
    assert linear == {
        "from_latents": (100, 200),
        "from_labels": (10, 1000),
        "joint.1": (1200, 1200),
        "joint.3": (1200, 784),
    }
    maxout = [(layer.linear.in_features, *layer.shape) for layer in critic.modules() if isinstance(layer, Maxout)]
    assert sorted(maxout) == [(240, 240, 5), (794, 240, 5)]


def is_linear(layer: nn.Module) -> bool:
    return isinstance(layer, nn.Linear)


def test_class_and_latent_meet_in_a_joint_layer_of_g() -> None:
    generator, labels, latents = LabelledDenseGenerator(3, 4, 24, SHAPE), torch.tensor([1, 3]), noise(2, 3)
    first = [generator.from_latents(latents), generator.from_labels(one_hot(labels, 4))]
    hidden = generator.joint[1](torch.cat(first, 1).relu()).relu()
    expected = torch.tanh(generator.joint[3](hidden)).view(2, *SHAPE)
    torch.testing.assert_close(generator(latents, labels), expected)


def test_the_class_stands_beside_the_pixels_each_of_its_numbers_as_large_as_theirs() -> None:
    critic, images = LabelledDenseCritic(4, 60, SHAPE), noise(2, *SHAPE)
    entry = critic.entry(images, torch.tensor([1, 3]))
    assert torch.equal(entry[:, :60], images.flatten(1))
    assert torch.equal(entry[:, 60:], torch.tensor([[0.0, 2, 0, 0], [0, 0, 0, 2]]))


@pytest.mark.parametrize("view", BatchView)
def test_class_and_picture_meet_before_ds_last_rectifier_so_that_a_class_can_change_which_picture_is_better(
    view: BatchView,
) -> None:
    critic, images = LabelledDenseCritic(2, 60, SHAPE, view), noise(6, *SHAPE)
    assert critic(images, torch.zeros(6, dtype=torch.int64)).shape == (6,)
    first, second = (critic(images, torch.full((6,), label)) for label in (0, 1))
    assert (first - second).std() > 1e-4, "more than a shift"


@pytest.mark.parametrize("view", BatchView)
def test_pictures_of_any_shape_go_in_and_out(view: BatchView) -> None:
    pictures = DenseGenerator(7, 10, SHAPE)(noise(4, 7))
    assert pictures.shape == (4, *SHAPE)
    assert pictures.abs().max() <= 1
    assert DenseCritic(10, SHAPE, view)(pictures).shape == (4,)


@pytest.mark.parametrize("labels", [None, torch.tensor([0, 1])])
def test_dropout_falls_on_ds_units_while_there_is_chance_and_is_left_out_without(labels: torch.Tensor | None) -> None:
    images = noise(2, *SHAPE)
    critic = DenseCritic(60, SHAPE, dropout=0.5) if labels is None else LabelledDenseCritic(2, 60, SHAPE, dropout=0.5)
    plain = critic(images, labels)
    assert torch.equal(plain, critic(images, labels))
    critic.chance = torch.Generator().manual_seed(0)
    first, second = critic(images, labels), critic(images, labels)
    assert not torch.allclose(first, second)
    seen: list[torch.Tensor] = []
    critic.head.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].detach()))
    for _ in range(50):
        critic(images, labels)
    assert 0.4 < float((torch.stack(seen) == 0).float().mean()) < 0.6
    critic.chance = None
    assert torch.equal(plain, critic(images, labels))


def test_g_begins_with_pictures_that_differ_and_a_tanh_that_has_a_gradient() -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        generator = DenseGenerator(100, 1200, (1, 28, 28))
    before = generator.layers[:5](noise(64, 100)).detach()
    assert 0.2 < float(before.std(0).mean()) < 0.6
