"""Computes on request what takes seconds: maps that look for neighbours, and the probe of a code."""

import traceback
from typing import assert_never

from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.errors import UserError
from gen_studio.core.events import Answer, NotAnswered, Probed, Projected
from gen_studio.runtime.commands import Analysis, Probe, Project, Quit
from gen_studio.runtime.engine import CallOff
from gen_studio.runtime.niceness import ON_REQUEST, be_nice


class AnalysisWorker(QObject):
    """Answers each request with its number, unless it was called off while it waited."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.called_off = CallOff()
        self._is_nice = False

    @Slot(int, object)
    def carry_out(self, number: int, command: Analysis) -> None:
        if isinstance(command, Quit):
            self.thread().quit()
            return
        # A computation of a library cannot be broken off: what comes of it is dropped by its number.
        if self.called_off.has_met(number):
            return
        if not self._is_nice:
            be_nice(ON_REQUEST)
            self._is_nice = True
        try:
            self._tell(_answer(command))
        except UserError as error:
            self._tell(NotAnswered(command.number, str(error)))
        except Exception as error:
            details = "".join(traceback.format_exception(error))
            sentence = f"That could not be computed: {type(error).__name__}: {error}. Training is not affected."
            self._tell(NotAnswered(command.number, sentence, details))

    def _tell(self, answer: Answer) -> None:
        self.happened.emit(answer)


def _answer(command: Project | Probe) -> Answer:
    match command:
        case Project(number, codes, projection):
            from gen_studio.metrics.projections import projected

            return Projected(number, projected(codes, projection), projection)
        case Probe(number, codes, labels, classes):
            import torch

            from gen_studio.metrics.probe import crossed_accuracy

            accuracy = crossed_accuracy(torch.from_numpy(codes), torch.from_numpy(labels), classes)
            return Probed(number, accuracy, len(codes))
        case _:
            assert_never(command)
