"""The list of sources, the words that name them, and the digits."""

from pathlib import Path

import numpy as np
import pytest
import torch

from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.jobs import Progress
from gen_studio.core.plan import Channels, DataPlan, PairFilter
from gen_studio.data.catalog import describe, load, parse_source
from gen_studio.data.spec import Split


def test_the_digits_come_first_and_need_nothing() -> None:
    first = describe()[0]
    assert first.key == "digits" and first.offline and not first.needs_path


def test_every_source_of_the_issue_is_listed() -> None:
    keys = {info.key for info in describe()}
    assert keys >= {"digits", "mnist", "fashion-mnist", "kmnist", "cifar-10", "celeba", "svhn", "folder", "pairs"}


def test_the_digits_are_whole_labelled_and_without_a_network() -> None:
    digits = load(DataPlan())
    assert len(digits) == 1797 and digits.spec.shape == (1, 32, 32) and digits.plan.size == 32
    assert digits.train.images.dtype == torch.uint8
    assert digits.train.images.min() == 0 and digits.train.images.max() == 255
    assert sum(digits.counts().values()) == 1797 and min(digits.counts().values()) > 170
    assert sum(sum(digits.counts(split).values()) for split in Split) == 1797
    assert digits.notes == ()


def test_the_digits_keep_their_values_at_their_own_size() -> None:
    from sklearn.datasets import load_digits

    stored = {tuple(np.round(image.ravel() * 255 / 16).astype(int)) for image in load_digits().images}
    loaded = load(DataPlan(size=8)).test.images
    assert all(tuple(image.ravel().tolist()) in stored for image in loaded)


def test_loading_twice_gives_the_same_pictures_in_the_same_order() -> None:
    first, second = load(DataPlan(size=8)), load(DataPlan(size=8))
    assert all(torch.equal(first.splits[split].images, second.splits[split].images) for split in Split)


def test_colour_and_pairs_can_be_asked_of_any_source() -> None:
    plan = DataPlan(size=16, channels=Channels.COLOUR, pairs=PairFilter.EDGES, limit=40)
    digits = load(plan)
    assert len(digits) == 40 and digits.spec.shape == (3, 16, 16) and digits.spec.input_channels == 1
    batch = digits.train.batch(torch.arange(4))
    assert batch.inputs is not None and batch.inputs.shape == (4, 1, 16, 16)


def test_progress_is_reported_to_the_end_and_a_cancel_gets_through() -> None:
    seen: list[Progress] = []
    load(DataPlan(size=8), report=seen.append)
    assert seen[0].done == 0 and seen[-1].done == seen[-1].total == 1797

    def stop(progress: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        load(DataPlan(size=8), report=stop)


def test_the_word_for_a_source_may_be_a_key_or_a_place(tmp_path: Path) -> None:
    assert parse_source("digits") == DataPlan()
    assert parse_source(str(tmp_path)) == DataPlan(source="folder", path=str(tmp_path))
    assert parse_source(f"folder:{tmp_path}").path == str(tmp_path)
    assert parse_source(f"pairs:{tmp_path}").source == "pairs"
    assert parse_source(str(tmp_path / "x.zip")).source == "folder"
    assert parse_source("mnist:/data", {"size": "32", "pairs": "edges"}) == DataPlan(
        source="mnist", path="/data", size=32, pairs=PairFilter.EDGES
    )


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("digit", 'no source "digit".* Did you mean "digits"?'),
        ("something", 'no source "something".* Sources: digits, '),
        ("digits:/data", 'Digits takes no path. Write only "digits"'),
        ("folder", 'Folder or zip needs a path.*"folder:/path'),
        ("pairs:", "needs a path"),
        ("", "No data is named. Sources: digits"),
    ],
)
def test_a_mistaken_word_is_answered_with_a_sentence(word: str, sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        parse_source(word)


def test_a_single_picture_is_no_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.png").write_bytes(b"x")
    with pytest.raises(WrongUse, match=r"one\.png is a single file"):
        parse_source("one.png")


def test_a_plan_with_an_unknown_source_is_answered_like_a_mistaken_word() -> None:
    with pytest.raises(WrongUse, match='Did you mean "mnist"'):
        load(DataPlan(source="mnis"))


def test_pairs_are_not_made_of_pairs(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="has pairs already"):
        parse_source(f"pairs:{tmp_path}", {"pairs": "edges"})
