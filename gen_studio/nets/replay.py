"""A bounded pool of past pictures, so that a discriminator does not forget what a generator used to make."""

import torch
from torch import Tensor, nn


class ReplayPool(nn.Module):
    """The newest `capacity` pictures given to it. The pool is a buffer: it is saved with the model's state.

    `seen` is how many pictures were given before; whoever trains knows it, and it is not stored twice.
    """

    pictures: Tensor

    def __init__(self, capacity: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.capacity = capacity
        self.register_buffer("pictures", torch.zeros(capacity, *shape))

    @torch.no_grad()
    def mix(self, fakes: Tensor, share: float, seen: int, rng: torch.Generator) -> Tensor:
        """Fakes (N, *shape) with a share of them replaced by old ones; then they take the oldest places."""
        number = len(fakes)
        filled = min(seen, self.capacity)
        old = min(round(number * share), filled)
        mixed = fakes.detach().clone()
        if old:
            chosen = torch.randint(filled, (old,), generator=rng, device=fakes.device)
            mixed[:old] = self.pictures[chosen].to(fakes.dtype)
        kept = fakes.detach()[-self.capacity :]
        places = (torch.arange(len(kept), device=fakes.device) + seen) % self.capacity
        self.pictures[places] = kept.to(self.pictures.dtype)
        return mixed
