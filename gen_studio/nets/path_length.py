"""Path length regularisation: a step in style space is to change the picture by the same amount everywhere.

Karras et al. 2019, arXiv:1912.04958, section 3.2.
"""

import math

import torch
from torch import Tensor, nn

from gen_studio.nets.noise import normal_like

MEAN_DECAY = 0.99
EPSILON = 1e-8


class PathLength(nn.Module):
    """E[(|J'y| - a)^2], y normal noise / sqrt(H W), a the running mean of |J'y|, which is saved with the model.

    J is the Jacobian of pictures by styles. Where every layer has a style of its own, |J'y| is the root of the mean
    over layers of the squared lengths.
    """

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(()))

    def forward(self, pictures: Tensor, styles: Tensor, rng: torch.Generator) -> Tensor:
        """pictures: (N, C, H, W) with a graph back to styles (N, layers, size). Moves the mean."""
        noise = normal_like(pictures, rng) / math.sqrt(pictures.shape[2] * pictures.shape[3])
        gradient = torch.autograd.grad((pictures * noise).sum(), styles, create_graph=True)[0]
        lengths = (gradient.square().sum(2).mean(1) + EPSILON).sqrt()  # (N,)
        self.mean.lerp_(lengths.detach().mean(), 1 - MEAN_DECAY)
        return (lengths - self.mean).square().mean()
