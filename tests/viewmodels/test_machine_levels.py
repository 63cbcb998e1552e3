"""How hard training may work the machine."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from gen_studio.runtime.commands import UseThreads
from gen_studio.viewmodels import machine as module
from gen_studio.viewmodels.machine import LoadLevel, MachineViewModel


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.mark.parametrize(("cores", "threads"), [(1, (1, 1, 1)), (2, (1, 1, 2)), (8, (4, 7, 8))])
def test_levels_leave_cores_to_the_window(engine, settings, monkeypatch, cores, threads) -> None:
    monkeypatch.setattr(module, "usable_cores", lambda: cores)
    machine = MachineViewModel(engine, settings)
    assert tuple(machine.threads(level) for level in LoadLevel) == threads


def test_a_choice_is_passed_on_and_remembered(engine, settings) -> None:
    machine = MachineViewModel(engine, settings)
    assert machine.level is LoadLevel.BALANCED
    machine.choose(LoadLevel.QUIET)
    assert engine.asked == [UseThreads(machine.threads(LoadLevel.QUIET))]
    assert MachineViewModel(engine, settings).level is LoadLevel.QUIET


def test_a_remembered_word_that_is_no_level_counts_as_balanced(engine, settings) -> None:
    settings.setValue(module.SETTING, "ludicrous")
    assert MachineViewModel(engine, settings).level is LoadLevel.BALANCED


def test_the_trainer_is_told_at_the_beginning(engine, settings) -> None:
    machine = MachineViewModel(engine, settings)
    machine.begin()
    assert engine.asked == [UseThreads(machine.threads(LoadLevel.BALANCED))]
