"""What a picture may have or not have, in words: a value of an attribute, or a class. Two traits make two piles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gen_studio.core.annotations import Attribute, AttributeKind, category
from gen_studio.core.errors import WrongUse
from gen_studio.core.words import one_of
from gen_studio.data.spec import DataSpec, ImageSet

CLASS = "class"
YES, NO = ("yes", "true", "1"), ("no", "false", "0")
HIGH, LOW = "high", "low"
"""Of a number: the upper and the lower third of the pictures."""
LISTED = 12


@dataclass(frozen=True)
class Trait:
    """One value of an attribute, or with `is_other` all its other values."""

    attribute: Attribute
    value: str
    is_other: bool = False

    @property
    def words(self) -> str:
        """As it is written: "smile=smiling", "hair=not bob"."""
        return f"{self.attribute.name}={'not ' if self.is_other else ''}{self.value}"

    @property
    def opposite(self) -> "Trait":
        """What its pictures are not: the other of two values, the other end of a number, or all other values."""
        match self.attribute.kind:
            case AttributeKind.NUMBER:
                return replace(self, value=LOW if self.value == HIGH else HIGH)
            case AttributeKind.BINARY:
                one, other = self.attribute.values
                return replace(self, value=one if self.value == other else other)
            case AttributeKind.CATEGORY:
                return replace(self, is_other=not self.is_other)


def facts_of(spec: DataSpec) -> tuple[Attribute, ...]:
    """All that is known of each picture: its attributes, and its class as one more where there are classes."""
    names = {attribute.name for attribute in spec.attributes}
    if not spec.has_labels or CLASS in names:
        return spec.attributes
    return (*spec.attributes, category(CLASS, spec.classes))


def known_of(columns: Mapping[str, Tensor], spec: DataSpec) -> Tensor:
    """What is known of each picture of a set or batch, (N, facts) float32, in the order of `facts_of`."""
    known = list(columns["attributes"].unbind(1)) if spec.has_attributes else []
    if len(known) < len(facts_of(spec)):
        known.append(columns["labels"].float())
    return torch.stack(known, 1)


def readings_of(facts: Sequence[Attribute]) -> tuple[str, ...]:
    """Names of `as_readings`: "smiling", "hair bob", "skin"."""
    return tuple(word for fact in facts for word in _reading_names(fact))


def as_readings(known: Tensor, facts: Sequence[Attribute]) -> Tensor:
    """What is known (N, facts) as numbers that may be compared, (N, readings): one for each value of a category."""
    columns: list[Tensor] = []
    for fact, column in zip(facts, known.unbind(1), strict=True):
        is_category = fact.kind is AttributeKind.CATEGORY
        columns += [column.eq(n).float() for n in range(len(fact.values))] if is_category else [column]
    return torch.stack(columns, 1)


def parse(word: str, spec: DataSpec) -> Trait:
    """Reads a trait as a person writes it: "smile=yes", "smile", "hair=bob", "skin=high", "class=7".

    Raises WrongUse with what there is.
    """
    facts = {attribute.name: attribute for attribute in facts_of(spec)}
    name, equals, value = (part.strip() for part in word.partition("="))
    if not facts:
        raise WrongUse(
            f'Nothing is known of these pictures that "{word}" could be. Choose a run on data with classes or '
            "attributes, or name a folder of pictures."
        )
    if name not in facts:
        raise WrongUse(f'These pictures have no attribute "{name}". {one_of("There is", list(facts)[:LISTED], name)}')
    return Trait(facts[name], _value(facts[name], value if equals else YES[0]))


def holding(trait: Trait, pictures: ImageSet) -> Tensor:
    """Which pictures have it, (N,) bool."""
    column = known_of(pictures.columns, pictures.spec)[:, facts_of(pictures.spec).index(trait.attribute)]
    match trait.attribute.kind:
        case AttributeKind.NUMBER:
            low, high = column.quantile(torch.tensor([1 / 3, 2 / 3])).tolist()
            return column.gt(high) if trait.value == HIGH else column.lt(low)
        case AttributeKind.BINARY | AttributeKind.CATEGORY:
            return column.round().eq(trait.attribute.values.index(trait.value)).ne(trait.is_other)


def _reading_names(fact: Attribute) -> list[str]:
    match fact.kind:
        case AttributeKind.NUMBER:
            return [fact.name]
        case AttributeKind.BINARY:
            return [fact.values[1]]
        case AttributeKind.CATEGORY:
            return [f"{fact.name} {value}" for value in fact.values]


def _value(attribute: Attribute, word: str) -> str:
    match attribute.kind:
        case AttributeKind.NUMBER:
            choices: tuple[str, ...] = (HIGH, LOW)
        case AttributeKind.BINARY:
            if word.lower() in YES or word.lower() in NO:
                return attribute.values[word.lower() in YES]
            choices = (YES[0], NO[0], *attribute.values)
        case AttributeKind.CATEGORY:
            choices = attribute.values
    if word not in choices:
        raise WrongUse(f'"{attribute.name}" cannot be "{word}". {one_of("It can be", choices[:LISTED], word)}')
    return word
