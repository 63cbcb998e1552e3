"""Checkpoints: there whole or not at all, and a sentence for every one that cannot be used."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch

from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.runs import RunFolder, Status
from gen_studio.models import registry
from gen_studio.testing import subjects
from gen_studio.training import checkpoint, state_tree
from gen_studio.training.learner import Learner


class Killed(BaseException):
    """The end of the process."""


@pytest.fixture(scope="module")
def learner() -> Learner:
    family = next(iter(registry.families().values()))
    made = Learner(subjects.plan_for(family, {"ema": 0.5}), subjects.pictures())
    subjects.train(made, 2)
    return made


@pytest.fixture
def folder(learner: Learner, tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", learner.plan, Status(name="run"))


def write(folder: RunFolder, learner: Learner, *steps: int) -> None:
    for step in steps:
        card = checkpoint.make_card(learner.model, step, None)
        checkpoint.write(folder, card, learner.shown_state(), learner.state())


def test_a_checkpoint_comes_back(folder: RunFolder, learner: Learner) -> None:
    write(folder, learner, 2)
    assert subjects.differences(learner.state(), checkpoint.read_training(folder, 2)) == []
    loaded = checkpoint.load_shown(folder)
    assert loaded.card.step == 2
    assert loaded.model.config == learner.model.config
    assert loaded.model.data == learner.model.data
    shown = {key: value.contiguous() for key, value in learner.shown_state().items()}
    assert subjects.differences(dict(loaded.model.state_dict()), shown) == []


def test_nothing_in_it_is_a_pickle(folder: RunFolder, learner: Learner) -> None:
    write(folder, learner, 2)
    names = sorted(file.name for file in folder.checkpoint(2).iterdir())
    assert names == ["model.json", "shown.safetensors", "training.json", "training.safetensors"]
    for file in folder.checkpoint(2).glob("*.json"):
        json.loads(file.read_text())


def test_the_newest_is_taken_unless_one_is_named(folder: RunFolder, learner: Learner) -> None:
    with pytest.raises(UserError, match=r"has no checkpoint yet\. Train it first"):
        checkpoint.load_shown(folder)
    write(folder, learner, 5, 100, 30)
    assert checkpoint.load_shown(folder).card.step == 100
    assert checkpoint.load_shown(folder, 30).card.step == 30
    with pytest.raises(UserError, match="has no checkpoint at step 7. It has 5, 30, 100."):
        checkpoint.load_shown(folder, 7)


@pytest.mark.parametrize(("best", "left"), [(None, [4, 5]), (2, [2, 4, 5]), (5, [4, 5]), (99, [4, 5])])
def test_the_newest_and_the_best_are_kept(folder: RunFolder, best: int | None, left: list[int]) -> None:
    for step in range(1, 6):
        folder.checkpoint(step).mkdir(parents=True)
    checkpoint.prune(folder, keep=2, best=best)
    assert folder.checkpoint_steps() == left


@pytest.mark.parametrize("name", ["model.json", "shown.safetensors"])
def test_a_damaged_checkpoint_is_a_sentence_that_names_another(folder: RunFolder, learner: Learner, name: str) -> None:
    write(folder, learner, 2, 4)
    file = folder.checkpoint(4) / name
    whole = file.read_bytes()
    for cut in (0, 5, len(whole) // 2):
        file.write_bytes(whole[:cut])
        with pytest.raises(UserError, match=r"at step 4 of .* is damaged: .* Use the one at step 2 instead"):
            checkpoint.load_shown(folder, 4)
    file.unlink()
    with pytest.raises(UserError, match="is damaged"):
        checkpoint.load_shown(folder, 4)
    assert checkpoint.load_shown(folder, 2).card.step == 2


@pytest.mark.parametrize("name", ["training.json", "training.safetensors"])
def test_a_damaged_training_state_is_a_sentence(folder: RunFolder, learner: Learner, name: str) -> None:
    write(folder, learner, 2)
    file = folder.checkpoint(2) / name
    file.write_bytes(file.read_bytes()[:-3])
    with pytest.raises(UserError, match=r"is damaged: .* Start a new run\."):
        checkpoint.read_training(folder, 2)


def test_weights_of_another_model_are_a_sentence(folder: RunFolder, learner: Learner) -> None:
    write(folder, learner, 2)
    state_tree.write_tensors(folder.checkpoint(2) / "shown.safetensors", {"foreign": torch.zeros(3)})
    with pytest.raises(UserError, match="is damaged") as caught:
        checkpoint.load_shown(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format_version": 99}, "was written by a newer version of Gen Studio. Update the app"),
        ({"format_version": 99, "unheard_of": 1}, "was written by a newer version of Gen Studio. Update the app"),
        ({"unheard_of": 1}, "is damaged: its description is not readable"),
        ({"channels": -1}, "is damaged: its description is not readable"),
        ({"height": "tall"}, "is damaged: its description is not readable"),
        ({"family": "alien"}, 'There is no model "alien"'),
        ({"config": {"alien": 1}}, 'There is no setting "alien"'),
    ],
)
def test_a_foreign_card_is_a_sentence(folder: RunFolder, learner: Learner, change: dict[str, Any], words: str) -> None:
    write(folder, learner, 2)
    path = folder.checkpoint(2) / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(UserError) as caught:
        checkpoint.load_shown(folder)
    assert words in str(caught.value)


@pytest.mark.parametrize("content", ["[]", "null", "3", '"card"', "{}", "[" * 9999, "\xff"])
def test_a_card_that_is_none_is_a_sentence(folder: RunFolder, learner: Learner, content: str) -> None:
    write(folder, learner, 2)
    (folder.checkpoint(2) / "model.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(UserError, match="its description is not readable"):
        checkpoint.read_card(folder, 2)


def test_a_kill_in_the_middle_leaves_the_old_ones(
    folder: RunFolder, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, learner, 2)
    written = state_tree.save

    def half(path: Path, tree: Any) -> None:
        written(path, tree)
        raise Killed

    monkeypatch.setattr(state_tree, "save", half)
    with pytest.raises(Killed):
        write(folder, learner, 4)
    assert folder.checkpoint_steps() == [2]
    assert checkpoint.load_shown(folder).card.step == 2


def test_a_full_disk_is_a_sentence_and_leaves_the_old_ones(folder: RunFolder, learner: Learner) -> None:
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    write(folder, learner, 2)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        # The system then refuses to write more than so many bytes, as a full disk does.
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        with pytest.raises(UserError, match=r"was not written: .*\."):
            write(folder, learner, 4)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert folder.checkpoint_steps() == [2]
    assert [file.name for file in folder.checkpoints.iterdir()] == ["step-000000002"]
    assert checkpoint.load_shown(folder).card.step == 2


def test_a_checkpoint_is_pruned_in_one_step(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in (1, 2):
        folder.checkpoint(step).mkdir(parents=True)
        (folder.checkpoint(step) / "model.json").touch()

    def killed(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr("shutil.rmtree", killed)
    monkeypatch.setattr(os, "unlink", killed)
    with pytest.raises(Killed):
        checkpoint.prune(folder, keep=1, best=None)
    assert folder.checkpoint_steps() == [2], "no half of it is left under its name"


def test_a_card_without_the_family_installed_names_it(folder: RunFolder, learner: Learner) -> None:
    write(folder, learner, 2)
    card = checkpoint.read_card(folder, 2)
    assert card.spec == learner.model.data
    with pytest.raises(WrongUse):
        registry.find("not installed")
