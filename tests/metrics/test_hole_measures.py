"""Figures of holes whose right answers are known: the model's, and those of fills that need none."""

from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from gen_studio.core.plan import DataPlan
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import DataSpec, ImageSet, Split
from gen_studio.inference.fills import diffusion_fill
from gen_studio.metrics.measures import Subject, measure
from gen_studio.models.capabilities import CanInpaint

SIZE = 12


def ramps() -> Dataset:
    """Every picture from black to white, from the left to the right: whatever is missing can be seen to follow."""
    spec = DataSpec(1, SIZE, SIZE)
    shades = torch.linspace(0, 255, SIZE).to(torch.uint8).expand(20, 1, SIZE, SIZE).contiguous()
    return Dataset(
        DataPlan(source="folder", size=SIZE), spec, {split: ImageSet(spec, {"images": shades}) for split in Split}
    )


class Painter(CanInpaint):
    """Paints one shade, or by diffusion; knows nothing."""

    info = SimpleNamespace(title="Painter")
    score = None

    def __init__(self, shade: float | None) -> None:
        self.shade = shade

    def paint_over(self, images: Tensor, holes: Tensor, rng: torch.Generator) -> Tensor:
        return diffusion_fill(images, holes) if self.shade is None else torch.full_like(images, self.shade)

    def draw_holes(self, images: Tensor, rng: torch.Generator) -> Tensor:
        raise AssertionError("every model is judged by the same holes")


def figures(shade: float | None, *keys: str) -> dict[str, float]:
    painter = Painter(shade)
    return measure(Subject(painter, ramps(), torch.device("cpu"), lambda: None), keys)  # type: ignore[arg-type,return-value]


def test_only_the_error_inside_holes_counts_and_the_baselines_are_said_beside():
    found = figures(0.0, "hole_error")
    # The mean distance of a ramp from its middle is a half; over all pixels it would be a quarter of that or so.
    assert found["hole_error"] == pytest.approx(0.5, abs=0.1)
    assert found["hole_error_of_mean_fill"] == pytest.approx(0.5, abs=0.15)
    assert found["hole_error_of_diffusion_fill"] < 0.5 * found["hole_error_of_mean_fill"]


def test_shares_are_of_the_baseline_that_they_name():
    found = figures(None, "hole_error_to_diffusion", "hole_error_to_mean")
    assert found["hole_error_to_diffusion"] == pytest.approx(1)
    wanted = found["hole_error_of_diffusion_fill"] / found["hole_error_of_mean_fill"]
    assert found["hole_error_to_mean"] == pytest.approx(wanted)
