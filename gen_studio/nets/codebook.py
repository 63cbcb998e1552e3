"""The codebook of a VQ-VAE (van den Oord, Vinyals & Kavukcuoglu 2017, arXiv:1711.00937), learnt as running means.

Features are (N, D, h, w) in float32; codes are (N, h, w) int64, the row of the nearest vector at each place.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SMOOTHING = 1e-5
AT_ONCE = 65_536
"""Places compared with the codebook at a time."""


class Codebook(nn.Module):
    """K vectors that follow the features nearest to them (appendix A.1 of the paper).

    size_k <- decay size_k + (1 - decay) n_k, sum_k <- decay sum_k + (1 - decay) sum of the n_k features, and
    vector_k = sum_k / size_k, with sizes smoothed as Laplace did. A code that less than `least_use` features a step
    choose begins anew as one of the step's features. Everything is a buffer: only `seed` and `learn` change it.
    """

    vectors: Tensor
    sizes: Tensor
    sums: Tensor

    def __init__(self, codes: int, dimensions: int, decay: float = 0.99, least_use: float = 1.0) -> None:
        super().__init__()
        self.decay = decay
        self.least_use = least_use
        self.register_buffer("vectors", nn.init.normal_(torch.empty(codes, dimensions)))
        self.register_buffer("sizes", torch.ones(codes))
        self.register_buffer("sums", self.vectors.clone())

    def forward(self, codes: Tensor) -> Tensor:
        """The vectors of codes, as features."""
        return F.embedding(codes, self.vectors).permute(0, 3, 1, 2)

    @torch.no_grad()
    def nearest(self, features: Tensor) -> Tensor:
        """The codes of features."""
        lengths = self.vectors.square().sum(1)
        # Products in bf16 would send features to a neighbour's code.
        with torch.autocast(features.device.type, enabled=False):
            chosen = [(lengths - 2 * (part @ self.vectors.T)).argmin(1) for part in rows(features).split(AT_ONCE)]
        return torch.cat(chosen).view(len(features), *features.shape[2:])

    @torch.no_grad()
    def seed(self, features: Tensor, rng: torch.Generator) -> None:
        """Starts all vectors as features drawn at random, each as much in use as the others."""
        drawn = self._drawn(rows(features), rng)
        even = self._even_use(features)
        self.vectors.copy_(drawn)
        self.sizes.fill_(even)
        self.sums.copy_(drawn * even)

    @torch.no_grad()
    def learn(self, features: Tensor, codes: Tensor, rng: torch.Generator) -> None:
        """Moves the vectors towards the features that chose them. The running means of one training step."""
        places, chosen = rows(features), codes.flatten()
        sums = torch.zeros_like(self.sums).index_add_(0, chosen, places)
        self.sizes.lerp_(self.counts(codes), 1 - self.decay)
        self.sums.lerp_(sums, 1 - self.decay)
        self._revive(features, rng)
        total = self.sizes.sum()
        smoothed = (self.sizes + SMOOTHING) / (total + len(self.sizes) * SMOOTHING) * total
        self.vectors.copy_(self.sums / smoothed[:, None])

    def counts(self, codes: Tensor) -> Tensor:
        """(K,) float32: how many places chose each code."""
        chosen = codes.flatten()
        ones = torch.ones(chosen.shape, device=chosen.device)
        return torch.zeros_like(self.sizes).index_add_(0, chosen, ones)

    def _revive(self, features: Tensor, rng: torch.Generator) -> None:
        # Where there are fewer features than codes, nobody is used once a step: half of an even share has to do.
        even = self._even_use(features)
        dead = self.sizes < min(self.least_use, even / 2)
        # A newcomer counts as evenly used, or it would be dead again before it had a chance.
        self.sizes.masked_fill_(dead, even)
        self.sums.copy_(torch.where(dead[:, None], self._drawn(rows(features), rng) * even, self.sums))

    def _drawn(self, places: Tensor, rng: torch.Generator) -> Tensor:
        """As many of the features as there are codes, at random."""
        chosen = torch.randint(len(places), self.sizes.shape, generator=rng, device=places.device)
        return places[chosen]

    def _even_use(self, features: Tensor) -> float:
        """How many of these features each code would have, if all had equally many."""
        return features.numel() / features.shape[1] / len(self.sizes)


def rows(features: Tensor) -> Tensor:
    """(N, D, h, w) -> (N h w, D)."""
    return features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])


def straight_through(features: Tensor, quantised: Tensor) -> Tensor:
    """The quantised features, with a gradient that passes to the features as if nothing had been done to them."""
    return features + (quantised - features).detach()


def perplexity(counts: Tensor) -> Tensor:
    """exp of the entropy of how often codes are chosen: as many codes, evenly used, would say as much."""
    shares = counts / counts.sum().clamp_min(1)
    return torch.exp(-torch.xlogy(shares, shares).sum())
