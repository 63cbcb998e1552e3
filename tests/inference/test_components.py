"""Components and effects against decoders whose answers are known in closed form."""

import numpy as np
import pytest
import torch
from torch import Tensor

from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.jobs import Progress
from gen_studio.core.latents import Space
from gen_studio.inference.components import (
    code_components,
    effects,
    evened,
    gradients,
    latent_components,
    style_components,
    survey,
)
from gen_studio.models.capabilities import CanAutoencode, DecodesInSteps, HasLatent, HasStyles


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def turned(size: int, seed: int = 3) -> Tensor:
    """An orthogonal matrix."""
    return torch.linalg.qr(torch.randn(size, size, generator=chance(seed)))[0]


class Linear(HasLatent):
    """A picture is a matrix times the latent: ways of strength 4, 2, 1, 0.5 along the columns of a rotation."""

    latent_shape = (2, 2)
    strengths = torch.tensor([4.0, 2.0, 1.0, 0.5])

    def __init__(self) -> None:
        self.ways = turned(4)
        self.matrix = turned(12, 4)[:, :4] * self.strengths @ self.ways.T

    def decode(self, latents: Tensor) -> Tensor:
        return (latents.flatten(1) @ self.matrix.T).view(-1, 3, 2, 2)


class Folded(HasLatent):
    """What the first number does is the same both ways: on average a step along it changes nothing, yet it counts."""

    latent_shape = (2,)

    def decode(self, latents: Tensor) -> Tensor:
        return torch.stack([latents[:, 0].square(), 0.1 * latents[:, 1]], 1).view(-1, 1, 1, 2)


class Styled(HasStyles):
    """Styles are spread 3, 1 and 0.2 wide around a mean that is not 0."""

    latent_shape = (3,)
    style_layers = 4
    style_size = 3
    mean_style = torch.tensor([1.0, 2.0, 3.0])

    def __init__(self) -> None:
        self.ways = turned(3)

    def decode(self, latents: Tensor) -> Tensor:
        return self.synthesise(self.styles(latents), None)

    def styles(self, latents: Tensor) -> Tensor:
        spread = latents * torch.tensor([3.0, 1.0, 0.2]) @ self.ways.T
        return (spread + self.mean_style)[:, None].expand(-1, 4, -1)

    def synthesise(self, styles: Tensor, rng: torch.Generator | None) -> Tensor:
        return styles[:, :1, None, :]


class Coder(CanAutoencode):
    latent_shape = (3,)

    def decode(self, latents: Tensor) -> Tensor:
        return latents[:, None, None, :]

    def encode(self, images: Tensor) -> Tensor:
        return images.flatten(1)


class Forming(Linear, DecodesInSteps):
    """One latent in eight changes its picture a hundred times as much, and another way, as a few of a DDPM's do."""

    latent_shape = (1, 2, 2)
    forming_steps, most_steps = 50, 1000

    def __init__(self) -> None:
        super().__init__()
        self.steps: set[int] = set()

    def forming(self, count: int, rng: torch.Generator, steps: int | None = None):
        raise NotImplementedError

    def decode(self, latents: Tensor) -> Tensor:
        return self.decode_in(latents, self.forming_steps)

    def decode_in(self, latents: Tensor, steps: int) -> Tensor:
        self.steps.add(steps)
        usual = super().decode(latents)
        flat = latents.flatten(1)
        wild = (flat.detach()[:, 0] > 1.15).float()[:, None]
        return usual + (100 * wild * flat).repeat(1, 3).view_as(usual)


def along(values: tuple[float, ...], way: Tensor) -> float:
    """The cosine of both, whatever their signs."""
    found = torch.tensor(values)
    return float((found @ way).abs() / found.norm() / way.norm())


def test_the_strongest_ways_of_a_linear_decoder_are_found_in_order() -> None:
    model = Linear()
    found = latent_components(gradients(model, chance(), probes=2000), 3)
    assert [component.direction.name for component in found] == ["Direction 1", "Direction 2", "Direction 3"]
    for number, component in enumerate(found):
        assert along(component.direction.values, model.ways[:, number]) > 0.99
        assert np.linalg.norm(component.direction.values) == pytest.approx(1)
        assert component.direction.space is Space.LATENT
    shares = model.strengths.square() / model.strengths.square().sum()
    assert [component.share for component in found] == pytest.approx(shares[:3].tolist(), abs=0.03)


def test_a_way_that_counts_both_ways_alike_is_not_overlooked() -> None:
    first = latent_components(gradients(Folded(), chance()), 1)[0]
    assert abs(first.direction.values[0]) > 0.99


def test_effects_are_grey_levels_a_standard_deviation() -> None:
    model = Linear()
    found = effects(gradients(model, chance(), probes=4000), 12)
    wanted = model.matrix.square().mean(0).sqrt() * 127.5
    assert found == pytest.approx(wanted.numpy(), rel=0.06)


def test_few_latents_do_not_speak_for_all_where_pictures_form_in_steps() -> None:
    model = Forming()
    first = survey(model, 1, chance()).components[0]
    assert along(first.direction.values, model.ways[:, 0]) > 0.9


def test_a_survey_takes_few_steps_however_many_a_sample_takes() -> None:
    model = Forming()
    survey(model, 1, chance())
    assert model.steps == {5}
    model.forming_steps, model.steps = 3, set()
    survey(model, 1, chance())
    assert model.steps == {3}


def test_large_pictures_that_form_in_steps_are_tried_out_less_often() -> None:
    model, heard = Forming(), []
    gradients(model, chance(), report=heard.append)
    assert heard[-1].total == 96
    model.latent_shape, model.matrix = (1, 64, 64), torch.zeros(12, 64 * 64)
    model.decode_in = lambda latents, steps: latents
    gradients(model, chance(), report=heard.append)
    assert heard[-1].total == 32


def test_evened_gradients_keep_their_ways_and_the_median_length() -> None:
    rows = torch.tensor([[3.0, 4.0], [0.0, 1.0], [600.0, 800.0], [0.0, 0.0]])
    torch.testing.assert_close(evened(rows), torch.tensor([[3.0, 4.0], [0.0, 5.0], [3.0, 4.0], [0.0, 0.0]]))


def test_styles_are_told_apart_by_their_spread_in_standard_deviations() -> None:
    model = Styled()
    found = style_components(model, 2, chance())
    assert len(found) == 2
    for number, (component, spread) in enumerate(zip(found, (3.0, 1.0), strict=True)):
        assert component.direction.space is Space.STYLE
        assert along(component.direction.values, model.ways[:, number]) > 0.99
        assert np.linalg.norm(component.direction.values) == pytest.approx(spread, rel=0.05)


def test_codes_without_a_prior_are_told_apart_by_the_data() -> None:
    images = torch.randn(500, 1, 1, 3, generator=chance()) * torch.tensor([0.1, 2.0, 0.5]) + 4
    found = code_components(Coder(), images, 3)
    assert [int(np.abs(component.direction.values).argmax()) for component in found] == [1, 2, 0]
    assert np.linalg.norm(found[0].direction.values) == pytest.approx(2, rel=0.1)
    with pytest.raises(WrongUse, match="more pictures"):
        code_components(Coder(), images[:1], 3)


def test_the_same_chance_gives_the_same_components_and_signs() -> None:
    one, same = (latent_components(gradients(Linear(), chance(5)), 4) for _ in range(2))
    assert [component.direction for component in one] == [component.direction for component in same]
    other = latent_components(gradients(Linear(), chance(6), probes=2000), 1)[0]
    assert np.dot(one[0].direction.values, other.direction.values) > 0.9


def test_a_search_can_be_called_off_and_tells_how_far_it_is() -> None:
    heard: list[Progress] = []
    gradients(Linear(), chance(), probes=40, report=heard.append)
    assert [progress.done for progress in heard] == [0, 16, 32, 40]

    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        gradients(Linear(), chance(), report=stop)


def test_a_latent_whose_picture_is_clamped_all_over_counts_for_nothing() -> None:
    rows = torch.tensor([[3.0, 0.0], [0.0, 0.0], [0.0, 1.0], [4.0, 3.0]])
    assert evened(rows).norm(dim=1).tolist() == pytest.approx([3, 0, 3, 3])
    assert latent_components(evened(rows), 2)[0].share > 0.5
    assert torch.equal(evened(torch.zeros(3, 2)), torch.zeros(3, 2))
