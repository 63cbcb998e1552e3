"""The folder of a run: what it refuses, what it survives, and how it says where it stands."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from gen_studio.core import runs
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.events import Marked, MarkKind, Reason
from gen_studio.core.plan import RunPlan
from gen_studio.core.runs import METRICS, PLAN, STATUS, RunFolder, State, Status, list_runs, new_path


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", RunPlan(family="some", steps=9), Status(name="My run"))


def add(folder: RunFolder, *steps: int) -> None:
    values = np.array(steps, np.float64)
    folder.append_metrics(np.array(steps), {"loss": values / 3, "score": -values})


def checkpoint(folder: RunFolder, *steps: int) -> None:
    for step in steps:
        folder.checkpoint(step).mkdir(parents=True)


# Making and opening


def test_a_new_run_says_what_it_is(folder: RunFolder) -> None:
    opened = RunFolder.open(folder.path)
    assert opened.plan() == RunPlan(family="some", steps=9)
    assert opened.status() == Status(name="My run")
    assert opened.state() is State.NEW


def test_a_run_takes_an_empty_folder_and_no_other(tmp_path: Path, folder: RunFolder) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    RunFolder.create(empty, folder.plan(), Status(name="x"))
    with pytest.raises(WrongUse, match=r"is not empty\. Resume it, or choose another folder\."):
        RunFolder.create(folder.path, folder.plan(), Status(name="x"))
    (tmp_path / "file").touch()
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "photograph.png").touch()
    for path in (tmp_path / "file", foreign):
        with pytest.raises(WrongUse, match="hoose a"):
            RunFolder.create(path, folder.plan(), Status(name="x"))
    assert [file.name for file in foreign.iterdir()] == ["photograph.png"]


def test_what_is_no_run_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="There is no run at"):
        RunFolder.open(tmp_path / "nowhere")
    with pytest.raises(WrongUse, match="is not a run"):
        RunFolder.open(tmp_path)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '"words"', "null", '{"family": 1}', '{"family": "x", "stps": 1}', "\xff"]
)
def test_a_damaged_plan_is_a_sentence(folder: RunFolder, content: str) -> None:
    (folder.path / PLAN).write_bytes(content.encode("latin-1"))
    with pytest.raises(UserError) as caught:
        folder.plan()
    assert str(caught.value).endswith((".", "?"))
    assert list_runs(folder.path.parent) == []


# Readings


def test_readings_come_back(folder: RunFolder) -> None:
    assert folder.read_metrics()[0].size == 0
    add(folder, 1, 2)
    add(folder, 3)
    steps, values = folder.read_metrics()
    assert steps.tolist() == [1, 2, 3]
    assert list(values) == ["loss", "score"]
    np.testing.assert_allclose(values["loss"], [1 / 3, 2 / 3, 1], rtol=1e-6)


def test_a_line_cut_short_is_left_out(folder: RunFolder) -> None:
    add(folder, 1, 2)
    whole = (folder.path / METRICS).read_text()
    for cut in range(len(whole)):
        (folder.path / METRICS).write_text(whole[:cut])
        steps, values = folder.read_metrics()
        assert steps.tolist() == [1, 2][: max(0, whole[:cut].count("\n") - 1)]
        assert all(len(column) == len(steps) for column in values.values())


def test_after_any_cut_the_run_goes_on_with_whole_lines(folder: RunFolder) -> None:
    add(folder, 1, 2)
    whole = (folder.path / METRICS).read_text()
    for cut in range(len(whole)):
        (folder.path / METRICS).write_text(whole[:cut])
        folder.forget_after(1)
        add(folder, 2, 3)
        steps, values = folder.read_metrics()
        assert steps.tolist() in ([1, 2, 3], [2, 3])
        np.testing.assert_allclose(values["score"], -steps)


def test_readings_that_are_no_numbers_come_back_as_such(folder: RunFolder) -> None:
    folder.append_metrics(np.array([1, 2]), {"loss": np.array([np.nan, np.inf])})
    values = folder.read_metrics()[1]["loss"]
    assert np.isnan(values[0])
    assert np.isinf(values[1])


def test_a_run_whose_family_has_other_readings_by_now_goes_on_with_those(folder: RunFolder) -> None:
    add(folder, 1, 2)
    folder.append_metrics(np.array([3]), {"score": np.array([7.0]), "new": np.array([8.0])})
    steps, values = folder.read_metrics()
    assert steps.tolist() == [1, 2, 3]
    assert list(values) == ["score", "new"]
    assert values["score"].tolist() == [-1, -2, 7]
    np.testing.assert_array_equal(values["new"], [np.nan, np.nan, 8])


def test_later_steps_are_forgotten(folder: RunFolder) -> None:
    add(folder, 1, 2, 3, 4)
    for step in (0, 2, 4):
        folder.append_mark(Marked(step, MarkKind.USER, f"at {step}"))
        folder.write_preview("samples", step, np.zeros((2, 4, 4, 1), np.uint8), 1)
    folder.forget_after(2)
    assert folder.read_metrics()[0].tolist() == [1, 2]
    assert [mark.step for mark in folder.read_marks()] == [0, 2]
    assert folder.preview_steps("samples") == [0, 2]
    add(folder, 3)
    assert folder.read_metrics()[0].tolist() == [1, 2, 3]


def test_marks_come_back_with_any_text(folder: RunFolder) -> None:
    marks = [
        Marked(1, MarkKind.USER, 'D rate 0.1, "fast"', "two\nlines"),
        Marked(2, MarkKind.ALARM, "Not finite", ""),
    ]
    for mark in marks:
        folder.append_mark(mark)
    assert folder.read_marks() == marks


def test_previews_come_back(folder: RunFolder) -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (6, 5, 7, 3), np.uint8)
    folder.write_preview("pairs", 12, pictures, 2)
    assert folder.views() == ["pairs"]
    assert folder.preview_steps("pairs") == [12]
    back, per_item = folder.read_preview("pairs", 12)
    assert np.array_equal(back, pictures)
    assert per_item == 2


# States


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ({"step": 0}, State.NEW),
        ({"step": 5}, State.INTERRUPTED),
        ({"step": 5, "reason": Reason.STOPPED}, State.STOPPED),
        ({"step": 9, "reason": Reason.FINISHED}, State.FINISHED),
        ({"reason": Reason.NOT_FINITE}, State.FAILED),
        ({"reason": Reason.OUT_OF_MEMORY}, State.FAILED),
        ({"reason": Reason.FAILED}, State.FAILED),
    ],
)
def test_a_run_says_how_it_stands(folder: RunFolder, status: dict[str, object], state: State) -> None:
    folder.write_status(Status.parse({"name": "x", **status}))
    assert folder.state() is state
    assert folder.summary().state is state


def test_a_run_with_a_checkpoint_and_no_end_was_interrupted(folder: RunFolder) -> None:
    checkpoint(folder, 3)
    assert folder.state() is State.INTERRUPTED


def test_every_reason_to_end_is_a_state(folder: RunFolder) -> None:
    for reason in Reason:
        folder.write_status(Status(name="x", reason=reason))
        assert folder.state() in (State.STOPPED, State.FINISHED, State.FAILED)


# The lock


def test_a_run_is_trained_by_one_process_at_a_time(folder: RunFolder) -> None:
    with folder.locked():
        assert folder.state() is State.RUNNING
        with pytest.raises(WrongUse, match=rf"is being trained by process {os.getpid()}"), folder.locked():
            pass
        assert folder.state() is State.RUNNING, "the refused one did not take the lock away"
    assert folder.state() is State.NEW


def test_the_lock_is_released_by_an_error(folder: RunFolder) -> None:
    with pytest.raises(ZeroDivisionError), folder.locked():
        raise ZeroDivisionError
    assert folder.state() is State.NEW


def test_another_living_process_keeps_its_lock_and_a_dead_one_does_not(folder: RunFolder) -> None:
    code = (
        "import sys, time; from pathlib import Path; from gen_studio.core.runs import RunFolder\n"
        f"with RunFolder(Path({str(folder.path)!r})).locked():\n    print('locked', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        assert folder.state() is State.RUNNING
        with pytest.raises(WrongUse, match=f"process {process.pid}"), folder.locked():
            pass
        process.kill()
    assert folder.state() is State.NEW
    with folder.locked():
        assert folder.state() is State.RUNNING


CONTENDER = """
import sys, time
from pathlib import Path
from gen_studio.core import atomic
from gen_studio.core.errors import WrongUse
from gen_studio.core.runs import RunFolder

write = atomic.write_text

def write_late(path, text):
    time.sleep(0.5)  # as if this process had been put aside just after it had looked
    write(path, text)

atomic.write_text = write_late
print("ready", flush=True)
sys.stdin.readline()
try:
    with RunFolder(Path(sys.argv[1])).locked():
        print("has it", flush=True)
        sys.stdin.readline()
except WrongUse:
    print("refused", flush=True)
"""


@pytest.mark.parametrize("left_behind", [None, {"process": 2**22 + 1, "started": 0}])
def test_of_two_processes_that_want_a_run_at_once_one_gets_it(folder: RunFolder, left_behind: object) -> None:
    if left_behind:
        (folder.path / runs.LOCK).write_text(json.dumps(left_behind))
    command = [sys.executable, "-c", CONTENDER, str(folder.path)]
    with ExitStack() as stack:
        contenders = [
            stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for _ in range(2)
        ]
        assert [each.stdout.readline() for each in contenders] == ["ready\n"] * 2
        for each in contenders:
            each.stdin.write("go\n")
            each.stdin.flush()
        said = sorted(each.stdout.readline() for each in contenders)
        assert said == ["has it\n", "refused\n"]
        assert folder.state() is State.RUNNING
        for each in contenders:
            each.communicate()
    assert folder.state() is State.NEW


@pytest.mark.parametrize("lock", ["", "{", "[]", "{}", '{"process": "x"}', '{"process": 1, "started": 0}', "null"])
def test_a_lock_of_nobody_is_none(folder: RunFolder, lock: str) -> None:
    (folder.path / runs.LOCK).write_text(lock)
    assert folder.state() is State.NEW


def test_a_number_that_another_process_got_later_is_no_lock(folder: RunFolder) -> None:
    with folder.locked():
        lock = json.loads((folder.path / runs.LOCK).read_text())
    (folder.path / runs.LOCK).write_text(json.dumps({**lock, "started": lock["started"] - 3600}))
    assert folder.state() is State.NEW


# Names, lists, removal


def test_renaming_changes_the_name_that_is_shown(folder: RunFolder) -> None:
    before = folder.status()
    folder.rename("  Better  ")
    assert folder.status() == before.model_copy(update={"name": "Better"})
    assert folder.path.name == "run"
    with pytest.raises(WrongUse, match="needs a name"):
        folder.rename("   ")


def test_the_newest_run_is_first_and_what_is_no_run_is_left_out(tmp_path: Path) -> None:
    for name, age in (("old", 100), ("new", 0)):
        folder = RunFolder.create(tmp_path / name, RunPlan(family="some"), Status(name=name))
        for file in (PLAN, STATUS):
            os.utime(folder.path / file, (time.time() - age,) * 2)
    (tmp_path / "other").mkdir()
    (tmp_path / "file").touch()
    assert [run.name for run in list_runs(tmp_path)] == ["new", "old"]
    assert list_runs(tmp_path / "nowhere") == []


def test_a_lost_status_does_not_lose_the_run(folder: RunFolder) -> None:
    (folder.path / STATUS).unlink()
    assert folder.status().name == "run"
    assert [run.name for run in list_runs(folder.path.parent)] == ["run"]


def test_a_removed_run_leaves_nothing_behind(folder: RunFolder) -> None:
    checkpoint(folder, 1)
    runs.remove(folder.path)
    assert list(folder.path.parent.iterdir()) == []


def test_checkpoints_are_listed_by_step_and_unfinished_ones_are_not(folder: RunFolder) -> None:
    assert folder.checkpoint_steps() == []
    checkpoint(folder, 1000, 20, 3)
    (folder.checkpoints / ".unfinished-x").mkdir()
    (folder.checkpoints / "step-old").mkdir()
    assert folder.checkpoint_steps() == [3, 20, 1000]
    shutil.rmtree(folder.checkpoints)
    assert folder.checkpoint_steps() == []


def test_a_new_path_is_free_and_says_what_is_in_it(tmp_path: Path) -> None:
    first = new_path(tmp_path, ["dcgan", "My Photos!"])
    assert first.name.endswith("-dcgan-my-photos")
    first.mkdir()
    second = new_path(tmp_path, ["dcgan", "My Photos!"])
    assert not second.exists()
    assert second.name.endswith("-dcgan-my-photos-2") or first.name[:15] != second.name[:15]
