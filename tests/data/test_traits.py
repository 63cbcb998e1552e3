"""Traits of pictures in words, and which pictures have them."""

import pytest
import torch

from gen_studio.core.annotations import binary, category, number
from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import DataSpec, ImageSet
from gen_studio.data.traits import as_readings, facts_of, holding, known_of, parse, readings_of

FACTS = (binary("smile", "neutral", "smiling"), category("hair", ("bald", "bob", "long")), number("skin", 0, 1))
SPEC = DataSpec(1, 2, 2, classes=("cat", "dog"), attributes=FACTS)
TABLE = torch.tensor([[1, 0, 0.0], [0, 1, 0.1], [1, 1, 0.2], [0, 2, 0.8], [1, 2, 0.9], [0, 0, 1.0]])
LABELS = torch.tensor([0, 1, 0, 1, 0, 1])
PICTURES = ImageSet(SPEC, {"images": torch.zeros(6, 1, 2, 2, dtype=torch.uint8), "attributes": TABLE, "labels": LABELS})


def rows(word):
    return holding(parse(word, SPEC), PICTURES).nonzero()[:, 0].tolist()


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("smile", [0, 2, 4]),
        ("smile=yes", [0, 2, 4]),
        ("smile = smiling", [0, 2, 4]),
        ("smile=No", [1, 3, 5]),
        ("smile=neutral", [1, 3, 5]),
        ("hair=bob", [1, 2]),
        ("skin=high", [4, 5]),
        ("skin=low", [0, 1]),
        ("class=dog", [1, 3, 5]),
    ],
)
def test_a_trait_in_words_is_had_by_the_right_pictures(word, wanted):
    assert rows(word) == wanted


@pytest.mark.parametrize(
    ("word", "words", "wanted"),
    [
        ("smile=yes", "smile=neutral", [1, 3, 5]),
        ("hair=bob", "hair=not bob", [0, 3, 4, 5]),
        ("skin=high", "skin=low", [0, 1]),
        ("class=cat", "class=not cat", [1, 3, 5]),
    ],
)
def test_the_opposite_is_what_the_others_have(word, words, wanted):
    trait = parse(word, SPEC)
    assert trait.opposite.words == words
    assert holding(trait.opposite, PICTURES).nonzero()[:, 0].tolist() == wanted
    assert trait.opposite.opposite == trait


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("smiel=yes", 'no attribute "smiel". Did you mean "smile"?'),
        ("hair=bobb", '"hair" cannot be "bobb". Did you mean "bob"?'),
        ("hair", '"hair" cannot be "yes". It can be: bald, bob, long.'),
        ("skin=0.5", '"skin" cannot be "0.5". It can be: high, low.'),
        ("class=cow", '"class" cannot be "cow". It can be: cat, dog.'),
        ("", 'no attribute "". There is: smile, hair, skin, class.'),
    ],
)
def test_what_there_is_not_is_a_sentence_with_what_there_is(word, sentence):
    with pytest.raises(WrongUse) as error:
        parse(word, SPEC)
    assert sentence in str(error.value)


def test_without_facts_there_are_no_traits():
    with pytest.raises(WrongUse, match="Nothing is known of these pictures"):
        parse("smile=yes", DataSpec(1, 2, 2))


def test_classes_alone_are_a_fact_and_an_attribute_of_that_name_is_not_doubled():
    assert [fact.name for fact in facts_of(DataSpec(1, 2, 2, classes=("a", "b")))] == ["class"]
    own = DataSpec(1, 2, 2, classes=("a", "b"), attributes=(binary("class"),))
    assert facts_of(own) == own.attributes


def test_readings_have_a_column_for_each_category():
    assert readings_of(facts_of(SPEC)) == (
        "smiling", "hair bald", "hair bob", "hair long", "skin", "class cat", "class dog",
    )  # fmt: skip
    read = as_readings(known_of(PICTURES.columns, SPEC), facts_of(SPEC))
    assert read[4].tolist() == pytest.approx([1, 0, 0, 1, 0.9, 1, 0])
