"""The dense networks of the first adversarial papers, with the class as a second input where there are classes.

Goodfellow et al. 2014, arXiv:1406.2661; Mirza & Osindero 2014, arXiv:1411.1784.
"""

import math

import torch
from torch import Tensor, nn

from gen_studio.nets.critic import BatchView, Critic, make_batch_view
from gen_studio.nets.initial import he_weights
from gen_studio.nets.labels import class_weights, one_hot
from gen_studio.nets.noise import dropout

PIECES = 5
"""How many linear functions a maxout unit takes the largest of."""

Shape = tuple[int, int, int]


class Maxout(nn.Module):
    """The largest of `pieces` linear functions (Goodfellow 2013, arXiv:1302.4389): (N, inputs) -> (N, units)."""

    def __init__(self, inputs: int, units: int, pieces: int = PIECES) -> None:
        super().__init__()
        self.shape = (units, pieces)
        self.linear = nn.Linear(inputs, units * pieces)

    def forward(self, inputs: Tensor) -> Tensor:
        linear: Tensor = self.linear(inputs)
        return torch.unflatten(linear, 1, self.shape).amax(2)


def dropped(features: Tensor, probability: float, rng: torch.Generator | None) -> Tensor:
    """Dropout, where there is chance to draw from."""
    return features if rng is None or not probability else dropout(features, probability, rng)


class DenseGenerator(nn.Module):
    """Latents (N, latents) -> pictures (N, C, H, W) in [-1, 1] through two hidden layers of rectifiers."""

    def __init__(self, latents: int, hidden: int, shape: Shape) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(latents, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, math.prod(shape)),
            nn.Tanh(),
            nn.Unflatten(1, shape),
        )
        he_weights(self)

    def forward(self, latents: Tensor) -> Tensor:
        pictures: Tensor = self.layers(latents)
        return pictures


class DenseCritic(Critic):
    """Pictures -> raw scores (N,) through two layers of maxout, as wide as `hidden` in all of their pieces.

    dropout: chance of each unit, after both layers, in training.
    """

    def __init__(self, hidden: int, shape: Shape, batch_view: BatchView = BatchView.NONE, dropout: float = 0.0) -> None:
        units = hidden // PIECES
        view, extra = make_batch_view(batch_view, units, 1)
        super().__init__(view)
        self.dropout = dropout
        self.first = Maxout(math.prod(shape), units)
        self.second = Maxout(units, units)
        self.head = nn.Linear(units + extra, 1)

    def features(self, images: Tensor) -> Tensor:
        features: Tensor = self.second(dropped(self.first(images.flatten(1)), self.dropout, self.chance))
        return features

    def score(self, features: Tensor, labels: Tensor | None) -> Tensor:
        scores: Tensor = self.head(dropped(features, self.dropout, self.chance))
        return scores.flatten()


class LabelledDenseGenerator(nn.Module):
    """Latents (N, latents) and labels (N,) -> pictures: rectifiers over each, side by side, then rectifiers over both.

    The latents have a sixth of the first layer, as in the paper's 200 beside 1,000 units. Weights of the classes
    (N, classes) may stand for labels.
    """

    def __init__(self, latents: int, classes: int, hidden: int, shape: Shape) -> None:
        super().__init__()
        self.classes = classes
        own = max(1, hidden // 6)
        self.from_latents = nn.Linear(latents, own)
        self.from_labels = nn.Linear(classes, hidden - own)
        self.joint = nn.Sequential(
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, math.prod(shape)),
            nn.Tanh(),
            nn.Unflatten(1, shape),
        )
        he_weights(self)
        # As if one layer took in both: a louder class drowns the latents at the start, and G never learns to heed them.
        nn.init.normal_(self.from_labels.weight, 0.0, math.sqrt(2 / latents))

    def forward(self, latents: Tensor, labels: Tensor) -> Tensor:
        sides = [self.from_latents(latents), self.from_labels(class_weights(labels, self.classes))]
        pictures: Tensor = self.joint(torch.cat(sides, 1))
        return pictures


class LabelledDenseCritic(DenseCritic):
    """Pictures and labels -> raw scores (N,): the class stands beside the pixels, one-hot.

    It is scaled so that each of its numbers is on average as large as a pixel's: a single 1 beside a thousand pixels
    is not heeded for thousands of steps.
    """

    def __init__(
        self,
        classes: int,
        hidden: int,
        shape: Shape,
        batch_view: BatchView = BatchView.NONE,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(hidden, (math.prod(shape) + classes, 1, 1), batch_view, dropout)
        self.classes = classes

    def entry(self, images: Tensor, labels: Tensor | None) -> Tensor:
        assert labels is not None
        rows = math.sqrt(self.classes) * one_hot(labels, self.classes)
        return torch.cat([images.flatten(1), rows.to(images.dtype)], 1)
