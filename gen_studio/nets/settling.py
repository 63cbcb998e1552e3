"""Layers whose weights stay: what follows from weights alone is computed once, not for every picture."""

from abc import ABC, abstractmethod

from torch import Tensor, nn


class Settles(ABC):
    """A layer that another can stand for where nothing learns any more."""

    @abstractmethod
    def settled(self) -> nn.Module:
        """Answers as this layer does now, up to rounding. This layer stays as it is."""


def still(tensor: Tensor) -> nn.Parameter:
    """A weight that does not learn."""
    return nn.Parameter(tensor.detach(), requires_grad=False)
