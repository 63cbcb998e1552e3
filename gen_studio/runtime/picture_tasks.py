"""Tasks about pictures that people bring and take along: read, holes drawn into them, written."""

import numpy as np
import torch

from gen_studio.core import sheets
from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report
from gen_studio.core.tasks import DrawHoles, HolesMade, PictureRead, ReadMask, ReadPicture, WritePictures, Written
from gen_studio.data import given
from gen_studio.inference import random_holes
from gen_studio.inference.saving import check


def read_picture(task: ReadPicture, report: Report) -> PictureRead:
    report(Progress("Reading the picture"))
    found = given.picture(task.path)
    return PictureRead(found.pixels, found.remarks)


def read_mask(task: ReadMask, report: Report) -> HolesMade:
    report(Progress("Reading the mask"))
    return HolesMade(given.mask(task.path, task.height, task.width))


def draw_holes(task: DrawHoles, report: Report) -> HolesMade:
    report(Progress("Drawing holes"))
    rng = torch.Generator().manual_seed(task.seed)
    return HolesMade(random_holes.drawn(task.height, task.width, task.coverage, rng))


def write(task: WritePictures, report: Report) -> Written:
    if not task.files:
        raise WrongUse("There is nothing to save yet. Open a picture first.")
    for path, _ in task.files:
        check(path)
    for number, (path, picture) in enumerate(task.files):
        report(Progress("Saving", number, len(task.files)))
        sheets.write(path, np.ascontiguousarray(picture)[None])
    return Written(task.files[0][0])
