"""The translator of Johnson et al. 2016 (arXiv:1603.08155) as Zhu et al. 2017 use it: residual blocks at a quarter of
the size, instance norm, reflection padding."""

from torch import Tensor, nn


class ResidualTranslator(nn.Sequential):
    """c7s1-w, d2w, d4w, R4w in each block, u2w, uw, c7s1: (N, inputs, H, W) -> (N, outputs, H, W) in [-1, 1].

    H and W are multiples of 4. The norms have no parameters of their own, so convolutions before them need no bias.
    """

    def __init__(self, inputs: int, outputs: int, width: int, blocks: int) -> None:
        layers: list[nn.Module] = [_reflected(inputs, width, 7), *_normalised(width)]
        for channels in (width, 2 * width):
            layers += [nn.Conv2d(channels, 2 * channels, 3, 2, 1, bias=False), *_normalised(2 * channels)]
        layers += [ResidualBlock(4 * width) for _ in range(blocks)]
        for channels in (4 * width, 2 * width):
            doubled = nn.ConvTranspose2d(channels, channels // 2, 3, 2, 1, output_padding=1, bias=False)
            layers += [doubled, *_normalised(channels // 2)]
        super().__init__(*layers, _reflected(width, outputs, 7, bias=True), nn.Tanh())


class ResidualBlock(nn.Module):
    """x + norm(conv(relu(norm(conv(x))))): (N, C, h, w) -> (N, C, h, w)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            _reflected(channels, channels, 3),
            *_normalised(channels),
            _reflected(channels, channels, 3),
            nn.InstanceNorm2d(channels),
        )

    def forward(self, features: Tensor) -> Tensor:
        changed: Tensor = self.body(features)
        return features + changed


def _reflected(inputs: int, outputs: int, side: int, bias: bool = False) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, side, padding=side // 2, padding_mode="reflect", bias=bias)


def _normalised(channels: int) -> tuple[nn.Module, nn.Module]:
    return nn.InstanceNorm2d(channels), nn.ReLU(inplace=True)
