"""The pool of past fakes of Shrivastava et al. 2016 (arXiv:1612.07828), which keeps a discriminator's memory long."""

import torch
from torch import Tensor, nn


class ImagePool(nn.Module):
    """The first `capacity` pictures fill it and pass unchanged. After that each picture passes with a chance of one
    half, and otherwise changes places with one that is drawn from the pool.

    The pool is a buffer: it is saved with the model's state. `seen` is how many pictures were given before; whoever
    trains knows it, and it is not stored twice.
    """

    pictures: Tensor

    def __init__(self, capacity: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.capacity = capacity
        self.register_buffer("pictures", torch.zeros(capacity, *shape))

    @torch.no_grad()
    def exchange(self, fakes: Tensor, seen: int, rng: torch.Generator) -> Tensor:
        """Fakes (N, *shape), one after the other, as what the discriminator is to see, (N, *shape) detached."""
        fakes = fakes.detach().to(self.pictures.dtype)
        shown = []
        for place, fake in enumerate(fakes.split(1), start=seen):
            if place < self.capacity:
                self.pictures[place] = fake[0]
                shown.append(fake)
                continue
            # Chosen by arithmetic, not by a branch, which would have to wait for the device.
            slot = torch.randint(self.capacity, (1,), generator=rng, device=fake.device)
            swapped = torch.rand(1, generator=rng, device=fake.device) < 0.5
            old = self.pictures.index_select(0, slot)
            self.pictures.index_copy_(0, slot, torch.where(swapped, fake, old))
            shown.append(torch.where(swapped, old, fake))
        return torch.cat(shown)
