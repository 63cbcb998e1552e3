"""Takes the README's pictures of the real window, in the middle of real runs.

    uv run python packaging/screenshots.py --root DATA --clothing clothing.zip

Without a display it starts one of its own (Xvfb). Where MNIST or the photographs are missing it says so and takes the
digits, or leaves the picture out.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

# It must stand before Qt is imported: the pictures are the same size on every screen.
os.environ.setdefault("QT_SCALE_FACTOR", "1")

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gen_studio.app import Studio
    from gen_studio.core.plan import RunPlan
    from gen_studio.ui.canvas.canvas import Canvas

OUT = Path(__file__).resolve().parent.parent / "resources" / "screenshots"
SIZE = (1440, 900)
PATIENCE = 600.0
SETTLE = 1.0
ONE_PER_SECOND = 1.0
LARGE = 400_000
"""Bytes. Beyond that a picture does with 256 colours."""


@dataclass(frozen=True)
class Shot:
    """One run and the pictures to take of it. `share` of its steps are taken first, or for `seconds` at most."""

    names: tuple[str, ...]
    plan: "RunPlan"
    share: float
    seconds: float
    rate: tuple[str, float] | None = None
    panel: str = "train"
    use: "Callable[[QApplication, Studio], None] | None" = None
    """What a person does in the panel before the picture is taken."""


def main() -> int:
    options = _options()
    if options.inside:
        return _take(options)
    with _display() as environment, tempfile.TemporaryDirectory() as home:
        # Another process, since Qt looks for its display once.
        command = [sys.executable, __file__, "--inside", *sys.argv[1:]]
        return subprocess.run(command, env={**environment, "GEN_STUDIO_HOME": home}, check=False).returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, help="folder that holds MNIST, as torchvision lays it out")
    parser.add_argument("--clothing", type=Path, help="zip or folder of colour photographs, for edges to photograph")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long the longest run trains (120)")
    parser.add_argument("--only", nargs="*", default=(), help="names of the pictures to take, without .png")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _display() -> Iterator[dict[str, str]]:
    """An environment with a display that answers."""
    environment = dict(os.environ)
    if environment.get("DISPLAY") or not sys.platform.startswith("linux"):
        yield environment
        return
    read, write = os.pipe()
    try:
        screen = f"{SIZE[0]}x{SIZE[1]}x24"
        server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", screen], pass_fds=(write,))
    except FileNotFoundError:
        sys.exit("There is no display, and Xvfb is not installed. Install xvfb, or run this on a desktop.")
    try:
        os.close(write)
        with os.fdopen(read) as answer:
            environment["DISPLAY"] = f":{answer.readline().strip()}"
        yield environment
    finally:
        server.terminate()
        server.wait()


def _take(options: argparse.Namespace) -> int:
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    options.out.mkdir(parents=True, exist_ok=True)
    for shot in _shots(options):
        wanted = tuple(name for name in shot.names if not options.only or name in options.only)
        if wanted:
            _photograph(app, shot, wanted, options.out)
    return 0


def _shots(options: argparse.Namespace) -> list[Shot]:
    """The run of the first picture comes last, so that its list of runs has something to show."""
    digits: dict[str, object] = {"source": "mnist", "size": 32}
    # Rather than in the plan: a path of this machine is nothing to show.
    os.environ["GEN_STUDIO_DATASETS"] = str(options.root or "")
    if not options.root or not (options.root / "MNIST").is_dir():
        _say("MNIST is not there (--root): the pictures show the digits instead.")
        digits = {"source": "digits", "size": 32}
    seconds = options.seconds
    shots = [Shot(("vae",), _plan("vae", digits, 6_000), 0.7, seconds / 3)]
    photographs: dict[str, object] = {}
    if options.clothing and options.clothing.exists():
        photographs = {"source": "folder", "path": str(options.clothing), "size": 64, "pairs": "edges"}
        paired = _plan("pix2pix", photographs, 1_200, width=32)
        shots.append(Shot(("pix2pix",), paired, 0.8, seconds))
        shots.append(Shot(("data",), _plan("dcgan", {**photographs, "pairs": None}, 2_000), 0.0, 0.0, panel="data"))
    else:
        _say("No photographs are given (--clothing): pix2pix is left out.")
        shots.append(Shot(("data",), _plan("dcgan", digits, 2_000), 0.0, 0.0, panel="data"))
    faces: dict[str, object] = {"source": "toy_faces", "size": 32, "count": 4_000}
    latent = _plan("dcgan", faces, 6_000, width=32, latents=64, batch_size=64, ema=0.998)
    shots.append(Shot(("latent",), latent, 0.9, seconds, panel="latent", use=_explore))
    attributes = _plan("conv_vae", faces, 6_000, networks="DCGAN's", latents=64, batch_size=64, ema=0.99)
    shots.append(Shot(("attributes",), attributes, 0.9, seconds, panel="attributes", use=_edit))
    holed = {**photographs, "pairs": None} if photographs else {**faces, "size": 64}
    shots.append(Shot(("inpaint",), _of_recipe("gated_conv", holed), 0.9, 4 * seconds, panel="inpaint", use=_paint))
    shots.append(Shot(("translate",), _of_recipe("spade"), 0.9, 4 * seconds, panel="translate", use=_draw))
    gan = _plan("dcgan", digits, 3_000, width=32, batch_size=64, ema=0.99)
    rate = ("generator", 1e-4)
    shots.append(Shot(("train-dark", "train-light"), gan, 0.62, seconds, rate))
    return shots


def _plan(family: str, data: dict[str, object], steps: int, **config: object) -> "RunPlan":
    from gen_studio.core.plan import DataPlan, RunPlan

    return RunPlan(family=family, data=DataPlan.parse(data), config=config, steps=steps)


def _of_recipe(name: str, data: dict[str, object] | None = None) -> "RunPlan":
    """The plan of a recipe, on other pictures where some are given."""
    from gen_studio.core.plan import DataPlan
    from gen_studio.recipes.recipe import find

    plan = find(name).plan
    return plan if data is None else plan.model_copy(update={"data": DataPlan.parse(data)})


def _photograph(app: "QApplication", shot: Shot, names: tuple[str, ...], out: Path) -> None:
    from gen_studio.app import build
    from gen_studio.ui.theme import Scheme, apply_theme

    apply_theme(app, Scheme.DARK)
    studio = build(first=shot.plan)
    studio.window.shell.resize(*SIZE)
    studio.begin()
    _wait(app, lambda: studio.window.training.library is not None)
    _wait(app, lambda: studio.window.data.shown is not None or bool(studio.window.data.problem))
    if shot.seconds:
        _train(app, studio, shot)
    studio.window.shell.show_panel(shot.panel)
    if shot.use is not None:
        shot.use(app, studio)
    for name in names:
        apply_theme(app, Scheme.LIGHT if name.endswith("light") else Scheme.DARK)
        _let_pass(app, SETTLE)
        _save(studio, out / f"{name}.png")
    studio.shut_down()
    _let_pass(app, 0.1)
    studio.window.shell.close()


def _train(app: "QApplication", studio: "Studio", shot: Shot) -> None:
    window, training = studio.window, studio.window.training
    window.transport.start()
    _wait(app, lambda: training.step > 0 or bool(window.shell.error_bar.notice()))
    notice = window.shell.error_bar.notice()
    if notice is not None:
        sys.exit(notice.sentence)
    began, goal = time.monotonic(), shot.share * shot.plan.steps
    changed = shot.rate is None
    while training.step < goal and time.monotonic() - began < shot.seconds:
        _let_pass(app, 0.5)
        late = training.step > 0.6 * goal or time.monotonic() - began > 0.6 * shot.seconds
        if late and not changed and shot.rate is not None:
            training.set_rate(*shot.rate)
            changed = True
    training.save()
    _let_pass(app, 2 * ONE_PER_SECOND)


def _explore(app: "QApplication", studio: "Studio") -> None:
    """Pins, a walk through them, and two directions, while the run goes on."""
    screen = studio.window.latent_panel.screen
    exploring = screen.exploring
    _wait(app, lambda: exploring.pictures is not None)
    if not screen.findings.directions:
        screen.findings.survey()
    for seed in (3, 8, 15, 21, 34, 55):
        exploring.draw(seed)
        screen.pins.pin()
        _let_pass(app, SETTLE / 4)
    screen.walk.set_keyframes(tuple(pin.picture for pin in screen.pins.pins[:4]))
    _wait(app, lambda: bool(screen.findings.directions) and not screen.tasking.is_busy)
    screen.pins.pick(6)
    for direction, strength in zip(screen.findings.directions, (1.1, -0.7, 0.4), strict=False):
        exploring.set_strength(direction, strength)
        exploring.end_gesture()
    _wait(app, lambda: not exploring.is_waiting)
    _let_pass(app, 3 * SETTLE)


def _paint(app: "QApplication", studio: "Studio") -> None:
    """Two strokes over a held-out picture, and what the model fills them with."""
    screen, canvas = studio.window.inpaint_panel.screen, studio.window.inpaint_panel.inpaint_stage.canvas
    inpainting = screen.inpainting
    _wait(app, lambda: inpainting.subject is not None)
    assert inpainting.subject is not None
    height, width = inpainting.subject.pixels.shape[:2]
    for stroke in (((0.34, 0.3), (0.5, 0.42), (0.66, 0.34)), ((0.3, 0.72), (0.56, 0.78))):
        _stroke(canvas, [(x * width, y * height) for x, y in stroke])
    _wait(app, lambda: inpainting.answer is not None)
    _let_pass(app, SETTLE)


def _draw(app: "QApplication", studio: "Studio") -> None:
    """A cloud more in a held-out layout, and what the model paints while it trains."""
    from gen_studio.ui.canvas.material import Layout

    panel = studio.window.translate_panel
    translating, files, canvas = panel.screen.translating, panel.screen.files, panel.translate_stage.canvas
    _wait(app, lambda: bool(files.exercises) and translating.answer is not None)
    files.use_example(1)
    assert isinstance(canvas.material, Layout)
    canvas.take_class([one.name for one in canvas.material.classes].index("cloud"))
    height, width = translating.pixels.shape[:2]
    _stroke(canvas, [(x * width, y * height) for x, y in ((0.2, 0.16), (0.3, 0.13), (0.42, 0.16))])
    _wait(app, lambda: not translating.is_waiting)
    _let_pass(app, SETTLE)


def _stroke(canvas: "Canvas", points: list[tuple[float, float]]) -> None:
    """Of the mouse, through points of the picture."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    places = [canvas.widget_point(x, y).toPoint() for x, y in points]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])


def _edit(app: "QApplication", studio: "Studio") -> None:
    """Directions learnt from what is known of the data, and one's own picture given glasses and a smile."""
    from gen_studio.viewmodels.attributes_lesson import Source

    panel = studio.window.attributes_panel
    screen, lesson = panel.screen, panel.screen.lesson
    _wait(app, lambda: screen.stage.after_pixels is not None and not screen.tasking.is_busy)
    lesson.choose_source(Source.KNOWN)
    _wait(app, lambda: lesson.facts is not None)
    for trait in ("hair=long", "smile=smiling", "glasses=with glasses"):
        lesson.set_lesson(trait=trait)
        lesson.learn()
        _wait(app, lambda: not lesson.is_learning)
    lesson.choose_source(Source.DATA)
    for place, example in enumerate(lesson.offered[:9]):
        lesson.sort(example, "more" if place % 2 else "less")
    picture = lesson.picture(lesson.offered[-1])
    assert picture is not None
    screen.own.paste(picture)
    _wait(app, lambda: screen.own.own is not None)
    for kept, strength in zip(screen.directions.kept, (0.0, 1.5, 2.5), strict=True):
        screen.stage.set_strength(kept.direction, strength)
        screen.exploring.end_gesture()
    panel.attributes_stage.switch.set_index(1)
    _let_pass(app, 3 * SETTLE)


def _save(studio: "Studio", path: Path) -> None:
    from PIL import Image

    studio.window.shell.grab().save(str(path))
    with Image.open(path) as picture:
        small = picture.convert("RGB")
    small.save(path, optimize=True)
    if path.stat().st_size > LARGE:
        small.quantize(256).save(path, optimize=True)
    _say(f"{path.name}: {path.stat().st_size // 1000} KB")


def _wait(app: "QApplication", until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > deadline:
            sys.exit("The window did not get that far in ten minutes. Is the machine busy?")
        _let_pass(app, 0.05)


def _let_pass(app: "QApplication", seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.005)


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


if __name__ == "__main__":
    sys.exit(main())
