"""The way past keyframes without a corner, against the spline's own formula and by its speed on both sides."""

import numpy as np
import pytest
import torch
from torch import Tensor

from gen_studio.core.flowing import flowing
from gen_studio.core.latents import Curve, Drawn, Given, LatentPicture
from gen_studio.core.walks import Easing, Keyframe, Walk
from gen_studio.inference.points import located
from gen_studio.models.capabilities import HasLatent


class Plain(HasLatent):
    latent_shape = (6,)

    def decode(self, latents: Tensor) -> Tensor:
        return latents[:, None, None, :]


POINTS = tuple(Drawn(seed=seed) for seed in range(4))
STEP = 1e-5


def place(walk: Walk, second: float) -> np.ndarray:
    return located(Plain(), walk.at(second).point).numpy()


def walk(closes: bool, curve: Curve, count: int = 4) -> Walk:
    keyframes = tuple(Keyframe(picture=LatentPicture(point=point), seconds=1) for point in POINTS[:count])
    return Walk(keyframes=keyframes, closes=closes, curve=curve, easing=Easing.FLOWING)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 1.0])
def test_straight_mixtures_of_mixtures_are_the_spline(share: float) -> None:
    one, two, three, four = (located(Plain(), point) for point in POINTS)
    formula = (
        2 * two
        + (three - one) * share
        + (2 * one - 5 * two + 4 * three - four) * share**2
        + (3 * two - one - 3 * three + four) * share**3
    ) / 2
    torch.testing.assert_close(located(Plain(), flowing(POINTS, share, Curve.LINEAR)), formula)


@pytest.mark.parametrize("curve", Curve)
@pytest.mark.parametrize("closes", [True, False])
def test_speed_and_way_do_not_jump_at_keyframes_which_are_all_come_through(closes: bool, curve: Curve) -> None:
    planned = walk(closes, curve)
    inner = range(5) if closes else range(1, 3)
    for second in inner:
        assert planned.at(second) == planned.keyframes[second % 4].picture
        here = place(planned, second)
        before = (here - place(planned, second - STEP)) / STEP
        after = (place(planned, second + STEP) - here) / STEP
        assert before == pytest.approx(after, abs=1e-3)
        assert np.linalg.norm(before) > 0.1


@pytest.mark.parametrize("curve", Curve)
def test_without_it_the_same_keyframes_are_corners(curve: Curve) -> None:
    steady = walk(True, curve).model_copy(update={"easing": Easing.STEADY})
    before = place(steady, 1) - place(steady, 1 - STEP)
    after = place(steady, 1 + STEP) - place(steady, 1)
    assert np.linalg.norm(before - after) > 0.5 * np.linalg.norm(before)


def test_on_the_sphere_the_way_stays_on_it() -> None:
    ends = [tuple(float(number == place) for number in range(6)) for place in range(3)]
    keyframes = tuple(Keyframe(picture=LatentPicture(point=Given(values=end)), seconds=1) for end in ends)
    planned = Walk(keyframes=keyframes, easing=Easing.FLOWING)
    for second in np.linspace(0, 3, 20):
        assert np.linalg.norm(place(planned, second)) == pytest.approx(1)


def test_two_keyframes_and_an_open_end_need_no_others() -> None:
    for closes in (True, False):
        planned = walk(closes, Curve.SPHERICAL, count=2)
        assert np.isfinite(place(planned, 0.5)).all()
    straight = walk(False, Curve.LINEAR, count=2)
    middle = (located(Plain(), POINTS[0]) + located(Plain(), POINTS[1])) / 2
    assert place(straight, 0.5) == pytest.approx(middle.numpy())
