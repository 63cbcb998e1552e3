"""Pictures of any size: tiles fall together to the answer of the whole, and what must be whole is never cut."""

import numpy as np
import pytest
import torch
from torch import Tensor

from gen_studio.core.errors import Cancelled, WrongUse
from gen_studio.core.jobs import Progress
from gen_studio.data.spec import DataSpec
from gen_studio.inference import whole
from gen_studio.inference.images import to_pictures
from gen_studio.inference.whole import answered, translated, upscaled
from gen_studio.models.base import build
from gen_studio.models.capabilities import TakesAnySize
from gen_studio.models.families.pix2pix import Pix2Pix, Pix2PixConfig
from gen_studio.models.families.srgan import SRGAN, SRGANConfig


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def upscaler(scale: str = "4x") -> SRGAN:
    config = SRGANConfig.parse({"width": 4, "blocks": 1, "scale": scale, "perceptual": "pixels"})
    model = build(SRGAN, config, DataSpec(3, 16, 16), rng()).eval().requires_grad_(False)
    assert isinstance(model, SRGAN)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(2)  # so that what is far away matters
    return model


def translator(dropout: float = 0.0) -> Pix2Pix:
    config = Pix2PixConfig.parse({"width": 4, "dropout": dropout})
    model = build(Pix2Pix, config, DataSpec(3, 16, 16, input_channels=1), rng()).eval().requires_grad_(False)
    assert isinstance(model, Pix2Pix)
    return model


def photograph(channels: int, height: int, width: int) -> whole.Picture:
    return np.random.default_rng(0).integers(0, 256, (channels, height, width), dtype=np.uint8)


def tensor(picture: whole.Picture) -> Tensor:
    return torch.from_numpy(picture)[None] / 127.5 - 1


class Stretched(TakesAnySize):
    """Means over so many pixels to each side; and only multiples of a stride."""

    def __init__(self, stride: int, reach: int | None) -> None:
        self._stride, self._reach = stride, reach
        self.asked: list[tuple[int, int]] = []

    stride = property(lambda self: self._stride)
    reach = property(lambda self: self._reach)

    def ask(self, image: Tensor) -> Tensor:
        height, width = image.shape[2:]
        assert height % self._stride == width % self._stride == 0
        self.asked.append((height, width))
        side = 2 * (self._reach or 2) + 1
        return torch.nn.functional.avg_pool2d(image, side, 1, side // 2, count_include_pad=False)


@pytest.mark.parametrize("scale", ["2x", "4x"])
@pytest.mark.parametrize("core", [5, 16, 1000])
def test_an_enlargement_does_not_depend_on_the_tiles(scale: str, core: int) -> None:
    model, image = upscaler(scale).double(), tensor(photograph(3, 23, 31)).double()
    at_once = model.generator(image)
    assert model.reach is not None and model.reach < 16, "else there would be but one tile"
    tiled = answered(model, model.generator, image, model.scale, core)
    torch.testing.assert_close(tiled, at_once, rtol=0, atol=1e-9 * float(at_once.abs().max()))


def test_tiles_that_saw_less_than_the_model_looks_would_show() -> None:
    model, image = upscaler(), tensor(photograph(3, 23, 31))
    near = Stretched(1, (model.reach or 0) // 2)
    tiled = answered(near, model.generator, image, model.scale, 8)
    assert (tiled - model.generator(image)).abs().max() > 1e-4


@pytest.mark.parametrize("stride", [1, 3, 4])
def test_tiles_begin_where_the_stride_allows(stride: int) -> None:
    model, image = Stretched(stride, 5), tensor(photograph(1, 37, 50)).double()
    tiled = answered(model, model.ask, image, core=10)
    assert len(model.asked) > 9
    at_once = answered(model, model.ask, image, core=1000)
    torch.testing.assert_close(tiled, at_once)
    assert tiled.shape == image.shape
    if stride == 1:
        torch.testing.assert_close(at_once, model.ask(image))


def test_what_needs_all_of_a_picture_gets_all_of_it() -> None:
    model = Stretched(4, None)
    answered(model, model.ask, torch.zeros(1, 1, 37, 50), core=8)
    assert model.asked == [(40, 52)]


def test_a_picture_that_does_not_fit_is_continued_as_in_a_mirror() -> None:
    seen: list[Tensor] = []
    line = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]).view(1, 1, 1, 5).expand(1, 1, 8, 5)
    answer = answered(Stretched(8, None), lambda image: seen.append(image) or image, line)
    assert seen[0][0, 0, 0].tolist() == [2, 1, 2, 3, 4, 5, 4, 3]
    assert torch.equal(answer, line)
    tiny = answered(Stretched(8, None), lambda image: seen.append(image) or image, line[..., :1, :2])
    assert seen[1].shape == (1, 1, 8, 8) and torch.equal(tiny, line[..., :1, :2])


def test_a_picture_too_large_to_be_whole_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "MOST_AT_ONCE", 1000)
    with pytest.raises(WrongUse, match="40 × 30 is too large to be answered at once"):
        translated(translator(), photograph(1, 30, 40), 0)
    assert upscaled(upscaler("2x"), photograph(3, 30, 40), 0).shape == (60, 80, 3)


def test_a_translation_keeps_any_size_and_at_the_models_own_it_is_the_models() -> None:
    model = translator()
    assert translated(model, photograph(1, 21, 40), 0).shape == (21, 40, 3)
    own = photograph(1, 16, 16)
    wanted = (model.translate(tensor(own), rng())[0].permute(1, 2, 0) + 1) * 127.5
    np.testing.assert_allclose(translated(model, own, 0), wanted.numpy(), atol=0.51)


def test_dropout_stays_on_at_any_size_and_follows_the_seed() -> None:
    model, question = translator(dropout=0.5), photograph(1, 20, 40)
    one, same, other = (translated(model, question, seed) for seed in (0, 0, 1))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_picture_is_normalised_by_itself_and_no_statistics_are_kept() -> None:
    model = translator()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    question = photograph(1, 32, 48)
    alone = translated(model, question, 0)
    translated(model, photograph(1, 16, 40) // 4, 0)
    assert np.array_equal(translated(model, question, 0), alone)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    # Features of this picture have mean 0 in every channel, whatever pictures came before it.
    features: list[Tensor] = []
    model.generator.down_norms[1].register_forward_hook(lambda _, __, output: features.append(output))
    translated(model, question, 0)
    means = (features[0] - model.generator.down_norms[1].bias.view(1, -1, 1, 1)).mean((2, 3))
    torch.testing.assert_close(means, torch.zeros_like(means), atol=1e-5, rtol=0)


def test_a_large_answer_tells_how_far_it_is_and_is_called_off_between_two_tiles() -> None:
    model, told = upscaler(), list[Progress]()
    picture = photograph(3, 2 * whole.CORE, whole.CORE + 1)
    large = upscaled(model, picture, 0, report=told.append)
    assert [(one.done, one.total) for one in told] == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert np.array_equal(large, upscaled(model, picture, 0))

    def call_off(progress: Progress) -> None:
        if progress.done == 2:
            raise Cancelled

    near = Stretched(1, 1)
    with pytest.raises(Cancelled):
        answered(near, near.ask, torch.zeros(1, 1, 30, 30), core=10, report=call_off)
    assert len(near.asked) == 2


def test_an_answer_in_bytes_is_that_in_floats_rounded() -> None:
    model, picture = upscaler(), photograph(3, 13, 21)
    floats = answered(model, lambda part: model.upscale(part, rng()), tensor(picture), model.scale)
    assert np.array_equal(upscaled(model, picture, 0), to_pictures(floats)[0])
