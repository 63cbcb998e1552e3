"""What lies between two pictures' styles and noise, layer by layer and seed by seed."""

import math

import pytest

from gen_studio.core.blending import mixes_between, noise_between
from gen_studio.core.latents import BlendedNoise, Drawn, Point, StyleMix

OWN, ONE, OTHER, THIRD = (Drawn(seed=seed) for seed in range(4))


def mix(point: Point, first: int, last: int, share: float = 1.0) -> StyleMix:
    return StyleMix(point=point, first_layer=first, last_layer=last, share=share)


def shares_of(mixes: tuple[StyleMix, ...], layer: int) -> dict[Point, float]:
    """Worked out as a model does it: each mix over what stood there before it."""
    shares: dict[Point, float] = {OWN: 1.0}
    for one in mixes:
        if one.first_layer <= layer <= one.last_layer:
            shares = {point: share * (1 - one.share) for point, share in shares.items()}
            shares[one.point] = shares.get(one.point, 0.0) + one.share
    return {point: share for point, share in shares.items() if share > 1e-12}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((), (mix(ONE, 1, 3),)),
        ((mix(ONE, 0, 1),), (mix(OTHER, 0, 1),)),
        ((mix(ONE, 0, 3),), (mix(OTHER, 2, 4),)),
        ((mix(ONE, 0, 2), mix(OTHER, 1, 3)), (mix(ONE, 2, 2), mix(THIRD, 0, 4, 0.5))),
        ((mix(ONE, 0, 2, 0.3), mix(OTHER, 0, 2, 0.4)), ()),
    ],
)
def test_the_styles_of_every_layer_go_straight_from_one_keyframe_to_the_next(start, end) -> None:
    for share in (0.001, 0.25, 0.5, 0.999):
        blended = mixes_between(start, end, share)
        for layer in range(6):
            before, after = shares_of(start, layer), shares_of(end, layer)
            wanted = {
                point: (1 - share) * before.get(point, 0.0) + share * after.get(point, 0.0)
                for point in {*before, *after}
            }
            assert shares_of(blended, layer) == pytest.approx(wanted)


def test_mixes_that_both_keyframes_have_stay_as_they_are() -> None:
    both = (mix(ONE, 0, 1), mix(OTHER, 2, 3, 0.5))
    assert mixes_between(both, both, 0.4) is both
    assert mixes_between((), (), 0.4) == ()


def test_layers_that_change_alike_are_one_mix() -> None:
    assert mixes_between((), (mix(ONE, 2, 5),), 0.25) == (mix(ONE, 2, 5, 0.25),)


def test_noise_is_as_strong_all_the_way_as_at_its_ends() -> None:
    for share in (0.1, 0.5, 0.8):
        noise = noise_between(3, 4, share)
        assert noise.seeds == (3, 4)
        assert noise.weights == pytest.approx((math.cos(share * math.pi / 2), math.sin(share * math.pi / 2)))
        assert math.hypot(*noise.weights) == pytest.approx(1)


def test_noise_comes_and_goes_evenly() -> None:
    assert noise_between(None, 4, 0.3) == BlendedNoise(seeds=(4,), weights=(0.3,))
    assert noise_between(4, None, 0.75) == BlendedNoise(seeds=(4,), weights=(0.25,))
    assert noise_between(None, None, 0.3) is None and noise_between(4, 4, 0.3) == 4


def test_blended_noise_is_blended_further() -> None:
    half = noise_between(3, 4, 0.5)
    on = noise_between(half, 5, 0.5)
    assert on.seeds == (3, 4, 5) and math.hypot(*on.weights) == pytest.approx(1)
    assert noise_between(half, 4, 0.5).weights == pytest.approx((math.cos(0.375 * math.pi), math.sin(0.375 * math.pi)))


def test_noise_that_is_written_down_comes_back() -> None:
    noise = noise_between(3, 4, 0.5)
    assert BlendedNoise.parse(noise.model_dump(mode="json")) == noise
    with pytest.raises(Exception, match="as many weights"):
        BlendedNoise.parse({"seeds": [1, 2], "weights": [1.0]})
