"""What keeps a code sparse and its price honest."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SMALLEST = 1e-6


class UnitColumns(nn.Linear):
    """A linear layer in which every input has a weight vector of length 1, so that none is louder than its value."""

    def forward(self, inputs: Tensor) -> Tensor:
        return F.linear(inputs, F.normalize(self.weight, dim=0), self.bias)


def kl_to_target(activations: Tensor, target: float) -> Tensor:
    """KL(Bernoulli(target) || Bernoulli(activation)) in nats, by element; activations from 0 to 1."""
    activations = activations.float().clamp(SMALLEST, 1 - SMALLEST)
    entropy = target * math.log(target) + (1 - target) * math.log(1 - target)
    return entropy - target * activations.log() - (1 - target) * torch.log1p(-activations)
