"""A source brought into shape: three splits that are ready to train on, and what there is to say about them."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from gen_studio.core.plan import DataPlan
from gen_studio.data.source import Skipped
from gen_studio.data.spec import DataSpec, ImageSet, Split


@dataclass(frozen=True)
class Dataset:
    """All splits of a source. `plan` has its size and paths filled in, so that it loads the same again elsewhere.

    notes: sentences for the user about what was replaced or decided on the way.
    """

    plan: DataPlan
    spec: DataSpec
    splits: Mapping[Split, ImageSet]
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return sum(len(part) for part in self.splits.values())

    @property
    def train(self) -> ImageSet:
        return self.splits[Split.TRAIN]

    @property
    def validation(self) -> ImageSet:
        return self.splits[Split.VALIDATION]

    @property
    def test(self) -> ImageSet:
        return self.splits[Split.TEST]

    def counts(self, split: Split | None = None) -> dict[str, int]:
        """How many pictures each class has, in one split or in all; empty without labels."""
        if not self.spec.has_labels:
            return {}
        parts = self.splits.values() if split is None else [self.splits[split]]
        labels = torch.cat([part.columns["labels"] for part in parts])
        numbers = torch.bincount(labels, minlength=len(self.spec.classes)).tolist()
        return dict(zip(self.spec.classes, numbers, strict=True))
