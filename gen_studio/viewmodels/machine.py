"""How hard training may work the machine, beside a window that wants to answer at once."""

from enum import Enum
from typing import Protocol

from PySide6.QtCore import QObject, QSettings, Signal

from gen_studio.core.cores import usable_cores
from gen_studio.runtime.commands import UseThreads

SETTING = "machine/load"


class LoadLevel(Enum):
    """A good neighbour's three manners."""

    QUIET = "quiet"
    BALANCED = "balanced"
    FULL = "full"

    @property
    def title(self) -> str:
        return self.value.capitalize()


class Asker(Protocol):
    def ask(self, command: UseThreads) -> None: ...


class MachineViewModel(QObject):
    """The chosen level is remembered."""

    changed = Signal()

    def __init__(self, engine: Asker, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine, self._settings = engine, settings
        stored = str(settings.value(SETTING, LoadLevel.BALANCED.value))
        self.level = LoadLevel(stored) if stored in {level.value for level in LoadLevel} else LoadLevel.BALANCED

    def begin(self) -> None:
        """Tells the training thread; it takes effect with the import of torch."""
        self._engine.ask(UseThreads(self.threads(self.level)))

    def choose(self, level: LoadLevel) -> None:
        self.level = level
        self._settings.setValue(SETTING, level.value)
        self._engine.ask(UseThreads(self.threads(level)))
        self.changed.emit()

    def threads(self, level: LoadLevel) -> int:
        cores = usable_cores()
        match level:
            case LoadLevel.QUIET:
                return max(1, cores // 2)
            case LoadLevel.BALANCED:
                return max(1, cores - 1)
            case LoadLevel.FULL:
                return cores

    def explain(self, level: LoadLevel) -> str:
        threads = self.threads(level)
        return f"{threads} of {usable_cores()} processor cores for training"
