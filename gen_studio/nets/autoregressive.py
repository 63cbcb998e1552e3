"""A prior over grids of codes by masked convolutions: the gated PixelCNN (van den Oord 2016, arXiv:1606.05328).

Two stacks, so that no place before is out of sight: the vertical one sees all rows above, the horizontal one the
places to the left in its own row, and what the vertical one saw. A mask is a shift: a kernel of nothing but what it
may see, and zeros put before the grid.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

BEFORE = 1
"""Rows above, and columns to the left, that each layer reaches; columns to the right too, above."""


class GatedLayer(nn.Module):
    """One layer of both stacks. The first one must not see the place itself; those after see only what it saw."""

    def __init__(self, width: int, is_first: bool) -> None:
        super().__init__()
        self.shift = 1 if is_first else 0
        self.vertical = nn.Conv2d(width, 2 * width, (BEFORE + 1, 2 * BEFORE + 1))
        self.horizontal = nn.Conv2d(width, 2 * width, (1, BEFORE + 1))
        self.across = nn.Conv2d(2 * width, 2 * width, 1)
        self.onwards = nn.Conv2d(width, width, 1)

    def above(self, features: Tensor) -> Tensor:
        """The vertical stack's (N, C, h, w) -> (N, 2C, h, w), ungated: what is known from the rows above."""
        top = BEFORE + self.shift
        known: Tensor = self.vertical(F.pad(features, (BEFORE, BEFORE, top, -self.shift)))
        return known

    def along(self, features: Tensor, known: Tensor) -> Tensor:
        """The horizontal stack's (N, C, h, w) -> the same, row by row, with what is known from above."""
        left = BEFORE + self.shift
        hidden = self.horizontal(F.pad(features, (left, -self.shift, 0, 0))) + self.across(known)
        answer: Tensor = self.onwards(gated(hidden))
        return answer if self.shift else features + answer


class CodePrior(nn.Module):
    """Grids of codes (N, h, w) int64 -> scores (N, codes, h, w): what to expect at each place, given those before.

    Places are in reading order. An untrained one expects all codes alike.
    """

    def __init__(self, codes: int, width: int, layers: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(codes, width)
        self.layers = nn.ModuleList(GatedLayer(width, place == 0) for place in range(layers))
        self.head = nn.Sequential(nn.ReLU(), nn.Conv2d(width, width, 1), nn.ReLU(), nn.Conv2d(width, codes, 1))
        last = self.head[-1]
        assert isinstance(last, nn.Conv2d) and last.bias is not None
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)

    def forward(self, codes: Tensor) -> Tensor:
        scores: Tensor = self.head(self._along(codes, self._above(codes)))
        return scores

    def loss(self, codes: Tensor) -> Tensor:
        """-log p in nats per code, a scalar."""
        return F.cross_entropy(self(codes).float(), codes)

    @torch.no_grad()
    def draw(self, count: int, height: int, width: int, rng: torch.Generator) -> Tensor:
        """Codes (count, height, width), place by place.

        The vertical stack is computed once a row, and the horizontal one on the row so far: for a square grid that is
        a side's worth of whole passes instead of one for each place.
        """
        codes = torch.zeros(count, height, width, dtype=torch.int64, device=rng.device)
        for row in range(height):
            known = [grid[:, :, row : row + 1] for grid in self._above(codes[:, : row + 1])]
            for column in range(width):
                seen = [grid[..., : column + 1] for grid in known]
                features = self._along(codes[:, row : row + 1, : column + 1], seen)
                scores = self.head(features[..., -1:]).flatten(1)
                chances = torch.softmax(scores.float(), 1)
                codes[:, row, column] = torch.multinomial(chances, 1, generator=rng).squeeze(1)
        return codes

    def _above(self, codes: Tensor) -> list[Tensor]:
        """What each layer knows from the rows above."""
        features, known = self._embedded(codes), []
        for layer in self.layers:
            assert isinstance(layer, GatedLayer)
            known.append(layer.above(features))
            features = gated(known[-1])
        return known

    def _along(self, codes: Tensor, known: list[Tensor]) -> Tensor:
        features = self._embedded(codes)
        for layer, above in zip(self.layers, known, strict=True):
            assert isinstance(layer, GatedLayer)
            features = layer.along(features, above)
        return features

    def _embedded(self, codes: Tensor) -> Tensor:
        features: Tensor = self.embedding(codes)
        return features.permute(0, 3, 1, 2)


def gated(features: Tensor) -> Tensor:
    """tanh of one half of the channels, let through by the sigmoid of the other."""
    value, gate = features.chunk(2, 1)
    return torch.tanh(value) * torch.sigmoid(gate)
