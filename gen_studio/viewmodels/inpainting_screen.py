"""All state of the Inpaint panel, over the model that is looked at and the thread for long tasks."""

from dataclasses import dataclass

from gen_studio.viewmodels.inpainting import MORE_VIEW, VIEW, InpaintingViewModel
from gen_studio.viewmodels.inpainting_files import InpaintingFilesViewModel
from gen_studio.viewmodels.looking import Looking
from gen_studio.viewmodels.tasking import Tasking
from gen_studio.viewmodels.waiting import Waiting


@dataclass(frozen=True)
class InpaintingScreen:
    """Panels share one model and one thread: `looking` and `tasking` are those of the Latent panel."""

    looking: Looking
    tasking: Tasking
    inpainting: InpaintingViewModel
    files: InpaintingFilesViewModel
    waiting: Waiting

    @property
    def exporting(self) -> InpaintingFilesViewModel:
        """What says what came of long tasks."""
        return self.files

    @classmethod
    def over(cls, looking: Looking, tasking: Tasking) -> "InpaintingScreen":
        inpainting = InpaintingViewModel(looking)
        files = InpaintingFilesViewModel(inpainting, tasking)
        return cls(looking, tasking, inpainting, files, Waiting(looking, (VIEW, MORE_VIEW), "Filling"))

    def watch(self, watched: bool) -> None:
        """Says whether the panel is in sight."""
        self.inpainting.watch(watched)
        self.files.begin_somewhere()
