"""The data that is looked at: loaded in the background whenever another choice is made."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from gen_studio.core.events import DataShown, Loading, Message, Refused
from gen_studio.core.plan import DataPlan
from gen_studio.runtime.commands import Look
from gen_studio.viewmodels.sentences import for_the_window


class Looker(Protocol):
    """What this needs of the engine."""

    happened: SignalInstance

    def ask(self, command: Look) -> None: ...

    def cancel_loading(self) -> None: ...


class DataViewModel(QObject):
    """The newest answer wins: what was asked for before the last question is dropped."""

    changed = Signal()  # `shown`, `problem` or `is_loading` differ
    loading = Signal(str, float)  # words and the share done, -1 where it is not known

    def __init__(self, looker: Looker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looker = looker
        self._asked: DataPlan | None = None
        self.shown: DataShown | None = None
        self.problem = ""
        self.is_loading = False
        looker.happened.connect(self.take)

    @property
    def asked(self) -> DataPlan | None:
        """The data that was last asked for, whether it could be shown or not."""
        return self._asked

    def look(self, plan: DataPlan, download: bool = False) -> None:
        """Loads a data set to show it. Nothing happens where it is shown already."""
        if plan == self._asked and not download and not self.problem:
            return
        if self.is_loading:
            self._looker.cancel_loading()
        self._asked = plan
        self.problem = ""
        self.is_loading = True
        self.changed.emit()
        self._looker.ask(Look(plan, download))

    def try_again(self, download: bool = False) -> None:
        """Asks anew for what could not be shown. `download` fetches it, which only the user may ask for."""
        plan, self._asked = self._asked, None
        if plan is not None:
            self.look(plan, download)

    def cancel(self) -> None:
        self._looker.cancel_loading()

    @Slot(object)
    def take(self, message: Message) -> None:
        match message:
            case DataShown() if message.asked == self._asked:
                self.shown, self.problem, self.is_loading = message, "", False
                self.changed.emit()
            case Refused(sentence, asked=asked) if asked == self._asked:
                self.problem, self.is_loading = for_the_window(sentence), False
                self.changed.emit()
            case Loading(progress) if self.is_loading:
                self.loading.emit(progress.what, progress.done / progress.total if progress.total else -1.0)
            case _:
                pass
