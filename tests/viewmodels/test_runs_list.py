"""The list of runs: what it shows, renaming, deleting to the trash."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QFile

from gen_studio.core.events import Reason
from gen_studio.core.runs import State
from gen_studio.viewmodels import runs as module
from gen_studio.viewmodels.runs import RunsViewModel


@pytest.fixture
def runs(qapp, tmp_path: Path) -> RunsViewModel:
    return RunsViewModel(tmp_path / "runs")


@pytest.fixture
def trash(monkeypatch) -> list[str]:
    """Takes the place of the system's; what it was given."""
    taken: list[str] = []

    def move(path: str) -> tuple[bool, str]:
        taken.append(path)
        shutil.rmtree(path)
        return True, "/trash"

    monkeypatch.setattr(QFile, "moveToTrash", move)
    return taken


def test_a_folder_that_is_not_there_holds_no_runs(runs) -> None:
    runs.refresh()
    assert runs.cards == ()


def test_a_new_run_appears_with_its_picture(runs, make_run, said) -> None:
    heard = said(runs.changed)
    folder = make_run()
    folder.write_preview("samples", 5, np.full((4, 8, 8, 1), 9, np.uint8), 1)
    runs.refresh()
    assert len(heard) == 1 and [card.summary.name for card in runs.cards] == ["first"]
    assert runs.cards[0].picture is not None and runs.cards[0].picture.shape == (8, 8, 1)


def test_of_pictures_that_belong_together_the_models_own_is_shown(runs, make_run) -> None:
    pairs = np.zeros((4, 8, 8, 1), np.uint8)
    pairs[1] = 200
    make_run().write_preview("reconstructions", 5, pairs, 2)
    runs.refresh()
    assert int(runs.cards[0].picture.max()) == 200


def test_nothing_is_told_or_read_again_where_nothing_changed(runs, make_run, said, monkeypatch) -> None:
    make_run()
    runs.refresh()
    heard = said(runs.changed)
    monkeypatch.setattr(module, "list_runs", lambda folder: pytest.fail("read again"))
    runs.refresh()
    assert heard == []


def test_a_run_that_seems_to_train_is_asked_again_each_time(runs, make_run) -> None:
    folder = make_run("first", step=5)
    with folder.locked():
        runs.refresh()
        assert runs.cards[0].summary.state is State.RUNNING
    runs.refresh()
    assert runs.cards[0].summary.state is State.INTERRUPTED


def test_renaming_changes_the_name_and_not_the_folder(runs, make_run) -> None:
    folder = make_run()
    runs.rename(folder.path, "Better")
    assert [card.summary.name for card in runs.cards] == ["Better"] and runs.cards[0].summary.path == folder.path


def test_an_empty_name_is_refused_in_a_sentence(runs, make_run, said) -> None:
    heard = said(runs.noticed)
    runs.rename(make_run().path, "  ")
    assert "needs a name" in heard[0][0]


def test_deleting_goes_to_the_trash(runs, make_run, trash) -> None:
    folder = make_run("first", reason=Reason.FINISHED)
    runs.refresh()
    assert runs.delete(folder.path)
    assert trash == [str(folder.path)] and runs.cards == ()


def test_a_run_that_trains_is_not_deleted(runs, make_run, trash, said) -> None:
    heard = said(runs.noticed)
    folder = make_run()
    with folder.locked():
        assert not runs.delete(folder.path)
    assert trash == [] and folder.path.exists() and "Stop it first" in heard[0][0]


def test_a_trash_that_refuses_leaves_the_run_and_says_so(runs, make_run, said, monkeypatch) -> None:
    heard = said(runs.noticed)
    monkeypatch.setattr(QFile, "moveToTrash", lambda path: (False, ""))
    folder = make_run()
    assert not runs.delete(folder.path)
    assert folder.path.exists() and "Nothing was deleted" in heard[0][0]


def test_deleting_what_is_gone_already_is_said(runs, tmp_path, said) -> None:
    heard = said(runs.noticed)
    assert not runs.delete(tmp_path / "runs" / "gone")
    assert "no run" in heard[0][0]
