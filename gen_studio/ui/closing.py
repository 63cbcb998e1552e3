"""Closing the window while a run trains: asks, stops the run, and closes once it is saved."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox

from gen_studio.ui.shell import Shell
from gen_studio.viewmodels.training import Phase, TrainingViewModel


class Closing(QObject):
    """A run that could not be saved keeps the window open; the next try offers to close without saving."""

    def __init__(self, shell: Shell, training: TrainingViewModel) -> None:
        super().__init__(shell)
        self._shell, self._training = shell, training
        self._is_waiting = False
        self._has_failed = False
        shell.ask_before_closing(self._may_close)
        training.phase_changed.connect(self._go_on)

    def _may_close(self) -> bool:
        if self._training.live is None:
            return True
        if self._is_waiting:
            return False
        if not self._asks():
            return False
        if self._has_failed:
            return True
        self._is_waiting = True
        self._training.stop()
        return False

    def _asks(self) -> bool:
        question = QMessageBox(self._shell)
        if self._has_failed:
            question.setText("The run could not be saved. Close without saving it?")
            question.setInformativeText("The steps since its last checkpoint are lost.")
            words = "Close without saving"
        else:
            question.setText("A run is training. Stop and save it?")
            question.setInformativeText("It can be resumed later exactly where it stands.")
            words = "Stop and save"
        close = question.addButton(words, QMessageBox.ButtonRole.AcceptRole)
        keep = question.addButton("Keep training", QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(close)
        question.setEscapeButton(keep)
        question.exec()
        return question.clickedButton() is close

    @Slot(object)
    def _go_on(self, phase: Phase) -> None:
        if not self._is_waiting:
            return
        if phase is Phase.IDLE:
            self._is_waiting = False
            self._shell.close()
        elif phase is not Phase.STOPPING:
            # It goes on, or waits: the error bar says why it was not saved.
            self._is_waiting, self._has_failed = False, True
