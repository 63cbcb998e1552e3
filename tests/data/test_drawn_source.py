"""Drawn sets as sources: their counts and seeds, pairs, domains and classes, and what a kept copy still knows."""

from pathlib import Path

import numpy as np
import pytest
import torch

from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import Channels, Counterpart, DataPlan, PairFilter
from gen_studio.data.catalog import describe, load, opened
from gen_studio.data.columns import coloured
from gen_studio.data.dataset import Dataset
from gen_studio.data.drawing import scenes, sprites
from gen_studio.data.spec import Split

KEYS = ("sprites", "toy_faces", "scenes")
every_set = pytest.mark.parametrize("key", KEYS)


def loaded(key: str, **settings: object) -> Dataset:
    return load(DataPlan.parse({"source": key, "count": 40, "size": 16, **settings}))


def by_picture(found: Dataset) -> dict[bytes, tuple[Split, bytes, bytes]]:
    """Each picture with its split, its attributes and its layout."""
    return {
        picture.numpy().tobytes(): (split, table.numpy().tobytes(), layout.numpy().tobytes())
        for split, part in found.splits.items()
        for picture, table, layout in zip(part.images, part.columns["attributes"], part.columns["layout"], strict=True)
    }


@every_set
def test_a_drawn_set_is_listed_as_always_there_with_all_that_is_known(key: str) -> None:
    info = next(info for info in describe() if info.key == key)
    assert info.offline and info.drawn and not info.takes_path
    assert {"attributes", "layouts"} <= set(info.offers) and info.attributes and len(info.layout) > 1
    spec = loaded(key).spec
    assert (spec.attributes, spec.layout, spec.classes) == (info.attributes, info.layout, info.classes)


@every_set
def test_more_pictures_leave_those_before_as_they_were(key: str) -> None:
    few, many = by_picture(loaded(key)), by_picture(loaded(key, count=70))
    assert len(few) == 40 and len(many) == 70
    assert all(many[picture] == facts for picture, facts in few.items())


@every_set
def test_another_seed_draws_other_pictures(key: str) -> None:
    assert not by_picture(loaded(key)).keys() & by_picture(loaded(key, seed=1)).keys()


@every_set
def test_a_kept_copy_loses_no_attribute_label_or_layout(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEN_STUDIO_HOME", str(tmp_path))
    plan = DataPlan(source=key, count=30, size=16)
    in_memory = load(plan)
    for _ in range(2):  # written, and opened again
        kept = load(plan, keep_above=0)
        assert kept.spec == in_memory.spec
        for split in Split:
            one, other = in_memory.splits[split].columns, kept.splits[split].columns
            assert one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_a_kept_copy_of_two_domains_has_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEN_STUDIO_HOME", str(tmp_path))
    plan = DataPlan(source="scenes", count=40, size=16, domains="night")
    in_memory, kept = load(plan), load(plan, keep_above=0)
    for split in Split:
        one, other = in_memory.splits[split], kept.splits[split]
        assert one.others is not None and other.others is not None
        assert torch.equal(one.images, other.images) and torch.equal(one.others, other.others)


def test_a_batch_carries_attributes_and_the_class_of_each_pixel() -> None:
    train = loaded("toy_faces").train
    batch = train.batch(torch.arange(6))
    assert batch.attributes is not None and batch.attributes.shape == (6, 10)
    assert batch.attributes.dtype == torch.float32
    assert batch.layout is not None and batch.layout.shape == (6, 16, 16) and batch.layout.dtype == torch.int64
    assert torch.equal(batch.layout, train.columns["layout"][:6].long())
    assert [len(part) for part in batch.split(4)] == [4, 2]


def test_sprites_and_scenes_have_the_classes_that_their_attributes_say() -> None:
    found = loaded("sprites")
    assert found.spec.classes == sprites.SHAPES
    assert torch.equal(found.train.columns["labels"], found.train.columns["attributes"][:, 0].long())
    found = loaded("scenes")
    table = found.train.columns["attributes"]
    assert found.spec.classes == scenes.CLASSES
    assert torch.equal(found.train.columns["labels"], (table[:, 0] + 2 * table[:, 1]).long())


def test_grey_pictures_keep_their_layout_and_limits_hold() -> None:
    found = loaded("toy_faces", channels=Channels.GREY, limit=12)
    assert found.spec.channels == 1 and len(found) == 12 and found.spec.has_layouts


def test_filters_make_pairs_of_drawn_pictures_too() -> None:
    assert loaded("toy_faces", pairs=PairFilter.EDGES).spec.input_channels == 1


@every_set
def test_a_layout_is_the_question_in_its_own_colours(key: str) -> None:
    found = loaded(key, counterpart=Counterpart.LAYOUT, channels=Channels.GREY)
    assert found.spec.input_channels == 3 and found.spec.channels == 1
    wanted = coloured(found.train.columns["layout"].numpy(), found.spec.layout)
    assert np.array_equal(found.train.columns["inputs"].numpy(), wanted)


@pytest.mark.parametrize(("kind", "column"), [(Counterpart.DAY, "night"), (Counterpart.SUMMER, "winter")])
def test_a_scene_is_paired_with_itself_under_another_light(kind: Counterpart, column: str) -> None:
    plain, paired = loaded("scenes"), loaded("scenes", counterpart=kind)
    place = [one.name for one in plain.spec.attributes].index(column)
    assert (paired.train.columns["attributes"][:, place] == 1).all()
    assert torch.equal(plain.train.columns["layout"], paired.train.columns["layout"])
    was = plain.train.columns["attributes"][:, place] == 1
    assert torch.equal(plain.train.images[was], paired.train.images[was])
    assert torch.equal(plain.train.images[~was], paired.train.columns["inputs"][~was])
    assert set(paired.counts()) == set(scenes.CLASSES)
    assert all(number == 0 for name, number in paired.counts().items() if name.split()[column == "night"] == kind.value)


def test_an_attribute_makes_two_domains_without_pairs() -> None:
    found = loaded("toy_faces", domains="glasses")
    assert found.spec.domains == ("without glasses", "with glasses") and not found.spec.has_pairs
    place = [one.name for one in found.spec.attributes].index("glasses")
    assert all((part.columns["attributes"][:, place] == 0).all() for part in found.splits.values())
    whole = loaded("toy_faces")
    having = {
        picture.numpy().tobytes()
        for part in whole.splits.values()
        for picture in part.images[part.columns["attributes"][:, place] == 1]
    }
    assert {other.numpy().tobytes() for part in found.splits.values() for other in part.others} == having
    assert sum(found.domain_counts().values()) == len(found) == 40
    batch = found.train.batch(torch.arange(5))
    assert batch.others is not None and batch.others.shape == batch.images.shape


def test_two_classes_make_two_domains_and_the_others_stay_out() -> None:
    found = loaded("scenes", domains="summer day, winter night", count=80)
    assert found.spec.domains == ("summer day", "winter night") and not found.spec.has_labels
    counts = loaded("scenes", count=80).counts()
    assert found.domain_counts() == {name: counts[name] for name in found.spec.domains}


def test_an_attribute_makes_classes() -> None:
    found = loaded("toy_faces", labels="smile")
    assert (
        found.spec.classes == ("neutral", "smiling") and found.counts()["smiling"] == found.attribute_counts()["Smile"]
    )
    assert len(loaded("toy_faces", labels="hair").spec.classes) == 6


@pytest.mark.parametrize(
    ("key", "settings", "sentence"),
    [
        ("toy_faces", {"domains": "glases"}, 'no attribute "glases".* Did you mean "glasses"'),
        ("toy_faces", {"domains": "skin"}, '"skin" is not a yes-or-no attribute.* Attributes that do: smile'),
        ("toy_faces", {"domains": "a, b"}, "There are no classes to make two domains of"),
        ("toy_faces", {"domains": "a, b, c"}, "are not two domains"),
        ("scenes", {"domains": "summer day, summer nite"}, 'no class "summer nite".* Did you mean "summer night"'),
        ("scenes", {"domains": "summer day, summer day"}, "Two domains have to differ"),
        ("scenes", {"domains": "night", "pairs": "edges"}, "Two domains are not in pairs"),
        ("scenes", {"counterpart": "day", "pairs": "edges"}, "Leave one of the two empty"),
        ("sprites", {"counterpart": "day"}, "does not know its pictures by day. Sources that do: scenes"),
        ("digits", {"counterpart": "layout"}, "cannot pair its pictures with their layout. Sources that can: "),
        ("toy_faces", {"labels": "skin"}, '"skin" is a number.* Attributes that do: smile'),
        ("digits", {"labels": "skin"}, "There are no attributes here"),
        ("digits", {"domains": "glasses"}, "There are no attributes here"),
        ("toy_faces", {"path": "/somewhere"}, "takes no path"),
        ("toy_faces", {"other_path": "/somewhere"}, "takes no second path"),
        ("toy_faces", {"count": 2}, "Pictures .count. cannot be 2"),
    ],
)
def test_what_cannot_be_had_is_answered_with_a_sentence(key: str, settings: dict[str, object], sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        loaded(key, **settings)


def test_digits_make_two_domains_by_their_classes() -> None:
    found = load(DataPlan(size=8, domains="3, 8"))
    assert found.spec.domains == ("3", "8") and set(found.domain_counts().values()) == {183, 174}


def test_what_is_known_can_be_had_without_drawing() -> None:
    plan, gallery = opened(DataPlan(source="toy_faces", count=200_000))
    assert plan.size == 64 and len(gallery.names) == 200_000 and gallery.table is not None
    assert gallery.table.shape == (200_000, 10)


def test_counts_ranges_and_shares_are_told() -> None:
    found = loaded("scenes")
    assert set(found.attribute_counts()) == {"Night", "Winter"} and found.attribute_ranges()["Houses"] == (0.0, 3.0)
    shares = found.layout_in_words()
    assert shares["sky"][0] == "#8CC8F0" and sum(share for _, share in shares.values()) == pytest.approx(1)
