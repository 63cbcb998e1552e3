"""Opens the app the way its command does and notes when the window is painted and when a run could start.

Run as a process of its own, with the clock's time just before it was started as its argument. Nothing is imported here
before what the command itself imports.
"""

import json
import sys
import time


def main(started: float, answer: str) -> None:
    """Writes the seconds since `started` to the file `answer`. The steps are those of plain `gen-studio`."""
    import gen_studio.cli  # noqa: F401  what the command has imported by then
    from gen_studio.core.display import objection

    reason = objection()
    if reason:
        sys.exit(reason)
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

    from gen_studio.app import build
    from gen_studio.benchmarks.window_witness import Witness
    from gen_studio.ui.theme import apply_theme

    QCoreApplication.setApplicationName("Gen Studio")
    app = QApplication([sys.argv[0]])
    apply_theme(app)
    studio = build()
    witness = Witness(studio, started, time.time)
    studio.begin()
    app.exec()
    studio.shut_down()
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(witness.readings, file)


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2])
