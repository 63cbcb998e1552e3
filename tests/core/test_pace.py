"""How long a job will still take."""

import pytest

from gen_studio.core.jobs import Pace, Progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("gen_studio.core.jobs.time.monotonic", lambda: now[0])
    return now


def test_the_rest_is_told_from_the_pace_once_there_is_one(clock) -> None:
    pace = Pace()
    assert pace.rest(Progress("Weighing", 0, 100)) == ""
    clock[0] += 1
    assert pace.rest(Progress("Weighing", 10, 100)) == "", "too soon to tell"
    clock[0] += 9
    assert pace.rest(Progress("Weighing", 20, 100)) == ", 40 s left"


def test_each_part_of_a_job_may_have_a_name_of_its_own(clock) -> None:
    pace = Pace()
    said = []
    for done, name in enumerate(("a.png", "b.png", "c.png")):
        said.append(pace.rest(Progress(f"Answering {name}", done, 10)))
        clock[0] += 5
    assert said == ["", ", 45 s left", ", 40 s left"]


def test_another_job_has_a_pace_of_its_own(clock) -> None:
    pace = Pace()
    pace.rest(Progress("Decoding", 0, 100))
    clock[0] += 50
    pace.rest(Progress("Decoding", 100, 100))
    for following in (Progress("Judging", 0, 100), Progress("Judging", 0, 50)):
        assert pace.rest(following) == ""
        clock[0] += 4
        assert pace.rest(Progress("Judging", 10, following.total)).startswith(
            ", 36" if following.total == 100 else ", 16"
        )


def test_a_job_of_unknown_length_has_no_rest(clock) -> None:
    pace = Pace()
    pace.rest(Progress("Reading", 1))
    clock[0] += 60
    assert pace.rest(Progress("Reading", 100)) == ""
