"""Picks pictures to show of a data set: every class gets its turn."""

import numpy as np
import torch

from gen_studio.core.plan import Counterpart
from gen_studio.data.columns import colour, coloured
from gen_studio.data.dataset import Dataset
from gen_studio.data.source import Pictures
from gen_studio.data.spec import ImageSet


def contact_sheet(dataset: Dataset, count: int, generator: torch.Generator) -> Pictures:
    """At most `count` training pictures as (N, H, W, C) uint8, one class after the other, none twice.

    Of pairs the question stands to the left of its answer, and the pictures are twice as wide; likewise layouts, in the
    colours of their classes. Of two domains the first comes before the second.
    """
    if dataset.train.others is not None:
        return _two_domains(dataset.train, count, generator)
    train = dataset.train
    chosen = torch.randperm(len(train), generator=generator)
    if "labels" in train.columns:
        labels = train.columns["labels"][chosen]
        turns = _turns(labels)
        first = torch.argsort(turns, stable=True)[:count]
        # By class, so that a row of the sheet shows what belongs together.
        chosen = chosen[first[torch.argsort(labels[first], stable=True)]]
    part = train.take(chosen[:count])
    return _beside(dataset, part)


def _beside(dataset: Dataset, part: ImageSet) -> Pictures:
    """What belongs to each picture, to the left of it."""
    stand = [part.images.numpy()]
    if "layout" in part.columns and dataset.plan.counterpart is not Counterpart.LAYOUT:
        stand.insert(0, coloured(part.columns["layout"].numpy(), part.spec.layout))
    if "inputs" in part.columns:
        stand.insert(0, part.columns["inputs"].numpy())
    if len({pictures.shape[1] for pictures in stand}) > 1:
        stand = [colour(pictures) for pictures in stand]
    return np.ascontiguousarray(np.concatenate(stand, axis=3).transpose(0, 2, 3, 1))


def _two_domains(train: ImageSet, count: int, generator: torch.Generator) -> Pictures:
    assert train.others is not None
    parts = []
    for images, share in ((train.images, count - count // 2), (train.others, count // 2)):
        parts.append(images[torch.randperm(len(images), generator=generator)[:share]].numpy())
    return np.ascontiguousarray(np.concatenate(parts).transpose(0, 2, 3, 1))


def _turns(labels: torch.Tensor) -> torch.Tensor:
    """(N,) how many of the same class come before each."""
    turns = torch.zeros_like(labels)
    for label in labels.unique():
        own = labels == label
        turns[own] = torch.arange(int(own.sum()))
    return turns
