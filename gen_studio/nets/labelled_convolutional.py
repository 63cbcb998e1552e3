"""DCGAN's networks with classes: one generator, and two ways for a discriminator to deal with a class."""

import math

import torch
from torch import Tensor, nn

from gen_studio.nets.convolutional import INNERMOST, ConvolutionalCritic, ConvolutionalGenerator, Norm
from gen_studio.nets.critic import BatchView
from gen_studio.nets.labels import one_hot


class LabelledGenerator(nn.Module):
    """Latents (N, latents) and labels (N,) -> pictures (N, channels, size, size).

    The class is appended to the latent, one-hot.
    """

    def __init__(self, latents: int, classes: int, width: int, size: int, channels: int) -> None:
        super().__init__()
        self.classes = classes
        self.pictures = ConvolutionalGenerator(latents + classes, width, size, channels)

    def forward(self, latents: Tensor, labels: Tensor) -> Tensor:
        # A single 1 beside many latents: a louder class drowns them at the start, and G never learns to heed them.
        pictures: Tensor = self.pictures(torch.cat([latents, one_hot(labels, self.classes)], 1))
        return pictures


class LabelledCritic(ConvolutionalCritic):
    """Pictures and labels -> raw scores (N,).

    The class joins the 4x4 features as one map for each class, and a 1x1 convolution mixes both (Reed et al. 2016,
    arXiv:1605.05396): without a rectifier after the meeting the class could only shift the score.
    """

    def __init__(
        self, channels: int, classes: int, width: int, size: int, norm: Norm, batch_view: BatchView = BatchView.NONE
    ) -> None:
        super().__init__(channels, width, size, norm, batch_view)
        self.classes = classes
        inside = self.head.in_channels
        self.joint = nn.Sequential(nn.Conv2d(inside + classes, inside, 1), nn.LeakyReLU(0.2, inplace=True))

    def score(self, features: Tensor, labels: Tensor | None) -> Tensor:
        assert labels is not None
        # As loud as all features together, so that D heeds the class from the start.
        rows = math.sqrt(features.shape[1]) * one_hot(labels, self.classes)
        maps = rows[:, :, None, None].expand(-1, -1, *features.shape[2:])
        return super().score(self.joint(torch.cat([features, maps.to(features.dtype)], 1)), labels)


class ClassifyingCritic(ConvolutionalCritic):
    """Pictures -> (N, 1 + classes): a raw score, then a logit for each class. It is told no labels."""

    def __init__(
        self, channels: int, classes: int, width: int, size: int, norm: Norm, batch_view: BatchView = BatchView.NONE
    ) -> None:
        super().__init__(channels, width, size, norm, batch_view)
        self.head = nn.Conv2d(self.head.in_channels, 1 + classes, INNERMOST, 1, 0)

    def score(self, features: Tensor, labels: Tensor | None) -> Tensor:
        outputs: Tensor = self.head(features)
        return outputs.flatten(1)
