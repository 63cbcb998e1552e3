"""Which function carries out which task. Imported on the thread that does so, because torch comes with it."""

from typing import assert_never

import torch

from gen_studio.core.jobs import Report
from gen_studio.core.origins import Origin, app_version
from gen_studio.core.runs import RunFolder
from gen_studio.core.tasks import (
    AnswerFolder,
    DrawHoles,
    FilmWalk,
    FindNearest,
    FindPlace,
    FoundNearest,
    LearnDirection,
    ReadExamples,
    ReadMask,
    ReadPicture,
    ReadQuestion,
    Result,
    SavePictures,
    ShowData,
    ShowQuestions,
    Survey,
    Surveyed,
    Task,
    WritePictures,
    Written,
)
from gen_studio.data import catalog
from gen_studio.inference import components, film, neighbours, saving, walking
from gen_studio.inference.answering import able
from gen_studio.inference.saving import Sheet
from gen_studio.models.capabilities import HasCode, HasLatent
from gen_studio.runtime import attribute_tasks, picture_tasks, question_tasks
from gen_studio.runtime.show import OnShow

SEED = 11


def carry_out(task: Task, shown: OnShow, report: Report) -> Result:
    """Raises UserError with a sentence, and lets through what `report` raises."""
    match task:
        case FilmWalk():
            return _film(task, shown, report)
        case SavePictures():
            return _save(task, shown, report)
        case Survey():
            return _survey(task, shown, report)
        case FindNearest():
            return _nearest(task, shown, report)
        case ShowData():
            return attribute_tasks.show_data(task, shown, report)
        case ReadExamples():
            return attribute_tasks.read_examples(task, shown, report)
        case LearnDirection():
            return attribute_tasks.learn(task, shown, report)
        case FindPlace():
            return attribute_tasks.find_place(task, shown, report)
        case ReadPicture():
            return picture_tasks.read_picture(task, report)
        case ReadMask():
            return picture_tasks.read_mask(task, report)
        case DrawHoles():
            return picture_tasks.draw_holes(task, report)
        case WritePictures():
            return picture_tasks.write(task, report)
        case ReadQuestion():
            return question_tasks.read(task, shown, report)
        case ShowQuestions():
            return question_tasks.show(task, shown, report)
        case AnswerFolder():
            return question_tasks.answer_folder(task, shown, report)
        case _:
            assert_never(task)


def _film(task: FilmWalk, shown: OnShow, report: Report) -> Written:
    model = able(shown.model, HasCode, "latents to walk through")
    film.check(task.path, task.rate)
    count = len(walking.moments(task.walk, task.rate))
    frames = walking.frames(model, task.walk, task.rate, shown.device)
    film.write(task.path, frames, count, film.Format(task.height, task.scaling, task.rate), report)
    return Written(task.path)


def _save(task: SavePictures, shown: OnShow, report: Report) -> Written:
    model = able(shown.model, HasCode, "latents to make pictures of")
    origin = Origin(
        run=shown.run.name,
        family=shown.model.info.key,
        step=shown.step,
        pictures=task.pictures,
        version=app_version(),
    )
    saving.save(model, origin, Sheet(task.path, task.columns, task.height, task.scaling), shown.device, report)
    return Written(task.path)


def _survey(task: Survey, shown: OnShow, report: Report) -> Surveyed:
    model = able(shown.model, HasLatent, "latents of a prior")
    found = components.survey(model, task.components, torch.Generator().manual_seed(SEED), shown.device, report)
    return Surveyed(
        tuple(component.direction for component in found.components),
        tuple(component.share for component in found.components),
        found.effects,
    )


def _nearest(task: FindNearest, shown: OnShow, report: Report) -> FoundNearest:
    dataset = catalog.load(RunFolder(shown.run).plan().data, report=report)
    found = neighbours.nearest(task.picture[None], dataset.train.images, task.count, report=report)
    pictures = dataset.train.images[torch.from_numpy(found.rows[0])].permute(0, 2, 3, 1)
    usual = neighbours.usual_distance(dataset.validation.images, dataset.train.images, report)
    return FoundNearest(pictures.contiguous().numpy(), found.distances[0], usual)
