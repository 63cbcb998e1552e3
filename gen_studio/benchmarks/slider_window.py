"""A window with one slider and one picture, to measure how long the picture takes to follow the hand."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSlider, QVBoxLayout, QWidget

from gen_studio.benchmarks.comparison import SPEED
from gen_studio.benchmarks.heartbeat import Heartbeat
from gen_studio.core.events import Advanced, Began, Ended, Message, Ready, Refused
from gen_studio.core.latents import Dimension, Drawn, LatentPicture
from gen_studio.core.looking import Ask, Explore, NotShown, Opened, Picture, Shown, Sight
from gen_studio.core.plan import RunPlan
from gen_studio.runtime.commands import LoadLibrary, Start, UseThreads
from gen_studio.runtime.engine import Engine
from gen_studio.runtime.render_service import RenderService
from gen_studio.runtime.worker import TrainingWorker
from gen_studio.ui.garbage import GarbageTimer
from gen_studio.ui.pictures import to_image

SIDE = 512
RANGE = 300
EVENT_MILLISECONDS = 16
"""A mouse on a screen of 60 Hz."""
WARM_UP_SECONDS = 5.0
GIVE_UP_SECONDS = 240.0
VIEW = "slider"


@dataclass(frozen=True)
class Scene:
    """What happens while it is measured. plan: of a run that trains beside, and is then the one that is looked at.

    drags: whether the slider moves at all. waits: whether it moves on only once its picture has been painted.
    """

    run: Path | None = None
    plan: RunPlan | None = None
    drags: bool = True
    waits: bool = False


class PictureView(QWidget):
    """One picture, scaled smoothly. `painted` carries the number of what has just been painted."""

    painted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(SIDE, SIDE)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._image = QImage()
        self._number = -1

    def show_picture(self, picture: Picture, number: int) -> None:
        self._image, self._number = to_image(picture), number
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRect(0, 0, SIDE, SIDE), self._image)
        painter.end()
        self.painted.emit(self._number)


class SliderDrag(QObject):
    """Opens the model, drags the slider without pause for a while, and says when it has ended."""

    ended = Signal()

    def __init__(self, scene: Scene, engine: Engine, service: RenderService, seconds: float, folder: Path) -> None:
        super().__init__()
        self.problem = "The slider did not get to move in time."
        self.waits: list[float] = []  # milliseconds from the slider's event to its painted picture
        self.speed = 0.0  # steps per second
        self.stalls: dict[str, float] = {}
        self._scene, self._engine, self._service, self._folder = scene, engine, service, folder
        self._seconds = seconds
        self._asked: dict[int, float] = {}
        self._number, self._step, self._began_at_step, self._began = 0, 0, 0, 0.0
        self._is_measuring = False
        self.window = QWidget()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setMaximum(RANGE)
        self._view = PictureView()
        self._heartbeat = Heartbeat(self)
        self._mouse = QTimer(self, interval=EVENT_MILLISECONDS, timerType=Qt.TimerType.PreciseTimer)
        self._mouse.setSingleShot(scene.waits)
        self._warmth = QTimer(self, singleShot=True, interval=int(1000 * WARM_UP_SECONDS))
        self._end = QTimer(self, singleShot=True, interval=int(1000 * seconds))
        self._give_up = QTimer(self, singleShot=True, interval=int(1000 * (GIVE_UP_SECONDS + seconds)))
        layout = QVBoxLayout(self.window)
        layout.addWidget(self._slider)
        layout.addWidget(self._view)
        self._bind()
        self._give_up.start()

    def _bind(self) -> None:
        self._engine.happened.connect(self._heed)
        self._service.happened.connect(self._see)
        self._slider.valueChanged.connect(self._ask)
        self._view.painted.connect(self._note)
        self._mouse.timeout.connect(self._move)
        self._warmth.timeout.connect(self._measure)
        self._end.timeout.connect(self._finish)
        self._give_up.timeout.connect(self._close)

    @Slot(object)
    def _heed(self, message: Message) -> None:
        match message:
            case Ready():
                self._begin()
            case Began(path=path):
                if self._scene.drags:
                    self._service.open(path)
                else:
                    self._warmth.start()
            case Advanced(step=step):
                self._step = step
            case Ended(sentence=sentence) | Refused(sentence=sentence):
                if not self._began or self._is_measuring:
                    self.problem = sentence
                    self._close()
            case _:
                pass

    def _begin(self) -> None:
        if self._scene.plan is not None:
            self._engine.ask(Start(self._scene.plan, self._folder))
        elif self._scene.run is not None:
            self._service.open(self._scene.run)

    @Slot(object)
    def _see(self, sight: Sight) -> None:
        match sight:
            case Opened():
                if not self._warmth.isActive() and not self._began:
                    self._warmth.start()
                    self._mouse.start()
            case Shown(number=number, pictures=pictures):
                self._view.show_picture(pictures[0], number)
            case NotShown(sentence=sentence, details=details):
                self.problem = f"{sentence}\n{details}"
                self._close()
            case _:
                pass

    @Slot()
    def _move(self) -> None:
        self._slider.setValue((self._slider.value() + 1) % (RANGE + 1))

    @Slot(int)
    def _ask(self, value: int) -> None:
        self._number += 1
        self._asked[self._number] = time.perf_counter()
        dimension = Dimension(index=0, value=6 * value / RANGE - 3)
        picture = LatentPicture(point=Drawn(seed=1), dimensions=(dimension,))
        self._service.ask(Ask(VIEW, self._number, Explore((picture,))))

    @Slot(int)
    def _note(self, number: int) -> None:
        asked = self._asked.pop(number, None)
        if asked is None:
            return
        if self._is_measuring:
            self.waits.append(1000 * (time.perf_counter() - asked))
        if self._scene.waits:
            self._mouse.start()

    @Slot()
    def _measure(self) -> None:
        self._is_measuring = True
        self._began_at_step, self._began = self._step, time.perf_counter()
        self._heartbeat.begin()
        self._end.start()

    @Slot()
    def _finish(self) -> None:
        self._is_measuring = False
        self.stalls = self._heartbeat.end()
        self.speed = (self._step - self._began_at_step) / (time.perf_counter() - self._began)
        self.problem = ""
        self._close()

    @Slot()
    def _close(self) -> None:
        self._mouse.stop()
        self._give_up.stop()
        self.ended.emit()


def drag_slider(scene: Scene, threads: int, seconds: float, workspace: Path) -> dict[str, float]:
    """Milliseconds from a slider's event to its painted picture, stalls of the window's thread, and the training's
    pictures per second. Needs a process of its own."""
    app = QApplication([])
    garbage = GarbageTimer()
    trainer = TrainingWorker()
    engine = Engine(trainer, "training")
    service = RenderService(engine, trainer.publisher.mailbox)
    drag = SliderDrag(scene, engine, service, seconds, workspace / f"live-{time.time_ns()}")
    drag.ended.connect(app.quit)
    drag.window.show()
    engine.begin()
    service.begin()
    engine.ask(UseThreads(threads))
    engine.ask(LoadLibrary())
    app.exec()
    service.shut_down()
    engine.shut_down()
    garbage.close()
    drag.window.close()
    if drag.problem:
        raise RuntimeError(f"on {app.platformName()}: {drag.problem}")
    return readings(scene, drag)


def readings(scene: Scene, drag: SliderDrag) -> dict[str, float]:
    """What a drag that has ended came to."""
    found = {key: value for key, value in drag.stalls.items() if key != "beats"}
    if scene.drags:
        waits = np.array(drag.waits)
        found |= {f"p{share} ms": float(np.percentile(waits, share)) for share in (50, 95, 99)}
        found["pictures painted"] = float(len(waits))
    if scene.plan is not None:
        found[SPEED] = drag.speed * int(scene.plan.config["batch_size"])
    return found
