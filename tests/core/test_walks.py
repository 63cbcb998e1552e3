"""Where a walk is at each moment, and what lies between two pictures."""

import pytest

from gen_studio.core.latents import Curve, Dimension, Direction, Drawn, LatentPicture, Mixed, Move
from gen_studio.core.walks import Easing, Keyframe, Walk, between

A, B, C = (LatentPicture(point=Drawn(seed=seed)) for seed in (1, 2, 3))
SMILE = Direction(name="Smile", values=(1.0, 0.0))


def walk(*pictures: LatentPicture, seconds: float = 2.0, **other: object) -> Walk:
    return Walk(keyframes=tuple(Keyframe(picture=picture, seconds=seconds) for picture in pictures), **other)


def test_a_walk_that_closes_comes_back_to_its_first_keyframe() -> None:
    closed = walk(A, B, C)
    assert closed.seconds == 6 and closed.starts == (0, 2, 4)
    assert [closed.at(second) for second in (0, 2, 4, 6)] == [A, B, C, A]
    assert closed.at(5).point.points == (C.point, A.point)
    assert closed.at(7) == closed.at(1)


def test_a_walk_that_does_not_close_stays_at_its_end() -> None:
    opened = walk(A, B, C, closes=False)
    assert opened.seconds == 4
    assert [opened.at(second) for second in (-1, 0, 4, 9)] == [A, A, C, C]


def test_one_keyframe_is_a_still_and_none_is_no_walk() -> None:
    assert walk(A).at(3.0) == A and walk(A).seconds == 0
    with pytest.raises(IndexError):
        walk().at(0)


def test_easing_is_slow_at_the_keyframes_and_steady_is_not() -> None:
    (steady, smooth) = (walk(A, B, easing=easing).at(0.5).point for easing in (Easing.STEADY, Easing.SMOOTH))
    assert steady.weights == (0.75, 0.25)
    assert smooth.weights[1] == pytest.approx(0.15625)
    assert smooth.curve is Curve.SPHERICAL


def test_legs_take_the_seconds_of_the_keyframe_they_start_from() -> None:
    uneven = Walk(keyframes=(Keyframe(picture=A, seconds=1), Keyframe(picture=B, seconds=3)), easing=Easing.STEADY)
    assert uneven.at(2.5).point == Mixed(points=(B.point, A.point), weights=(0.5, 0.5), curve=Curve.SPHERICAL)


def test_between_two_pictures_all_that_has_an_amount_is_mixed() -> None:
    start = LatentPicture(point=A.point, moves=(Move(direction=SMILE, strength=2),), truncation=1, classes=(0, 1))
    end = LatentPicture(point=A.point, truncation=0.5)
    half = between(start, end, 0.5)
    assert half.point == A.point, "the same place on the way from a place to itself"
    assert half.moves[0].strength == 1 and half.truncation == 0.75
    assert half.classes == (0.5, 0.5), "no weights stand for the first class"


def test_what_cannot_be_mixed_changes_halfway() -> None:
    end = LatentPicture(point=B.point, dimensions=(Dimension(index=0, value=1.0),), truncated_layers=3)
    early, late = between(A, end, 0.4), between(A, end, 0.6)
    assert (early.dimensions, early.truncated_layers) == ((), None)
    assert (late.dimensions, late.truncated_layers) == (end.dimensions, 3)


def test_at_its_ends_a_leg_is_its_keyframes() -> None:
    assert between(A, B, 0) is A and between(A, B, 1) is B and between(A, A, 0.5) is A


def test_a_walk_survives_being_written_down() -> None:
    kept = walk(A, between(A, B, 0.3, Curve.SPHERICAL))
    assert Walk.parse(kept.model_dump(mode="json")) == kept
