import io
import sys

import numpy as np

from gen_studio.core.description import Metric
from gen_studio.core.events import Advanced
from gen_studio.core.jobs import Progress
from gen_studio.core.meter import Meter

LOSS = (Metric("loss", "Whatever loss"),)


def report(step: int) -> Advanced:
    values = {"loss": np.array([1.0, 2.0])}
    return Advanced(step, 100, np.array([step - 1, step]), values, {}, {}, 640.0, 30.0, 0)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_a_line_now_and_then(monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with Meter() as meter:
        for step in range(2, 99):
            meter.train(report(step), LOSS)
        meter.train(report(100), LOSS)
    first, last = log.getvalue().splitlines()
    assert first == "step 2 of 100, Whatever loss 1.5, 640 img/s, 30 s left"
    assert last.startswith("step 100 of 100")


def test_a_terminal_gets_one_line_that_changes_and_is_gone_in_the_end(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    with Meter() as meter:
        meter.train(report(50), LOSS)
        meter.note("A sentence.")
    text = terminal.getvalue()
    assert text.count("\n") == 1
    assert text.endswith("\r\x1b[K")
    assert all(len(line.replace("\x1b[K", "")) < 40 for line in text.replace("\n", "\r").split("\r"))


def test_a_new_job_is_told_at_once(monkeypatch):
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with Meter() as meter:
        meter.report(Progress("Looking"))
        meter.report(Progress("Decoding pictures", 0, 1797))
        meter.report(Progress("Decoding pictures", 10, 1797))
    assert log.getvalue().splitlines() == ["Looking", "Decoding pictures 0 of 1,797"]


def test_a_job_says_how_long_the_rest_will_take_once_it_has_a_pace(monkeypatch):
    log, clock = io.StringIO(), [100.0]
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr("gen_studio.core.meter.time.monotonic", lambda: clock[0])
    with Meter() as meter:
        meter.report(Progress("Weighing", 0, 1000))
        clock[0] += 20
        meter.report(Progress("Weighing", 100, 1000))
        meter.report(Progress("Weighing", 0, 1000))  # the same once more, from its start
        clock[0] += 60
        meter.report(Progress("Weighing", 500, 1000))
        clock[0] += 60
        meter.report(Progress("Reading", 7))
    assert log.getvalue().splitlines() == [
        "Weighing 0 of 1,000",
        "Weighing 100 of 1,000, 3 min left",
        "Weighing 500 of 1,000, 60 s left",
        "Reading 7",
    ]


def test_a_terminal_that_is_gone_stops_nothing(monkeypatch):
    class Gone(Terminal):
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stderr", Gone())
    monkeypatch.setenv("TERM", "xterm")
    with Meter() as meter:
        meter.train(report(50), LOSS)
        meter.note("A sentence.")
