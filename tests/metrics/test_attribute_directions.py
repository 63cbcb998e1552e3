"""Directions from attributes: encoded pictures or judged samples, and what else moving along one changes."""

import pytest
import torch
from torch import Tensor

from gen_studio.core.annotations import binary, number
from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import Direction, Drawn, LatentPicture, Space
from gen_studio.data.spec import DataSpec, ImageSet
from gen_studio.data.traits import parse
from gen_studio.inference.directions import learn
from gen_studio.metrics.attribute_directions import changes, companions, piles_of_traits
from gen_studio.metrics.attribute_reader import train_reader
from gen_studio.metrics.classifier import Schedule
from gen_studio.models.capabilities import CanEncode, HasLatent, IsConditional

FACTS = (binary("left"), number("right", -1, 1))
SPEC = DataSpec(1, 8, 8, attributes=FACTS)


class Halves(HasLatent):
    """The first latent is the brightness of the left half, the second that of the right one."""

    latent_shape = (2,)

    def decode(self, latents: Tensor) -> Tensor:
        shades = latents.clamp(-3, 3) / 3
        return shades.repeat_interleave(4, 1)[:, None, None].expand(-1, 1, 8, 8)


class Coder(Halves, CanEncode):
    def encode(self, images: Tensor) -> Tensor:
        return 3 * torch.stack([images[:, 0, :, :4].mean((1, 2)), images[:, 0, :, 4:].mean((1, 2))], 1)


def pictures(count=400, seed=0):
    latents = torch.randn(count, 2, generator=torch.Generator().manual_seed(seed))
    images = Halves().decode(latents).add(1).mul(127.5).round().to(torch.uint8)
    table = torch.stack([(latents[:, 0] > 0).float(), latents[:, 1].clamp(-3, 3) / 3], 1)
    return ImageSet(SPEC, {"images": images.contiguous(), "attributes": table})


@pytest.fixture(scope="module")
def reader():
    return train_reader(pictures(), Schedule(epochs=15, batch_size=32, width=8))


def unasked():
    raise AssertionError("nobody has to be judged where pictures are encoded")


def learnt(model, read, more, less=None):
    trait = parse(more, SPEC)
    other = parse(less, SPEC) if less else trait.opposite
    rng = torch.Generator().manual_seed(0)
    return learn(piles_of_traits(model, pictures(), trait, other, Space.LATENT, read, rng), more).direction


@pytest.mark.parametrize(("word", "place"), [("left=yes", 0), ("right=high", 1)])
def test_a_model_that_encodes_learns_from_the_pictures_themselves(word, place):
    values = learnt(Coder(), unasked, word).values
    assert values[place] > 0.7 and abs(values[1 - place]) < 0.15


@pytest.mark.parametrize(("word", "place"), [("left=yes", 0), ("right=high", 1)])
def test_a_model_that_cannot_learns_from_samples_that_are_judged(word, place, reader):
    values = learnt(Halves(), lambda: reader, word).values
    assert values[place] > 0.7 and abs(values[1 - place]) < 0.4


def test_a_trait_that_no_picture_has_is_a_sentence():
    trait = parse("left=yes", SPEC)
    dark = pictures().take(torch.nonzero(pictures().columns["attributes"][:, 0] == 0)[:, 0])
    with pytest.raises(WrongUse, match="None of the training pictures is left=left"):
        piles_of_traits(Coder(), dark, trait, trait.opposite, Space.LATENT, unasked, torch.Generator())


class Told(Halves, IsConditional):
    class_names = ("a", "b")

    def decode_as(self, latents: Tensor, labels: Tensor) -> Tensor:
        return Halves.decode(self, latents)

    def decode_blended(self, latents: Tensor, weights: Tensor) -> Tensor:
        return Halves.decode(self, latents)


def test_no_direction_leads_to_a_class_that_the_model_is_told(reader):
    labelled = DataSpec(1, 8, 8, classes=("a", "b"), attributes=FACTS)
    trait, rng = parse("class=a", labelled), torch.Generator()
    with pytest.raises(WrongUse, match="blend classes"):
        piles_of_traits(Told(), pictures(), trait, trait.opposite, Space.LATENT, lambda: reader, rng)
    assert learnt(Told(), lambda: reader, "left=yes").values[0] > 0.7


def test_what_goes_along_in_the_data_is_named():
    direction = Direction(name="x", values=(0.0, 2.0))
    found = companions(Coder(), direction, pictures())
    assert found["right"] > 0.98
    assert abs(found["left"]) < 0.1


def test_what_a_direction_changes_is_read_off_the_pictures(reader):
    samples = [LatentPicture(point=Drawn(seed=seed)) for seed in range(40)]
    to_the_left = changes(Halves(), Direction(name="x", values=(1.0, 0.0)), reader, samples)
    assert [change.name for change in to_the_left] == ["left", "right"]
    assert to_the_left[0].by > 0.4 and abs(to_the_left[1].by) < 0.15
    back = changes(Halves(), Direction(name="x", values=(1.0, 0.0)), reader, samples, strengths=(1.0, -1.0))
    assert back[0].by == pytest.approx(-to_the_left[0].by)
