"""What the data page says of attributes, layouts and domains, and how a second place is chosen."""

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from gen_studio.core.description import SourceInfo
from gen_studio.core.events import DataShown, Ready
from gen_studio.core.plan import DataPlan, RunPlan
from gen_studio.ui.panels import data_picker
from gen_studio.ui.panels.data import DataFacts
from gen_studio.ui.panels.data_picker import TWO, DataPicker
from gen_studio.ui.widgets.bar_list import BarList
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.setup import SetupViewModel

SOURCES = (
    SourceInfo("digits", "Digits", "", 8),
    SourceInfo("folders", "Two folders", "", 64, needs_path=True, other="The second one"),
    SourceInfo("table", "With a table", "", 64, needs_path=True, other="The table", other_is_file=True),
)
PLAN = DataPlan(source="digits")


class Engine(QObject):
    happened = Signal(object)

    def ask(self, command: object) -> None: ...

    def cancel_loading(self) -> None: ...


@pytest.fixture
def screen(qtbot) -> tuple[DataFacts, Engine, SetupViewModel, DataPicker]:
    engine = Engine()
    setup = SetupViewModel(RunPlan(family="none", data=PLAN))
    data = DataViewModel(engine)
    facts, picker = DataFacts(data), DataPicker(setup, data)
    for widget in (facts, picker):
        qtbot.addWidget(widget)
    facts.resize(300, 700)
    facts.show()
    setup.take_library(Ready((), {}, SOURCES, ()))
    data.look(PLAN)
    return facts, engine, setup, picker


def say(engine: Engine, **more: object) -> None:
    pictures = np.zeros((2, 8, 16, 3), np.uint8)
    engine.happened.emit(DataShown(PLAN, PLAN, pictures, (3, 8, 8), {"train": 8}, {}, (), (), **more))


def test_attributes_layouts_and_domains_are_counted(screen) -> None:
    facts, engine, _, _ = screen
    say(
        engine,
        attributes={"Smile": 3, "Hair: bald": 5},
        ranges={"Skin": (0.0, 0.98765)},
        domains={"day": 4, "night": 6},
        layout={"sky": ("#8CC8F0", 0.614), "sun or moon": ("#FFD04A", 0.001)},
    )
    assert facts._attributes.accessibleDescription() == "Smile 3, Hair: bald 5"
    assert facts._domains.accessibleDescription() == "day 4, night 6"
    assert facts._layout.accessibleDescription() == "Sky 61, Sun or moon 0"
    assert facts._ranges.text() == "Skin: 0 to 0.988"
    assert all(bars.isVisible() and title.isVisible() for title, bars in facts._sections())


def test_plain_data_show_no_empty_sections(screen) -> None:
    facts, engine, _, _ = screen
    say(engine)
    assert not any(bars.isVisible() or title.isVisible() for title, bars in facts._sections())
    assert not facts._ranges.isVisible()


def test_the_colour_of_a_class_is_seen_however_rare_it_is(qtbot) -> None:
    bars = BarList("Layout")
    qtbot.addWidget(bars)
    bars.resize(260, 60)
    bars.set_values({"Sky": 99, "Sun": 0}, {"Sky": "#8CC8F0", "Sun": "#FFD04A"})
    image = bars.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {QColor("#8CC8F0").name(), QColor("#FFD04A").name()} <= seen


@pytest.mark.parametrize(("key", "asked"), [("folders", "getExistingDirectory"), ("table", "getOpenFileName")])
def test_a_second_place_is_asked_for_where_the_entry_says_so(screen, monkeypatch, key: str, asked: str) -> None:
    _, _, setup, picker = screen
    titles: list[str] = []

    def folder(parent: object, title: str) -> str:
        titles.append(title)
        return "/first" if len(titles) == 1 else "/second"

    monkeypatch.setattr(data_picker.QFileDialog, "getExistingDirectory", folder)
    monkeypatch.setattr(data_picker.QFileDialog, "getOpenFileName", lambda *_, **__: ("/second", ""))
    picker._choose(key)
    assert setup._path == "/first" and setup._other_path is None
    titles.clear()
    picker._choose(key + TWO)
    assert (setup._path, setup._other_path) == ("/first", "/second")
    assert len(titles) == (2 if asked == "getExistingDirectory" else 1)


def test_calling_the_second_question_off_changes_nothing(screen, monkeypatch) -> None:
    _, _, setup, picker = screen
    answers = iter(["/first", ""])
    monkeypatch.setattr(data_picker.QFileDialog, "getExistingDirectory", lambda *_: next(answers))
    picker._choose("folders" + TWO)
    assert setup.source.key == "digits"
