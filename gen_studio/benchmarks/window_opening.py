"""Opens the app the way its command does and notes when the window is painted and when a run could start.

Called in a process of its own, once that has imported what the command imports; nothing more is imported here before
the command itself would do so.
"""

import json
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def open_and_tell(started: float, answer: str) -> None:
    """Writes the seconds since `started` to the file `answer`. The steps are those of plain `gen-studio`."""
    from gen_studio.core.display import objection

    reason = objection()
    if reason:
        sys.exit(reason)
    from PySide6.QtWidgets import QApplication

    from gen_studio.ui.theme import apply_theme

    app = QApplication([sys.argv[0]])
    apply_theme(app)
    readings = _watched(app, started)
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(readings, file)


def _watched(app: "QApplication", started: float) -> dict[str, float]:
    """The window and its witness are gone when this returns: Qt crashes where widgets outlive their application."""
    from gen_studio.benchmarks.window_witness import Witness
    from gen_studio.opening import Opening

    opening = Opening()
    witness = Witness(opening, started, time.time)
    opening.begin()
    app.exec()
    opening.shut_down()
    return witness.readings
