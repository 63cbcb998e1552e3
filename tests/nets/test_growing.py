"""Progressive growing: the schedule, the fading of pictures, and a discriminator that changes over without a jump."""

import pytest
import torch

from gen_studio.nets.critic import MinibatchDeviation
from gen_studio.nets.growing import GrowingCritic, Stage, channels_at, fade_in, stage_after
from gen_studio.nets.resampling import double, halve


def critic(last: int = 2, **settings) -> GrowingCritic:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return GrowingCritic(3, 8, last, **settings)


def images(size: int, count: int = 4) -> torch.Tensor:
    return torch.randn(count, 3, size, size, generator=torch.Generator().manual_seed(size))


def test_levels_settle_then_fade_in_linearly_and_settle_again() -> None:
    stages = [stage_after(shown, 100, 0, 2) for shown in (0, 99, 100, 125, 199, 200, 299, 300, 350, 400, 10_000)]
    assert stages == [
        Stage(0),
        Stage(0),
        Stage(1, 0.0),
        Stage(1, 0.25),
        Stage(1, 0.99),
        Stage(1),
        Stage(1),
        Stage(2, 0.0),
        Stage(2, 0.5),
        Stage(2),
        Stage(2),
    ]


def test_it_starts_at_the_first_level_and_ends_at_the_last() -> None:
    assert stage_after(0, 100, 1, 2) == Stage(1)
    assert stage_after(150, 100, 1, 2) == Stage(2, 0.5)
    assert stage_after(10**9, 100, 1, 2) == Stage(2)
    assert stage_after(0, 0, 0, 3) == Stage(3)
    assert stage_after(500, 100, 2, 2) == Stage(2)


def test_channels_halve_above_32_pixels_as_in_the_paper() -> None:
    assert [channels_at(level, 512) for level in range(9)] == [512, 512, 512, 512, 256, 128, 64, 32, 16]


def test_real_pictures_fade_between_blocks_and_full_detail() -> None:
    full = images(16)
    coarse, sharp = double(halve(halve(full))), halve(full)
    assert torch.equal(fade_in(full, Stage(1)), sharp)
    torch.testing.assert_close(fade_in(full, Stage(1, 0.0)), coarse)
    torch.testing.assert_close(fade_in(full, Stage(1, 0.3)), 0.7 * coarse + 0.3 * sharp)
    assert torch.equal(fade_in(full, Stage(2)), full)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("blur", [False, True])
def test_the_critics_blend_begins_with_the_level_below_and_ends_with_the_new_one(first: int, blur: bool) -> None:
    judge, large = critic(first=first, blur=blur), images(16)
    judge.stage = Stage(1)
    below = judge(halve(large))
    judge.stage = Stage(2)
    above = judge(large)
    judge.stage = Stage(2, 0.0)
    torch.testing.assert_close(judge(large), below)
    judge.stage = Stage(2, 1 - 1e-7)
    torch.testing.assert_close(judge(large), above, atol=1e-5, rtol=1e-5)
    judge.stage = Stage(2, 0.5)
    assert not torch.allclose(judge(large), below)
    assert not torch.allclose(judge(large), above)


def test_only_the_levels_of_the_stage_learn() -> None:
    judge = critic()
    judge.stage = Stage(1)
    judge(images(8)).sum().backward()
    used = [level for level, layer in enumerate(judge.from_colours) if layer.weight.grad is not None]
    assert used == [1]
    judge.zero_grad()
    judge.stage = Stage(2, 0.5)
    judge(images(16)).sum().backward()
    used = [level for level, layer in enumerate(judge.from_colours) if layer.weight.grad is not None]
    assert used == [1, 2]


@pytest.mark.parametrize("level", [0, 1, 2])
def test_the_batchs_deviation_is_seen_at_4x4(level: int) -> None:
    judge = critic()
    judge.stage = Stage(level)
    assert isinstance(judge.batch_view, MinibatchDeviation)
    seen: list[tuple[int, ...]] = []
    judge.batch_view.register_forward_pre_hook(lambda _, inputs: seen.append(tuple(inputs[0].shape)))
    judge(images(4 * 2**level))
    assert seen == [(4, 8, 4, 4)]
    assert judge.near.in_channels == 9
    alike = images(4 * 2**level)[:1].expand(4, -1, -1, -1)
    alone, among = judge(alike), judge(torch.cat([alike[:1], images(4 * 2**level)[1:]]))
    assert not torch.allclose(alone[0], among[0]), "the others of a batch make a difference"


def test_a_gradient_of_a_gradient_passes_while_it_fades() -> None:
    judge = critic(blur=True)
    judge.stage = Stage(2, 0.5)
    shown = images(16).contiguous(memory_format=torch.channels_last).requires_grad_()
    gradient = torch.autograd.grad(judge(shown).sum(), shown, create_graph=True)[0]
    gradient.square().sum().backward()
    assert all(p.grad.isfinite().all() for p in judge.parameters() if p.grad is not None)
    assert judge.from_colours[2].weight.grad is not None
