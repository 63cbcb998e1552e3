"""A form from declared settings gives back what was typed, says what is wrong, and what is changed."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from gen_studio.core.config import Config, fields_of, setting
from gen_studio.ui.forms import ConfigForm
from gen_studio.ui.widgets.fields import ChoiceField, SwitchField
from gen_studio.ui.widgets.folding import Folding
from gen_studio.ui.widgets.numbers import NotANumber, parse_number, parse_whole, plain, signed


class Loss(Enum):
    HINGE = "hinge"
    LEAST_SQUARES = "least_squares"


class Settings(Config):
    """One of each kind."""

    steps: int = setting(20_000, "Steps", "How many.", ge=1)
    rate: float = setting(2e-4, "Learning rate", "How fast.", gt=0, le=1)
    loss: Loss = setting(Loss.HINGE, "Loss", "Which.")
    norm: bool = setting(True, "Spectral norm", "Whether.")
    name: str = setting("run", "Name", "What it is called.")
    clip: float | None = setting(None, "Clip", "Largest norm.", gt=0, advanced=True)
    penalty: Loss | None = setting(None, "Penalty", "Another.", advanced=True)


@pytest.fixture
def form(qtbot) -> ConfigForm:
    made = ConfigForm()
    qtbot.addWidget(made)
    made.set_fields(fields_of(Settings), {})
    made.show()
    return made


def write(qtbot, form: ConfigForm, key: str, text: str) -> None:
    field = form.row(key).control
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def folding(form: ConfigForm) -> Folding:
    found = form.findChild(Folding)
    assert found is not None
    return found


def test_an_untouched_form_gives_the_defaults(form: ConfigForm) -> None:
    assert Settings.parse(form.values()) == Settings()
    assert form.changes() == 0


def test_values_go_in_and_come_out(form: ConfigForm) -> None:
    values: dict[str, Any] = {
        "steps": 7,
        "rate": 0.5,
        "loss": "least_squares",
        "norm": False,
        "name": "b",
        "clip": 2.5,
        "penalty": "hinge",
    }
    form.set_fields(fields_of(Settings), values)
    assert form.values() == values
    assert form.changes() == 7


def test_numbers_are_shown_as_people_write_them(form: ConfigForm) -> None:
    assert form.row("steps").control.text() == "20,000"  # type: ignore[attr-defined]
    assert form.row("rate").control.text() == "0.0002"  # type: ignore[attr-defined]
    assert form.row("clip").control.text() == ""  # type: ignore[attr-defined]


def test_an_edit_tells_all_values_once_they_are_read(form: ConfigForm, qtbot) -> None:
    heard: list[dict[str, Any]] = []
    form.changed.connect(heard.append)
    write(qtbot, form, "steps", "5e3")
    assert heard[-1]["steps"] == 5000
    assert heard[-1] == form.values()
    assert form.row("steps").control.text() == "5,000"  # type: ignore[attr-defined]


def test_setting_values_from_outside_tells_nobody(form: ConfigForm) -> None:
    heard: list[dict[str, Any]] = []
    form.changed.connect(heard.append)
    form.set_values({"steps": 3, "norm": False, "loss": "least_squares"})
    assert heard == []
    assert form.values()["steps"] == 3


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("steps", "0", "This takes a whole number at least 1."),
        ("steps", "1.5", "This takes a whole number."),
        ("steps", "many", "This is no number."),
        ("rate", "2", "This takes a number above 0 and at most 1."),
        ("rate", "0,0002", "Write decimals with a point, for example 0.5."),
        ("steps", "", "This is no number."),
    ],
)
def test_what_cannot_be_used_gets_a_sentence_under_its_field(
    form: ConfigForm, qtbot, key: str, text: str, sentence: str
) -> None:
    form.row(key).control.clear()  # type: ignore[attr-defined]
    write(qtbot, form, key, text)
    assert form.row(key).error() == sentence
    assert not form.is_valid()
    assert form.values()[key] != getattr(Settings(), key)


def test_the_sentence_goes_when_the_value_is_mended(form: ConfigForm, qtbot) -> None:
    write(qtbot, form, "rate", "2")
    write(qtbot, form, "rate", "0.1")
    assert form.row("rate").error() == ""
    assert form.is_valid()


def test_errors_from_elsewhere_open_the_fold_they_are_in(form: ConfigForm) -> None:
    form.show_errors({"clip": "Clip is too small."})
    assert folding(form).is_open()
    assert form.row("clip").error() == "Clip is too small."
    form.show_errors({})
    assert form.row("clip").error() == ""


def test_the_reset_arrow_stands_where_a_value_is_changed(form: ConfigForm, qtbot) -> None:
    arrow = form.row("steps")._reset
    assert not arrow.isVisible()
    write(qtbot, form, "steps", "12")
    assert arrow.isVisible()
    qtbot.mouseClick(arrow, Qt.MouseButton.LeftButton)
    assert form.values()["steps"] == 20_000
    assert not arrow.isVisible()


def test_advanced_settings_are_folded_and_counted(form: ConfigForm, qtbot) -> None:
    assert not form.row("clip").isVisible()
    assert folding(form).summary() == "2 settings"
    folding(form).set_open(True)
    assert form.row("clip").isVisible()
    write(qtbot, form, "clip", "3")
    assert folding(form).summary() == "2 settings, 1 changed"


def test_an_empty_optional_field_is_none(form: ConfigForm, qtbot) -> None:
    form.set_values({"clip": 1.0, "penalty": "hinge"})
    folding(form).set_open(True)
    field = form.row("clip").control
    field.clear()  # type: ignore[attr-defined]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert form.values()["clip"] is None
    penalty = form.row("penalty").control
    assert isinstance(penalty, ChoiceField)
    penalty.set_value(None)
    assert form.values()["penalty"] is None


def test_a_locked_form_takes_nothing(form: ConfigForm, qtbot) -> None:
    form.set_locked(True)
    write(qtbot, form, "steps", "9")
    switch = form.row("norm").control
    assert isinstance(switch, SwitchField)
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert form.values() == {**form.values(), "steps": 20_000, "norm": True}
    form.set_locked(False)
    write(qtbot, form, "steps", "9")
    assert form.values()["steps"] == 9


def test_a_lock_outlives_new_fields(form: ConfigForm, qtbot) -> None:
    form.set_locked(True)
    form.set_fields(fields_of(Settings), {})
    write(qtbot, form, "steps", "9")
    assert form.values()["steps"] == 20_000


def test_a_rebuilt_form_keeps_the_fold_open(form: ConfigForm, qtbot) -> None:
    folding(form).set_open(True)
    form.set_fields(fields_of(Settings), {"clip": 4.0})
    qtbot.waitUntil(form.row("clip").isVisible)


def test_arrow_keys_move_numbers_and_stay_in_range(form: ConfigForm, qtbot) -> None:
    steps, rate = form.row("steps").control, form.row("rate").control
    qtbot.keyClick(steps, Qt.Key.Key_Up)
    assert form.values()["steps"] == 20_001
    qtbot.keyClick(steps, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert form.values()["steps"] == 19_991
    qtbot.keyClick(rate, Qt.Key.Key_Up)
    assert form.values()["rate"] == pytest.approx(3e-4)
    form.set_values({"steps": 1})
    qtbot.keyClick(steps, Qt.Key.Key_Down)
    assert form.values()["steps"] == 1


def test_every_control_has_its_title_as_accessible_name(form: ConfigForm) -> None:
    for spec in fields_of(Settings):
        assert form.row(spec.key).control.accessibleName() == spec.title


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (20000, "20,000"),
        (0.0002, "0.0002"),
        (1e-8, "0.00000001"),
        (1e-12, "1e−12"),
        (1.0, "1"),
        (-0.5, "−0.5"),
        (1234.5, "1,234.5"),
        (0, "0"),
        (True + 1, "2"),
    ],
)
def test_numbers_written_plainly_are_read_back(number: float, text: str) -> None:
    assert plain(number) == text
    assert parse_number(text) == number


@pytest.mark.parametrize("read", [parse_number, parse_whole])
@pytest.mark.parametrize("text", ["", "1,00", "0,0002", "nan", "inf", "1e999", "12px", "1,0000"])
def test_what_is_no_number_is_refused(read: Callable[[str], float], text: str) -> None:
    with pytest.raises(NotANumber):
        read(text)


def test_a_sliders_value_has_a_sign_except_at_zero() -> None:
    assert [signed(n) for n in (1.6, -0.7, 0.0, -0.001)] == ["+1.60", "−0.70", "0.00", "0.00"]
