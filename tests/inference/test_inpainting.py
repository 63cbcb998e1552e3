"""Holes in pictures of any size: what stays, and from where each hole is filled."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.jobs import Progress
from gen_studio.inference import inpainting
from gen_studio.inference.images import to_pictures
from gen_studio.inference.inpainting import inpainted, windows
from gen_studio.models.capabilities import CanInpaint

SIZE = 16


class Average(CanInpaint):
    """Paints the mean of what is known, and notes what it was given."""

    def __init__(self) -> None:
        self.seen: list[tuple[Tensor, Tensor]] = []

    def paint_over(self, images: Tensor, holes: Tensor, rng: torch.Generator) -> Tensor:
        assert images.shape[2:] == holes.shape[2:] == (SIZE, SIZE)
        self.seen.append((images, holes))
        return (images.sum((2, 3), keepdim=True) / (1 - holes).sum((2, 3), keepdim=True)).expand_as(images)

    def draw_holes(self, images: Tensor, rng: torch.Generator) -> Tensor:
        raise NotImplementedError


def noise(height: int, width: int, channels: int = 3) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, channels), np.uint8)


def mask(height: int, width: int, *holes: tuple[slice, slice]) -> np.ndarray:
    made = np.zeros((height, width), bool)
    for hole in holes:
        made[hole] = True
    return made


@pytest.mark.parametrize("shape", [(16, 16), (5, 40), (9, 7), (100, 60)])
def test_known_pixels_are_bit_equal_and_all_holes_filled_at_any_size(shape: tuple[int, int]) -> None:
    picture = noise(*shape).clip(40)
    holes = np.random.default_rng(1).random(shape) < 0.3
    holes[0, 0] = True
    picture[holes] = 0
    filled = inpainted(Average(), SIZE, picture, holes, seed=0)
    assert filled.shape == picture.shape
    assert np.array_equal(filled[~holes], picture[~holes])
    assert (filled[holes] >= 39).all(), "made of what is known"


def test_a_picture_of_the_models_size_is_answered_in_one_go() -> None:
    picture, holes = noise(SIZE, SIZE), mask(SIZE, SIZE, np.s_[2:5, 2:5], np.s_[9:12, 8:15])
    model = Average()
    filled = inpainted(model, SIZE, picture, holes, seed=0)
    assert len(model.seen) == 1
    assert np.abs(filled[holes] - picture[~holes].mean(0)).max() < 1


def test_a_hole_is_filled_from_around_it_and_from_nowhere_else() -> None:
    picture = np.full((100, 100, 1), 250, np.uint8)
    picture[60:, 60:] = 30
    holes = mask(100, 100, np.s_[5:9, 5:9], np.s_[80:86, 82:85])
    model = Average()
    filled = inpainted(model, SIZE, picture, holes, seed=0)
    assert len(model.seen) == 2
    assert (filled[5:9, 5:9] == 250).all()
    assert (filled[80:86, 82:85] == 30).all()


def test_neighbouring_holes_share_a_window_and_each_is_filled_once() -> None:
    holes = mask(64, 64, np.s_[10:14, 10:14], np.s_[12:13, 16:18], np.s_[50:52, 50:52])
    numbers, found = windows(holes, SIZE)
    assert len(found) == 2
    assert np.array_equal(sum(taken[numbers].astype(int) for _, taken in found), holes.astype(int))


def test_a_filling_tells_how_far_it_is_and_is_called_off_between_two_holes() -> None:
    picture, holes = noise(90, 40), mask(90, 40, np.s_[2:5, 2:5], np.s_[40:44, 8:15], np.s_[80:83, 30:33])
    model, told = Average(), list[Progress]()
    inpainted(model, SIZE, picture, holes, seed=0, report=told.append)
    assert list(dict.fromkeys((one.done, one.total) for one in told)) == [(0, 3), (1, 3), (2, 3)]

    def call_off(progress: Progress) -> None:
        if progress.done == 1:
            raise Cancelled

    broken_off = Average()
    with pytest.raises(Cancelled):
        inpainted(broken_off, SIZE, picture, holes, seed=0, report=call_off)
    assert len(broken_off.seen) == 1


def test_a_large_hole_gets_a_larger_window_and_what_is_known_in_part_of_a_pixel_is_known() -> None:
    picture, holes = noise(80, 80), mask(80, 80, np.s_[20:52, 20:52])
    picture[:, :, 0] = 200
    picture[holes] = 0
    model = Average()
    filled = inpainted(model, SIZE, picture, holes, seed=0)
    ((given, missing),) = model.seen
    # Twice the hole's 32 pixels for the model's 16, so four become one: 8 x 8 are missing.
    assert missing.sum() == 64
    assert torch.allclose(given[:, :1][missing == 0], torch.tensor(200 / 127.5 - 1), atol=1e-4)
    assert (filled[holes][:, 0] == 200).all()


def test_a_large_window_is_shrunk_and_its_answer_enlarged_as_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    picture, holes = noise(90, 110), mask(90, 110, np.s_[20:65, 30:80])
    answer, model = torch.rand((1, 3, SIZE, SIZE), generator=torch.Generator().manual_seed(0)) * 2 - 1, Average()
    monkeypatch.setattr(
        model, "paint_over", lambda images, missing, rng: model.seen.append((images, missing)) or answer
    )
    monkeypatch.setattr(inpainting, "STRIP", 7)
    filled = inpainted(model, SIZE, picture, holes, seed=0)
    whole = torch.from_numpy(picture[:, 5:105].astype(np.float32)).permute(2, 0, 1)[None] / 127.5 - 1
    # The window is 100 to a side: five rows of the edge go on above and below.
    known = F.pad(1 - torch.from_numpy(holes[:, 5:105].astype(np.float32))[None, None], (0, 0, 5, 5), "replicate")
    share = F.adaptive_avg_pool2d(known, SIZE)
    colours = F.adaptive_avg_pool2d(F.pad(whole, (0, 0, 5, 5), "replicate") * known, SIZE) / share.clamp_min(1e-6)
    ((images, missing),) = model.seen
    assert torch.equal(missing, (share == 0).float())
    assert torch.allclose(images[missing.expand_as(images) == 0], colours[missing.expand_as(images) == 0], atol=1e-5)
    painted = torch.where(missing > 0.5, answer, images)
    large = F.interpolate(painted, size=100, mode="bilinear", align_corners=False)
    wanted = to_pictures(large)[0][5:95]
    apart = np.abs(filled[:, 5:105].astype(int) - wanted)[holes[:, 5:105]]
    assert apart.max() <= 1 and (apart > 0).mean() < 0.01


def test_a_hole_in_a_large_window_is_called_off_within_it() -> None:
    calls = list[Progress]()

    def call_off(progress: Progress) -> None:
        calls.append(progress)
        if len(calls) == 3:
            raise Cancelled

    model = Average()
    with pytest.raises(Cancelled):
        inpainted(model, SIZE, noise(200, 200), mask(200, 200, np.s_[20:120, 20:120]), seed=0, report=call_off)
    assert model.seen == []


def test_a_mask_that_cannot_be_is_refused_in_a_sentence() -> None:
    picture = noise(20, 30)
    for holes, words in (
        (np.ones((30, 20), bool), "as large as the picture"),
        (np.zeros((20, 30), bool), "no hole"),
        (np.ones((20, 30), bool), "white everywhere"),
    ):
        with pytest.raises(WrongUse, match=words):
            inpainted(Average(), SIZE, picture, holes, seed=0)


@pytest.mark.parametrize("shape", [(300, 200), (40, 700), (30, 30)])
@pytest.mark.parametrize("corner", [(0, 0), (12, 140), (8, 20)])
def test_what_is_far_from_all_holes_makes_no_difference(shape, corner, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = noise(*shape)
    holes = np.zeros(shape, bool)
    top, left = min(corner[0], shape[0] - 10), min(corner[1], shape[1] - 21)
    holes[top : top + 9, left : left + 20] = np.random.default_rng(3).random((9, 20)) < 0.5
    holes[top + 2 : top + 7, left + 3 : left + 17] = True
    near = inpainted(Average(), SIZE, picture, holes, seed=0)
    monkeypatch.setattr(inpainting, "reach", lambda mask, size: np.s_[:, :])
    assert np.array_equal(near, inpainted(Average(), SIZE, picture, holes, seed=0))
