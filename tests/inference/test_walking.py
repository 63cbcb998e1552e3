"""Frames along a walk: their moments, that closed walks close, and that only a portion of them is ever made ahead."""

import numpy as np
import pytest
import torch
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import Curve, Drawn, Given, LatentPicture
from gen_studio.core.walks import Easing, Keyframe, Walk
from gen_studio.inference.exploring import explore
from gen_studio.inference.walking import frames, moments
from gen_studio.models.capabilities import HasLatent


class Watched(HasLatent):
    """Shows the latent's numbers and remembers how many it was asked for."""

    latent_shape = (3,)

    def __init__(self) -> None:
        self.decoded: list[int] = []

    def decode(self, latents: Tensor) -> Tensor:
        self.decoded.append(len(latents))
        return latents[:, None, None, :] / 4


def through(*pictures: LatentPicture, **changes: object) -> Walk:
    return Walk(keyframes=tuple(Keyframe(picture=picture, seconds=1) for picture in pictures), **changes)


SEEDS = tuple(LatentPicture(point=Drawn(seed=seed)) for seed in range(3))


def test_a_closed_walk_has_its_first_picture_once_and_an_open_one_ends_with_its_last() -> None:
    closed, opened = through(*SEEDS), through(*SEEDS, closes=False)
    assert moments(closed, 4) == pytest.approx([number / 4 for number in range(12)])
    assert moments(opened, 4)[0] == 0 and moments(opened, 4)[-1] == 2 and len(moments(opened, 4)) == 8


def test_a_walk_that_is_shorter_than_a_frame_still_has_two() -> None:
    assert moments(through(*SEEDS[:2], closes=False), 1) == (0.0, 1.0)


def test_there_is_no_walk_through_fewer_than_two() -> None:
    with pytest.raises(WrongUse, match="has 1"):
        moments(through(SEEDS[0]), 30)


@pytest.mark.parametrize("easing", Easing)
@pytest.mark.parametrize("curve", Curve)
def test_keyframes_are_their_pictures_exactly_and_a_closed_walk_closes(curve: Curve, easing: Easing) -> None:
    walk = through(*SEEDS, curve=curve, easing=easing)
    for second, picture in zip((0.0, 1.0, 2.0, 3.0), (*SEEDS, SEEDS[0]), strict=True):
        assert walk.at(second) == picture
    shown = list(frames(Watched(), walk, 4))
    keyframes, _ = explore(Watched(), SEEDS)
    assert np.array_equal(np.stack(shown[::4]), keyframes)


def test_the_middle_of_an_even_way_lies_between_both_ends() -> None:
    walk = through(
        LatentPicture(point=Given(values=(2, 0, 0))),
        LatentPicture(point=Given(values=(0, 4, 0))),
        closes=False,
    )
    _, latents = explore(Watched(), [walk.at(0.5)])
    assert latents[0] == pytest.approx([3 / 2**0.5, 3 / 2**0.5, 0])


def test_frames_are_made_as_they_are_asked_for() -> None:
    model = Watched()
    made = frames(model, through(*SEEDS), 10, portion=4)
    assert model.decoded == []
    next(made)
    assert model.decoded == [4]
    for _ in range(4):
        next(made)
    assert model.decoded == [4, 4]
    assert len(list(made)) == 30 - 5
    assert model.decoded == [4] * 7 + [2]


def test_a_film_of_a_walk_is_the_same_each_time() -> None:
    one, other = (np.stack(list(frames(Watched(), through(*SEEDS), 7, torch.device("cpu")))) for _ in range(2))
    assert np.array_equal(one, other)
