"""The Train screen: setup and runs at the left, pictures in the middle, curves at the right."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gen_studio.ui.page import Panel
from gen_studio.ui.panels.readings_column import ReadingsColumn
from gen_studio.ui.panels.setup_column import SetupColumn
from gen_studio.ui.panels.training_stage import TrainingStage
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.latents import LatentsViewModel
from gen_studio.viewmodels.runs import RunsViewModel
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import TrainingViewModel


class TrainPanel(Panel):
    """Looking at a step in one place marks it in the others."""

    key = "train"
    title = "Train"
    icon = "activity"
    inspector_width = 392
    compact_inspector_width = 336

    def __init__(
        self,
        setup: SetupViewModel,
        data: DataViewModel,
        training: TrainingViewModel,
        runs: RunsViewModel,
        latents: LatentsViewModel,
    ) -> None:
        self._training = training
        self.setup_column = SetupColumn(setup, data, training, runs)
        self.training_stage = TrainingStage(training, data, setup, latents)
        self.readings = ReadingsColumn(training, setup, data)
        self.readings.step_clicked.connect(self.training_stage.choose_step)
        self.readings.step_hovered.connect(self.training_stage.mark_step)
        self.readings.alarms.samples_meant.connect(self.training_stage.grid.set_marks)
        self.training_stage.step_shown.connect(self.readings.mark_step)

    def context(self) -> QWidget:
        return self.setup_column

    def stage(self) -> QWidget:
        return self.training_stage

    def inspector(self) -> QWidget:
        return self.readings

    def first_focus(self) -> QWidget:
        # A run's pickers are fixed and take no keys.
        return self.training_stage.zoom if self._training.shown else self.setup_column.data_picker

    @Slot(bool)
    def set_compact(self, compact: bool) -> None:
        self.setup_column.set_compact(compact)
        self.training_stage.switch.set_compact(compact)
        self.readings.set_compact(compact)
