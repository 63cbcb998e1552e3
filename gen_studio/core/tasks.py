"""What takes seconds and is asked of a trained model: requests, how far they are, and their answers, as plain values.

Another one is a frozen dataclass in `Task` and, where its answer is of a new kind, one in `Result`; the match in
`runtime.tasks` then asks for the function that carries it out.
"""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gen_studio.core.annotations import Attribute
from gen_studio.core.directions import Method, Quality
from gen_studio.core.enlarging import Scaling
from gen_studio.core.jobs import Progress
from gen_studio.core.latents import Direction, LatentPicture
from gen_studio.core.looking import Picture
from gen_studio.core.walks import Walk


@dataclass(frozen=True)
class FilmWalk:
    """A walk as a film, MP4 or GIF by the path's suffix. height: of the frames, None for the model's own."""

    walk: Walk
    path: Path
    rate: int = 30
    height: int | None = None
    scaling: Scaling = Scaling.SQUARES


@dataclass(frozen=True)
class SavePictures:
    """Pictures of latents as one PNG, in rows of `columns`, with what decided them inside: `core.origins` reads it.

    height: of each, None for the model's own.
    """

    pictures: tuple[LatentPicture, ...]
    path: Path
    columns: int = 1
    height: int | None = None
    scaling: Scaling = Scaling.SQUARES


@dataclass(frozen=True)
class Survey:
    """The ways of its own that a latent space has, at most `components` of them, and what each single number does."""

    components: int = 10


@dataclass(frozen=True, eq=False)
class FindNearest:
    """The training pictures that are nearest to one of the model's, the nearest first."""

    picture: Picture
    count: int = 8


@dataclass(frozen=True)
class ShowData:
    """Some of the pictures that the run was trained on, or else some that were held out; which ones by chance."""

    count: int
    seed: int
    held_out: bool = False


@dataclass(frozen=True, eq=False)
class Pile:
    """Pictures of the model, and any others of its size."""

    samples: tuple[LatentPicture, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, eq=False)
class Sorted:
    """Pictures that have more of something, and such that have less of it."""

    more: Pile
    less: Pile


@dataclass(frozen=True, eq=False)
class ReadExamples:
    """A person's own pictures as the model takes them, to be sorted: files, folders of files, or pixels."""

    given: tuple[Path | Picture, ...]


@dataclass(frozen=True)
class Known:
    """Training pictures with a trait, as `data.traits` writes it, "smile=smiling", and such with its opposite."""

    trait: str


@dataclass(frozen=True, eq=False)
class LearnDirection:
    """The way from less to more. orthogonal_to: directions that it leaves as they are."""

    name: str
    examples: Sorted | Known
    method: Method = Method.DIFFERENCE
    orthogonal_to: tuple[Direction, ...] = ()


@dataclass(frozen=True)
class HeldOut:
    """A picture of the data that no gradient has seen, which one by chance."""

    seed: int


@dataclass(frozen=True, eq=False)
class FindPlace:
    """Where in the latent space a picture lies: a person's own, a file or pixels of any size, or one of the data.

    searches: goes on from what the encoder says, where the model has one; others can only be searched.
    """

    given: Path | Picture | HeldOut
    searches: bool = True


@dataclass(frozen=True)
class ReadPicture:
    """A person's own picture, a file of any kind and size."""

    path: Path


@dataclass(frozen=True)
class ReadMask:
    """A file whose white pixels are to be filled, of a picture of this size."""

    path: Path
    height: int
    width: int


@dataclass(frozen=True)
class DrawHoles:
    """Irregular holes by chance that cover this share of a picture."""

    height: int
    width: int
    coverage: float
    seed: int


@dataclass(frozen=True, eq=False)
class WritePictures:
    """Pictures as they are, pixel by pixel, each in a PNG of its own."""

    files: tuple[tuple[Path, Picture], ...]


class Intake(Enum):
    """What a picture is handed in as to a model that answers pictures or layouts."""

    QUESTION = "question"
    PHOTO = "photo"
    """The question is made of it, as that of every pair was that the model learnt from."""
    STYLE = "style"


@dataclass(frozen=True, eq=False)
class ReadQuestion:
    """A person's own picture, file or pixels, as the model takes it. at_model_size: also where it takes any size."""

    given: Path | Picture
    intake: Intake = Intake.QUESTION
    at_model_size: bool = True


@dataclass(frozen=True)
class ShowQuestions:
    """Questions of the held-out data with what is right for them, which ones by chance. back: as in `Convert`."""

    count: int
    seed: int
    back: bool = False


@dataclass(frozen=True, eq=False)
class AnswerFolder:
    """Every picture of a folder answered into another one, where nothing is written over. style: as in `PaintLayout`.

    Called off, it keeps what it has written.
    """

    folder: Path
    out: Path
    intake: Intake = Intake.QUESTION
    at_model_size: bool = True
    seed: int = 0
    back: bool = False
    style: Picture | None = None


Task = (
    FilmWalk
    | SavePictures
    | Survey
    | FindNearest
    | ShowData
    | ReadExamples
    | LearnDirection
    | FindPlace
    | ReadPicture
    | ReadMask
    | DrawHoles
    | WritePictures
    | ReadQuestion
    | ShowQuestions
    | AnswerFolder
)
"""All that may be asked for."""


@dataclass(frozen=True)
class Written:
    """A file was written."""

    path: Path


@dataclass(frozen=True, eq=False)
class Surveyed:
    """components: the strongest first; strength 1 is a standard deviation. shares: of all change, one for each.

    effects: (D,), by how many grey levels a pixel changes when a number moves by a standard deviation.
    """

    components: tuple[Direction, ...]
    shares: tuple[float, ...]
    effects: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class FoundNearest:
    """pictures: (K, H, W, C), the nearest first. distances: (K,), in grey levels, root mean square over pixels.

    usual: how far held-out pictures, which the model cannot have seen, are from the nearest training picture, their
    median; None where none are held out. What is much nearer than that is copied.
    """

    pictures: NDArray[np.uint8]
    distances: NDArray[np.float32]
    usual: float | None


@dataclass(frozen=True, eq=False)
class DataPictures:
    """pictures: (N, H, W, C). facts: all that is known of each picture, which makes traits."""

    pictures: NDArray[np.uint8]
    facts: tuple[Attribute, ...]


@dataclass(frozen=True, eq=False)
class ExamplesRead:
    """pictures: as large as the model's own. failed: the names of files that were left out, each with the reason."""

    pictures: tuple[Picture, ...]
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Learnt:
    """quality: None where a pile has but one picture. along: what else goes along with it, by how much from -1 to 1,
    the most first; () where nothing is known of the pictures."""

    direction: Direction
    quality: Quality | None
    along: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, eq=False)
class FoundPlace:
    """wanted: the picture as the model takes it. shown: what comes nearest to it. error: root mean square over pixels,
    in grey levels. how: in a few words."""

    picture: LatentPicture
    wanted: Picture
    shown: Picture
    error: float
    how: str


@dataclass(frozen=True, eq=False)
class PictureRead:
    """The picture in its own size. remarks: sentences on what had to be done to it."""

    pixels: Picture
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class HolesMade:
    """(H, W) bool, true where a pixel is to be filled."""

    holes: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Exercise:
    """question: (H, W, C), or (H, W) the classes of a layout. target: what is right for it; None if that is unknown."""

    question: NDArray[np.uint8]
    target: Picture | None = None


@dataclass(frozen=True, eq=False)
class QuestionsFound:
    """remarks: sentences on what had to be done to them."""

    exercises: tuple[Exercise, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class FolderAnswered:
    """written: how many of `total`. failed: the names of files that gave no answer, each with the reason."""

    out: Path
    written: int
    total: int
    failed: tuple[tuple[str, str], ...] = ()


Result = (
    Written
    | Surveyed
    | FoundNearest
    | DataPictures
    | ExamplesRead
    | Learnt
    | FoundPlace
    | PictureRead
    | HolesMade
    | QuestionsFound
    | FolderAnswered
)
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
