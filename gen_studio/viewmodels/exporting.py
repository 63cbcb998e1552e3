"""What leaves the Latent panel and comes back: pictures with how they were made, films of walks, recipes as text."""

import json
import math
from pathlib import Path

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal, Slot

from gen_studio.core import origins, paths
from gen_studio.core.enlarging import Scaling, comfortable
from gen_studio.core.errors import UserError
from gen_studio.core.latents import Given
from gen_studio.core.looking import ModelFacts
from gen_studio.core.origins import Origin
from gen_studio.core.tasks import FilmWalk, SavePictures, TaskDone, Written
from gen_studio.viewmodels.exploration import at_point
from gen_studio.viewmodels.exploring import ExploringViewModel
from gen_studio.viewmodels.sentences import for_the_window
from gen_studio.viewmodels.tasking import Tasking

NO_RECIPE = (
    "What was pasted does not say where a picture lies. "
    "Copy it with Copy recipe or Copy latent, or drop a saved picture."
)
STRIP_PICTURES = 9
LONGEST_NUMBERS = 1_000_000
"""Characters."""


class ExportingViewModel(QObject):
    """Nothing is written but where the user said."""

    run_wanted = Signal(object)
    """The Path of another run, whose picture was dropped."""
    told = Signal(str)
    """What was done, in a sentence."""
    noticed = Signal(str, str)

    def __init__(self, exploring: ExploringViewModel, tasking: Tasking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exploring, self._tasking = exploring, tasking
        self._asked: set[int] = set()
        self._awaited: tuple[Path, Origin] | None = None
        tasking.done.connect(self._take)
        exploring.looking.opened.connect(self._go_on)

    # Out

    def save_picture(self, path: Path, place: int | None = None) -> None:
        """What is on the stage, or the picture at that place of it; one alone is large enough to be looked at."""
        shown = self._exploring.shown() if place is None else (self._exploring.shown()[place],)
        facts = self._exploring.looking.facts
        height = comfortable(facts.height) if facts and len(shown) == 1 else None
        self._ask(SavePictures(shown, path, columns=1 if len(shown) == 1 else 3, height=height))

    def save_strip(self, path: Path) -> None:
        """The walk as pictures side by side, the same time apart."""
        walk = self._exploring.state.walk
        count = max(STRIP_PICTURES, len(walk.keyframes))
        steps = count if walk.closes else count - 1
        moments = tuple(walk.at(walk.seconds * number / steps) for number in range(count))
        self._ask(SavePictures(moments, path, columns=count))

    def film(self, path: Path, height: int | None, rate: int, scaling: Scaling) -> None:
        """The walk as MP4 or GIF, by the path's suffix. height: None for the model's own."""
        self._ask(FilmWalk(self._exploring.state.walk, path, rate, height, scaling))

    def recipe(self) -> str:
        """The picture on the stage as text: JSON."""
        facts = self._exploring.looking.facts
        assert facts is not None
        origin = Origin(
            run=facts.run.name,
            family=facts.family,
            step=self._exploring.looking.step,
            pictures=(self._exploring.picture,),
            version=origins.app_version(),
        )
        return origin.model_dump_json(indent=1)

    def numbers(self) -> str:
        """The latent of the picture on the stage, before moves: a JSON list. "" before the first answer."""
        numbers = [self._exploring.number(index) for index in range(self._exploring.size)]
        known = [float(f"{number:.7g}") for number in numbers if number is not None]
        return json.dumps(known) if len(known) == len(numbers) else ""

    # In

    def paste(self, text: str) -> None:
        """A recipe, or the numbers of a latent."""
        latent = self._latent_of(text)
        if latent is not None:
            self._exploring.set_picture(at_point(self._exploring.picture, Given(values=latent)))
            return
        try:
            origin = Origin.model_validate_json(text)
        except (ValidationError, RecursionError):
            self.noticed.emit(NO_RECIPE, "")
            return
        self._return_to(origin)

    def _latent_of(self, text: str) -> tuple[float, ...] | None:
        """As many numbers as this model's latents have, with brackets or without; None for anything else."""
        if len(text) > LONGEST_NUMBERS:
            return None
        try:
            values = tuple(float(word) for word in text.strip().strip("[]").replace(",", " ").split())
        except ValueError:
            return None
        return values if len(values) == self._exploring.size and all(map(math.isfinite, values)) else None

    def leads_back(self, path: Path) -> bool:
        """Whether a file is a picture that a run which is here has made."""
        facts = self._exploring.looking.facts
        try:
            run = origins.read(path).run
        except UserError:
            return False
        return (facts is not None and facts.run.name == run) or _home(run) is not None

    def drop(self, path: Path) -> None:
        """A picture that was saved here leads back to where it was made."""
        try:
            origin = origins.read(path)
        except UserError as error:
            self.noticed.emit(for_the_window(str(error)), "")
            return
        self._return_to(origin)

    def _return_to(self, origin: Origin) -> None:
        facts = self._exploring.looking.facts
        if facts is not None and facts.run.name == origin.run:
            self._apply(origin, facts)
            return
        home = _home(origin.run)
        if home is not None:
            self._awaited = (home, origin)
            self.run_wanted.emit(home)
            return
        self.noticed.emit(
            f'This picture was made by the run "{origin.run}", which is not among the runs here. '
            "Nothing was changed; put its folder back to return to it.",
            "",
        )

    @Slot(object)
    def _go_on(self, facts: ModelFacts) -> None:
        if self._awaited is not None and self._awaited[0] == facts.run:
            origin, self._awaited = self._awaited[1], None
            self._apply(origin, facts)

    def _apply(self, origin: Origin, facts: ModelFacts) -> None:
        self._exploring.set_picture(origin.pictures[0])
        if origin.step != facts.step:
            self.told.emit(
                f"Made at step {origin.step:,}; the model is at step {facts.step:,} now, so it may look different."
            )

    def _ask(self, task: FilmWalk | SavePictures) -> None:
        run = self._exploring.looking.run
        if run is not None:
            self._asked.add(self._tasking.ask(run, task))

    @Slot(object)
    def _take(self, done: TaskDone) -> None:
        if done.number in self._asked and isinstance(done.result, Written):
            self._asked.discard(done.number)
            self.told.emit(f"Saved as {done.result.path}.")


def _home(run: str) -> Path | None:
    """Where a run of that name is; None where there is none. A file may say any name."""
    home = paths.runs() / run
    return home if Path(run).name == run and home.is_dir() else None
