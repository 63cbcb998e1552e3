"""Pictures of latents are what LatentPicture says, for stubs whose answers are known."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import (
    Curve,
    Dimension,
    Direction,
    Drawn,
    Given,
    LatentPicture,
    Mixed,
    Move,
    Near,
    Point,
    Space,
    StyleMix,
)
from gen_studio.core.walks import between
from gen_studio.inference.exploring import explore
from gen_studio.inference.points import located, spherical
from gen_studio.inference.sampling import draw_latents
from gen_studio.models.capabilities import HasCode, HasLatent, HasStyles, IsConditional
from gen_studio.nets.styles import SummedNoise


def as_pictures(rows: Tensor) -> Tensor:
    """One row of pixels, a number each: latents from -1 to 1 in steps of a grey level come through unchanged."""
    return rows.flatten(1)[:, None, None, :]


class Plain(HasLatent):
    latent_shape = (2, 2)

    def decode(self, latents: Tensor) -> Tensor:
        return as_pictures(latents)


class Coder(HasCode):
    latent_shape = (3,)

    def decode(self, latents: Tensor) -> Tensor:
        return as_pictures(latents)


class Labelled(Plain, IsConditional):
    """The picture is the weights of its classes."""

    class_names = ("a", "b", "c")

    def decode_as(self, latents: Tensor, labels: Tensor) -> Tensor:
        return self.decode_blended(latents, torch.eye(3)[labels])

    def decode_blended(self, latents: Tensor, weights: Tensor) -> Tensor:
        return as_pictures(weights)


class Styled(HasStyles):
    """Styles are the latent, at each of three layers; the picture shows all of them, and noise on top."""

    latent_shape = (2,)
    style_layers = 3
    style_size = 2
    mean_style = torch.tensor([0.2, -0.2])

    def decode(self, latents: Tensor) -> Tensor:
        return self.synthesise(self.styles(latents), None)

    def styles(self, latents: Tensor) -> Tensor:
        return latents[:, None].expand(-1, 3, -1)

    def synthesise(self, styles: Tensor, rng: torch.Generator | SummedNoise | None) -> Tensor:
        parts = () if rng is None else rng.parts if isinstance(rng, SummedNoise) else ((rng, 1.0),)
        noise = sum(
            (weight * torch.randn((len(styles), 6), generator=one) / 8 for one, weight in parts), torch.zeros(6)
        )
        return as_pictures(styles.flatten(1) + noise)


def at(*values: float) -> Given:
    return Given(values=values)


def pixels(model: HasCode, *pictures: LatentPicture) -> np.ndarray:
    """(N, numbers), back in the range of latents."""
    return explore(model, pictures)[0].reshape(len(pictures), -1) / 127.5 - 1


def levels(*values: float) -> object:
    return pytest.approx(values, abs=0.51 / 127.5)


def direction(*values: float, space: Space = Space.LATENT, **layers: int) -> Direction:
    return Direction(name="way", space=space, values=values, **layers)


def test_a_seed_draws_the_latent_that_samples_have() -> None:
    _, latents = explore(Plain(), [LatentPicture(point=Drawn(seed=seed)) for seed in (5, 6)])
    assert latents.dtype == np.float32
    for seed, latent in zip((5, 6), latents, strict=True):
        assert np.array_equal(latent, draw_latents(Plain(), 1, seed).flatten().numpy())


def test_near_moves_each_number_by_the_distance_the_way_a_seed_draws() -> None:
    point = Near(point=at(0.1, 0.2, 0.3, 0.4), seed=3, distance=0.5)
    way = draw_latents(Plain(), 1, 3).flatten().double()
    assert torch.allclose(located(Plain(), point), torch.tensor([0.1, 0.2, 0.3, 0.4]).double() + way / 2)
    assert torch.equal(located(Plain(), Near(point=Drawn(seed=1), seed=3, distance=0)), located(Plain(), Drawn(seed=1)))


def test_a_straight_mixture_goes_beyond_its_points() -> None:
    points = (at(0, 0, 0, 0), at(1, 2, 0, 0), at(0, 0, 4, 0))
    mixed = Mixed(points=points, weights=(-0.5, 1.25, 0.25))
    assert located(Plain(), mixed).tolist() == [1.25, 2.5, 1, 0]


def on_the_way(one: Point, other: Point, share: float, curve: Curve = Curve.SPHERICAL) -> Tensor:
    return located(Plain(), Mixed(points=(one, other), weights=(1 - share, share), curve=curve))


def test_the_sphere_is_walked_at_even_angles_with_lengths_mixed() -> None:
    one, other = at(2, 0, 0, 0), at(0, 4, 0, 0)
    for share in (-0.5, 0.0, 0.25, 0.5, 1.0, 1.5):
        angle, length = share * math.pi / 2, 2 + 2 * share
        wanted = torch.tensor([length * math.cos(angle), length * math.sin(angle), 0, 0], dtype=torch.float64)
        torch.testing.assert_close(on_the_way(one, other, share), wanted)


@pytest.mark.parametrize("curve", Curve)
def test_both_ends_of_a_way_are_its_points_exactly(curve: Curve) -> None:
    ends = Drawn(seed=1), Drawn(seed=2)
    for share, end in zip((0.0, 1.0), ends, strict=True):
        assert torch.equal(on_the_way(*ends, share, curve).float(), located(Plain(), end).float())


def test_the_sphere_has_a_way_between_opposite_equal_and_absent_directions() -> None:
    one = torch.tensor([3.0, 0, 4], dtype=torch.float64)
    middle = spherical(one, -one, 0.5)
    assert float(middle.norm()) == pytest.approx(5) and float(middle.dot(one)) == pytest.approx(0, abs=1e-9)
    torch.testing.assert_close(spherical(one, -one, 1.0), -one)
    torch.testing.assert_close(spherical(one, 2 * one, 0.5), 1.5 * one)
    torch.testing.assert_close(spherical(one, 0 * one, 0.5), 0.5 * one)


def test_numbers_set_by_hand_are_told_and_moves_come_on_top() -> None:
    picture = LatentPicture(
        point=at(0.1, 0.2, 0.3, 0.4),
        dimensions=(Dimension(index=1, value=-0.5),),
        moves=(
            Move(direction=direction(0.1, 0.1, 0, 0), strength=2),
            Move(direction=direction(0, 0, 1, 0), strength=-0.5),
        ),
    )
    assert pixels(Plain(), picture)[0] == levels(0.3, -0.3, -0.2, 0.4)
    assert explore(Plain(), [picture])[1][0].tolist() == pytest.approx([0.1, -0.5, 0.3, 0.4])


def test_many_pictures_come_in_order() -> None:
    rows = pixels(Plain(), *(LatentPicture(point=at(number / 127.5, 0, 0, 0)) for number in range(70)))
    assert rows[:, 0] * 127.5 == pytest.approx(np.arange(70), abs=0.51)


def test_a_model_without_a_prior_shows_what_it_is_given() -> None:
    assert pixels(Coder(), LatentPicture(point=at(0.1, 0.2, 0.3)))[0] == levels(0.1, 0.2, 0.3)
    with pytest.raises(WrongUse, match="no prior"):
        explore(Coder(), [LatentPicture(point=Drawn(seed=0))])


def test_classes_are_mixed_in_proportion_and_the_first_stands_for_none() -> None:
    point = Drawn(seed=0)
    blended, first = pixels(Labelled(), LatentPicture(point=point, classes=(1, 0, 3)), LatentPicture(point=point))
    assert blended == levels(0.25, 0, 0.75)
    assert first == levels(1, 0, 0)


def test_truncation_draws_towards_the_mean_up_to_a_layer() -> None:
    point, mean = at(1.0, 0.6), (0.2, -0.2)
    whole, none, half, inner = pixels(
        Styled(),
        LatentPicture(point=point),
        LatentPicture(point=point, truncation=0),
        LatentPicture(point=point, truncation=0.5),
        LatentPicture(point=point, truncation=0, truncated_layers=1),
    )
    assert whole == levels(*(1.0, 0.6) * 3)
    assert none == levels(*mean * 3)
    assert half == levels(*(0.6, 0.2) * 3)
    assert inner == levels(*mean, *(1.0, 0.6) * 2)


def test_styles_of_another_point_take_the_layers_that_they_are_given() -> None:
    other = StyleMix(point=at(-1.0, -0.6), first_layer=1, last_layer=1)
    assert pixels(Styled(), LatentPicture(point=at(1, 0.6), mixes=(other,)))[0] == levels(1, 0.6, -1, -0.6, 1, 0.6)
    mean = LatentPicture(point=at(1, 0.6), mixes=(other,), truncation=0)
    assert pixels(Styled(), mean)[0] == levels(*(0.2, -0.2) * 3)


def test_several_mixes_are_laid_over_each_other_each_by_its_share() -> None:
    under = StyleMix(point=at(-1.0, -0.6), first_layer=0, last_layer=1)
    over = StyleMix(point=at(0.0, 0.2), first_layer=1, last_layer=2, share=0.5)
    picture = LatentPicture(point=at(1, 0.6), mixes=(under, over))
    assert pixels(Styled(), picture)[0] == levels(-1, -0.6, -0.5, -0.2, 0.5, 0.4)


def test_a_walk_between_mixes_goes_straight_through_the_styles_of_each_layer() -> None:
    start = LatentPicture(point=at(1, 0.6), mixes=(StyleMix(point=at(-1.0, -0.6), first_layer=0, last_layer=1),))
    end = LatentPicture(point=at(1, 0.6), mixes=(StyleMix(point=at(0.0, 0.2), first_layer=1, last_layer=2),))
    ends = pixels(Styled(), start, end)
    shares = (0.01, 0.3, 0.7, 0.99)
    for share, found in zip(shares, pixels(Styled(), *(between(start, end, one) for one in shares)), strict=True):
        assert found == pytest.approx((1 - share) * ends[0] + share * ends[1], abs=1 / 127.5)


def test_a_walk_between_noises_keeps_their_strength() -> None:
    ends = [LatentPicture(point=at(0, 0), noise=seed) for seed in (7, 8)]
    half, (one, other) = between(*ends, 0.5), pixels(Styled(), *ends)
    assert pixels(Styled(), half)[0] == pytest.approx((one + other) / 2**0.5, abs=1.5 / 127.5)


def test_a_direction_among_styles_moves_its_layers_after_truncation() -> None:
    way = direction(0.1, 0.2, space=Space.STYLE, first_layer=1)
    picture = LatentPicture(point=at(1, 0.6), truncation=0, moves=(Move(direction=way, strength=2),))
    assert pixels(Styled(), picture)[0] == levels(0.2, -0.2, 0.4, 0.2, 0.4, 0.2)


def test_noise_belongs_to_its_seed_whatever_stands_beside_it() -> None:
    point = at(0, 0)
    seeds = [None, 7, 8, 7]
    several = pixels(Styled(), *(LatentPicture(point=point, noise=seed) for seed in seeds))
    assert several[0] == levels(*[0] * 6)
    assert np.array_equal(several[1], several[3]) and not np.array_equal(several[1], several[2])
    assert np.array_equal(several[1], pixels(Styled(), LatentPicture(point=point, noise=7))[0])


@pytest.mark.parametrize(
    ("model", "changes", "sentence"),
    [
        (Plain(), {"point": at(1, 2)}, "takes 4"),
        (Plain(), {"dimensions": (Dimension(index=4, value=0),)}, "0 to 3"),
        (Plain(), {"moves": (Move(direction=direction(1, 2), strength=1),)}, "needs 4"),
        (Plain(), {"moves": (Move(direction=direction(1, 2, space=Space.STYLE), strength=1),)}, "has none"),
        (Styled(), {"moves": (Move(direction=direction(1, 2, first_layer=1), strength=1),)}, "all layers share"),
        (Styled(), {"moves": (Move(direction=direction(1, space=Space.STYLE), strength=1),)}, "needs 2"),
        (
            Styled(),
            {"moves": (Move(direction=direction(1, 2, space=Space.STYLE, last_layer=3), strength=1),)},
            "layers 0 to 2",
        ),
        (Styled(), {"mixes": (StyleMix(point=Drawn(seed=0), first_layer=2, last_layer=1),)}, "from 2 to 1"),
        (Plain(), {"mixes": (StyleMix(point=Drawn(seed=0), first_layer=0, last_layer=0),)}, "no styles"),
        (Plain(), {"noise": 1}, "no noise"),
        (Plain(), {"classes": (1.0,)}, "not told classes"),
        (Labelled(), {"classes": (1.0, 0.0)}, "3 classes, and 2"),
    ],
)
def test_what_a_model_has_not_is_refused_in_a_sentence(model: HasCode, changes: dict, sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        explore(model, [LatentPicture(**{"point": Drawn(seed=0), **changes})])


def test_asking_for_nothing_is_refused() -> None:
    with pytest.raises(WrongUse, match="at least one"):
        explore(Plain(), [])
