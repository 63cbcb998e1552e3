"""A reader of attributes: it learns what pictures show, and says so in one scale for all kinds of attributes."""

import pytest
import torch

from gen_studio.core.annotations import binary, category, number
from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.data.spec import DataSpec, ImageSet
from gen_studio.data.traits import parse
from gen_studio.metrics.attribute_reader import reading_error, train_reader
from gen_studio.metrics.classifier import Schedule

FACTS = (binary("left", "right", "left"), category("shade", ("dark", "middle", "light")), number("stripe", -1, 1))
QUICK = Schedule(epochs=30, batch_size=32, width=8)


def pictures(count=256, seed=0):
    """Noise of one of three shades, brighter in one half, with a stripe whose height is a number."""
    rng = torch.Generator().manual_seed(seed)
    left = torch.arange(count) % 2
    shade = torch.randint(3, (count,), generator=rng)
    place = torch.randint(8, (count,), generator=rng)
    images = torch.randint(0, 20, (count, 1, 8, 8), generator=rng) + 40 * shade.view(-1, 1, 1, 1)
    images[left == 1, :, :, :4] += 60
    images[left == 0, :, :, 4:] += 60
    images[torch.arange(count), :, place] += 70
    table = torch.stack([left.float(), shade.float(), 2 * place / 7 - 1], 1)
    spec = DataSpec(1, 8, 8, classes=("right", "left"), attributes=FACTS)
    return ImageSet(spec, {"images": images.to(torch.uint8), "attributes": table, "labels": left})


def without_classes(of):
    columns = {name: column for name, column in of.columns.items() if name != "labels"}
    return ImageSet(DataSpec(1, 8, 8, attributes=FACTS), columns)


@pytest.fixture(scope="module")
def reader():
    return train_reader(pictures(), QUICK)


def test_it_reads_what_held_out_pictures_show(reader):
    wrong = reading_error(reader, pictures(64, seed=1))
    assert list(wrong) == ["left", "shade", "stripe", "class"]
    assert max(wrong.values()) < 0.12


def test_pictures_of_which_more_is_known_are_read_too(reader):
    plain = train_reader(without_classes(pictures(64)), Schedule(epochs=1, batch_size=32, width=4))
    assert list(reading_error(plain, pictures(64))) == ["left", "shade", "stripe"]


def test_certainty_is_high_where_pictures_have_the_trait(reader):
    held_out = pictures(64, seed=2)
    images = held_out.batch(torch.arange(64)).images
    table = held_out.columns["attributes"]
    for word, has in (
        ("left=yes", table[:, 0] == 1),
        ("left=no", table[:, 0] == 0),
        ("shade=middle", table[:, 1] == 1),
        ("stripe=high", table[:, 2] > 0.5),
        ("stripe=low", table[:, 2] < -0.5),
        ("class=left", table[:, 0] == 1),
    ):
        trait = parse(word, held_out.spec)
        found = reader.certainty(trait, images)
        assert found[has].mean() > found[~has].mean(), word
        opposite = reader.certainty(trait.opposite, images)
        assert torch.allclose(opposite, -found), word
    trait = parse("shade=middle", held_out.spec)
    assert ((reader.chance(trait, images) > 0.5) == (table[:, 1] == 1)).float().mean() > 0.9


def test_readings_lie_between_0_and_1_and_those_of_a_category_share_it(reader):
    read = reader.read(pictures(32, seed=3).batch(torch.arange(32)).images)
    assert reader.readings == (
        "left",
        "shade dark",
        "shade middle",
        "shade light",
        "stripe",
        "class right",
        "class left",
    )
    assert read.shape == (32, 7)
    assert read.min() >= 0 and read.max() <= 1
    assert torch.allclose(read[:, 1:4].sum(1), torch.ones(32))


def test_it_depends_on_pictures_and_schedule_alone():
    short = Schedule(epochs=1, batch_size=32, width=4)
    first = train_reader(pictures(64), short)
    torch.rand(3)
    second = train_reader(pictures(64), short)
    for one, other in zip(first.network.state_dict().values(), second.network.state_dict().values(), strict=True):
        assert torch.equal(one, other)


def test_pictures_of_which_nothing_is_known_cannot_be_read():
    plain = ImageSet(DataSpec(1, 8, 8), {"images": pictures(8).images})
    with pytest.raises(WrongUse, match="Nothing is known of these pictures"):
        train_reader(plain)


def test_it_can_be_called_off():
    def report(progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        train_reader(pictures(32), QUICK, report=report)
