"""Builds every object of the window and passes it in. Nothing here, and nothing it imports, imports torch."""

import os
import sys
import traceback
from dataclasses import dataclass, field
from types import TracebackType

# Idle threads of the numerics library spin by default, and take the cores that the window needs.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from PySide6.QtCore import QSettings, QTimer

from gen_studio.core import paths
from gen_studio.core.demo import demo_plan
from gen_studio.core.plan import RunPlan
from gen_studio.runtime.analysis_worker import AnalysisWorker
from gen_studio.runtime.commands import LoadLibrary
from gen_studio.runtime.data_worker import DataWorker
from gen_studio.runtime.engine import Engine
from gen_studio.runtime.render_service import RenderService
from gen_studio.runtime.task_worker import TaskWorker
from gen_studio.runtime.worker import TrainingWorker
from gen_studio.ui.garbage import GarbageTimer
from gen_studio.ui.shell import Shell
from gen_studio.ui.window import ViewModels, Window
from gen_studio.viewmodels.attributes_screen import AttributesScreen
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.inpainting_screen import InpaintingScreen
from gen_studio.viewmodels.latent_screen import LatentScreen
from gen_studio.viewmodels.latents import LatentsViewModel
from gen_studio.viewmodels.machine import MachineViewModel
from gen_studio.viewmodels.runs import RunsViewModel
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import TrainingViewModel
from gen_studio.viewmodels.translating_screen import TranslatingScreen


@dataclass
class Studio:
    """The running app: the window and the threads behind it."""

    window: Window
    engine: Engine
    data_engine: Engine
    analysis_engine: Engine
    rendering: RenderService
    task_engine: Engine
    garbage: GarbageTimer = field(default_factory=GarbageTimer)

    def begin(self) -> None:
        """Shows the window; everything slow comes after its first picture."""
        self.window.shell.show()
        QTimer.singleShot(0, self.window.shell, self._wake)

    def shut_down(self) -> None:
        """Saves what trains and ends all threads."""
        # Those that only look go first: they leave the processor to what saves.
        self.rendering.shut_down()
        self.task_engine.shut_down()
        self.engine.shut_down()
        self.data_engine.shut_down()
        self.analysis_engine.shut_down()
        self.garbage.close()

    def report_fault(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None = None) -> None:
        """A mistake in the window's own code is a bar with Copy, and what trains goes on."""
        details = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(details)
        words = f"Something in the window failed: {kind.__name__}: {error}. What trains is not affected."
        self.window.training.noticed.emit(words, details)

    def _wake(self) -> None:
        self.engine.begin()
        self.window.machine.begin()
        self.engine.ask(LoadLibrary())
        self.data_engine.begin()
        self.analysis_engine.begin()
        self.rendering.begin()
        self.task_engine.begin()
        self.window.begin()
        QTimer.singleShot(0, self.window.shell, self.window.build_plots)


def build(settings: QSettings | None = None, first: RunPlan | None = None, shell: Shell | None = None) -> Studio:
    """All objects of the app, tied together, nothing started. Needs a QApplication.

    first: the run that stands in the setup at first. shell: the window's frame, where it is on the screen already.
    """
    settings = settings or QSettings(str(paths.settings_file()), QSettings.Format.IniFormat)
    trainer = TrainingWorker()
    engine = Engine(trainer, "training")
    data_engine = Engine(DataWorker(), "data")
    analysis_engine = Engine(AnalysisWorker(), "analysis")
    rendering = RenderService(engine, trainer.publisher.mailbox)
    task_engine = Engine(TaskWorker(rendering.show), "tasks")
    latent = LatentScreen.over(rendering, task_engine)
    models = ViewModels(
        setup=SetupViewModel(first or demo_plan()),
        data=DataViewModel(data_engine),
        training=TrainingViewModel(engine),
        runs=RunsViewModel(),
        machine=MachineViewModel(engine, settings),
        latents=LatentsViewModel(analysis_engine),
        latent=latent,
        attributes=AttributesScreen.beside(latent),
        inpainting=InpaintingScreen.over(latent.looking, latent.tasking),
        translating=TranslatingScreen.over(latent.looking, latent.tasking),
    )
    window = Window(shell or Shell(settings), models)
    studio = Studio(window, engine, data_engine, analysis_engine, rendering, task_engine)
    models.training.ready.connect(studio.garbage.set_aside)
    return studio
