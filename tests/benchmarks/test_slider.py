"""The window that measures a slider: it drags, its pictures are painted, and what goes wrong is said. No timings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gen_studio.benchmarks import slider_window
from gen_studio.benchmarks.slider_window import Scene, SliderDrag, readings
from gen_studio.core.plan import DataPlan, Device, Precision, RunPlan
from gen_studio.models.families.vae import VAE
from gen_studio.runtime.commands import LoadLibrary
from gen_studio.runtime.engine import Engine
from gen_studio.runtime.render_service import RenderService
from gen_studio.runtime.worker import TrainingWorker

LONG = 60_000


def plan() -> RunPlan:
    return RunPlan(
        family=VAE.info.key,
        data=DataPlan(source="digits", size=16, limit=200),
        config={"batch_size": 8, "hidden": 8, "latents": 2},
        steps=1_000_000,
        device=Device.CPU,
        precision=Precision.FLOAT32,
    )


@pytest.fixture
def drag(qtbot, tmp_path, monkeypatch) -> Iterator[object]:
    """Drags in a scene until it has ended."""
    monkeypatch.setattr(slider_window, "WARM_UP_SECONDS", 0.3)
    trainer = TrainingWorker()
    engine = Engine(trainer, "training")
    service = RenderService(engine, trainer.publisher.mailbox)

    def run(scene: Scene) -> SliderDrag:
        made = SliderDrag(scene, engine, service, 1.0, tmp_path / "run")
        qtbot.addWidget(made.window)
        made.window.show()
        engine.begin()
        service.begin()
        with qtbot.waitSignal(made.ended, timeout=LONG):
            engine.ask(LoadLibrary())
        return made

    yield run
    service.shut_down()
    engine.shut_down()


def test_pictures_of_the_run_that_trains_are_painted_while_the_slider_moves(drag) -> None:
    scene = Scene(plan=plan(), waits=True)
    ended = drag(scene)
    assert ended.problem == ""
    found = readings(scene, ended)
    assert found["pictures painted"] > 0 and 0 < found["p50 ms"] <= found["p95 ms"]
    assert found["images/s"] > 0 and "stall max ms" in found


def test_training_alone_paints_nothing(drag) -> None:
    scene = Scene(plan=plan(), drags=False)
    found = readings(scene, drag(scene))
    assert found["images/s"] > 0 and "p95 ms" not in found


def test_a_run_that_cannot_be_shown_is_said(drag, tmp_path) -> None:
    assert "no checkpoint" in drag(Scene(run=Path(tmp_path / "nothing"))).problem
