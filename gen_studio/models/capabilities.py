"""What a trained model can do, as nominal types: panels, previews and commands ask `issubclass`, never a model's name.

Every method here only looks: it is called on a copy in evaluation mode, draws randomness from the generator it is
given and changes no buffer. Pictures are (N, C, H, W) float in [-1, 1].
"""

from abc import ABC, abstractmethod

import torch
from torch import Tensor


class Capability(ABC):
    """Base of all capabilities; `capabilities_of` lists the ones a family has."""


class CanSample(Capability):
    """Makes new pictures from nothing but chance."""

    @abstractmethod
    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """(count, C, H, W)."""


class HasLatent(CanSample):
    """Its pictures are a deterministic function of a latent drawn from a known prior."""

    @property
    @abstractmethod
    def latent_shape(self) -> tuple[int, ...]:
        """Shape of one latent, without the batch dimension."""

    def draw_latents(self, count: int, rng: torch.Generator) -> Tensor:
        """(count, *latent_shape) from the prior: a standard normal unless the family says otherwise."""
        return torch.randn((count, *self.latent_shape), generator=rng, device=rng.device)

    @abstractmethod
    def decode(self, latents: Tensor) -> Tensor:
        """latents (N, *latent_shape) -> (N, C, H, W)."""

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return self.decode(self.draw_latents(count, rng))


class CanReconstruct(Capability):
    """Gives back what it can of a picture."""

    @abstractmethod
    def reconstruct(self, images: Tensor, rng: torch.Generator) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W)."""


class CanEncode(HasLatent, CanReconstruct):
    """Finds the latent of a picture; its reconstruction is that latent decoded."""

    @abstractmethod
    def encode(self, images: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, *latent_shape), the most likely latents."""

    def reconstruct(self, images: Tensor, rng: torch.Generator) -> Tensor:
        return self.decode(self.encode(images))


class CanTranslate(Capability):
    """Turns an input picture into another of the same size."""

    @abstractmethod
    def translate(self, inputs: Tensor, rng: torch.Generator) -> Tensor:
        """(N, input_channels, H, W) -> (N, C, H, W)."""


def capabilities_of(model: type) -> tuple[str, ...]:
    """Names of the capabilities a class has, the most general first."""
    kinds = [kind for kind in reversed(model.__mro__) if issubclass(kind, Capability)]
    return tuple(kind.__name__ for kind in kinds if kind.__module__ == __name__ and kind is not Capability)
