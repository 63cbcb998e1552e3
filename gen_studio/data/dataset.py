"""A source brought into shape: three splits that are ready to train on, and what there is to say about them."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from gen_studio.core.annotations import Attribute, AttributeKind
from gen_studio.core.plan import DataPlan
from gen_studio.data.source import Skipped
from gen_studio.data.spec import DataSpec, ImageSet, Split

LAYOUTS_COUNTED = 500


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
        return sum(self.sizes().values())

    def sizes(self) -> dict[Split, int]:
        """How many pictures each split has; of two domains, both together."""
        return {
            split: len(part) + (0 if part.others is None else len(part.others)) for split, part in self.splits.items()
        }

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

    def domain_counts(self) -> dict[str, int]:
        """How many pictures each of two domains has; empty without domains."""
        if not self.spec.has_domains:
            return {}
        first = sum(len(part) for part in self.splits.values())
        return dict(zip(self.spec.domains, (first, len(self) - first), strict=True))

    def attribute_counts(self) -> dict[str, int]:
        """How many pictures have each yes-or-no attribute, and each value of a category; numbers are not counted."""
        counts: dict[str, int] = {}
        for attribute, column in self._attribute_columns():
            if attribute.kind is AttributeKind.BINARY:
                counts[attribute.title] = int((column > 0.5).sum())
            elif attribute.kind is AttributeKind.CATEGORY:
                numbers = torch.bincount(column.long(), minlength=len(attribute.values)).tolist()
                counts |= {f"{attribute.title}: {v}": n for v, n in zip(attribute.values, numbers, strict=True)}
        return counts

    def attribute_ranges(self) -> dict[str, tuple[float, float]]:
        """The least and the largest value of each attribute that is a number."""
        return {
            attribute.title: (float(column.min()), float(column.max()))
            for attribute, column in self._attribute_columns()
            if attribute.kind is AttributeKind.NUMBER
        }

    def layout_in_words(self) -> dict[str, tuple[str, float]]:
        """The colour of each class of layouts, and its share of the pixels in some of the training pictures."""
        if not self.spec.has_layouts:
            return {}
        layouts = self.train.columns["layout"][:LAYOUTS_COUNTED]
        numbers = torch.bincount(layouts.reshape(-1).int(), minlength=len(self.spec.layout))
        shares = (numbers / numbers.sum()).tolist()
        return {kind.name: (kind.code, share) for kind, share in zip(self.spec.layout, shares, strict=True)}

    def _attribute_columns(self) -> list[tuple[Attribute, Tensor]]:
        if not self.spec.has_attributes:
            return []
        table = torch.cat([part.columns["attributes"] for part in self.splits.values()])
        return [(attribute, table[:, place]) for place, attribute in enumerate(self.spec.attributes)]
