"""How long one movement of the mouse takes on a canvas, from the event to the painted pixels."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gen_studio.benchmarks.benchmark import Benchmark, Conditions, Measured
from gen_studio.benchmarks.display import missing_window
from gen_studio.core.errors import UserError
from gen_studio.core.goal import Goal
from gen_studio.core.jobs import Progress, Report

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gen_studio.ui.canvas.canvas import Canvas

SIDE = 2048
WINDOW = 900
"""Logical pixels of the canvas to a side."""
MOVES = 200
REPEATS = 3
TIMEOUT_SECONDS = 180.0
JOBS = ("mask", "sketch", "layout")
SCALES = (1, 2)
SIZES = {"usual": 0.07, "large": 0.15}
"""Of the brush, in sides of the picture."""
PROGRAM = "import sys; from gen_studio.benchmarks.definitions.canvas import paint_and_tell; paint_and_tell(sys.argv[1])"


def _goals() -> Iterator[Goal]:
    for job in JOBS:
        for scale in SCALES:
            for size in SIZES:
                words = f"99 % of the movements of the {size} brush, on a screen of {scale} device pixels"
                yield Goal(f"{job} at {scale}x, {size} brush p99 ms", words, at_most=4.0)


class CanvasStrokes(Benchmark):
    """A long stroke in loops over a picture of 2048 pixels to a side, fitted and at full size, drawn into memory.

    Each movement is sent as Qt would send it and waited for until nothing is left to paint. The worse of both zooms
    counts, and of the repeats the median. "of the processor" is what the movement itself took of it: where other
    programs run, the clock counts their turns too.
    """

    name = "canvas"
    summary = "One movement of the mouse on a canvas of 2048 x 2048, painting included."
    goals: ClassVar = tuple(_goals())

    def obstacle(self, conditions: Conditions) -> str | None:
        return missing_window()

    def measure(self, conditions: Conditions, workspace: Path, report: Report) -> Measured:
        repeats, rounds = conditions.repeats or REPEATS, list[dict[str, float]]()
        for number in range(repeats):
            found: dict[str, float] = {}
            for place, scale in enumerate(SCALES):
                report(Progress(self.name, number * len(SCALES) + place, repeats * len(SCALES)))
                found |= _painted(scale, workspace / "answer.json")
            rounds.append(found)
        figures = {key: median(one[key] for one in rounds) for key in rounds[0]}
        settings = {"side": SIDE, "window": WINDOW, "moves": MOVES, "brushes": SIZES, "screen": "memory"}
        return Measured(figures=figures, settings={**settings, "repeats": repeats}, repeats=tuple(rounds))


def _painted(scale: int, answer: Path) -> dict[str, float]:
    """In a process of its own: the scale of a screen is set before the application is made."""
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
    command = [sys.executable, "-c", PROGRAM, str(answer)]
    done = subprocess.run(
        command, env=surroundings, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
    )
    if done.returncode != 0:
        raise UserError(f"The canvas was not painted (exit status {done.returncode}): {done.stderr.strip()[-800:]}")
    found: dict[str, float] = json.loads(answer.read_text())
    return found


def paint_and_tell(answer: str) -> None:
    """Writes milliseconds by name to the file `answer`."""
    from PySide6.QtWidgets import QApplication

    from gen_studio.ui.canvas.canvas import Canvas
    from gen_studio.ui.theme import apply_theme

    app = QApplication([sys.argv[0]])
    apply_theme(app)
    canvas = Canvas()
    canvas.resize(WINDOW, WINDOW)
    canvas.show()
    scale = round(canvas.devicePixelRatioF())
    found: dict[str, float] = {}
    for job in JOBS:
        for size, share in SIZES.items():
            strokes = [_stroke_times(app, canvas, job, round(share * SIDE), full) for full in (False, True)]
            for name, percentage in (("median", 50), ("p99", 99)):
                lasting, working = np.max([np.percentile(times, percentage, axis=0) for times in strokes], axis=0)
                found[f"{job} at {scale}x, {size} brush {name} ms"] = float(lasting)
                found[f"{job} at {scale}x, {size} brush {name} ms of the processor"] = float(working)
    canvas.close()
    Path(answer).write_text(json.dumps(found))


def _stroke_times(app: "QApplication", canvas: "Canvas", job: str, size: int, full: bool) -> list[tuple[float, float]]:
    """Milliseconds of each movement of one stroke, by the clock and of the processor."""
    from time import perf_counter, thread_time

    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent

    _show(canvas, job)
    canvas.set_brush(canvas.brush.resized(size))
    (canvas.show_full_size if full else canvas.fit)()
    app.processEvents()
    left, none, no_keys = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier

    def send(kind: QEvent.Type, point: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> tuple[float, float]:
        started, worked = perf_counter(), thread_time()
        app.sendEvent(canvas, QMouseEvent(kind, point, point, button, held, no_keys))
        app.processEvents()
        return 1000 * (perf_counter() - started), 1000 * (thread_time() - worked)

    points = [QPointF(x, y) for x, y in _loops()]
    send(QEvent.Type.MouseButtonPress, points[0], left, left)
    times = [send(QEvent.Type.MouseMove, point, none, left) for point in points[1:]]
    send(QEvent.Type.MouseButtonRelease, points[-1], left, none)
    return times


def _show(canvas: "Canvas", job: str) -> None:
    from gen_studio.core.annotations import LayoutClass

    rng = np.random.default_rng(0)
    match job:
        case "mask":
            canvas.show_mask(rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8))
        case "sketch":
            canvas.show_sketch(np.full((SIDE, SIDE, 3), 255, np.uint8))
        case _:
            classes = [LayoutClass(f"class {number}", (20 * number, 100, 200)) for number in range(10)]
            canvas.show_layout(np.zeros((SIDE, SIDE), np.uint8), classes)


def _loops() -> Iterator[tuple[float, float]]:
    """A hand in a hurry: about a tenth of the canvas at each movement."""
    for turn in np.linspace(0, 6 * np.pi, MOVES):
        middle, reach = WINDOW / 2, WINDOW / 3
        yield middle + reach * float(np.cos(turn) * np.cos(turn / 7)), middle + reach * float(np.sin(1.3 * turn))
