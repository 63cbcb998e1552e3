"""Unrolled discriminators: a generator that sees how its opponent would answer (Metz et al. 2016, arXiv:1611.02163)."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call

Weights = dict[str, Tensor]


def unroll(network: nn.Module, loss: Callable[[Weights], Tensor], steps: int, rate: float) -> Weights:
    """The network's weights after `steps` of differentiable gradient descent on a loss of its weights.

    The result is a function of everything the loss depends on, so a gradient flows through the steps; the network
    itself is left as it is.
    """
    weights: Weights = dict(network.named_parameters())
    for _ in range(steps):
        gradients = torch.autograd.grad(loss(weights), list(weights.values()), create_graph=True, allow_unused=True)
        weights = {
            name: weight if gradient is None else weight - rate * gradient
            for (name, weight), gradient in zip(weights.items(), gradients, strict=True)
        }
    return weights


def apply(network: nn.Module, weights: Weights, *arguments: Tensor | None) -> Tensor:
    """The network's answer with other weights. Its buffers (running means and the like) are not changed."""
    buffers = {name: buffer.clone() for name, buffer in network.named_buffers()}
    output: Tensor = functional_call(network, {**weights, **buffers}, arguments)
    return output
