"""DCGAN's networks with classes: one generator, and two ways for a discriminator to deal with a class."""

import torch
from torch import Tensor, nn

from gen_studio.nets.convolutional import INNERMOST, ConvolutionalCritic, ConvolutionalGenerator, Norm
from gen_studio.nets.critic import BatchView
from gen_studio.nets.labels import class_weights, one_hot


class LabelledGenerator(nn.Module):
    """Latents (N, latents) and labels (N,) -> pictures (N, channels, size, size).

    The class is appended to the latent, one-hot; weights (N, classes) as they are.
    """

    def __init__(self, latents: int, classes: int, width: int, size: int, channels: int) -> None:
        super().__init__()
        self.classes = classes
        self.pictures = ConvolutionalGenerator(latents + classes, width, size, channels)

    def forward(self, latents: Tensor, labels: Tensor) -> Tensor:
        # A single 1 beside many latents: a louder class drowns them at the start, and G hardly learns to heed them.
        pictures: Tensor = self.pictures(torch.cat([latents, class_weights(labels, self.classes)], 1))
        return pictures


class LabelledCritic(ConvolutionalCritic):
    """Pictures and labels -> raw scores (N,).

    The class stands beside the picture's channels as a map for each class, one of them all ones: every layer can then
    ask whether what it sees belongs to it. A class that joins the last features is not heeded for thousands of steps.
    """

    def __init__(
        self, channels: int, classes: int, width: int, size: int, norm: Norm, batch_view: BatchView = BatchView.NONE
    ) -> None:
        super().__init__(channels + classes, width, size, norm, batch_view)
        self.classes = classes

    def entry(self, images: Tensor, labels: Tensor | None) -> Tensor:
        assert labels is not None
        maps = one_hot(labels, self.classes)[:, :, None, None].expand(-1, -1, *images.shape[2:])
        return torch.cat([images, maps.to(images.dtype)], 1)


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
