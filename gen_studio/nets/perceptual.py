"""Features in which pictures are compared: those of VGG19, where its weights are on this machine, or of a classifier
that a model trains on its own pictures. Nothing here fetches anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gen_studio.core.errors import UserError, WrongUse

VGG19_FILE = "vgg19-dcbb9e9d.pth"
VGG19_PLAN = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))
"""Channels and convolutions between two poolings."""
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
VGG_SCALE = 1 / 12.75
"""What the maps of VGG19 are multiplied by, so that errors in them are about as large as errors of pixels."""
FEATURE_HALVINGS = 3


class PictureClassifier(nn.Module):
    """(N, C, H, W) -> scores (N, classes), from feature maps at an eighth of the side."""

    def __init__(self, channels: int, width: int, classes: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(channels, width, 3, padding=1), nn.LeakyReLU(0.2)]
        for _ in range(FEATURE_HALVINGS):
            layers += [nn.Conv2d(width, 2 * width, 3, 2, 1), nn.LeakyReLU(0.2)]
            width *= 2
        self.maps = nn.Sequential(*layers)
        self.head = nn.Linear(width, classes)
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight, 0.2)
                assert module.bias is not None
                nn.init.zeros_(module.bias)

    def scores(self, maps: Tensor) -> Tensor:
        scores: Tensor = self.head(maps.mean((2, 3)))
        return scores

    def forward(self, images: Tensor) -> Tensor:
        return self.scores(self.maps(images))


def relative_error(found: Tensor, wanted: Tensor) -> Tensor:
    """Squared error of features as a share of the mean square of those wanted: a classifier's have no scale."""
    wanted = wanted.float()
    return (found.float() - wanted).square().mean() / wanted.square().mean().clamp_min(1e-8)


@contextmanager
def frozen(network: nn.Module) -> Iterator[None]:
    """For its length nothing that goes through the network leaves a way back to its weights."""
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    for parameter in learning:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in learning:
            parameter.requires_grad_(True)


def vgg19_file() -> Path:
    """Where torchvision keeps the weights of VGG19, whether they are there or not."""
    return Path(torch.hub.get_dir()) / "checkpoints" / VGG19_FILE


def vgg19_maps() -> nn.Sequential:
    """VGG19 up to the rectifier behind conv5_4, without values."""
    layers: list[nn.Module] = []
    channels = 3
    with torch.device("meta"):
        for width, convolutions in VGG19_PLAN:
            for _ in range(convolutions):
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
                channels = width
            layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers[:-1])


class VGG19Features:
    """Maps of relu5_4 of a VGG19 trained on ImageNet, times 1/12.75, of grey or coloured pictures in [-1, 1].

    It is no module: it belongs to no model's state, and copies of a model share it. Raises WrongUse where its weights
    are not on this machine. instead: what else there is to choose, for that sentence.
    """

    def __init__(self, instead: str) -> None:
        self.network = _loaded(vgg19_file(), instead)

    def __deepcopy__(self, memo: dict[int, Any]) -> "VGG19Features":
        return self

    def __call__(self, images: Tensor) -> Tensor:
        self.network.to(images.device)
        shades = ((images.float() + 1) / 2).expand(-1, 3, -1, -1)
        mean = shades.new_tensor(IMAGENET_MEAN).view(3, 1, 1)
        deviation = shades.new_tensor(IMAGENET_DEVIATION).view(3, 1, 1)
        maps: Tensor = self.network((shades - mean) / deviation)
        return VGG_SCALE * maps.float()


def vgg_error(features: VGG19Features, found: Tensor, wanted: Tensor) -> Tensor:
    """Mean squared error of the maps of two batches of pictures; the second has no gradient."""
    with torch.no_grad():
        target = features(wanted)
    return F.mse_loss(features(found), target)


def _loaded(file: Path, instead: str) -> nn.Sequential:
    if not file.is_file():
        raise WrongUse(
            f"The weights of VGG19 are not on this machine, and nothing is downloaded unasked. Put torchvision's "
            f"{VGG19_FILE} into {file.parent}, or set Perceptual loss to {instead}."
        )
    network = vgg19_maps()
    prefix = "features."
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)  # noqa: TID251  tensors alone, as torchvision saves them
        own = {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
        network.load_state_dict(own, assign=True)
    except Exception as error:  # a damaged file raises anything from a zip error to a missing key
        raise UserError(
            f"{file} does not hold the weights of VGG19: {error}. Delete it and fetch it again, or set Perceptual "
            f"loss to {instead}."
        ) from error
    return network.eval().requires_grad_(False)
