"""What the evidence on attributes measures, on models of which the answer is known."""

import pytest
import torch
from torch import Tensor, nn

from gen_studio.benchmarks.editing import Editing, all_of
from gen_studio.core.annotations import binary
from gen_studio.core.jobs import unheard
from gen_studio.core.plan import DataPlan
from gen_studio.data.dataset import Dataset
from gen_studio.data.spec import DataSpec, ImageSet, Split
from gen_studio.data.traits import parse
from gen_studio.metrics.attribute_reader import train_reader
from gen_studio.metrics.classifier import Schedule
from gen_studio.models.capabilities import CanEncode, HasLatent

SPEC = DataSpec(1, 8, 8, attributes=(binary("left"), binary("right")))


class Halves(nn.Module, HasLatent):
    """The first latent is the brightness of the left half, the second that of the right one."""

    latent_shape = (2,)

    def decode(self, latents: Tensor) -> Tensor:
        return (latents.clamp(-3, 3) / 3).repeat_interleave(4, 1)[:, None, None].expand(-1, 1, 8, 8)


class Coder(Halves, CanEncode):
    def encode(self, images: Tensor) -> Tensor:
        return 3 * torch.stack([images[:, 0, :, :4].mean((1, 2)), images[:, 0, :, 4:].mean((1, 2))], 1)


class Deaf(Coder):
    """Whatever the latent, the left half stays dark."""

    def decode(self, latents: Tensor) -> Tensor:
        return super().decode(latents * torch.tensor([0.0, 1.0]) - torch.tensor([1.0, 0.0]))


class Confused(Coder):
    """Gives every picture the latent of the one before."""

    def encode(self, images: Tensor) -> Tensor:
        return super().encode(images).roll(1, 0)


def pictures(count, seed):
    latents = torch.randn(count, 2, generator=torch.Generator().manual_seed(seed))
    images = Halves().decode(latents).add(1).mul(127.5).round().to(torch.uint8)
    return ImageSet(SPEC, {"images": images.contiguous(), "attributes": (latents > 0).float()})


DATA = Dataset(DataPlan(), SPEC, {split: pictures(200, seed) for seed, split in enumerate(Split)})


@pytest.fixture(scope="module")
def judge():
    return train_reader(pictures(400, 9), Schedule(epochs=15, batch_size=32, width=8))


def editing(model, judge):
    return Editing(model, DATA, parse("left=yes", SPEC), judge, unheard)


def test_a_model_that_can_be_edited_crosses_and_keeps_the_rest(judge):
    found = editing(Coder(), judge).of_pictures()
    assert found["test pictures that cross"] > 0.95
    assert found["test pictures, other attributes kept"] > 0.8
    assert found["pixel distance"] < 1e-4
    assert found["nearest to their own original, pixels"] > 0.95
    assert found["feature distance, share of that to others"] < 0.05
    assert "pixel distance of 16, encoded, then optimised" in found


def test_a_model_whose_pictures_do_not_follow_does_not_cross(judge):
    found = editing(Deaf(), judge).of_pictures()
    assert found["test pictures that cross"] < 0.05


def test_pictures_that_become_others_are_not_nearest_to_their_own(judge):
    found = editing(Confused(), judge).of_pictures()
    assert found["nearest to their own original, pixels"] < 0.1
    assert found["nearest to their own original, features"] < 0.1
    assert found["pixel distance, share of the mean picture's"] > 1


def test_samples_of_a_model_without_encoder_are_moved_and_its_pictures_sought(judge):
    work = editing(Halves(), judge)
    assert work.of_samples()["samples that cross"] > 0.9
    assert list(work.of_projections()) == ["pixel distance of 16, optimised"]
    common = work.common()
    assert common["cross-validated accuracy"] > 0.9
    assert common["judge wrong on test pictures"] < 0.1


def test_a_judge_is_taught_by_all_splits():
    assert len(all_of(DATA)) == 600
