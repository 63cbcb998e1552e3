"""The window between runs: another one, an older one, and what goes wrong."""

from pathlib import Path

import torch
from PySide6.QtCore import QFile, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from gen_studio.core.events import MarkKind, Reason
from gen_studio.models.families.pix2pix import Pix2Pix
from gen_studio.models.families.vae import VAE
from gen_studio.ui.widgets.transport import Mode
from gen_studio.viewmodels.training import Phase

RATE = "config.learning_rate"
ENDLESS = 1_000_000


def lost(column: torch.Tensor) -> torch.Tensor:
    return column * float("nan") if column.is_floating_point() else column


# Another run


def test_a_new_run_begins_with_what_stands_in_the_form(open_window, small) -> None:
    person = open_window(small(steps=20))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    field = person.column.form.row("plan.steps").control
    field.selectAll()
    person.qtbot.keyClicks(field, "30")
    person.qtbot.keyClick(person.shell, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert person.training.shown is None and not person.column.data_picker._locked
    assert person.window.setup.plan().steps == 30 and person.shell.transport.mode() is Mode.READY


def test_choosing_a_model_for_pairs_shows_pairs_from_edges_and_trains(open_window, small) -> None:
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


def test_a_stopped_run_is_resumed_with_more_steps(open_window, small) -> None:
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


def test_steps_that_cannot_be_are_said_under_the_field_and_nothing_starts(open_window, small) -> None:
    person = open_window(small())
    person.waits_for_library()
    row = person.column.form.row("plan.steps")
    row.control.selectAll()
    person.qtbot.keyClicks(row.control, "many")
    person.clicks(person.shell.transport.main)
    assert row.error() and person.training.phase is Phase.IDLE
    assert "not started" in person.shell.error_bar.notice().sentence


def test_the_switcher_shows_other_runs_while_one_trains(open_window, small) -> None:
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


def test_a_reopened_run_says_how_it_ended(open_window, small) -> None:
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


def test_a_run_is_renamed_where_its_name_stands(open_window, small) -> None:
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


def test_deleting_asks_and_the_screen_is_free_again(open_window, answer, monkeypatch, small) -> None:
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


def test_a_loss_that_becomes_nan_is_marked_and_a_gentler_resume_is_offered(open_window, monkeypatch, small) -> None:
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


def test_an_exception_in_training_is_a_bar_with_copy_and_the_next_run_works(open_window, monkeypatch, small) -> None:
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


def test_missing_data_says_so_on_the_stage_and_in_the_bar_with_ways_out(open_window, tmp_path, small) -> None:
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


def test_a_mistake_in_the_window_is_a_bar_and_training_goes_on(open_window, capsys, small) -> None:
    person = open_window(small())
    person.starts()
    person.studio.report_fault(ValueError, ValueError("wrong"))
    assert "ValueError: wrong" in person.shell.error_bar.notice().sentence
    assert person.training.phase is Phase.RUNNING and "ValueError: wrong" in capsys.readouterr().err
