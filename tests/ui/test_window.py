"""The whole window with a real trainer behind it: what a person does, on runs as small as they get."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import shiboken6
import torch
from PySide6.QtCore import QCoreApplication, QEvent, QFile, QObject, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QWidget

from gen_studio.app import Studio, build
from gen_studio.core.events import MarkKind, Reason
from gen_studio.core.plan import DataPlan, Device, Precision, RunPlan
from gen_studio.core.runs import RunFolder, State
from gen_studio.models.families.pix2pix import Pix2Pix
from gen_studio.models.families.vae import VAE
from gen_studio.runtime.commands import Watch
from gen_studio.ui.sample_grid import SampleGrid
from gen_studio.ui.widgets.transport import Mode
from gen_studio.viewmodels.training import Phase

LONG = 60_000
"""Milliseconds: neighbours may keep the machine busy."""
ENDLESS = 1_000_000
RATE = "config.learning_rate"


def small(steps: int = ENDLESS, **config: object) -> RunPlan:
    """A run on the digits whose steps take a millisecond."""
    return RunPlan(
        family=VAE.info.key,
        data=DataPlan(source="digits", size=16, limit=200),
        config={"hidden": 8, "latents": 2, "batch_size": 8, **config},
        steps=steps,
        device=Device.CPU,
        precision=Precision.FLOAT32,
    )


def lost(column: torch.Tensor) -> torch.Tensor:
    return column * float("nan") if column.is_floating_point() else column


class Person:
    """Does in the window what a person would, and waits for what a person would wait for."""

    def __init__(self, qtbot: object, studio: Studio) -> None:
        self.qtbot, self.studio, self.window = qtbot, studio, studio.window
        self.shell, self.training = studio.window.shell, studio.window.training
        self.train = studio.window.train_panel
        self.column, self.stage, self.readings = self.train.setup_column, self.train.training_stage, self.train.readings

    def waits(self, until: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=LONG)

    def clicks(self, widget: QWidget) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def waits_for_library(self) -> None:
        self.waits(lambda: self.training.library is not None)

    def starts(self) -> None:
        self.waits_for_library()
        self.clicks(self.shell.transport.main)
        self.waits(lambda: self.training.phase is Phase.RUNNING and self.training.step > 0)

    def stops(self) -> None:
        self.clicks(self.shell.transport.stop_button)
        self.waits(lambda: self.training.phase is Phase.IDLE)

    def pauses(self) -> None:
        self.clicks(self.shell.transport.main)
        self.waits(lambda: self.training.phase is Phase.PAUSED)

    def waits_for_history(self, frames: int = 3) -> None:
        self.waits(lambda: len(self.stage.filmstrip._frames) >= frames)

    def folder(self) -> RunFolder:
        assert self.training.shown is not None
        return RunFolder(self.training.shown.path)


@pytest.fixture
def open_window(qtbot, qapp, tmp_path: Path, monkeypatch) -> Iterator[Callable[..., Person]]:
    """Opens the app on a home of its own; everything is shut down afterwards."""
    monkeypatch.setenv("GEN_STUDIO_HOME", str(tmp_path))
    threads = torch.get_num_threads()
    opened: list[Studio] = []

    def open_(first: RunPlan | None = None, size: tuple[int, int] = (1440, 900)) -> Person:
        settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        studio = build(settings, first)
        opened.append(studio)
        studio.window.shell.resize(*size)
        studio.begin()
        QCoreApplication.processEvents()
        studio.window.shell.activateWindow()
        qtbot.waitUntil(studio.window.shell.isActiveWindow, timeout=LONG)
        return Person(qtbot, studio)

    yield open_
    for studio in opened:
        close(studio)
    torch.set_num_threads(threads)


def close(studio: Studio) -> None:
    studio.shut_down()
    if not shiboken6.isValid(studio.window):
        return
    QCoreApplication.processEvents()
    shell = studio.window.shell
    shell.ask_before_closing(lambda: True)
    shell.close()
    shiboken6.delete(studio.window)
    shell.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def answer(monkeypatch) -> Callable[[str], list[str]]:
    """Presses a button of every question that is asked; what was asked."""

    def with_words(words: str) -> list[str]:
        questions: list[str] = []

        def press(box: QMessageBox) -> int:
            questions.append(box.text())
            next(button for button in box.buttons() if button.text() == words).click()
            return 0

        monkeypatch.setattr(QMessageBox, "exec", press)
        return questions

    return with_words


# The first run


def test_the_first_screen_has_a_picture_and_start_works_without_any_choice(open_window) -> None:
    person = open_window()
    person.waits(lambda: person.stage.grid.pictures is not None)
    person.waits_for_library()
    person.waits(lambda: person.window.data.shown is not None)
    assert person.stage.grid.pictures is person.window.data.shown.pictures
    person.starts()
    person.waits(lambda: person.stage.grid.pictures is not person.window.data.shown.pictures)
    assert person.training.live.plan.data.source == "digits"
    person.waits(lambda: all(len(steps) for plot in person.readings._plots for steps, _ in plot.history().values()))
    assert len(person.readings._plots) == 2 and len(person.readings._sparks) == 2
    person.waits_for_history(2)


def test_a_picture_stands_there_before_anything_is_read(open_window) -> None:
    person = open_window()
    person.waits(lambda: person.stage.grid.pictures is not None)
    if person.window.data.shown is None:
        assert person.stage.grid.chip == "starter model"


def test_the_settings_of_a_run_are_fixed_but_for_its_rates(open_window) -> None:
    person = open_window(small())
    person.starts()
    form = person.column.form
    assert not form.row(RATE).control.isReadOnly()
    assert form.row("config.batch_size").control.isReadOnly() and form.row("plan.steps").control.isReadOnly()
    assert person.column.data_picker._locked and not person.column.data_picker.hasFocus()


def test_nothing_but_the_window_is_ever_shown_as_a_window(open_window, qapp) -> None:
    """A part that is shown before it has a parent flashes on the screen and takes the keyboard away."""
    windows: list[QWidget] = []

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                windows.append(watched)
            return False

    watcher = Watcher()
    qapp.installEventFilter(watcher)
    try:
        person = open_window(small(steps=20))
        person.starts()
        person.waits(lambda: person.training.phase is Phase.IDLE)
        person.window.new_run()
        person.shell.resize(1100, 700)
        person.shell.show_panel("data")
        QCoreApplication.processEvents()
    finally:
        qapp.removeEventFilter(watcher)
    assert windows == [person.shell]


# Looking back


def test_dragging_the_filmstrip_back_shows_that_step_and_the_chip_leads_back(open_window) -> None:
    person = open_window(small(steps=400))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    person.waits_for_history(5)
    strip = person.stage.filmstrip
    newest = strip.step
    person.qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.rect().center())
    assert not strip.following and 0 < strip.step < newest
    kept, _ = person.folder().read_preview("samples", strip.step)
    assert np.array_equal(person.stage.grid.pictures, kept)
    assert all(plot.chart._marked == strip.step for plot in person.readings._plots)
    person.clicks(person.stage._live)
    assert strip.following and strip.step == newest
    newest_pictures, _ = person.folder().read_preview("samples", newest)
    assert np.array_equal(person.stage.grid.pictures, newest_pictures)


def test_looking_back_lasts_while_the_run_goes_on_and_when_it_ends(open_window) -> None:
    person = open_window(small())
    person.starts()
    person.waits_for_history()
    person.stage.choose_step(0)
    looked_at = person.stage.filmstrip.step
    pictures = person.stage.grid.pictures
    seen = person.training.step
    person.waits(lambda: person.training.step > seen + 100)
    person.stops()
    assert person.stage.filmstrip.step == looked_at and person.stage.grid.pictures is pictures


def test_another_view_while_looking_back_shows_the_same_step(open_window) -> None:
    person = open_window(small(steps=300))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    person.waits_for_history(4)
    person.stage.choose_step(0)
    step = person.stage.filmstrip.step
    person.stage.switch.set_index(1)
    kept, _ = person.folder().read_preview("reconstructions", step)
    assert np.array_equal(person.stage.grid.pictures, kept)


def test_a_click_on_the_curve_moves_the_history_there(open_window) -> None:
    person = open_window(small(steps=300))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    person.waits_for_history(4)
    chart = person.readings._plots[0].chart
    person.waits(lambda: chart.curves and chart.curves[0].line is not None)
    person.qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=chart.area.center().toPoint())
    assert not person.stage.filmstrip.following


# While it trains


def test_pausing_holds_it_and_one_step_can_be_taken(open_window) -> None:
    person = open_window(small())
    person.starts()
    person.pauses()
    step, transport = person.training.step, person.shell.transport
    assert transport.mode() is Mode.PAUSED and transport.main.text() == "Resume"
    person.clicks(transport._step_buttons[0])
    person.waits(lambda: person.training.step == step + 1)
    assert person.training.phase is Phase.PAUSED
    person.clicks(transport.main)
    person.waits(lambda: person.training.step > step + 1)


def test_a_learning_rate_is_taken_when_it_is_written_and_marked_on_curves_and_history(open_window) -> None:
    person = open_window(small())
    person.starts()
    field = person.column.form.row(RATE).control
    field.setFocus()
    field.selectAll()
    person.qtbot.keyClicks(field, "0.25")
    field.setText("1")
    field.setModified(True)
    field.textEdited.emit("1")
    person.qtbot.wait(600)
    assert person.training.rates == {"vae": 1e-3}, "a rate that is still being typed is not taken"
    field.selectAll()
    person.qtbot.keyClicks(field, "0.0005")
    person.qtbot.keyClick(field, Qt.Key.Key_Return)
    person.waits(lambda: person.training.rates == {"vae": 5e-4})
    marks = [event for plot in person.readings._plots for event in plot._events]
    assert {(mark.label, mark.kind) for mark in marks} == {("Vae rate 0.0005", MarkKind.USER)}
    assert [kind for _, kind in person.stage.filmstrip._events] == [MarkKind.USER]


def test_a_rate_that_cannot_be_is_said_under_its_field_and_not_taken(open_window) -> None:
    person = open_window(small())
    person.starts()
    row = person.column.form.row(RATE)
    row.control.selectAll()
    person.qtbot.keyClicks(row.control, "7")
    person.qtbot.keyClick(row.control, Qt.Key.Key_Return)
    assert row.error()
    person.qtbot.wait(600)
    assert person.training.rates == {"vae": 1e-3}


def test_saving_ticks_the_progress_and_says_when(open_window) -> None:
    person = open_window(small())
    person.starts()
    person.qtbot.keyClick(person.shell, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    person.waits(lambda: person.training.checkpoints)
    assert person.shell.transport._saved.text() == "saved just now"


def test_memory_rate_and_time_left_are_told(open_window) -> None:
    person = open_window(small())
    person.starts()
    person.waits(lambda: "B" in person.shell.top_bar.device.text())
    person.waits(lambda: person.shell.transport._rate.text() and person.shell.transport._left.text())
    assert person.shell.top_bar.device.text().startswith("CPU, float32, ")
    assert "Done at about" in person.shell.transport.progress.toolTip()


def test_the_list_shows_how_far_the_run_is(open_window) -> None:
    person = open_window(small())
    person.starts()
    person.waits(lambda: person.column.run_list.model().rowCount() == 1)

    def step_in_list() -> int:
        row = next(iter(person.column.run_list._rows.values()))
        return int(row.detail.rpartition(" ")[2].replace(",", ""))

    first = step_in_list()
    person.waits(lambda: step_in_list() > first)


# Another run


def test_a_new_run_begins_with_what_stands_in_the_form(open_window) -> None:
    person = open_window(small(steps=20))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    field = person.column.form.row("plan.steps").control
    field.selectAll()
    person.qtbot.keyClicks(field, "30")
    person.qtbot.keyClick(person.shell, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert person.training.shown is None and not person.column.data_picker._locked
    assert person.window.setup.plan().steps == 30 and person.shell.transport.mode() is Mode.READY


def test_choosing_a_model_for_pairs_shows_pairs_from_edges_and_trains(open_window) -> None:
    person = open_window(small())
    person.waits_for_library()
    person.column.model_picker.chosen.emit(Pix2Pix.info.key)
    row = person.column.form.row("data.pairs")
    person.waits(row.isVisible)
    assert row.control.currentText() == "Edges"
    for key, text in (("config.width", "4"), ("config.batch_size", "1")):
        field = person.column.form.row(key).control
        field.selectAll()
        person.qtbot.keyClicks(field, text)
    person.starts()
    person.waits(lambda: person.stage._newest)
    assert person.stage.grid._captions == ("Input", "Output", "Target")


def test_a_stopped_run_is_resumed_with_more_steps(open_window) -> None:
    person = open_window(small(steps=50))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    transport = person.shell.transport
    assert transport.mode() is Mode.READY
    field = person.column.form.row("plan.steps").control
    field.selectAll()
    person.qtbot.keyClicks(field, "80")
    assert transport.mode() is Mode.AT_REST and transport._of.text() == "of 80"
    person.clicks(transport.main)
    person.waits(lambda: person.training.phase is Phase.IDLE and person.training.shown.step == 80)
    assert person.folder().plan().steps == 80


def test_steps_that_cannot_be_are_said_under_the_field_and_nothing_starts(open_window) -> None:
    person = open_window(small())
    person.waits_for_library()
    row = person.column.form.row("plan.steps")
    row.control.selectAll()
    person.qtbot.keyClicks(row.control, "many")
    person.clicks(person.shell.transport.main)
    assert row.error() and person.training.phase is Phase.IDLE
    assert "not started" in person.shell.error_bar.notice().sentence


def test_the_switcher_shows_other_runs_while_one_trains(open_window) -> None:
    person = open_window(small(steps=20))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    first = person.training.shown.path
    person.window.new_run()
    person.column.form.row("plan.steps").set_value(ENDLESS)
    person.window.setup.set_values({"plan.steps": ENDLESS})
    person.starts()
    second = person.training.live.path
    person.shell.top_bar.run_chosen.emit(str(first))
    assert person.training.shown.path == first and not person.training.shows_live
    assert person.shell.top_bar.runs.current().key == str(first)
    assert person.shell.transport.mode() is Mode.RUNNING, "the transport is the one of the run that trains"
    assert person.column.form.row(RATE).control.isReadOnly()
    steps = [len(steps) for steps, _ in person.readings._plots[0].history().values()]
    seen = person.training.step
    person.waits(lambda: person.training.step > seen + 50)
    assert [len(steps) for steps, _ in person.readings._plots[0].history().values()] == steps
    person.shell.top_bar.run_chosen.emit(str(second))
    assert person.training.shows_live


def test_a_reopened_run_says_how_it_ended(open_window) -> None:
    person = open_window(small(steps=30))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    path = person.training.shown.path
    person.window.new_run()
    person.column.run_list.opened.emit(str(path))
    facts = person.readings.facts
    assert facts.isVisible() and facts.rows()["Steps"] == "30 of 30"
    assert "held-out" in facts.rows()["Best checkpoint"]
    assert person.stage.grid.pictures is not None


def test_a_run_is_renamed_where_its_name_stands(open_window) -> None:
    person = open_window(small(steps=10))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    key = str(person.training.shown.path)
    person.waits(lambda: person.column.run_list.model().rowCount() == 1)
    person.column.run_list.rename(key)
    editor = person.column.run_list.viewport().findChild(QLineEdit)
    person.column._show_runs()
    editor.selectAll()
    person.qtbot.keyClicks(editor, "Better")
    person.qtbot.keyClick(editor, Qt.Key.Key_Return)
    person.waits(lambda: person.folder().status().name == "Better")
    assert person.shell.top_bar.runs.current().title == "Better"


def test_deleting_asks_and_the_screen_is_free_again(open_window, answer, monkeypatch) -> None:
    person = open_window(small(steps=10))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    key = str(person.training.shown.path)
    asked = answer("Keep it")
    person.column.run_list.delete_requested.emit(key)
    assert len(asked) == 1 and "to the trash?" in asked[0] and Path(key).exists()
    answer("Move to trash")
    monkeypatch.setattr(QFile, "moveToTrash", lambda path: (bool(Path(path).rename(path + ".gone")), path))
    person.column.run_list.delete_requested.emit(key)
    assert person.training.shown is None and not Path(key).exists()


# What goes wrong


def test_a_loss_that_becomes_nan_is_marked_and_a_gentler_resume_is_offered(open_window, monkeypatch) -> None:
    person = open_window(small())
    person.starts()
    person.waits_for_history(2)
    person.clicks(person.shell.transport.save)
    person.waits(lambda: person.training.checkpoints)
    step = VAE.training_step
    with monkeypatch.context() as patch:
        patch.setattr(VAE, "training_step", lambda model, batch, *rest: step(model, batch.map(lost), *rest))
        person.waits(lambda: person.training.phase is Phase.IDLE)
    assert person.training.shown.status.reason is Reason.NOT_FINITE
    assert person.stage.grid.chip == "last good step before NaN"
    assert MarkKind.ALARM in {event.kind for event in person.readings._plots[0]._events}
    assert MarkKind.ALARM in {kind for _, kind in person.stage.filmstrip._events}
    alarm = person.readings.facts.alarm
    assert alarm.isVisible() and "NaN" in person.shell.error_bar.notice().sentence
    alarm.fix_chosen.emit("not finite", "halve")
    person.waits(lambda: person.training.rates == {"vae": 5e-4} and person.training.phase is Phase.RUNNING)
    assert person.column.form.row(RATE).value() in (1e-3, 5e-4)


def test_an_exception_in_training_is_a_bar_with_copy_and_the_next_run_works(open_window, monkeypatch) -> None:
    person = open_window(small())
    person.starts()

    def broken(*_: object) -> None:
        raise IndexError("a mistake in a family")

    with monkeypatch.context() as patch:
        patch.setattr(VAE, "training_step", broken)
        person.waits(lambda: person.training.phase is Phase.IDLE)
    bar = person.shell.error_bar
    assert bar.isVisible() and "a mistake in a family" in bar.notice().sentence
    person.clicks(bar._copy)
    assert "Traceback" in QGuiApplication.clipboard().text()
    person.window.new_run()
    person.starts()


def test_missing_data_says_so_on_the_stage_and_in_the_bar_with_ways_out(open_window, tmp_path) -> None:
    person = open_window(small())
    person.waits_for_library()
    person.column.data_picker.chosen.emit("mnist")
    person.waits(lambda: person.window.data.problem)
    problem = person.stage.problem
    assert problem.isVisible() and problem.download.isVisible() and problem.choose.isVisible()
    assert "--" not in problem._sentence.text()
    person.clicks(person.shell.transport.main)
    person.waits(lambda: person.shell.error_bar.notice() is not None)
    notice = person.shell.error_bar.notice()
    assert [way.label for way in notice.ways] == ["Download MNIST", "Choose its folder", "Try again"]
    assert "--" not in notice.sentence and person.training.phase is Phase.IDLE


def test_a_mistake_in_the_window_is_a_bar_and_training_goes_on(open_window, capsys) -> None:
    person = open_window(small())
    person.starts()
    person.studio.report_fault(ValueError, ValueError("wrong"))
    assert "ValueError: wrong" in person.shell.error_bar.notice().sentence
    assert person.training.phase is Phase.RUNNING and "ValueError: wrong" in capsys.readouterr().err


# Closing


def test_closing_while_it_trains_asks_then_saves(open_window, answer) -> None:
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


def test_closing_keeps_the_window_where_the_run_cannot_be_saved(open_window, answer, monkeypatch) -> None:
    from gen_studio.core.errors import UserError
    from gen_studio.training.session import TrainingSession

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


def test_closing_at_rest_does_not_ask(open_window) -> None:
    person = open_window(small())
    person.waits_for_library()
    assert person.shell.close()


def test_the_place_and_size_of_the_window_are_remembered(open_window) -> None:
    first = open_window(small())
    first.shell.setGeometry(0, 20, 1100, 740)
    first.shell.close()
    settings = first.shell._settings
    second = build(settings)
    assert second.window.shell.geometry().size().toTuple() == (1100, 740)
    shiboken6.delete(second.window)
    second.window.shell.deleteLater()


# Keys, layouts, what nobody sees


def test_everything_works_from_the_keyboard(open_window) -> None:
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
    person.qtbot.keyClick(person.shell, Qt.Key.Key_2, control)
    assert person.shell.panel().key == "data"


def test_stop_is_offered_only_while_there_is_something_to_stop(open_window) -> None:
    person = open_window(small())
    person.waits_for_library()
    stop = person.shell.actions_by_key()["run.stop"]
    assert not stop.is_available()
    person.starts()
    assert stop.is_available()


def test_tab_goes_from_the_top_bar_through_the_columns_to_the_transport(open_window) -> None:
    person = open_window(small())
    person.waits_for_library()
    person.waits(lambda: person.readings._plots)
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


def test_the_small_window_has_a_layout_of_its_own_and_the_large_one_comes_back(open_window) -> None:
    person = open_window(small(), size=(1440, 900))
    person.starts()
    assert person.column.run_list.isVisible() and person.readings._norms.isVisible()
    person.shell.resize(1100, 700)
    assert person.shell.is_compact() and person.shell.width() == 1100
    assert not person.column.run_list.isVisible() and not person.readings._norms.isVisible()
    assert person.shell.transport.main.isVisible() and person.stage.grid.isVisible()
    person.shell.resize(1440, 900)
    assert person.column.run_list.isVisible() and person.readings._norms.isVisible()


def test_what_nobody_sees_is_neither_made_nor_drawn(open_window, monkeypatch) -> None:
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


def test_a_stop_during_loading_calls_it_off(open_window) -> None:
    person = open_window(small())
    person.waits_for_library()
    person.clicks(person.shell.transport.main)
    assert person.training.phase is Phase.LOADING
    person.clicks(person.shell.transport.stop_button)
    person.waits(lambda: person.training.phase is Phase.IDLE)
    assert person.training.live is None
