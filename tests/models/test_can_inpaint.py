"""The promise of inpainting is kept by its base: no family can change a known pixel or look under a hole."""

import pytest
import torch
from torch import Tensor

from gen_studio.models.capabilities import CanInpaint


class Careless(CanInpaint):
    """Paints far too bright, over everything, and notes what it was shown."""

    def paint_over(self, images: Tensor, holes: Tensor, rng: torch.Generator) -> Tensor:
        self.seen, self.holes = images, holes
        return torch.full_like(images, 7.0)

    def draw_holes(self, images: Tensor, rng: torch.Generator) -> Tensor:
        return torch.zeros_like(images[:, :1])


def filled(images: Tensor, holes: Tensor) -> tuple[Careless, Tensor]:
    model = Careless()
    return model, model.inpaint(images, holes, torch.Generator())


def test_known_pixels_are_bit_equal_and_the_rest_stays_in_range() -> None:
    rng = torch.Generator().manual_seed(0)
    images = torch.randn(2, 3, 5, 4, generator=rng)
    holes = (torch.rand(2, 1, 5, 4, generator=rng) < 0.5).float()
    _, answer = filled(images, holes)
    known = (holes == 0).expand_as(images)
    assert torch.equal(answer[known], images[known])
    assert torch.all(answer[~known] == 1)


def test_nobody_sees_what_is_under_a_hole() -> None:
    images = torch.full((1, 1, 2, 2), 0.5)
    images[0, 0, 0, 0] = torch.nan
    holes = torch.zeros(1, 1, 2, 2)
    holes[0, 0, 0, 0] = 1
    model, answer = filled(images, holes)
    assert model.seen[0, 0].tolist() == [[0, 0.5], [0.5, 0.5]]
    assert torch.equal(model.holes, holes)
    assert answer.isfinite().all()


def test_a_family_that_would_answer_by_itself_is_refused() -> None:
    with pytest.raises(TypeError, match="must not override inpaint"):

        class Bold(Careless):
            def inpaint(self, images: Tensor, holes: Tensor, rng: torch.Generator) -> Tensor:  # type: ignore[misc]
                return images
