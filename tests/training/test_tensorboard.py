"""TensorBoard reads what was written, also over a resume."""

from pathlib import Path

import numpy as np
import pytest

from gen_studio.training.tensorboard import TensorBoard


def read(folder: Path) -> dict[str, list[tuple[int, float]]]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    accumulator = EventAccumulator(str(folder))
    accumulator.Reload()
    return {tag: [(e.step, e.value) for e in accumulator.Scalars(tag)] for tag in accumulator.Tags()["scalars"]}


def add(board: TensorBoard, first: int, last: int) -> None:
    steps = np.arange(first, last + 1)
    board.add(steps, {"loss": steps.astype(float), "kl": -steps.astype(float)})


def test_each_point_is_the_mean_of_its_steps_at_the_last_of_them(tmp_path: Path) -> None:
    with TensorBoard(tmp_path / "board", first_step=0) as board:
        add(board, 1, 3)
        add(board, 4, 5)
    assert read(tmp_path / "board") == {"loss": [(5, 3.0)], "kl": [(5, -3.0)]}


def test_points_are_written_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gen_studio.training.tensorboard.WRITE_SECONDS", -1.0)
    with TensorBoard(tmp_path / "board", first_step=0) as board:
        for step in (1, 2, 3):
            add(board, step, step)
        assert [step for step, _ in read(tmp_path / "board")["loss"]] == [1, 2, 3], "readable before it is closed"


def test_a_resumed_run_takes_back_the_steps_after_its_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gen_studio.training.tensorboard.WRITE_SECONDS", -1.0)
    for start, end in ((0, 4), (2, 5)):
        with TensorBoard(tmp_path / "board", first_step=start) as board:
            for step in range(start + 1, end + 1):
                add(board, step, step)
    assert [step for step, _ in read(tmp_path / "board")["loss"]] == [1, 2, 3, 4, 5]


def test_nothing_to_write_writes_nothing(tmp_path: Path) -> None:
    with TensorBoard(tmp_path / "board", first_step=0):
        pass
    assert not (tmp_path / "board").exists()
