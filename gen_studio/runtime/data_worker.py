"""Loads data sets to look at, on a thread of its own, so that browsing does not wait for training."""

import traceback

from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core.errors import Cancelled, UserError
from gen_studio.core.events import DataShown, Loading, Message, Refused
from gen_studio.core.jobs import Progress
from gen_studio.runtime.commands import Look, Quit
from gen_studio.runtime.engine import CallOff

PICTURES = 200
CONTACT_SEED = 7


class DataWorker(QObject):
    """Answers `Look` with `DataShown`, or says why not."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.called_off = CallOff()
        self._number = 0

    @Slot(int, object)
    def carry_out(self, number: int, command: Look | Quit) -> None:
        if isinstance(command, Quit):
            self.thread().quit()
            return
        self._number = number
        try:
            self._tell(self._look(command))
        except Cancelled:
            self._tell(Refused("Called off. Nothing was changed.", asked=command.plan))
        except UserError as error:
            self._tell(Refused(str(error), asked=command.plan))
        except Exception as error:
            details = "".join(traceback.format_exception(error))
            sentence = f"The data could not be read: {type(error).__name__}: {error}."
            self._tell(Refused(sentence, details, command.plan))

    def _look(self, command: Look) -> DataShown:
        self._give_up_if_called_off()
        import torch

        from gen_studio.data import catalog
        from gen_studio.data.preview import contact_sheet

        dataset = catalog.load(command.plan, report=self._report, download=command.download)
        pictures = contact_sheet(dataset, PICTURES, torch.Generator().manual_seed(CONTACT_SEED))
        return DataShown(
            asked=command.plan,
            plan=dataset.plan,
            pictures=pictures,
            shape=dataset.spec.shape,
            splits={split.value: number for split, number in dataset.sizes().items()},
            counts=dataset.counts(),
            skipped=tuple(f"{skipped.path}: {skipped.reason}" for skipped in dataset.skipped),
            notes=dataset.notes,
            attributes=dataset.attribute_counts(),
            ranges=dataset.attribute_ranges(),
            domains=dataset.domain_counts(),
            layout=dataset.layout_in_words(),
        )

    def _report(self, progress: Progress) -> None:
        self._give_up_if_called_off()
        self._tell(Loading(progress))

    def _give_up_if_called_off(self) -> None:
        if self.called_off.has_met(self._number):
            raise Cancelled

    def _tell(self, message: Message) -> None:
        self.happened.emit(message)
