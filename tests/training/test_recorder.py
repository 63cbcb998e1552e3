"""What steps measured, read once per report; and the speed without the pauses."""

import numpy as np
import pytest
import torch

from gen_studio.training import recorder as module
from gen_studio.training.recorder import Recorder, Speedometer


def readings(value: float) -> dict[str, torch.Tensor]:
    return {"loss": torch.tensor(value), "score": torch.tensor(-value, dtype=torch.bfloat16)}


def test_readings_come_once_in_the_order_of_the_steps() -> None:
    recorder = Recorder()
    for step in (1, 2, 3):
        recorder.note(step, readings(step), {"d": torch.tensor(10.0 * step) if step != 2 else None, "g": None})
    steps, values, norms = recorder.read(("d", "g"))
    assert steps.tolist() == [1, 2, 3]
    assert values["loss"].tolist() == [1, 2, 3]
    assert values["score"].dtype == np.float64
    np.testing.assert_array_equal(norms["d"], [10, np.nan, 30])
    assert np.isnan(norms["g"]).all()
    steps, values, norms = recorder.read(("d", "g"))
    assert len(steps) == 0
    assert values == {}
    assert len(norms["d"]) == 0


def test_steps_that_were_taken_back_are_forgotten() -> None:
    recorder = Recorder()
    for step in (1, 2, 3):
        recorder.note(step, readings(step), {"d": torch.tensor(1.0)})
    recorder.drop_after(2)
    steps, values, norms = recorder.read(("d",))
    assert steps.tolist() == [1, 2]
    assert values["loss"].tolist() == [1, 2]
    assert len(norms["d"]) == 2


def test_the_speed_leaves_pauses_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(module.time, "perf_counter", lambda: now[0])
    speed = Speedometer()
    assert speed.steps_per_second == 0
    for step in range(5):
        now[0] = step / 10
        speed.note(step)
    assert speed.steps_per_second == pytest.approx(10)
    now[0] = 1000
    speed.restart()
    speed.note(5)
    assert speed.steps_per_second == 0
    now[0] = 1000.2
    speed.note(6)
    assert speed.steps_per_second == pytest.approx(5)


def test_the_speed_is_that_of_the_last_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(module.time, "perf_counter", lambda: now[0])
    speed, step = Speedometer(), 0
    for rate in (1, 100):
        for _ in range(60):
            now[0] += 1
            step += rate
            speed.note(step)
    assert speed.steps_per_second == pytest.approx(100, rel=0.01)
