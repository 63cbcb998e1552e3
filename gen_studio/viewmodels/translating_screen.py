"""All state of the Translate panel, over the model that the other panels look at and their thread for long tasks."""

from dataclasses import dataclass

from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.tasking import Tasking
from gen_studio.viewmodels.translating import VIEW, TranslatingViewModel
from gen_studio.viewmodels.translating_files import TranslatingFiles
from gen_studio.viewmodels.waiting import Waiting


@dataclass(frozen=True)
class TranslatingScreen:
    """One model is looked at at a time, whatever panel is in sight."""

    looking: Looking
    tasking: Tasking
    translating: TranslatingViewModel
    files: TranslatingFiles
    waiting: Waiting

    @property
    def exporting(self) -> TranslatingFiles:
        """What says what came of long tasks."""
        return self.files

    @classmethod
    def over(cls, looking: Looking, tasking: Tasking) -> "TranslatingScreen":
        translating = TranslatingViewModel(looking)
        files = TranslatingFiles(translating, tasking)
        return cls(looking, tasking, translating, files, Waiting(looking, (VIEW,), "Answering"))
