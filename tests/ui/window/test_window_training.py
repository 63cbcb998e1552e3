"""The window while a run is begun, trains and is looked back on."""

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from gen_studio.core.events import MarkKind
from gen_studio.ui.widgets.transport import Mode
from gen_studio.viewmodels.training import Phase

RATE = "config.learning_rate"


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


def test_the_settings_of_a_run_are_fixed_but_for_its_rates(open_window, small) -> None:
    person = open_window(small())
    person.starts()
    form = person.column.form
    assert not form.row(RATE).control.isReadOnly()
    assert form.row("config.batch_size").control.isReadOnly() and form.row("plan.steps").control.isReadOnly()
    assert person.column.data_picker._locked and not person.column.data_picker.hasFocus()


def test_nothing_but_the_window_is_ever_shown_as_a_window(open_window, qapp, small) -> None:
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


# While it trains


def test_pausing_holds_it_and_one_step_can_be_taken(open_window, small) -> None:
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


def test_a_learning_rate_is_taken_when_it_is_written_and_marked_on_curves_and_history(open_window, small) -> None:
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
    assert {(mark.label, mark.kind) for mark in marks} == {("Rate 0.0005", MarkKind.USER)}
    assert [kind for _, kind in person.stage.filmstrip._events] == [MarkKind.USER]


def test_a_rate_that_changes_elsewhere_is_followed_by_its_field(open_window, small) -> None:
    person = open_window(small())
    person.starts()
    person.training.set_rate("vae", 2e-4)
    person.waits(lambda: person.column.form.row(RATE).value() == 2e-4)


def test_a_rate_that_cannot_be_is_said_under_its_field_and_not_taken(open_window, small) -> None:
    person = open_window(small())
    person.starts()
    row = person.column.form.row(RATE)
    row.control.selectAll()
    person.qtbot.keyClicks(row.control, "7")
    person.qtbot.keyClick(row.control, Qt.Key.Key_Return)
    assert row.error()
    person.qtbot.wait(600)
    assert person.training.rates == {"vae": 1e-3}


def test_saving_ticks_the_progress_and_says_when(open_window, small) -> None:
    person = open_window(small())
    person.starts()
    person.qtbot.keyClick(person.shell, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    person.waits(lambda: person.training.checkpoints)
    assert person.shell.transport._saved.text() == "saved just now"


def test_memory_rate_and_time_left_are_told(open_window, small) -> None:
    person = open_window(small())
    person.starts()
    person.waits(lambda: "B" in person.shell.top_bar.device.text())
    person.waits(lambda: person.shell.transport._rate.text() and person.shell.transport._left.text())
    assert person.shell.top_bar.device.text().startswith("CPU, float32, ")
    assert "Done at about" in person.shell.transport.progress.toolTip()


def test_the_list_shows_how_far_the_run_is(open_window, small) -> None:
    person = open_window(small())
    person.starts()
    person.waits(lambda: person.column.run_list.model().rowCount() == 1)

    def step_in_list() -> int:
        row = next(iter(person.column.run_list._rows.values()))
        return int(row.detail.rpartition(" ")[2].replace(",", ""))

    first = step_in_list()
    person.waits(lambda: step_in_list() > first)


# Looking back


def test_dragging_the_filmstrip_back_shows_that_step_and_the_chip_leads_back(open_window, small) -> None:
    person = open_window(small(steps=3000))
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


def test_looking_back_lasts_while_the_run_goes_on_and_when_it_ends(open_window, small) -> None:
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


def test_another_view_while_looking_back_shows_the_same_step(open_window, small) -> None:
    person = open_window(small(steps=3000))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    person.waits_for_history(4)
    person.stage.choose_step(0)
    step = person.stage.filmstrip.step
    person.stage.switch.set_index(1)
    kept, _ = person.folder().read_preview("reconstructions", step)
    assert np.array_equal(person.stage.grid.pictures, kept)


def test_a_click_on_the_curve_moves_the_history_there(open_window, small) -> None:
    person = open_window(small(steps=3000))
    person.starts()
    person.waits(lambda: person.training.phase is Phase.IDLE)
    person.waits_for_history(4)
    chart = person.readings._plots[0].chart
    person.waits(lambda: chart.curves and chart.curves[0].line is not None)
    person.qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=chart.area.center().toPoint())
    assert not person.stage.filmstrip.following
