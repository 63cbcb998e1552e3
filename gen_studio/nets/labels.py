"""Classes as numbers that a network can take in.

Where a generator takes labels (N,) int64 it takes weights (N, classes) in their place as well, each row summing to 1: a
blend of classes, of which a label is the case of a single 1.
"""

import torch
from torch import Tensor, nn


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """(N,) int64 -> (N, classes) float32. Unlike torch's own it never looks at the labels, which would stall a GPU."""
    rows = torch.zeros(len(labels), classes, device=labels.device)
    return rows.scatter_(1, labels[:, None], 1.0)


def class_weights(labels: Tensor, classes: int) -> Tensor:
    """Labels (N,) one-hot, weights (N, classes) as they are."""
    return labels if labels.ndim == 2 else one_hot(labels, classes)


def embedded(table: nn.Embedding, labels: Tensor) -> Tensor:
    """Labels (N,) -> their rows of the table, (N, D); weights (N, classes) -> rows mixed by weight."""
    rows: Tensor = labels.to(table.weight.dtype) @ table.weight if labels.ndim == 2 else table(labels)
    return rows
