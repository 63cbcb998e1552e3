"""Directions on piles whose difference is known: where they lead, how far, how sure, and what they leave alone."""

import numpy as np
import pytest

from gen_studio.core.directions import Method
from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import Direction, Space
from gen_studio.inference.directions import Piles, correlations, cosines, learn, orthogonal

SIZE = 12
METHODS = pytest.mark.parametrize("method", list(Method))


def piles(gap=4.0, count=200, seed=0, size=SIZE):
    """Normal latents whose first number is, on average, half the gap above or below 0."""
    rng = np.random.default_rng(seed)
    more, less = rng.normal(size=(2, count, size))
    more[:, 0] += gap / 2
    less[:, 0] -= gap / 2
    return Piles(more, less)


def axis(place, name="other", size=SIZE, length=1.0):
    return Direction(name=name, values=tuple(length * float(number == place) for number in range(size)))


def values(direction):
    return np.array(direction.values)


@METHODS
def test_a_direction_leads_from_one_pile_to_the_other(method):
    found = values(learn(piles(), "smile", method=method).direction)
    assert found[0] / np.linalg.norm(found) > 0.97


@METHODS
def test_strength_1_is_a_standard_deviation_of_all_examples_along_it(method):
    both = piles()
    found = values(learn(both, "smile", method=method).direction)
    length = np.linalg.norm(found)
    places = np.concatenate([both.more, both.less]) @ (found / length)
    assert length == pytest.approx(places.std(), rel=1e-6)


def test_a_unit_does_not_depend_on_how_many_pictures_each_pile_has():
    both = piles(count=4000)
    few = Piles(both.more[:400], both.less)
    lengths = [np.linalg.norm(values(learn(each, "smile").direction)) for each in (both, few)]
    assert lengths[1] == pytest.approx(lengths[0], rel=0.03)


@METHODS
def test_piles_that_lie_apart_are_told_apart_and_equal_ones_are_not(method):
    apart, same = (learn(piles(gap, 300), "smile", method=method).quality for gap in (8.0, 1e-3))
    assert apart is not None and apart.accuracy > 0.99 and apart.area > 0.999
    assert same is not None and abs(same.accuracy - 0.5) < 0.08 and abs(same.area - 0.5) < 0.08


def test_of_unequal_piles_the_smaller_one_is_told_as_well():
    """Always saying the larger would be right 94 times of 100, and tell nothing."""
    both = piles(1.5, 1000)
    found = learn(Piles(both.more, both.less[:60]), "smile", method=Method.SEPARATOR).quality
    assert found is not None and 0.7 < found.accuracy < 0.85
    assert (found.positive, found.negative) == (1000, 60)


@METHODS
def test_a_handful_of_examples_in_many_dimensions_have_a_direction(method):
    few = piles(gap=12.0, count=4, size=512)
    learnt = learn(few, "smile", method=method)
    found = values(learnt.direction)
    assert np.isfinite(found).all()
    assert found[0] / np.linalg.norm(found) > 0.35
    assert learnt.quality is not None and learnt.quality.folds == 4


def test_one_picture_in_a_pile_gives_a_direction_without_a_verdict():
    learnt = learn(Piles(np.eye(3)[:1], -np.eye(3)[:1]), "smile")
    assert learnt.quality is None
    assert values(learnt.direction) == pytest.approx([1, 0, 0])


def test_a_separator_leaves_alone_what_merely_goes_along():
    """The second number follows the first: the difference of means leads there as well."""
    rng = np.random.default_rng(1)
    has = np.repeat([1.0, -1.0], 500)
    first = has + 0.1 * rng.normal(size=1000)
    second = 0.8 * has + rng.normal(size=1000)
    latents = np.stack([first, second], 1)
    both = Piles(latents[:500], latents[500:])
    difference, separator = (values(learn(both, "x", method=method).direction) for method in Method)
    assert difference[1] / difference[0] > 0.7
    assert separator[1] / separator[0] < 0.2


@METHODS
def test_a_direction_learnt_orthogonal_to_others_does_not_move_along_them(method):
    both = piles()
    for pile in (both.more, both.less):
        pile[:, 1] += pile[:, 0]
    others = [axis(1), axis(2), axis(1, "again", length=3.0)]
    plain = learn(both, "smile", method=method)
    learnt = learn(both, "smile", method=method, orthogonal_to=others)
    assert abs(values(plain.direction)[1]) > 0.5 * abs(values(plain.direction)[0]) or method is Method.SEPARATOR
    assert np.abs(values(learnt.direction)[1:3]).max() < 1e-9
    assert values(learnt.direction)[0] > 1.5
    assert learnt.quality is not None and learnt.quality.accuracy > 0.9


def test_orthogonal_takes_out_the_part_along_others_and_keeps_the_length():
    direction = Direction(name="smile", values=(3.0, 4.0, 0.0))
    found = orthogonal(direction, [axis(0, size=3, length=7.0)])
    assert values(found) == pytest.approx([0, 5, 0])
    assert found.name == "smile"
    assert orthogonal(direction, []) == direction


def test_what_leads_the_same_way_leaves_nothing_and_that_is_a_sentence():
    direction = Direction(name="smile", values=(3.0, 0.1, 0.0))
    with pytest.raises(WrongUse, match='Nothing is left of "smile" without "grin"'):
        orthogonal(direction, [axis(0, "grin", size=3)])
    with pytest.raises(WrongUse, match='Nothing is left of "smile" without "grin"'):
        learn(Piles(np.eye(3)[:1], -np.eye(3)[:1]), "smile", orthogonal_to=[axis(0, "grin", size=3)])


@pytest.mark.parametrize("other", [axis(0, size=5), axis(0).model_copy(update={"space": Space.STYLE})])
def test_directions_of_another_space_or_length_cannot_be_taken_out(other):
    with pytest.raises(WrongUse, match='"other" changes'):
        learn(piles(), "smile", orthogonal_to=[other])


def test_cosines_are_those_of_directions_of_the_same_space():
    smile = Direction(name="smile", values=(1.0, 1.0))
    others = [
        Direction(name="same", values=(2.0, 2.0)),
        Direction(name="aside", values=(1.0, -1.0)),
        Direction(name="back", values=(-1.0, -1.0)),
        Direction(name="nowhere", values=(0.0, 0.0)),
        Direction(name="longer", values=(1.0, 1.0, 1.0)),
        Direction(name="style", values=(1.0, 1.0), space=Space.STYLE),
    ]
    assert cosines(smile, others) == pytest.approx({"same": 1, "aside": 0, "back": -1, "nowhere": 0})


def test_correlations_say_what_goes_along_in_the_data():
    rng = np.random.default_rng(2)
    latents = rng.normal(size=(2000, 2))
    facts = {
        "along": 5 + 3 * latents[:, 0],
        "against": -latents[:, 0],
        "aside": latents[:, 1],
        "half": latents.sum(1),
        "always": np.ones(2000),
    }
    found = correlations(axis(0, size=2), latents, facts)
    assert found == pytest.approx({"along": 1, "against": -1, "aside": 0, "half": 0.5**0.5, "always": 0}, abs=0.05)


@pytest.mark.parametrize(
    ("more", "less", "words"),
    [
        (np.zeros((0, 3)), np.ones((2, 3)), "positive pile is empty"),
        (np.ones((2, 3)), np.zeros((0, 3)), "negative pile is empty"),
        (np.ones((2, 3)), np.ones((2, 4)), "two models"),
        (np.full((2, 3), np.nan), np.ones((2, 3)), "not a number"),
    ],
)
def test_piles_that_cannot_be_compared_are_sentences(more, less, words):
    with pytest.raises(WrongUse, match=words):
        Piles(more, less)


def test_equal_piles_are_a_sentence():
    with pytest.raises(WrongUse, match="do not differ"):
        learn(Piles(np.ones((3, 4)), np.ones((5, 4))), "smile")
