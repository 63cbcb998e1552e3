"""The transport's buttons, figures and compact form."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from gen_studio.ui.widgets.buttons import Button
from gen_studio.ui.widgets.transport import Mode, Transport

LEFT = Qt.MouseButton.LeftButton


def shown(qtbot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def transport(qtbot) -> Transport:
    made = Transport()
    made.resize(1300, 56)
    made.set_players(("discriminator", "generator"))
    return shown(qtbot, made)  # type: ignore[return-value]


def words(transport: Transport) -> list[str]:
    return [button.text() for button in transport.findChildren(Button) if button.isVisible() and button.text()]


@pytest.mark.parametrize(
    ("mode", "word", "signal"),
    [(Mode.READY, "Start", "start"), (Mode.RUNNING, "Pause", "pause"), (Mode.PAUSED, "Resume", "resume")],
)
def test_the_main_button_does_what_comes_next(transport: Transport, qtbot, mode: Mode, word: str, signal: str) -> None:
    transport.set_mode(mode)
    assert transport.main.text() == word
    with qtbot.waitSignal(getattr(transport, signal)):
        qtbot.mouseClick(transport.main, LEFT)


def test_nothing_can_be_started_while_it_is_busy(transport: Transport) -> None:
    transport.set_mode(Mode.BUSY)
    transport.set_progress(0, 100)
    transport.set_status("Loading torch")
    assert not transport.main.isEnabled()
    assert transport._status.isVisible()
    assert not transport._step.isVisible()
    transport.set_status("")
    assert transport._step.isVisible()


def test_single_steps_are_for_a_paused_run(transport: Transport, qtbot) -> None:
    heard: list[str] = []
    transport.step_requested.connect(heard.append)
    steps = {button.text(): button for button in transport._step_buttons}
    assert list(steps) == ["Step D", "Step G"]
    transport.set_mode(Mode.RUNNING)
    assert not steps["Step G"].isEnabled()
    transport.set_mode(Mode.PAUSED)
    qtbot.mouseClick(steps["Step G"], LEFT)
    assert heard == ["generator"]


@pytest.mark.parametrize(
    ("players", "names"),
    [(("model",), ["Step"]), (("encoder", "generator"), ["Step Encoder", "Step G"]), ((), [])],
)
def test_each_player_has_its_step_button(
    transport: Transport, qtbot, players: tuple[str, ...], names: list[str]
) -> None:
    transport.set_players(players)
    qtbot.waitUntil(lambda: [w for w in words(transport) if w.startswith("Step")] == names)


def test_figures_are_in_words_and_thousands(transport: Transport) -> None:
    transport.set_progress(12_400, 20_000)
    transport.set_rate(412.3, 1140)
    transport.set_saved(62)
    assert (transport._step.text(), transport._of.text()) == ("12,400", "of 20,000")
    assert (transport._rate.text(), transport._left.text()) == ("412", "19 min")
    assert transport._saved.text() == "saved 1 min ago"
    transport.set_saved(3)
    assert transport._saved.text() == "saved just now"
    transport.set_rate(None, None)
    assert not transport._left_word.isVisible()
    assert transport.progress.value() == 12_400


def test_in_the_compact_layout_stop_and_save_are_icons(transport: Transport) -> None:
    wide = transport.minimumSizeHint().width()
    transport.set_compact(True)
    assert transport.stop_button.toolTip() == "Stop"
    assert transport.minimumSizeHint().width() < wide
    assert [button.text() for button in transport._step_buttons] == ["D", "G"]


def test_units_are_not_shown_before_there_are_figures(transport) -> None:
    said = [label.text() for label in transport.findChildren(QLabel) if label.isVisible()]
    assert "img/s" not in said and "left" not in said
