"""What takes seconds and is asked of a trained model: requests, how far they are, and their answers, as plain values.

Another one is a frozen dataclass in `Task` and, where its answer is of a new kind, one in `Result`; the match in
`runtime.tasks` then asks for the function that carries it out.
"""

from dataclasses import dataclass, field
from pathlib import Path

from gen_studio.core.enlarging import Scaling
from gen_studio.core.jobs import Progress
from gen_studio.core.walks import Walk


@dataclass(frozen=True)
class FilmWalk:
    """A walk as a film, MP4 or GIF by the path's suffix. height: of the frames, None for the model's own."""

    walk: Walk
    path: Path
    rate: int = 30
    height: int | None = None
    scaling: Scaling = Scaling.SQUARES


Task = FilmWalk
"""All that may be asked for."""


@dataclass(frozen=True)
class Written:
    """A file was written."""

    path: Path


Result = Written
"""All that may come of a task."""


@dataclass(frozen=True, eq=False)
class Request:
    """A task for the model of a run: as it is looked at, or else as its newest checkpoint has it. What is told of it
    carries its number."""

    number: int
    run: Path
    task: Task


@dataclass(frozen=True)
class TaskProgressed:
    """How far the request of that number is."""

    number: int
    progress: Progress


@dataclass(frozen=True, eq=False)
class TaskDone:
    """The request of that number was carried out, by the weights of `step`."""

    number: int
    step: int
    result: Result


@dataclass(frozen=True)
class TaskNotDone:
    """Why the request of that number was not carried out, with the way out; nothing was changed."""

    number: int
    sentence: str
    details: str = field(default="", repr=False)


@dataclass(frozen=True)
class TaskCalledOff:
    """The request of that number was called off, as was asked; nothing was changed."""

    number: int


TaskNews = TaskProgressed | TaskDone | TaskNotDone | TaskCalledOff
"""All that is told of requests. Each ends with one of the last three."""
