"""What makes the inpainting network the paper's: its five terms, and the encoder that stands still at the end."""

import pytest
import torch
from torch import Tensor, nn

from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.partial_conv import PartialConvConfig, PartialConvolution, total_variation
from gen_studio.nets.feature_maps import feature_maps, gram


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def model(classes: tuple[str, ...] = ("a", "b"), **settings: object) -> PartialConvolution:
    config = PartialConvConfig.parse({"width": 4, "batch_size": 4, **settings})
    made = build(PartialConvolution, config, DataSpec(3, 16, 16, classes), rng())
    assert isinstance(made, PartialConvolution)
    return made


def batch() -> Batch:
    return Batch(torch.rand(4, 3, 16, 16, generator=rng(1)) * 2 - 1, torch.tensor([0, 1, 0, 1]))


class Noted:
    """Notes what is minimised."""

    def __init__(self) -> None:
        self.losses: list[float] = []

    def minimise(self, loss: Tensor) -> None:
        self.losses.append(float(loss.detach()))


def step(made: PartialConvolution) -> tuple[dict[str, Noted], dict[str, float]]:
    updates = {name: Noted() for name in made.optimizers()}
    readings = made.training_step(batch(), updates, rng())
    return updates, {key: float(value) for key, value in readings.items()}


def test_it_minimises_the_sum_of_the_docstring() -> None:
    updates, read = step(model())
    wanted = read["valid"] + 6 * read["hole"] + 0.05 * read["perceptual"] + 5 * read["style"]
    assert updates["painter"].losses == [pytest.approx(wanted + 0.1 * read["smoothness"], rel=1e-4)]
    assert min(read.values()) > 0, "no term is ever left out"


@torch.no_grad()
def test_its_terms_are_those_of_the_docstring() -> None:
    made = model()
    _, read = step(made)
    images, holes = batch().images, made.draw_holes(batch().images, rng())
    painted = made.painter(images * (1 - holes), 1 - holes)
    filled = images * (1 - holes) + painted * holes
    error = (painted - images).abs()
    assert read["valid"] == pytest.approx(float((error * (1 - holes)).mean()), rel=1e-4)
    assert read["hole"] == pytest.approx(float((error * holes).mean()), rel=1e-4)
    inside = holes.expand_as(images) > 0
    assert read["hole_error"] == pytest.approx(float(error[inside].mean()), rel=1e-4)
    wanted = feature_maps(made.judge, images)
    assert [maps.shape[-1] for maps in wanted] == [16, 8, 4, 2]
    perceptual = style = 0.0
    for each in (painted, filled):
        for found, right in zip(feature_maps(made.judge, each), wanted, strict=True):
            scale = right.square().mean().sqrt()
            perceptual += float((found - right).abs().mean() / scale)
            style += float((gram(found) - gram(right)).abs().mean() / scale**2)
    assert read["perceptual"] == pytest.approx(perceptual, rel=1e-4)
    assert read["style"] == pytest.approx(style, rel=1e-4)


@torch.no_grad()
def test_the_terms_of_features_do_not_grow_with_the_classifiers_values() -> None:
    made, loud = model(), model()
    for layer in loud.judge.maps:
        if isinstance(layer, nn.Conv2d):
            layer.weight.mul_(3.0)
    before, after = (step(each)[1] for each in (made, loud))
    assert before["perceptual"] == pytest.approx(after["perceptual"], rel=1e-3)
    assert before["style"] == pytest.approx(after["style"], rel=1e-3)


def test_a_gram_matrix_is_products_of_channels_over_all_numbers() -> None:
    features = torch.randn(2, 3, 4, 5, generator=rng())
    wanted = torch.einsum("nahw,nbhw->nab", features, features) / 60
    torch.testing.assert_close(gram(features), wanted)


def test_total_variation_is_counted_in_the_hole_and_one_pixel_around() -> None:
    filled = torch.zeros(1, 1, 8, 8)
    holes = torch.zeros(1, 1, 8, 8)
    holes[..., 4, 4] = 1
    filled[..., 0, 0] = 5.0
    assert total_variation(filled, holes) == 0, "far from the hole"
    filled[..., 4, 4] = 1.0
    assert float(total_variation(filled, holes)) == pytest.approx(4 / 64)
    filled[..., 3, 3] = 1.0
    # Two of its neighbours are in the region, the other two are not.
    assert float(total_variation(filled, holes)) == pytest.approx(6 / 64)


def test_where_there_are_classes_a_classifier_learns_beside() -> None:
    updates, _ = step(model())
    assert list(updates) == ["classifier", "painter"]
    assert len(updates["classifier"].losses) == 1


@pytest.mark.parametrize("made", [lambda: model(classes=()), lambda: model(features="random filters")])
def test_random_filters_stay_as_they_are_and_both_terms_are_there(made) -> None:
    one = made()
    assert list(one.optimizers()) == ["painter"]
    assert not list(one.judge.parameters())
    assert any(name.startswith("judge") for name in one.state_dict())
    _, read = step(one)
    assert read["perceptual"] > 0 and read["style"] > 0


def test_at_the_end_the_encoders_norms_stand_still_at_a_quarter_of_the_rate() -> None:
    made = model(fine_tuning=0.25)
    assert [made.rate_factor("painter", progress) for progress in (0.0, 0.74, 0.75, 1.0)] == [1, 1, 0.25, 0.25]
    assert made.rate_factor("classifier", 1.0) == 1
    frozen = []
    for made.progress in (0.5, 0.75):
        step(made)
        frozen.append([norm.frozen for norm in made.painter.down_norms])
    assert frozen == [[False, False], [True, True]]
    assert model(fine_tuning=0.0).rate_factor("painter", 1.0) == 1
