"""Views and charts on the stage of the Train screen: switched by keyboard, live, and of runs opened again."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Signal

from gen_studio.core.charts import Bars, Fact, Projection, Scatter
from gen_studio.core.config import Config, fields_of
from gen_studio.core.description import ChartInfo, FamilyDescription, Group, Info, Metric, SourceInfo, ViewInfo
from gen_studio.core.events import Began, Charted, Ended, Message, Pictured, Probed, Projected, Ready, Reason
from gen_studio.core.plan import DataPlan, Device, RunPlan
from gen_studio.core.runs import RunFolder, Status
from gen_studio.runtime.commands import Project
from gen_studio.ui.panels.training_stage import TrainingStage
from gen_studio.ui.widgets.view_switch import ViewSwitch
from gen_studio.viewmodels.data import DataViewModel
from gen_studio.viewmodels.latents import LatentsViewModel
from gen_studio.viewmodels.setup import SetupViewModel
from gen_studio.viewmodels.training import TrainingViewModel

VIEWS = (ViewInfo("samples", "Samples", ("",)),)
CHARTS = (ChartInfo("latent_map", "Latent map"), ChartInfo("kl", "KL by dimension"))
CODES = np.arange(40, dtype=np.float32).reshape(10, 4)
MAP = Scatter(CODES[:, :2].astype(float), ("Direction 1", "Direction 2"), CODES, np.arange(10) % 2, ("even", "odd"))
BARS = Bars(
    np.ones(4), np.ones(4, bool), "nats", "Dimension", "active", "not active", (Fact("4 of 4", "active units"),)
)


class Engine(QObject):
    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []

    def ask(self, command: object) -> None:
        self.asked.append(command)

    def cancel_loading(self) -> None:
        pass

    def say(self, *messages: object) -> None:
        for message in messages:
            self.happened.emit(message)


class Screen:
    def __init__(self, qtbot: object, path: Path) -> None:
        self.path, self.qtbot = path, qtbot
        self.trainer, self.analyst = Engine(), Engine()
        self.training = TrainingViewModel(self.trainer)
        self.latents = LatentsViewModel(self.analyst)
        setup = SetupViewModel(RunPlan(family="made_up"))
        self.stage = TrainingStage(self.training, DataViewModel(Engine()), setup, self.latents)
        self.charts, self.switch = self.stage.charts, self.stage.switch
        info = Info("made_up", "Made up", Group.VARIATIONAL, 2026, "Nobody, 2026", "Made up.")
        family = FamilyDescription(info, (Metric("loss", "Loss"),), fields_of(Config), ())
        source = SourceInfo("digits", "Digits", "", 8)
        self.trainer.say(Ready((family,), {"made_up": VIEWS}, (source,), (Device.CPU,), charts={"made_up": CHARTS}))
        qtbot.addWidget(self.stage)
        self.stage.resize(620, 720)
        self.stage.show()

    def folder(self, name: str = "run") -> RunFolder:
        plan = RunPlan(family="made_up", data=DataPlan(source="digits", size=8), steps=100, device=Device.CPU)
        return RunFolder.create(self.path / name, plan, Status(name=name))

    def begins(self, name: str = "run") -> RunFolder:
        folder = self.folder(name)
        began = Began(folder.path, folder.plan(), ("model",), {"model": 1e-3}, 0, 10, (), VIEWS, CHARTS)
        self.trainer.say(began, Pictured(0, "samples", np.zeros((4, 8, 8, 1), np.uint8)))
        return folder

    def says(self, *messages: Message) -> None:
        self.trainer.say(*messages)


@pytest.fixture
def screen(qtbot, tmp_path: Path) -> Screen:
    return Screen(qtbot, tmp_path)


def words(switch: ViewSwitch) -> list[str]:
    return [button.text() for button in switch._group.buttons()]


def test_the_switch_lists_pictures_and_charts(screen) -> None:
    screen.begins()
    assert words(screen.switch) == ["Samples", "Latent map", "KL by dimension"]


def test_the_arrow_keys_go_from_the_pictures_to_the_charts_and_back(qtbot, screen) -> None:
    screen.begins()
    screen.says(Charted(5, "latent_map", MAP), Charted(5, "kl", BARS))
    first = screen.switch._group.button(0)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert screen.charts.isVisible() and screen.charts.currentWidget() is screen.charts.map
    assert not screen.stage.filmstrip.isVisible() and not screen.stage.zoom.isVisible()
    qtbot.keyClick(screen.switch._group.button(1), Qt.Key.Key_Right)
    assert screen.charts.currentWidget() is screen.charts.bars
    for number in (2, 1):
        qtbot.keyClick(screen.switch._group.button(number), Qt.Key.Key_Left)
    assert screen.stage.grid.isVisible() and screen.stage.filmstrip.isVisible() and screen.stage.zoom.isVisible()


def test_a_chart_follows_the_run(screen) -> None:
    screen.begins()
    screen.switch.set_index(2)
    assert screen.charts.bars.chart.values is None
    assert "first step" in screen.charts.bars.chart.accessibleDescription()
    screen.says(Charted(5, "kl", BARS))
    assert screen.charts.bars.chart.values is BARS
    assert [label.text() for pair in screen.charts.bars._labels for label in pair] == ["4 of 4", "active units"]
    assert screen.stage._about.text() == "step 5"


def test_a_run_opened_again_shows_the_chart_it_kept(screen) -> None:
    folder = screen.folder("old")
    folder.write_preview("samples", 9, np.zeros((4, 8, 8, 1), np.uint8), 1)
    folder.write_chart(Charted(9, "latent_map", MAP))
    screen.training.show(folder.path)
    assert words(screen.switch) == ["Samples", "Latent map"]
    screen.switch.set_index(1)
    values = screen.charts.map.chart.values
    np.testing.assert_array_equal(values.points, MAP.points)
    assert values.classes == MAP.classes and screen.charts.map.isVisible()


def test_a_run_that_ends_keeps_its_chart_on_the_screen(screen) -> None:
    screen.begins()
    screen.switch.set_index(1)
    screen.says(Charted(5, "latent_map", MAP), Ended(6, Reason.STOPPED, "Stopped."))
    assert screen.charts.map.chart.values is MAP and screen.charts.isVisible()


def test_another_run_without_charts_is_shown_as_pictures(screen) -> None:
    screen.begins()
    screen.says(Charted(5, "latent_map", MAP))
    screen.switch.set_index(1)
    screen.training.show(screen.folder("other").path)
    assert words(screen.switch) == ["Samples"] and screen.stage.grid.isVisible()
    screen.training.show(None)
    assert not screen.charts.isVisible() and not screen.stage.filmstrip.isVisible()


def test_neighbours_are_looked_for_from_the_switch_over_the_map(qtbot, screen) -> None:
    screen.begins()
    screen.says(Charted(5, "latent_map", MAP))
    screen.switch.set_index(1)
    page = screen.charts.map
    assert words(page.projections)[:2] == ["PCA", "t-SNE"]
    page.projections._group.button(0).setFocus()
    qtbot.keyClick(page.projections._group.button(0), Qt.Key.Key_Right)
    (request,) = screen.analyst.asked
    assert isinstance(request, Project) and page.state.text().startswith("Computing t-SNE")
    screen.analyst.say(Projected(request.number, np.zeros((10, 2)), Projection.TSNE))
    assert page.state.text() == "of step 5" and page.chart.values.projection is Projection.TSNE
    assert not page.again.isVisible()
    screen.says(Charted(8, "latent_map", MAP))
    assert page.again.isVisible() and page.chart.values.projection is Projection.TSNE
    qtbot.mouseClick(page.again, Qt.MouseButton.LeftButton)
    assert len(screen.analyst.asked) == 2


def test_leaving_the_map_gives_up_what_is_computed_for_it(screen) -> None:
    screen.begins()
    screen.says(Charted(5, "latent_map", MAP))
    screen.switch.set_index(1)
    screen.latents.choose(Projection.TSNE)
    screen.switch.set_index(0)
    assert not screen.latents.is_projecting
    screen.switch.set_index(1)
    assert screen.charts.map.projections.index() == 0 and screen.charts.map.chart.values is MAP


def test_what_was_found_stands_when_the_map_is_looked_at_again(screen) -> None:
    screen.begins()
    screen.says(Charted(5, "latent_map", MAP))
    screen.switch.set_index(1)
    screen.latents.choose(Projection.TSNE)
    screen.analyst.say(Projected(screen.analyst.asked[-1].number, np.zeros((10, 2)), Projection.TSNE))
    screen.switch.set_index(0)
    screen.says(Charted(8, "latent_map", MAP))
    screen.switch.set_index(1)
    page = screen.charts.map
    assert page.projections.index() == 1 and page.chart.values.projection is Projection.TSNE and page.again.isVisible()


def test_the_probe_says_what_it_is_and_then_what_it_found(qtbot, screen) -> None:
    screen.begins()
    screen.says(Charted(5, "latent_map", MAP))
    screen.switch.set_index(1)
    page = screen.charts.map
    assert "linear classifier" in page.about_probe.text() and not page.accuracy.isVisible()
    qtbot.mouseClick(page.probe, Qt.MouseButton.LeftButton)
    assert page.about_probe.text() == "Computing …" and not page.probe.isEnabled()
    screen.analyst.say(Probed(screen.analyst.asked[-1].number, 0.9375, 10))
    assert page.accuracy.text() == "93.8 %" and page.accuracy.isVisible() and page.probe.isEnabled()
    assert page.about_probe.text() == "of 10 held-out codes named right, step 5"


def test_bars_are_sorted_by_size_or_by_number(screen) -> None:
    screen.begins()
    screen.says(Charted(5, "kl", BARS))
    screen.switch.set_index(2)
    page = screen.charts.bars
    page.order.set_index(1)
    assert not page.chart._by_size
    screen.says(Charted(6, "kl", BARS))
    assert not page.chart._by_size, "new values leave the order as it was chosen"


def test_in_a_narrow_window_the_figures_are_whole_and_the_order_stands_below(qtbot, screen) -> None:
    screen.begins()
    screen.says(Charted(5, "kl", BARS))
    screen.switch.set_index(2)
    page = screen.charts.bars
    figure = page._labels[0][0]
    qtbot.waitUntil(figure.isVisible)
    assert page.order.y() < figure.geometry().bottom()
    screen.switch.set_compact(True)

    def stands_below() -> bool:
        screen.stage.resize(403, 600)  # which the layout allows once it has heard of the compact switch
        return page.order.y() > figure.geometry().bottom()

    qtbot.waitUntil(stands_below)
    assert page.order.geometry().right() < page.width() < 500
    assert all(label.width() >= label.sizeHint().width() for pair in page._labels for label in pair)


def test_more_than_four_views_become_a_list(qtbot) -> None:
    switch = ViewSwitch(["a", "b", "c", "d"])
    qtbot.addWidget(switch)
    switch.show()
    assert not switch._combo.isVisible()
    switch.set_words(["a", "b", "c", "d", "e"])
    assert switch._combo.isVisible() and not any(button.isVisible() for button in switch._group.buttons())
    with qtbot.waitSignal(switch.changed):
        qtbot.keyClick(switch._combo, Qt.Key.Key_Down)
    assert switch.index() == 1
    switch.set_words(["a", "b"])
    assert not switch._combo.isVisible() and all(button.isVisible() for button in switch._group.buttons())
