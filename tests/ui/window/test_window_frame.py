"""The window as a window: closing, keys, layouts, and what nobody sees."""

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gen_studio.app import build
from gen_studio.core.errors import UserError
from gen_studio.core.events import Alarmed
from gen_studio.core.runs import State
from gen_studio.runtime.commands import Watch
from gen_studio.training.session import TrainingSession
from gen_studio.ui.sample_grid import SampleGrid
from gen_studio.viewmodels.training import Phase

# Closing


def test_closing_while_it_trains_asks_then_saves(open_window, answer, small) -> None:
    person = open_window(small())
    person.starts()
    folder = person.folder()
    asked = answer("Keep training")
    assert not person.shell.close()
    assert len(asked) == 1 and person.training.phase is Phase.RUNNING
    answer("Stop and save")
    person.shell.close()
    person.waits(lambda: not person.shell.isVisible())
    assert folder.state() is State.STOPPED and folder.checkpoint_steps()


def test_closing_keeps_the_window_where_the_run_cannot_be_saved(open_window, answer, monkeypatch, small) -> None:
    person = open_window(small())
    person.starts()

    def full(*_: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(TrainingSession, "save", full)
    answer("Stop and save")
    person.shell.close()
    person.waits(lambda: person.training.phase is Phase.PAUSED)
    person.waits(lambda: person.shell.error_bar.notice() is not None)
    assert person.shell.isVisible() and "full" in person.shell.error_bar.notice().sentence
    asked = answer("Close without saving")
    person.shell.close()
    assert "could not be saved" in asked[0] and not person.shell.isVisible()


def test_closing_at_rest_does_not_ask(open_window, small) -> None:
    person = open_window(small())
    person.waits_for_library()
    assert person.shell.close()


def test_the_place_and_size_of_the_window_are_remembered(open_window, small) -> None:
    first = open_window(small())
    first.shell.setGeometry(0, 20, 1100, 740)
    first.shell.close()
    settings = first.shell._settings
    second = build(settings)
    assert second.window.shell.geometry().size().toTuple() == (1100, 740)
    shiboken6.delete(second.window)
    second.window.shell.deleteLater()


# Keys, layouts, what nobody sees


def test_everything_works_from_the_keyboard(open_window, small) -> None:
    person = open_window(small())
    person.waits_for_library()
    control = Qt.KeyboardModifier.ControlModifier
    person.qtbot.keyClick(person.shell, Qt.Key.Key_Return, control)
    person.waits(lambda: person.training.step > 0)
    person.qtbot.keyClick(person.shell, Qt.Key.Key_Return, control)
    person.waits(lambda: person.training.phase is Phase.PAUSED)
    person.qtbot.keyClick(person.shell, Qt.Key.Key_K, control)
    palette = person.shell._palette
    person.qtbot.keyClicks(palette.search, "stop")
    person.qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    person.waits(lambda: person.training.phase is Phase.IDLE)
    person.shell.activateWindow()
    person.waits(person.shell.isActiveWindow)
    last = Qt.Key(Qt.Key.Key_0 + len(person.window.panels))
    person.qtbot.keyClick(person.shell, last, control)
    assert person.shell.panel().key == "data"


def test_stop_is_offered_only_while_there_is_something_to_stop(open_window, small) -> None:
    person = open_window(small())
    person.waits_for_library()
    stop = person.shell.actions_by_key()["run.stop"]
    assert not stop.is_available()
    person.starts()
    assert stop.is_available()


def test_tab_goes_from_the_top_bar_through_the_columns_to_the_transport(open_window, small) -> None:
    person = open_window(small())
    person.waits_for_library()
    # Until then forms and plots may still be built anew.
    person.waits(lambda: person.readings._plots and person.window.data.shown is not None)
    person.shell.activateWindow()
    person.waits(person.shell.isActiveWindow)
    person.shell.top_bar.help_button.setFocus()
    regions = [person.shell.top_bar, person.column, person.stage, person.readings, person.shell.transport]
    visited: list[int] = []
    for _ in range(80):
        person.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        here = QApplication.focusWidget()
        visited += [place for place, region in enumerate(regions) if region.isAncestorOf(here)]
        if visited and visited[-1] == 4:
            break
    assert visited == sorted(visited) and {1, 2, 3, 4} <= set(visited)


def test_the_small_window_has_a_layout_of_its_own_and_the_large_one_comes_back(open_window, small) -> None:
    person = open_window(small(), size=(1440, 900))
    person.starts()
    assert person.column.run_list.isVisible() and person.readings._norms.isVisible()
    person.shell.resize(1100, 700)
    assert person.shell.is_compact() and person.shell.width() == 1100
    assert not person.column.run_list.isVisible() and not person.readings._norms.isVisible()
    assert person.shell.transport.main.isVisible() and person.stage.grid.isVisible()
    person.shell.resize(1440, 900)
    assert person.column.run_list.isVisible() and person.readings._norms.isVisible()


def test_what_nobody_sees_is_neither_made_nor_drawn(open_window, monkeypatch, small) -> None:
    person = open_window(small())
    asked: list[object] = []
    ask = person.studio.engine.ask
    monkeypatch.setattr(person.studio.engine, "ask", lambda command: (asked.append(command), ask(command)))
    person.starts()
    person.waits(lambda: person.window.data.shown is not None)
    person.waits_for_history(2)
    drawn: list[int] = []
    show = SampleGrid.set_pictures
    monkeypatch.setattr(SampleGrid, "set_pictures", lambda grid, *a, **k: (drawn.append(1), show(grid, *a, **k)))
    person.shell.showMinimized()
    assert asked[-1] == Watch(False)
    seen, redraws = person.training.step, sum(plot._dirty for plot in person.readings._plots)
    drawn.clear()
    person.waits(lambda: person.training.step > seen + 200)
    assert drawn == [] and all(not plot._timer.isActive() for plot in person.readings._plots)
    assert redraws <= len(person.readings._plots)
    person.shell.showNormal()
    assert asked[-1] == Watch(True)
    person.waits(lambda: drawn)
    person.shell.show_panel("data")
    assert asked[-1] == Watch(False)
    person.shell.show_panel("train")
    assert asked[-1] == Watch(True)


def test_a_stop_during_loading_calls_it_off(open_window, small) -> None:
    person = open_window(small())
    person.waits_for_library()
    person.clicks(person.shell.transport.main)
    assert person.training.phase is Phase.LOADING
    person.clicks(person.shell.transport.stop_button)
    person.waits(lambda: person.training.phase is Phase.IDLE)
    assert person.training.live is None


# Alarms


def test_an_alarm_of_the_run_is_seen_on_the_rail_until_it_is_dismissed(open_window, small) -> None:
    person = open_window(small())
    rail = person.shell.rail._items["train"]
    assert rail.accessibleDescription() == ""
    alarm = Alarmed(3, "won", "Discriminator won?", 1, "D(real) is 1.00.", "It says little.")
    person.starts()
    person.training.take(alarm)
    assert rail.accessibleDescription() == "An alarm waits"
    person.training.dismiss_alarm("won")
    assert rail.accessibleDescription() == ""
