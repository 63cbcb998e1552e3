"""The deal of pictures into splits."""

import numpy as np
import pytest

from gen_studio.core.errors import WrongUse
from gen_studio.data.spec import Split
from gen_studio.data.splits import arrange

NAMES = [f"{number}.png" for number in range(1000)]


def splits_of(names: list[str], official: list[Split | None] | None = None) -> dict[str, Split]:
    arrangement = arrange(names, official, None)
    lengths = arrangement.lengths(np.arange(len(names)))
    parts = [split for split, length in zip(Split, lengths, strict=True) for _ in range(length)]
    return {names[row]: part for row, part in zip(arrangement.rows, parts, strict=True)}


def test_four_fifths_train_and_a_tenth_each_validates_and_tests() -> None:
    parts = list(splits_of(NAMES).values())
    assert [parts.count(split) for split in Split] == pytest.approx([800, 100, 100], abs=35)


def test_adding_pictures_does_not_move_the_others() -> None:
    before, after = splits_of(NAMES[:700]), splits_of([*NAMES[500:], *NAMES[:500]])
    assert all(after[name] is split for name, split in before.items())


def test_the_publishers_test_pictures_stay_and_validation_comes_from_the_rest() -> None:
    official = [Split.TEST if number < 300 else None for number in range(1000)]
    parts = splits_of(NAMES, official)
    assert {name for name, split in parts.items() if split is Split.TEST} == set(NAMES[:300])
    assert list(parts.values()).count(Split.VALIDATION) == pytest.approx(14, abs=9)


def test_complete_official_splits_are_taken_as_they_are() -> None:
    official: list[Split | None] = [list(Split)[number % 3] for number in range(1000)]
    assert splits_of(NAMES, official) == dict(zip(NAMES, official, strict=True))


@pytest.mark.parametrize("number", [3, 4, 5, 7])
def test_no_split_is_empty_from_three_pictures_on(number: int) -> None:
    for start in range(0, 100, number):
        assert set(splits_of(NAMES[start : start + number]).values()) == set(Split)


def test_two_pictures_are_too_few() -> None:
    with pytest.raises(WrongUse, match="only 2 pictures; three are the least"):
        splits_of(NAMES[:2])


def test_a_larger_limit_keeps_the_pictures_of_a_smaller_one() -> None:
    few, many = (set(arrange(NAMES, None, limit).rows.tolist()) for limit in (50, 200))
    assert len(few) == 50 and len(many) == 200 and few < many


def test_splits_do_not_empty_when_files_turn_out_unreadable() -> None:
    arrangement = arrange(NAMES[:100], None, None)
    held_out = np.flatnonzero(arrangement.parts == 0)
    assert min(arrangement.lengths(held_out)) == 1
