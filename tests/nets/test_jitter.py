"""Random jitter: partners move alike, every picture is a window of itself, and chance comes from the generator."""

import torch
import torch.nn.functional as F

from gen_studio.nets.jitter import cut, jitter


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_partners_move_alike() -> None:
    lines = (torch.rand(32, 1, 16, 16, generator=chance(3)) < 0.5).float()
    moved = jitter({"inputs": lines, "images": lines.clone()}, chance())
    assert torch.equal(moved["inputs"], moved["images"])
    assert moved["inputs"].unique().tolist() == [0, 1]


def test_every_picture_is_a_window_of_itself_enlarged_and_half_are_mirrored() -> None:
    images = torch.rand(64, 3, 16, 16, generator=chance(1))
    moved = jitter({"images": images}, chance())["images"]
    large = F.interpolate(images, size=(18, 18), mode="bilinear", align_corners=False)
    places: list[tuple[int, int, bool]] = []
    for one, whole in zip(moved, large, strict=True):
        found = [
            (top, left, mirrored)
            for top in range(3)
            for left in range(3)
            for mirrored in (False, True)
            if torch.equal(one.flip(2) if mirrored else one, whole[:, top : top + 16, left : left + 16])
        ]
        assert len(found) == 1
        places += found
    assert {(top, left) for top, left, _ in places} == {(top, left) for top in range(3) for left in range(3)}
    assert 20 < sum(mirrored for _, _, mirrored in places) < 44


def test_the_same_chance_is_the_same_jitter() -> None:
    images = torch.rand(4, 3, 8, 8, generator=chance(1))
    one, same, other = (jitter({"images": images}, chance(seed))["images"] for seed in (0, 0, 1))
    assert torch.equal(one, same) and not torch.equal(one, other)


def test_a_cut_is_a_part_of_its_own_picture_from_a_place_by_lot() -> None:
    images = torch.arange(2 * 3 * 8 * 10, dtype=torch.float32).view(2, 3, 8, 10)
    parts = {tuple(cut(images, (4, 5), torch.Generator().manual_seed(seed)).flatten().tolist()) for seed in range(8)}
    assert len(parts) > 1
    for flat in parts:
        for picture, part in zip(images, torch.tensor(flat).view(2, 3, 4, 5), strict=True):
            windows = picture.unfold(1, 4, 1).unfold(2, 5, 1)  # (3, 5, 6, 4, 5)
            assert (windows == part[:, None, None]).all(4).all(3).all(0).any()


def test_a_picture_of_that_size_is_left_as_it_is() -> None:
    images, rng = torch.zeros(2, 1, 8, 8), torch.Generator().manual_seed(0)
    before = rng.get_state()
    assert cut(images, (8, 8), rng) is images
    assert torch.equal(before, rng.get_state())
