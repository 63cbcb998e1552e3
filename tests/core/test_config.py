"""Settings from plain values, and the sentence for each way in which they can be wrong."""

import json
from dataclasses import replace
from enum import Enum
from typing import Any, Literal

import pytest

from gen_studio.core.config import Config, FieldKind, fields_of, parse_assignments, setting
from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import DataPlan, RunPlan


class Shade(Enum):
    LIGHT = "light"
    VERY_DARK = "very dark"


class Lamp(Config):
    bulbs: int = setting(3, "Bulbs", "How many.", ge=1, le=10_000_000)
    power: float = setting(0.5, "Power", "How strong.", gt=0, lt=1)
    volts: float = setting(230.0, "Volts", "At the plug.", ge=0)
    on: bool = setting(True, "On", "Whether it is lit.")
    shade: Shade = setting(Shade.LIGHT, "Shade", "Its shade.", advanced=True)
    base: Literal["big", "small"] = setting("big", "Base", "Its base.")
    note: str | None = setting(None, "Note", "Any words.")
    limit: int | None = setting(None, "Limit", "At most.", ge=1)


def complaint(**values: Any) -> str:
    with pytest.raises(WrongUse) as caught:
        Lamp.parse(values)
    return str(caught.value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"bulbs": 0}, "Bulbs (bulbs) cannot be 0. It takes a whole number from 1 to 10,000,000."),
        ({"bulbs": "many"}, "Bulbs (bulbs) cannot be 'many'. It takes a whole number from 1 to 10,000,000."),
        ({"bulbs": 1.5}, "Bulbs (bulbs) cannot be 1.5. It takes a whole number from 1 to 10,000,000."),
        ({"power": 0}, "Power (power) cannot be 0. It takes a number above 0 and below 1."),
        ({"power": float("nan")}, "Power (power) cannot be nan. It takes a number above 0 and below 1."),
        ({"volts": -1}, "Volts (volts) cannot be -1. It takes a number at least 0."),
        ({"volts": float("inf")}, "Volts (volts) cannot be inf. It takes a number at least 0."),
        ({"on": "perhaps"}, "On (on) cannot be 'perhaps'. It takes true or false."),
        ({"shade": "very drak"}, "Shade (shade) cannot be 'very drak'. Did you mean \"very dark\"?"),
        ({"shade": 7}, "Shade (shade) cannot be 7. Choices: light, very dark."),
        ({"base": "none"}, "Base (base) cannot be 'none'. Choices: big, small."),
        ({"bulb": 1}, 'There is no setting "bulb". Did you mean "bulbs"?'),
        ({"zz": 1}, 'There is no setting "zz". Settings: bulbs, power, volts, on, shade, base, note, limit.'),
        ({"limit": 0}, "Limit (limit) cannot be 0. It takes a whole number at least 1."),
    ],
)
def test_a_wrong_value_is_a_sentence(values: dict[str, Any], sentence: str) -> None:
    assert complaint(**values) == sentence


def test_every_wrong_value_has_its_sentence() -> None:
    said = complaint(bulbs=0, shade="red")
    assert "Bulbs (bulbs) cannot be 0." in said
    assert "Shade (shade) cannot be 'red'." in said


def test_words_from_a_command_line_become_values() -> None:
    words = parse_assignments(["bulbs=7", "power=1e-3", "on=false", "shade=very dark", "note=a=b"])
    lamp = Lamp.parse(words)
    assert lamp == Lamp(bulbs=7, power=1e-3, on=False, shade=Shade.VERY_DARK, note="a=b")


@pytest.mark.parametrize("words", [["bulbs"], ["=3"], ["bulbs=1", "bulbs=2"]])
def test_words_that_are_no_settings_are_refused(words: list[str]) -> None:
    with pytest.raises(WrongUse, match="is not a setting|is given twice"):
        parse_assignments(words)


def test_settings_survive_json_and_do_not_change() -> None:
    lamp = Lamp(shade=Shade.VERY_DARK, bulbs=2)
    assert Lamp.parse(json.loads(lamp.model_dump_json())) == lamp
    with pytest.raises(ValueError, match="frozen"):
        lamp.bulbs = 3


def test_fields_have_all_that_a_form_needs() -> None:
    fields = {field.key: field for field in fields_of(Lamp)}
    assert list(fields) == ["bulbs", "power", "volts", "on", "shade", "base", "note", "limit"]
    kinds = [field.kind for field in fields.values()]
    assert kinds == [
        FieldKind.INTEGER,
        FieldKind.NUMBER,
        FieldKind.NUMBER,
        FieldKind.SWITCH,
        FieldKind.CHOICE,
        FieldKind.CHOICE,
        FieldKind.TEXT,
        FieldKind.INTEGER,
    ]
    assert fields["shade"].default == "light"
    assert fields["shade"].choices == ("light", "very dark")
    assert fields["shade"].advanced
    assert not fields["bulbs"].advanced
    assert [field.key for field in fields.values() if field.optional] == ["note", "limit"]
    assert (fields["power"].exclusive_minimum, fields["power"].exclusive_maximum) == (True, True)
    assert (fields["bulbs"].minimum, fields["bulbs"].maximum) == (1, 10_000_000)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, ""),
        ({"ge": 1, "le": 512}, "from 1 to 512"),
        ({"gt": 0, "le": 1}, "above 0 to 1"),
        ({"ge": 0, "lt": 1}, "from 0 and below 1"),
        ({"gt": 0}, "above 0"),
        ({"ge": 2}, "at least 2"),
        ({"lt": 1}, "below 1"),
        ({"le": 0.25}, "at most 0.25"),
        ({"ge": 1, "le": 10_000_000}, "from 1 to 10,000,000"),
    ],
)
def test_ranges_are_said_as_people_say_them(bounds: dict[str, float], words: str) -> None:
    class Bounded(Config):
        value: float = setting(0.2, "Value", "Any.", **bounds) if bounds else setting(0.2, "Value", "Any.")

    (field,) = fields_of(Bounded)
    assert field.range_in_words == words


class BrightLamp(Lamp):
    power: float = 0.9
    shade: Shade = Shade.VERY_DARK


class CityLamp(BrightLamp):
    bulbs: int = setting(1, "Tubes", "How many tubes.", ge=1, le=2)


def test_another_default_leaves_a_settings_words_and_range_and_place() -> None:
    for config in (BrightLamp, CityLamp):
        fields, base = fields_of(config), fields_of(Lamp)
        assert [field.key for field in fields] == [field.key for field in base]
        changed = {field.key: field for field, before in zip(fields, base, strict=True) if field != before}
        assert changed["power"] == replace(base[1], default=0.9)
        assert changed["shade"] == replace(base[4], default="very dark")
        assert set(changed) == {"power", "shade"} | ({"bulbs"} if config is CityLamp else set())
    assert Lamp().power == 0.5 and BrightLamp().power == 0.9
    with pytest.raises(WrongUse, match="above 0 and below 1"):
        BrightLamp.parse({"power": 2})


def test_a_wrong_default_is_found_when_it_is_used() -> None:
    class Wrong(Config):
        value: int = setting(0, "Value", "Any.", ge=1)

    with pytest.raises(WrongUse):
        Wrong.parse({})


def test_a_plan_survives_json() -> None:
    plan = RunPlan(family="some", data=DataPlan(source="folder", path="/a/ö", size=32), config={"a": [1, "x"]}, seed=7)
    assert RunPlan.parse(json.loads(plan.model_dump_json())) == plan
