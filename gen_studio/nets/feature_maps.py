"""Feature maps in which pictures are compared where no VGG19 can be had: what they show, and in what style.

The features are those of a classifier that a model trains on its own pictures, or, where these have no classes, of
random filters that stay as they are.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from gen_studio.nets.perceptual import PictureClassifier

SMALLEST_SCALE = 1e-4


def random_filters(channels: int, width: int) -> PictureClassifier:
    """A network that never learns: its values are constants of the model, saved with it, parameters of nobody."""
    network = PictureClassifier(channels, width, 1)
    for module in network.modules():
        for name, value in list(module.named_parameters(recurse=False)):
            delattr(module, name)
            module.register_buffer(name, value.detach().clone())
    return network


def feature_maps(network: PictureClassifier, images: Tensor) -> list[Tensor]:
    """What each rectifier of the network lets through, from the full side to an eighth."""
    maps: list[Tensor] = []
    features = images
    for layer in network.maps:
        features = layer(features)
        if isinstance(layer, nn.LeakyReLU):
            maps.append(features.float())
    return maps


def in_scale_of(wanted: Sequence[Tensor], *others: Sequence[Tensor]) -> list[list[Tensor]]:
    """All maps divided by the root mean square of those wanted, map by map: `wanted` first, then the others.

    A classifier that goes on learning lets ever larger values through, by which the terms that look at them would
    outgrow all others.
    """
    scales = [maps.square().mean().sqrt().clamp_min(SMALLEST_SCALE) for maps in wanted]
    return [[one / scale for one, scale in zip(maps, scales, strict=True)] for maps in (wanted, *others)]


def perceptual_distance(found: Sequence[Tensor], wanted: Sequence[Tensor]) -> Tensor:
    """The sum over maps of the mean absolute difference."""
    return torch.stack([(one - other).abs().mean() for one, other in zip(found, wanted, strict=True)]).sum()


def style_distance(found: Sequence[Tensor], wanted: Sequence[Tensor]) -> Tensor:
    """The same of the maps' Gram matrices, which know what goes together and not where."""
    return perceptual_distance([gram(one) for one in found], [gram(other) for other in wanted])


def gram(features: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, C, C), the products of channels summed over places, divided by C * H * W."""
    flat = features.float().flatten(2)
    with torch.autocast(features.device.type, enabled=False):
        return flat @ flat.transpose(1, 2) / features[0].numel()
