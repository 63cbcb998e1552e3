"""Second copies of networks that share all tensors with the first: milliseconds and no memory, whatever their size."""

import copy
from typing import TypeVar

from torch import nn

M = TypeVar("M", bound=nn.Module)


def twin(module: M) -> M:
    """A module like this one with the same parameters and buffers. To change one of them, put another in its place."""
    tensors = [*module.parameters(), *module.buffers()]
    return copy.deepcopy(module, {id(tensor): tensor for tensor in tensors})
