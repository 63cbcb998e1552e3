"""What pictures are compared in while a latent is sought: features of a network that is at hand, or several sizes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from gen_studio.nets.perceptual import VGG19Features, vgg19_file

HALVINGS = 3
LEAST_SCALE = 1e-4


@dataclass(frozen=True)
class Features:
    """name: for the user, what they are. maps: pictures (N, C, H, W) in [-1, 1] -> feature maps (N, ...).

    have_scale: whether errors in them mean something by themselves; else they are shares of what is wanted.
    """

    name: str
    maps: Callable[[Tensor], Sequence[Tensor]]
    have_scale: bool = False

    def error(self, found: Sequence[Tensor], wanted: Sequence[Tensor]) -> Tensor:
        """(N,), the mean over maps of squared errors."""
        return torch.stack([self._error(*pair) for pair in zip(found, wanted, strict=True)]).mean(0)

    def _error(self, found: Tensor, wanted: Tensor) -> Tensor:
        error = (found.float() - wanted.float()).square().flatten(1).mean(1)
        if self.have_scale:
            return error
        return error / wanted.float().square().flatten(1).mean(1).clamp_min(LEAST_SCALE)


def several_sizes() -> Features:
    """The picture halved up to three times. Coarse sizes pull from further away than pixels do."""
    return Features("the picture in several sizes", _halved, have_scale=True)


def at_hand() -> Features:
    """Those of VGG19 where its weights are on this machine, else the picture in several sizes. Fetches nothing."""
    if not vgg19_file().is_file():
        return several_sizes()
    network = VGG19Features("pixels")
    return Features("VGG19, trained on ImageNet", lambda images: [network(images)])


def _halved(images: Tensor) -> list[Tensor]:
    sizes = [images]
    while len(sizes) <= HALVINGS and min(sizes[-1].shape[2:]) >= 2:
        sizes.append(F.avg_pool2d(sizes[-1], 2))
    return sizes[1:] or sizes
