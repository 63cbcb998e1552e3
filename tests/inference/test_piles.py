"""Where the pictures of a pile lie: samples with their moves, encoded and sought pictures, and those a judge picks."""

import numpy as np
import pytest
import torch
from torch import Tensor

from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.latents import Direction, Drawn, Given, LatentPicture, Move, Space
from gen_studio.inference.exploring import explore
from gen_studio.inference.images import to_images
from gen_studio.inference.piles import judged, natural_space, of_pictures, of_samples
from gen_studio.inference.projection import Effort, project
from gen_studio.inference.sampling import draw_latents
from gen_studio.models import registry
from gen_studio.models.base import build
from gen_studio.models.capabilities import HasLatent, IsConditional
from gen_studio.testing.subjects import spec, tiny_config


class Plain(HasLatent):
    """One row of pixels, a number each."""

    latent_shape = (3,)

    def decode(self, latents: Tensor) -> Tensor:
        return latents.flatten(1)[:, None, None, :]


class Labelled(Plain, IsConditional):
    """Pictures of the second class are brighter than any of the first."""

    class_names = ("dark", "bright")

    def decode_as(self, latents: Tensor, labels: Tensor) -> Tensor:
        return super().decode(latents) + 100 * labels.view(-1, 1, 1, 1)

    def decode_blended(self, latents: Tensor, weights: Tensor) -> Tensor:
        return self.decode_as(latents, weights.argmax(1))


def built(key):
    family = registry.find(key)
    return build(family, tiny_config(family), spec(), torch.Generator().manual_seed(0)).eval().requires_grad_(False)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def first_pixel(images):
    return images[:, 0, 0, 0]


def test_samples_are_where_they_were_drawn_and_moved_to():
    move = Move(direction=Direction(name="x", values=(1.0, 0.0, -1.0)), strength=2.0)
    pictures = [LatentPicture(point=Drawn(seed=4)), LatentPicture(point=Given(values=(1, 2, 3)), moves=(move,))]
    found = of_samples(Plain(), pictures, Space.LATENT)
    assert found[0] == pytest.approx(draw_latents(Plain(), 1, 4)[0].numpy())
    assert found[1].tolist() == [3, 2, 1]


def test_styles_of_samples_are_truncated_and_moved_as_they_are_shown():
    model = built("stylegan2")
    model.mean_style.fill_(0.5)
    way = np.linspace(-1, 1, model.style_size)
    move = Move(direction=Direction(name="x", space=Space.STYLE, values=tuple(way)), strength=2.0)
    (found,) = of_samples(
        model, [LatentPicture(point=Drawn(seed=4), moves=(move,), truncation=0.5)], natural_space(model)
    )
    drawn = model.styles(draw_latents(model, 1, 4))[0, 0].numpy()
    assert found == pytest.approx((drawn + 0.5) / 2 + 2 * way, abs=1e-5)


def test_a_style_of_some_layers_counts_by_their_share():
    model = built("stylegan2")
    way = Direction(name="x", space=Space.STYLE, values=(1.0,) * model.style_size, first_layer=0, last_layer=1)
    picture = LatentPicture(point=Drawn(seed=4))
    plain, moved = of_samples(
        model, [picture, picture.model_copy(update={"moves": (Move(direction=way, strength=1.0),)})], Space.STYLE
    )
    assert moved - plain == pytest.approx(2 / model.style_layers, abs=1e-6)


def test_pictures_are_encoded_where_the_model_can():
    model = built("conv_vae")
    pictures = np.random.default_rng(0).integers(0, 256, (70, 16, 16, 1), np.uint8)
    found = of_pictures(model, pictures, Space.LATENT, rng())
    assert found.shape == (70, 8)
    assert found == pytest.approx(model.encode(to_images(pictures)).numpy(), abs=1e-5)


@pytest.mark.parametrize("key", ["dcgan", "stylegan2"])
def test_pictures_are_sought_where_the_model_cannot_encode(key):
    model, effort = built(key), Effort(steps=3, starts=1)
    pictures = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 1), np.uint8)
    space = natural_space(model)
    found = of_pictures(model, pictures, space, rng(), effort=effort)
    sought = project(model, pictures, rng(), effort=effort)
    assert np.array_equal(found, of_samples(model, [one.picture for one in sought], space))


def test_a_judge_picks_the_samples_with_the_most_and_the_least():
    piles = judged(Plain(), first_pixel, Space.LATENT, rng(), count=200, share=0.1)
    assert piles.more.shape == piles.less.shape == (20, 3)
    everything = np.sort(Plain().draw_latents(200, rng())[:, 0].numpy())
    assert np.sort(piles.more[:, 0]) == pytest.approx(everything[-20:])
    assert np.sort(piles.less[:, 0]) == pytest.approx(everything[:20])


def test_piles_of_a_conditional_model_have_each_class_equally_often():
    """Else every picture of the positive pile would be bright, whatever its latent."""
    piles = judged(Labelled(), first_pixel, Space.LATENT, rng(), count=400, share=0.1)
    assert piles.more.shape == (40, 3)
    assert piles.more[:, 0].min() > 0.8 and piles.less[:, 0].max() < -0.8


def test_judged_styles_are_those_of_the_pictures():
    model = built("stylegan2")
    seen = []

    def judge(images):
        seen.append(images)
        return first_pixel(images)

    piles = judged(model, judge, Space.STYLE, rng(), count=10, share=0.1)
    (best,) = piles.more
    row = int(first_pixel(torch.cat(seen)).argmax())
    latents = model.draw_latents(10, rng())
    assert best == pytest.approx(model.styles(latents)[row, 0].numpy(), abs=1e-6)
    shown, _ = explore(model, [LatentPicture(point=Given(values=tuple(latents[row].tolist())))])
    assert (to_images(shown)[0] - torch.cat(seen)[row]).abs().max() < 0.01


def test_samples_that_look_alike_make_no_piles():
    with pytest.raises(WrongUse, match="look alike"):
        judged(Plain(), lambda images: torch.zeros(len(images)), Space.LATENT, rng(), count=10)


def test_judging_can_be_called_off():
    def report(progress):
        if progress.done:
            raise Cancelled

    with pytest.raises(Cancelled):
        judged(Plain(), first_pixel, Space.LATENT, rng(), count=200, report=report)
