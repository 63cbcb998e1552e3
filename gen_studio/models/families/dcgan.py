"""The deep convolutional GAN of Radford, Metz and Chintala."""

import math
from typing import ClassVar

from torch import Tensor, nn

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.data.spec import DataSpec
from gen_studio.models.adversarial import AdversarialConfig, AdversarialModel
from gen_studio.models.base import FamilyConfig
from gen_studio.models.registry import family
from gen_studio.nets.initial import dcgan_weights
from gen_studio.models.sizes import next_power, power_objection


class DCGANConfig(AdversarialConfig):
    batch_size: int = setting(128, "Batch size", "Pictures per training step.", ge=2, le=4096)
    latents: int = setting(100, "Latents", "Dimensions of the latent space.", ge=1, le=1024)
    width: int = setting(64, "Width", "Channels of the layers next to the picture; they double inwards.", ge=4, le=256)


@family
class DCGAN(AdversarialModel[DCGANConfig]):
    """Unsupervised Representation Learning with Deep Convolutional GANs, arXiv:1511.06434.

    4x4 convolutions of stride 2 without a dense layer; BatchNorm everywhere but at G's output and D's input; ReLU in
    G, LeakyReLU 0.2 in D; weights from N(0, 0.02); Adam(2e-4, beta1 0.5). D minimises
    softplus(-D(x)) + softplus(D(G(z))), G minimises softplus(-D(G(z))).
    """

    info: ClassVar[Info] = Info(
        key="dcgan",
        title="DCGAN",
        group=Group.ADVERSARIAL,
        year=2015,
        paper="Radford, Metz and Chintala, Unsupervised Representation Learning with Deep Convolutional "
        "Generative Adversarial Networks, 2015, arXiv:1511.06434",
        summary="The convolutional GAN that made adversarial training work on pictures.",
    )
    Config: ClassVar[type[FamilyConfig]] = DCGANConfig

    def __init__(self, config: DCGANConfig, data: DataSpec) -> None:
        super().__init__(config, data)
        widths = _widths(config.width, data.height)
        self.generator = _Generator(config.latents, widths, data.channels)
        self.discriminator = _discriminator(widths, data.channels)
        dcgan_weights(self)

    @classmethod
    def objection(cls, data: DataSpec) -> str | None:
        return super().objection(data) or power_objection(cls.info.title, data)

    @classmethod
    def fitting_size(cls, size: int) -> int:
        return next_power(size)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        return (self.config.latents,)


def _widths(width: int, size: int) -> list[int]:
    """Channels from the 4x4 features outwards: [512, 256, 128, 64] for width 64 at 64 pixels."""
    levels = int(math.log2(size)) - 2
    return [width * 2 ** min(level, 3) for level in reversed(range(levels))]


class _Generator(nn.Module):
    def __init__(self, latents: int, widths: list[int], channels: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.ConvTranspose2d(latents, widths[0], 4, 1, 0, bias=False)]
        for inner, outer in zip(widths, widths[1:], strict=False):
            layers += [nn.BatchNorm2d(inner), nn.ReLU(inplace=True)]
            layers += [nn.ConvTranspose2d(inner, outer, 4, 2, 1, bias=False)]
        layers += [nn.BatchNorm2d(widths[-1]), nn.ReLU(inplace=True)]
        layers += [nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1), nn.Tanh()]
        self.layers = nn.Sequential(*layers)

    def forward(self, latents: Tensor) -> Tensor:
        pictures: Tensor = self.layers(latents[:, :, None, None])
        return pictures


def _discriminator(widths: list[int], channels: int) -> nn.Sequential:
    outwards = widths[::-1]
    layers: list[nn.Module] = [nn.Conv2d(channels, outwards[0], 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
    for outer, inner in zip(outwards, outwards[1:], strict=False):
        layers += [nn.Conv2d(outer, inner, 4, 2, 1, bias=False), nn.BatchNorm2d(inner)]
        layers += [nn.LeakyReLU(0.2, inplace=True)]
    layers += [nn.Conv2d(outwards[-1], 1, 4, 1, 0), nn.Flatten(0)]  # (N,)
    return nn.Sequential(*layers)
