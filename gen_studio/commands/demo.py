"""The demo where there is no window: the same run as in the window, ending in a picture."""

import io

import numpy as np

from gen_studio.commands import training
from gen_studio.commands.interrupt import Interrupt
from gen_studio.commands.output import Answer, note
from gen_studio.commands.runs import run_document
from gen_studio.core import atomic, paths, sheets
from gen_studio.core.demo import demo_plan
from gen_studio.core.description import SAMPLES
from gen_studio.core.meter import Meter
from gen_studio.core.runs import new_path
from gen_studio.training import start
from gen_studio.training.session import TrainingSession

ENLARGED = 4
GAP = 8
SHEET = "samples.png"


def demo(interrupt: Interrupt) -> Answer:
    """Trains, and answers with the path of a sheet of the last pictures."""

    def open_session(meter: Meter) -> TrainingSession:
        session, _ = start.start(
            demo_plan(),
            lambda plan: new_path(paths.runs(), ["demo", plan.family, start.data_title(plan)]),
            name="Demo",
            report=training.report_to(meter, interrupt),
        )
        return session

    folder, status = training.run(open_session, interrupt)
    view = SAMPLES if SAMPLES in folder.views() else folder.views()[0]
    pictures, per_item = folder.read_preview(view, folder.preview_steps(view)[-1])
    enlarged = np.repeat(np.repeat(pictures, ENLARGED, 1), ENLARGED, 2)
    sheet = folder.path / SHEET
    buffer = io.BytesIO()
    sheets.arrange(enlarged, gap=GAP, per_item=per_item).save(buffer, "PNG")
    atomic.write_bytes(sheet, buffer.getvalue())
    note(f"The run is {folder.path}; its last pictures:")
    return Answer({**run_document(folder), "picture": str(sheet)}, str(sheet), status)
