"""Where a class enters DCGAN's networks, and where it comes out."""

import pytest
import torch
from torch import nn

from gen_studio.nets.convolutional import Norm
from gen_studio.nets.critic import BatchView
from gen_studio.nets.labelled_convolutional import ClassifyingCritic, LabelledCritic, LabelledGenerator
from gen_studio.nets.labels import one_hot


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_the_class_stands_beside_the_latent() -> None:
    generator = LabelledGenerator(5, classes=3, width=4, size=16, channels=1).eval()
    latents, labels = noise(2, 5), torch.tensor([2, 0])
    rows = torch.tensor([[0.0, 0, 1], [1, 0, 0]])
    torch.testing.assert_close(generator(latents, labels), generator.pictures(torch.cat([latents, rows], 1)))


@pytest.mark.parametrize("view", BatchView)
@pytest.mark.parametrize("norm", Norm)
def test_the_class_joins_the_features_before_a_rectifier(view: BatchView, norm: Norm) -> None:
    critic = LabelledCritic(1, 3, 4, 16, norm, view)
    images, labels = noise(6, 1, 16, 16), torch.tensor([0, 1, 2, 0, 1, 2])
    scores = critic(images, labels)
    assert scores.shape == (6,)
    features = critic.features(images)
    if critic.batch_view is not None:
        features = critic.batch_view(features)
    maps = features.shape[1] ** 0.5 * one_hot(labels, 3)[:, :, None, None].expand(6, 3, 4, 4)
    mixed = nn.functional.leaky_relu(critic.joint[0](torch.cat([features, maps], 1)), 0.2)
    expected = (mixed * critic.head.weight).sum((1, 2, 3)) + critic.head.bias
    torch.testing.assert_close(scores, expected, atol=1e-5, rtol=1e-4)


def test_a_class_can_change_which_of_two_pictures_is_better() -> None:
    critic = LabelledCritic(1, 2, 4, 16, Norm.NONE)
    images = noise(6, 1, 16, 16)
    first, second = (critic(images, torch.full((6,), label)) for label in (0, 1))
    assert (first - second).std() > 1e-4, "more than a shift"


@pytest.mark.parametrize("view", BatchView)
def test_a_classifying_critic_gives_a_score_and_a_logit_per_class_and_heeds_no_label(view: BatchView) -> None:
    critic = ClassifyingCritic(3, 5, 4, 16, Norm.NONE, view)
    images = noise(4, 3, 16, 16)
    outputs = critic(images)
    assert outputs.shape == (4, 6)
    assert torch.equal(outputs, critic(images, torch.tensor([0, 1, 2, 3])))
