"""The pictures that the data page shows."""

import torch

from gen_studio.core.plan import Counterpart, DataPlan, PairFilter
from gen_studio.data.catalog import load
from gen_studio.data.preview import contact_sheet


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_every_class_gets_its_turn_and_no_picture_comes_twice() -> None:
    digits = load(DataPlan(size=8))
    sheet = contact_sheet(digits, 30, seeded(0))
    assert sheet.shape == (30, 8, 8, 1) and len({picture.tobytes() for picture in sheet}) == 30
    labels = {
        picture.numpy().tobytes(): int(label)
        for picture, label in zip(digits.train.images, digits.train.columns["labels"], strict=True)
    }
    assert [labels[picture.tobytes()] for picture in sheet] == [number for number in range(10) for _ in range(3)]


def test_the_seed_decides_the_choice() -> None:
    digits = load(DataPlan(size=8))
    first, again, other = (contact_sheet(digits, 12, seeded(seed)).tobytes() for seed in (1, 1, 2))
    assert first == again != other


def test_a_small_set_is_shown_whole() -> None:
    digits = load(DataPlan(size=8, limit=20))
    assert len(contact_sheet(digits, 100, seeded(0))) == len(digits.train)


def test_pairs_are_shown_side_by_side() -> None:
    digits = load(DataPlan(size=8, pairs=PairFilter.BLUR))
    assert contact_sheet(digits, 5, seeded(0)).shape == (5, 8, 16, 1)


def test_a_layout_is_shown_beside_its_picture_and_a_question_beside_both() -> None:
    plan = DataPlan(source="scenes", size=16, count=30)
    sheet = contact_sheet(load(plan), 6, seeded(0))
    assert sheet.shape == (6, 16, 32, 3)
    scenes = load(plan)
    palette = {one.colour for one in scenes.spec.layout}
    assert {tuple(pixel) for pixel in sheet[:, :, :16].reshape(-1, 3).tolist()} <= palette
    pictures = {picture.numpy().transpose(1, 2, 0).tobytes() for picture in scenes.train.images}
    assert all(picture[:, 16:].tobytes() in pictures for picture in sheet)
    paired = load(plan.model_copy(update={"pairs": PairFilter.EDGES}))
    assert contact_sheet(paired, 6, seeded(0)).shape == (6, 16, 48, 3)
    asked = load(plan.model_copy(update={"counterpart": Counterpart.LAYOUT}))
    assert contact_sheet(asked, 6, seeded(0)).shape == (6, 16, 32, 3)
