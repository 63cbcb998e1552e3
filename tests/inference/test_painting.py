"""Layouts in their colours, and paintings that depend on the layout, the seed and the style alone."""

import numpy as np
import torch
from torch import Tensor

from gen_studio.core.annotations import LayoutClass
from gen_studio.inference.images import to_pictures
from gen_studio.inference.painting import coloured, painted
from gen_studio.models.capabilities import CanPaint

PALETTE = (LayoutClass("sky", (10, 20, 200)), LayoutClass("ground", (90, 60, 30)))


class Tinted(CanPaint):
    """Paints the class number into the first channel, chance into the second, the style's mean into the third."""

    takes_style = True
    palette = PALETTE

    def paint(self, layouts: Tensor, rng: torch.Generator, style: Tensor | None = None) -> Tensor:
        chance = torch.rand(1, generator=rng).expand(layouts.shape)
        look = torch.zeros(layouts.shape) if style is None else style.mean().expand(layouts.shape)
        return torch.stack([layouts.float(), chance, look], 1)


def test_a_layout_is_shown_in_the_colours_of_its_classes() -> None:
    pictures = to_pictures(coloured(torch.tensor([[[0, 1], [1, 0]]]), PALETTE))
    assert pictures[0].tolist() == [[[10, 20, 200], [90, 60, 30]], [[90, 60, 30], [10, 20, 200]]]


def test_a_painting_depends_on_layout_seed_and_style() -> None:
    layout = np.array([[0, 1], [1, 1]], dtype=np.uint8)
    style = np.full((3, 2, 2), 255, dtype=np.uint8)
    one, same, other, styled = (
        painted(Tinted(), layout, 0),
        painted(Tinted(), layout, 0),
        painted(Tinted(), layout, 1),
        painted(Tinted(), layout, 0, style),
    )
    assert one.shape == (2, 2, 3)
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert np.array_equal(one[..., 0] > 200, layout == 1)
    assert (styled[..., 2] == 255).all()
    assert (one[..., 2] == 128).all()
