"""Nested state to two plain files and back, bit for bit, and damaged ones refused."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from gen_studio.testing.subjects import differences
from gen_studio.training import state_tree


def tree() -> dict[str, Any]:
    rng = torch.Generator().manual_seed(0)
    shared = torch.randn(4, 4, generator=rng)
    return {
        "numbers": [1, 2.5, True, None, "wörds", math.inf, -0.0, 10**18],
        "tuple": (1, (2, [3])),
        "by number": {0: shared, 1: {"deep": shared[1:], "step": torch.tensor(3.0)}},
        "kinds": [torch.arange(3), torch.zeros(2, dtype=torch.bfloat16), rng.get_state(), torch.tensor(True)],
        "empty": [torch.empty(0), {}, [], ()],
        "layout": torch.randn(2, 3, 4, 5, generator=rng).to(memory_format=torch.channels_last),
        "odd": torch.tensor([math.nan, math.inf, -0.0]),
        "a.b": torch.ones(1),
        "a": {"b": torch.zeros(1)},
    }


def test_a_tree_comes_back_bit_for_bit(tmp_path: Path) -> None:
    state_tree.save(tmp_path / "state", tree())
    assert differences(tree(), state_tree.load(tmp_path / "state")) == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["state.json", "state.safetensors"]


def test_an_optimizers_state_comes_back(tmp_path: Path) -> None:
    net = nn.Linear(3, 3)
    optimizer = torch.optim.Adam(net.parameters(), betas=(0.5, 0.9))
    net(torch.ones(2, 3)).sum().backward()
    optimizer.step()
    state_tree.save(tmp_path / "adam", optimizer.state_dict())
    loaded = state_tree.load(tmp_path / "adam")
    assert differences(optimizer.state_dict(), loaded) == []
    assert isinstance(loaded["param_groups"][0]["betas"], tuple)


def test_what_is_no_plain_value_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"\.a\.0: a set cannot"):
        state_tree.save(tmp_path / "state", {"a": [{1, 2}]})
    with pytest.raises(TypeError, match="cannot be part"):
        state_tree.save(tmp_path / "state", {"a": np.zeros(3)})


def test_a_clone_shares_no_memory_and_keeps_the_layout() -> None:
    original = tree()
    copied = state_tree.clone(original)
    assert differences(original, copied) == []
    original["layout"].zero_()
    original["by number"][0].zero_()
    assert copied["layout"].abs().sum() > 0
    assert copied["by number"][1]["deep"].abs().sum() > 0
    assert copied["layout"].is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("name", ["state.json", "state.safetensors"])
def test_a_damaged_file_is_a_value_error(tmp_path: Path, name: str) -> None:
    state_tree.save(tmp_path / "state", tree())
    whole = (tmp_path / name).read_bytes()
    rng = np.random.default_rng(0)
    for cut in [0, 1, 7, 8, 9, *rng.integers(10, len(whole), 20).tolist()]:
        (tmp_path / name).write_bytes(whole[:cut])
        with pytest.raises(ValueError):
            state_tree.load(tmp_path / "state")
    (tmp_path / name).unlink()
    with pytest.raises(OSError):
        state_tree.load(tmp_path / "state")


@pytest.mark.parametrize(
    "content",
    [
        '{"tensor": "missing"}',
        '{"tensor": []}',
        '{"dict": [1]}',
        '{"dict": 1}',
        '{"dict": [[[], 1]]}',
        '{"list": null}',
        '{"object": 1}',
        '{"a": 1, "b": 2}',
        "{}",
        "[" * 100_000,
        "\xff",
    ],
)
def test_a_foreign_skeleton_is_a_value_error(tmp_path: Path, content: str) -> None:
    state_tree.save(tmp_path / "state", {})
    (tmp_path / "state.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(ValueError):
        state_tree.load(tmp_path / "state")
