"""Tasks about questions to models that answer pictures: read, taken from held-out data, answered by the folder."""

import io
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from gen_studio.core import atomic, sheets
from gen_studio.core.errors import Cancelled, UserError, WrongUse
from gen_studio.core.jobs import Progress, Report
from gen_studio.core.looking import Convert, PaintLayout, Picture, Question
from gen_studio.core.plan import Channels, DataPlan
from gen_studio.core.runs import RunFolder
from gen_studio.core.tasks import (
    AnswerFolder,
    Exercise,
    FolderAnswered,
    Intake,
    QuestionsFound,
    ReadQuestion,
    ShowQuestions,
)
from gen_studio.core.words import count
from gen_studio.data import given, held_out
from gen_studio.data.columns import recoloured
from gen_studio.data.layouts import Coding, Read, read_layout
from gen_studio.data.pictures import ENDINGS, Unreadable, square, square_classes
from gen_studio.data.spec import normalise
from gen_studio.inference.answering import answered
from gen_studio.inference.images import to_pictures
from gen_studio.inference.translation import question_from
from gen_studio.models.capabilities import CanPaint, CanTranslateBothWays, CanUpscale, TakesAnySize
from gen_studio.runtime.show import OnShow

LARGEST = 89_000_000
"""Pixels of an answer, as of a file that can be opened."""
ENDINGS_READ = ENDINGS | {".gif"}


def read(task: ReadQuestion, shown: OnShow, report: Report) -> QuestionsFound:
    report(Progress("Reading the picture"))
    exercise, remarks = _Reader(shown).read(task.given, task.intake, task.at_model_size)
    return QuestionsFound((exercise,), remarks)


def show(task: ShowQuestions, shown: OnShow, report: Report) -> QuestionsFound:
    """Of the validation data: no gradient has seen them."""
    report(Progress("Looking for examples"))
    columns = held_out.some(_plan(shown), task.count, task.seed, task.back, report=report)
    return QuestionsFound(_exercises(shown, columns))


def answer_folder(task: AnswerFolder, shown: OnShow, report: Report) -> FolderAnswered:
    """Called off it keeps what is written, and says so. What cannot be read keeps nobody else from an answer."""
    files = _pictures_in(task.folder)
    targets = _targets(files, task.out)
    reader, written = _Reader(shown), 0
    failed: list[tuple[str, str]] = []
    try:
        for place, (file, target) in enumerate(zip(files, targets, strict=True)):
            report(Progress(f"Answering {file.name}", place, len(files)))
            try:
                question = reader.read(file, task.intake, task.at_model_size)[0].question
                told = _standing(report, Progress(f"Answering {file.name}", place, len(files)))
                picture = answered(shown.model, _asked(shown, task, question), shown.device, told)[0][0]
                atomic.write_bytes(target, png(picture))
                written += 1
            except WrongUse as error:
                failed.append((file.name, str(error)))
    except Cancelled:
        pass
    return FolderAnswered(task.out, written, len(files), tuple(failed))


def _standing(report: Report, whereabouts: Progress) -> Report:
    """For the parts of one picture among many: called off between them, and told of as the picture."""

    def told(_: Progress) -> None:
        report(whereabouts)

    return told


def png(picture: Picture) -> bytes:
    buffer = io.BytesIO()
    sheets.arrange(picture[None]).save(buffer, "PNG")
    return buffer.getvalue()


class _Reader:
    """Brings pictures of any kind to what one model takes."""

    def __init__(self, shown: OnShow) -> None:
        self.model, self.plan = shown.model, _plan(shown)

    def read(self, one: Path | Picture, intake: Intake, at_model_size: bool) -> tuple[Exercise, tuple[str, ...]]:
        data = self.model.data
        if intake is Intake.QUESTION and isinstance(self.model, CanPaint):
            return self._layout(self.model, one)
        found = given.picture(one) if isinstance(one, Path) else given.Given(one)
        pixels, remarks = found.pixels, found.remarks
        if intake is Intake.STYLE:
            return Exercise(self._fitted(pixels, data.channels, at_model_size=True)), remarks
        if intake is Intake.PHOTO:
            photo = self._fitted(pixels, data.channels, at_model_size)
            question, photo = self._question_of(photo)
            self._check(question)
            return Exercise(question, photo), remarks
        channels = data.channels if self._keeps_colours or data.input_channels is None else data.input_channels
        question = self._fitted(pixels, channels, at_model_size and not isinstance(self.model, CanUpscale))
        self._check(question)
        return Exercise(question), remarks

    @property
    def _keeps_colours(self) -> bool:
        """Whether questions have the colours of the answers."""
        return isinstance(self.model, CanTranslateBothWays | CanUpscale)

    def _fitted(self, pixels: Picture, channels: int, at_model_size: bool) -> Picture:
        colours = Channels.GREY if channels == 1 else Channels.COLOUR
        takes_any = isinstance(self.model, CanUpscale) or (
            isinstance(self.model, TakesAnySize) and self.model.stride is not None
        )
        planes = pixels.transpose(2, 0, 1)
        if at_model_size or not takes_any:
            image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
            planes = square(image, self.model.data.height, self.plan.fit)
        fitted: Picture = np.ascontiguousarray(recoloured(planes[None], colours)[0].transpose(1, 2, 0))
        return fitted

    def _question_of(self, photo: Picture) -> tuple[Picture, Picture]:
        """What the run's filter, or the model's own shrinking, makes of a photo; and the photo as it is the answer."""
        planes = np.ascontiguousarray(photo.transpose(2, 0, 1))
        if isinstance(self.model, CanUpscale):
            scale = self.model.scale
            height, width = (side // scale * scale for side in photo.shape[:2])
            if not height or not width:
                raise WrongUse(f"A picture of {photo.shape[1]} × {photo.shape[0]} is too small to be made smaller.")
            photo = np.ascontiguousarray(photo[:height, :width])
            return _shrunk(self.model, photo[None])[0], photo
        if self.plan.pairs is None:
            raise WrongUse("The pairs of this run were made by no filter. Open the question itself.")
        return np.ascontiguousarray(question_from(planes, self.plan.pairs).transpose(1, 2, 0)), photo

    def _check(self, question: Picture) -> None:
        scale = self.model.scale if isinstance(self.model, CanUpscale) else 1
        height, width = (side * scale for side in question.shape[:2])
        if height * width > LARGEST:
            raise WrongUse(
                f"The answer would be {width:,} × {height:,}, which is more than a file may have. "
                f"Scale the picture down, so that the answer has {LARGEST // 1_000_000} megapixels at most."
            )

    def _layout(self, model: CanPaint, one: Path | Picture) -> tuple[Exercise, tuple[str, ...]]:
        palette, data = model.palette, self.model.data
        coding = Coding(palette, tuple(range(len(palette))), tuple(each.colour for each in palette))
        try:
            if isinstance(one, Path):
                given.picture(one)  # says in a sentence what keeps a file from being read
                layout = read_layout(one.read_bytes())
            else:
                layout = _packed(one)
            classes = coding.classes_of(layout)
        except Unreadable as error:
            raise WrongUse(
                f"{one if isinstance(one, Path) else 'The picture'} {error}. "
                "A layout is in the colours of the classes, without smoothing; a photo can lend its style instead."
            ) from error
        if classes.shape == (data.height, data.width):
            return Exercise(classes), ()
        remark = f"It was {classes.shape[1]} × {classes.shape[0]} and was brought to {data.width} × {data.height}."
        return Exercise(square_classes(classes, data.height, self.plan.fit)), (remark,)


def _packed(pixels: Picture) -> Read:
    wide = np.broadcast_to(pixels, (*pixels.shape[:2], 3)).astype(np.int64)
    return Read((wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2], True)


def _exercises(shown: OnShow, columns: held_out.Columns) -> tuple[Exercise, ...]:
    model = shown.model
    colours = Channels.GREY if model.data.channels == 1 else Channels.COLOUR
    targets = _upright(recoloured(columns["images"], colours))
    if isinstance(model, CanTranslateBothWays):
        return tuple(Exercise(one) for one in targets)
    questions: NDArray[np.uint8]
    if isinstance(model, CanPaint):
        questions = columns["layout"][:, 0]
    elif isinstance(model, CanUpscale):
        height, width = (side // model.scale * model.scale for side in targets.shape[1:3])
        targets = targets[:, :height, :width]
        questions = _shrunk(model, targets)
    elif "inputs" in columns:
        wanted = Channels.GREY if model.data.input_channels == 1 else Channels.COLOUR
        questions = _upright(recoloured(columns["inputs"], wanted))
    else:
        raise WrongUse("This model answers no pictures of its data. Open a picture of your own.")
    return tuple(Exercise(question, target) for question, target in zip(questions, targets, strict=True))


def _shrunk(model: CanUpscale, pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(N, H, W, C) -> (N, H / scale, W / scale, C)."""
    images = normalise(torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))))
    return to_pictures(model.shrunk(images))


def _asked(shown: OnShow, task: AnswerFolder, question: NDArray[np.uint8]) -> Question:
    if isinstance(shown.model, CanPaint):
        return PaintLayout(question, task.seed, task.style)
    return Convert(question, task.seed, task.back)


def _pictures_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise WrongUse(f"There is no folder {folder}. Choose another one.")
    with atomic.disk_errors(folder, "read"):
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() in ENDINGS_READ and file.is_file())
    if not files:
        raise WrongUse(f"{folder} holds no pictures. Choose a folder that holds them itself, not in further folders.")
    return files


def _targets(files: list[Path], out: Path) -> list[Path]:
    """Where each answer goes. Raises before anything is written."""
    if out.exists() and not out.is_dir():
        raise WrongUse(f"{out} is a file. Choose a folder for the answers.")
    stems = [file.stem.casefold() for file in files]
    # A name twice, as of a.jpg and a.png, keeps its ending.
    names = [file.name if stems.count(file.stem.casefold()) > 1 else file.stem for file in files]
    targets = [out / f"{name}.png" for name in names]
    there = sum(target.exists() for target in targets)
    if there:
        raise WrongUse(
            f"{out} holds {count(there, 'picture')} already that would be written over. Choose another folder."
        )
    with atomic.disk_errors(out):
        out.mkdir(parents=True, exist_ok=True)
    return targets


def _plan(shown: OnShow) -> DataPlan:
    try:
        return RunFolder(shown.run).plan().data
    except OSError as error:
        raise UserError(f"{shown.run} cannot be read: {error.strerror or error}. Choose another run.") from error


def _upright(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(N, C, H, W) -> (N, H, W, C)."""
    return np.ascontiguousarray(images.transpose(0, 2, 3, 1))
