"""The Inpaint panel over the real service: a run while it trains, what it leaves, and one that fills no holes."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gen_studio.core.plan import DataPlan, Device, Precision, RunPlan
from gen_studio.models.families.partial_conv import PartialConvolution
from gen_studio.viewmodels.training import Phase


def plan(steps: int) -> RunPlan:
    return RunPlan(
        family=PartialConvolution.info.key,
        data=DataPlan(source="digits", size=16, limit=200),
        config={"width": 4, "batch_size": 8},
        steps=steps,
        device=Device.CPU,
        precision=Precision.FLOAT32,
    )


def paints(canvas, *points: tuple[float, float]) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(points) - 1), QEvent.Type.MouseButtonRelease]
    for kind, place in zip(kinds, (*points, points[-1]), strict=True):
        point = canvas.widget_point(*place)
        button = none if kind is QEvent.Type.MouseMove else left
        held = none if kind is QEvent.Type.MouseButtonRelease else left
        event = QMouseEvent(
            kind, point, QPointF(canvas.mapToGlobal(point)), button, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(canvas, event)


def test_a_hole_is_filled_ever_better_while_the_model_trains_and_when_it_has_stopped(open_window) -> None:
    person = open_window(plan(1_000_000))
    person.starts()
    person.shell.show_panel("inpaint")
    panel = person.window.inpaint_panel
    inpainting = panel.screen.inpainting
    person.waits(lambda: inpainting.subject is not None)
    before = inpainting.subject.pixels
    paints(panel.inpaint_stage.canvas, (5.5, 5.5), (9.5, 7.5))
    person.waits(lambda: inpainting.answer is not None)
    first, mask = inpainting.answer, inpainting.mask
    assert mask.any() and np.array_equal(first.pixels[~mask], before[~mask])
    person.waits(lambda: inpainting.answer is not None and inpainting.answer.step > first.step)
    assert not np.array_equal(inpainting.answer.pixels[mask], first.pixels[mask])
    person.stops()
    person.waits(lambda: panel.inpaint_stage.result._chip.text().startswith("Filled, step"))
    assert person.training.phase is Phase.IDLE


def test_a_run_that_fills_no_holes_says_so(open_window, small) -> None:
    person = open_window(small(steps=5))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    person.shell.show_panel("inpaint")
    stage = person.window.inpaint_panel.inpaint_stage
    person.waits(lambda: "fills no holes" in stage.nothing._sentence.text())
