"""The Translate panel over the real service: a run that is finished, one under way, and files that are none."""

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt

from gen_studio.core.plan import DataPlan, Device, Precision, RunPlan
from gen_studio.models.families.pix2pix import Pix2Pix
from gen_studio.viewmodels.training import Phase


def paired_plan(steps: int) -> RunPlan:
    return RunPlan(
        family=Pix2Pix.info.key,
        data=DataPlan.parse({"source": "digits", "size": 16, "limit": 200, "pairs": "edges"}),
        config={"width": 4, "batch_size": 2},
        steps=steps,
        device=Device.CPU,
        precision=Precision.FLOAT32,
    )


def test_a_drawing_is_answered_while_its_model_trains_and_after(open_window, tmp_path) -> None:
    person = open_window(paired_plan(1_000_000))
    person.starts()
    panel = person.window.translate_panel
    translating, files = panel.screen.translating, panel.screen.files
    person.shell.show_panel(panel.key)
    person.waits(lambda: translating.answer is not None and files.exercises)
    assert panel.screen.looking.is_live and translating.target is not None
    first = translating.shown_step
    person.waits(lambda: translating.shown_step > first)
    person.stops()
    person.waits(lambda: not panel.screen.looking.is_live and not translating.is_waiting)
    before = translating.answer
    panel.translate_stage.canvas.setFocus()
    person.qtbot.keyClick(panel.translate_stage.canvas, Qt.Key.Key_N)
    person.waits(lambda: not translating.is_waiting)
    assert not np.array_equal(translating.answer, before)
    # A photo goes through the filter of the run; what is none is refused, and nothing changes.
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)).save(tmp_path / "a.png")
    files.take_in(tmp_path / "a.png")
    person.waits(lambda: translating.target is not None and translating.target.shape == (16, 16, 1))
    (tmp_path / "b.png").write_bytes(b"no picture")
    files.take_in(tmp_path / "b.png")
    person.waits(lambda: person.shell.error_bar.notice() is not None)
    assert "b.png" in person.shell.error_bar.notice().sentence


def test_a_run_that_answers_no_pictures_leads_to_the_others(open_window, small) -> None:
    person = open_window(small(20))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    panel = person.window.translate_panel
    person.shell.show_panel(panel.key)
    person.waits(lambda: panel.screen.looking.facts is not None)
    assert panel.translate_stage.nothing.isVisible()
    assert "neither translates" in panel.translate_stage.nothing._sentence.text()
