"""What makes it the paper's: coarse and refined, both held to the picture, and a critic that sees the hole."""

import pytest
import torch
from torch import Tensor

from gen_studio.data.spec import Batch, DataSpec
from gen_studio.models.base import build
from gen_studio.models.families.gated_conv import GatedConvConfig, GatedConvolution


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def model(**settings: object) -> GatedConvolution:
    config = GatedConvConfig.parse({"width": 4, "batch_size": 2, **settings})
    made = build(GatedConvolution, config, DataSpec(3, 16, 16), rng())
    assert isinstance(made, GatedConvolution)
    return made


def batch() -> Batch:
    return Batch(torch.rand(2, 3, 16, 16, generator=rng(1)) * 2 - 1)


class Noted:
    """Notes what is minimised."""

    loss = 0.0

    def minimise(self, loss: Tensor) -> None:
        self.loss = float(loss.detach())


@pytest.mark.parametrize("hole_weight", [1.0, 4.0])
@torch.no_grad()
def test_both_players_minimise_what_the_docstring_says(hole_weight: float) -> None:
    # A critic in evaluation mode stays as it is from one look to the next.
    made = model(l1_weight=3.0, hole_weight=hole_weight).eval()
    images = batch().images
    holes = made.draw_holes(images, rng())
    updates = {"discriminator": Noted(), "generator": Noted()}
    made.training_step(batch(), updates, rng())
    guess = made.coarse(images * (1 - holes), holes)
    refined = made.refinement(images * (1 - holes) + guess * holes, holes)
    filled = images * (1 - holes) + refined * holes
    real, fake = (made.discriminator(torch.cat([each, holes], 1)) for each in (images, filled))
    hinge = (1 - real).relu().mean() + (1 + fake).relu().mean()
    assert updates["discriminator"].loss == pytest.approx(float(hinge), rel=1e-4)
    counted = 1 + (hole_weight - 1) * holes
    l1 = ((guess - images).abs() * counted).mean() + ((refined - images).abs() * counted).mean()
    assert updates["generator"].loss == pytest.approx(float(3 * l1 - fake.mean()), rel=1e-4)


@torch.no_grad()
def test_what_fills_the_hole_is_the_refined_answer() -> None:
    made = model().eval()
    images = batch().images
    holes = made.draw_holes(images, rng())
    _, refined = made.guess_and_refine(images * (1 - holes), holes)
    inside = holes.expand_as(images) > 0
    assert torch.equal(made.inpaint(images, holes, rng())[inside], refined[inside])


def test_the_optimizers_are_the_papers() -> None:
    for optimizer in model().optimizers().values():
        assert optimizer.defaults["lr"] == 1e-4
        assert optimizer.defaults["betas"] == (0.5, 0.999)
