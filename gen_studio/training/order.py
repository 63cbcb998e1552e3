"""In which order pictures are seen: decided by a seed and a count alone, so that resuming needs one number."""

import torch
from torch import Tensor


class BatchOrder:
    """An endless stream of shuffled epochs, cut into batches that may cross from one epoch into the next.

    Every batch is full, also where the set is smaller than the batch. `drawn` is its whole state.
    """

    def __init__(self, length: int, batch_size: int, seed: int) -> None:
        if length < 1:
            raise ValueError("an order needs at least one picture")
        self.length = length
        self.batch_size = batch_size
        self.seed = seed
        self.drawn = 0
        self._epoch = -1
        self._permutation = torch.empty(0, dtype=torch.int64)

    def next(self) -> Tensor:
        """Indices of the next batch, (batch_size,) int64 on the CPU."""
        parts: list[Tensor] = []
        wanted = self.batch_size
        while wanted:
            epoch, place = divmod(self.drawn, self.length)
            part = self._shuffled(epoch)[place : place + wanted]
            parts.append(part)
            self.drawn += len(part)
            wanted -= len(part)
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def _shuffled(self, epoch: int) -> Tensor:
        if epoch != self._epoch:
            # One generator per epoch, so that any epoch can be reached without walking through those before it.
            rng = torch.Generator().manual_seed((self.seed * 1_000_003 + epoch) % 2**63)
            self._permutation = torch.randperm(self.length, generator=rng)
            self._epoch = epoch
        return self._permutation
