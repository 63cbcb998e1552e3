"""Where a class enters DCGAN's networks, and where it comes out."""

import pytest
import torch

from gen_studio.nets.convolutional import Norm
from gen_studio.nets.critic import BatchView
from gen_studio.nets.labelled_convolutional import ClassifyingCritic, LabelledCritic, LabelledGenerator


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_the_class_stands_beside_the_latent() -> None:
    generator = LabelledGenerator(5, classes=3, width=4, size=16, channels=1).eval()
    latents, labels = noise(2, 5), torch.tensor([2, 0])
    rows = torch.tensor([[0.0, 0, 1], [1, 0, 0]])
    torch.testing.assert_close(generator(latents, labels), generator.pictures(torch.cat([latents, rows], 1)))


@pytest.mark.parametrize("view", BatchView)
@pytest.mark.parametrize("norm", Norm)
def test_the_class_stands_beside_the_pictures_channels_as_a_map_of_ones(view: BatchView, norm: Norm) -> None:
    critic = LabelledCritic(2, 3, 4, 16, norm, view)
    images, labels = noise(6, 2, 16, 16), torch.tensor([0, 1, 2, 0, 1, 2])
    seen: list[torch.Tensor] = []
    critic.body[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    assert critic(images, labels).shape == (6,)
    assert torch.equal(seen[0][:, :2], images)
    for picture, label in zip(seen[0], labels, strict=True):
        for number in range(3):
            assert (picture[2 + number] == float(number == label)).all()


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
