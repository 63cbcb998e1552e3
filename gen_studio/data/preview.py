"""Picks pictures to show of a data set: every class gets its turn."""

import numpy as np
import torch

from gen_studio.data.columns import colour
from gen_studio.data.dataset import Dataset
from gen_studio.data.source import Pictures


def contact_sheet(dataset: Dataset, count: int, generator: torch.Generator) -> Pictures:
    """At most `count` training pictures as (N, H, W, C) uint8, one class after the other, none twice.

    Of pairs the question stands to the left of its answer, and the pictures are twice as wide.
    """
    train = dataset.train
    chosen = torch.randperm(len(train), generator=generator)
    if "labels" in train.columns:
        labels = train.columns["labels"][chosen]
        turns = _turns(labels)
        first = torch.argsort(turns, stable=True)[:count]
        # By class, so that a row of the sheet shows what belongs together.
        chosen = chosen[first[torch.argsort(labels[first], stable=True)]]
    part = train.take(chosen[:count])
    pictures = part.images.numpy()
    if "inputs" in part.columns:
        questions = part.columns["inputs"].numpy()
        if questions.shape[1] != pictures.shape[1]:
            questions, pictures = colour(questions), colour(pictures)
        pictures = np.concatenate([questions, pictures], axis=3)
    return np.ascontiguousarray(pictures.transpose(0, 2, 3, 1))


def _turns(labels: torch.Tensor) -> torch.Tensor:
    """(N,) how many of the same class come before each."""
    turns = torch.zeros_like(labels)
    for label in labels.unique():
        own = labels == label
        turns[own] = torch.arange(int(own.sum()))
    return turns
