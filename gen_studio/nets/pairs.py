"""Networks that look at pictures together with latents (Dumoulin 2016, arXiv:1606.00704; Donahue 2016)."""

import torch
from torch import Tensor, nn

from gen_studio.nets.convolutional import INNERMOST, Norm, halving_layers, widths_from_inside
from gen_studio.nets.critic import BatchView, Critic, make_batch_view
from gen_studio.nets.initial import dcgan_weights
from gen_studio.nets.noise import normal_like

LOG_VARIANCE_RANGE = 10.0


def pack(images: Tensor, latents: Tensor) -> Tensor:
    """Pictures (N, C, H, W) and latents (N, D) as rows (N, C*H*W + D): one example of what a pair critic judges."""
    return torch.cat([images.flatten(1).float(), latents.float()], 1)


def unpack(pairs: Tensor, shape: tuple[int, int, int]) -> tuple[Tensor, Tensor]:
    """The pictures and the latents of packed rows. shape: (C, H, W)."""
    pixels = shape[0] * shape[1] * shape[2]
    return pairs[:, :pixels].unflatten(1, shape), pairs[:, pixels:]


class StochasticEncoder(nn.Module):
    """Pictures (N, C, size, size) -> a normal distribution over latents: mean and log-variance, (N, latents) each."""

    def __init__(self, channels: int, width: int, size: int, latents: int) -> None:
        super().__init__()
        innermost = widths_from_inside(width, size)[0]
        self.body = halving_layers(channels, width, size, Norm.BATCH)
        self.head = nn.Conv2d(innermost, 2 * latents, INNERMOST, 1, 0)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.head(self.body(images)).flatten(1).float().chunk(2, dim=1)
        return mean, log_variance.clamp(-LOG_VARIANCE_RANGE, LOG_VARIANCE_RANGE)

    def draw(self, images: Tensor, rng: torch.Generator) -> Tensor:
        """One latent of each picture's distribution, (N, latents), differentiable."""
        mean, log_variance = self.forward(images)
        return mean + (log_variance / 2).exp() * normal_like(mean, rng)


class PairCritic(Critic):
    """Packed pairs of pictures and latents (N, C*H*W + latents) -> raw scores (N,).

    Convolutions look at the picture, dense layers at the latent, and dense layers of `8 * width` at both together.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        latents: int,
        width: int,
        norm: Norm = Norm.BATCH,
        batch_view: BatchView = BatchView.NONE,
    ) -> None:
        hidden = 8 * width
        view, extra = make_batch_view(batch_view, hidden, 1)
        super().__init__(view)
        channels, size, _ = shape
        self.shape = shape
        innermost = widths_from_inside(width, size)[0]
        of_picture = nn.Conv2d(innermost, hidden, INNERMOST, 1, 0)
        self.picture = nn.Sequential(
            *halving_layers(channels, width, size, norm), of_picture, nn.LeakyReLU(0.2), nn.Flatten()
        )
        self.latent = nn.Sequential(*_dense(latents, hidden), *_dense(hidden, hidden))
        self.both = nn.Sequential(*_dense(2 * hidden, 2 * hidden), *_dense(2 * hidden, hidden))
        self.head = nn.Linear(hidden + extra, 1)
        dcgan_weights(self.picture)
        for module in (*self.latent, *self.both, self.head):
            if isinstance(module, nn.Linear):
                # So many dense layers in a row would let N(0, 0.02) die away at any width but the papers'.
                nn.init.kaiming_normal_(module.weight, 0.2)
                nn.init.zeros_(module.bias)

    def features(self, images: Tensor) -> Tensor:
        pictures, latents = unpack(images, self.shape)
        features: Tensor = self.both(torch.cat([self.picture(pictures), self.latent(latents)], 1))
        return features

    def score(self, features: Tensor, labels: Tensor | None) -> Tensor:
        scores: Tensor = self.head(features)
        return scores.flatten()


def _dense(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2, inplace=True)]
