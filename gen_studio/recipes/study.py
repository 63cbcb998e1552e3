"""A study: a question as a file, and the runs that answer it when they are set side by side."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, field_validator

from gen_studio.core import paths
from gen_studio.core.config import Config
from gen_studio.core.errors import UserError, WrongUse
from gen_studio.core.plan import RunPlan
from gen_studio.core.runs import RunFolder
from gen_studio.core.words import one_of
from gen_studio.models import registry
from gen_studio.recipes.recipe import PlannedRun, read_json

FOLDER = "studies"


class StudyRun(PlannedRun):
    """One run of a study; its name is part of its folder's."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class Study(Config):
    """One file of `resources/studies`; its name is the file's.

    why: what it asks, in a sentence or two. minutes: what training all of its runs takes on one CPU core, about.
    metrics: measures to show beside the errors, none for the usual ones.
    """

    name: str
    title: str
    why: str
    minutes: float = Field(gt=0)
    runs: tuple[StudyRun, ...]
    metrics: tuple[str, ...] = ()

    @field_validator("runs")
    @classmethod
    def _can_be_told_apart(cls, runs: tuple[StudyRun, ...]) -> tuple[StudyRun, ...]:
        if not runs or len({run.name for run in runs}) < len(runs):
            raise ValueError("A study needs runs, each with a name of its own.")
        return runs

    def folder_of(self, run: StudyRun, runs: Path) -> Path:
        """Always the same one, so that what is trained is found again."""
        return runs / f"study-{self.name}-{run.name}"


def studies() -> Mapping[str, Study]:
    """The app's own, by name."""
    found = [_read(file) for file in sorted((paths.resources() / FOLDER).glob("*.json"))]
    return MappingProxyType({study.name: study for study in found})


def find(word: str) -> Study:
    """The study of that name, or in that file. Raises WrongUse with a suggestion, UserError for a damaged file."""
    path = Path(word).expanduser()
    if path.suffix == ".json" or os.sep in word:
        if not path.is_file():
            raise WrongUse(f"There is no study at {path}. Check the path.")
        return _read(path)
    known = studies()
    if word not in known:
        raise WrongUse(f'There is no study "{word}". {one_of("Studies", list(known), wrong=word)}')
    return known[word]


def check_same(run: StudyRun, folder: RunFolder, root: Path | None) -> None:
    """Raises WrongUse where a folder holds another run than the study's: it would be shown under a false name."""
    wanted, there = _plain(run, run.plan_at(root)), _plain(run, folder.plan())
    different = [key for key in {**wanted, **there} if wanted.get(key) != there.get(key)]
    if different:
        raise WrongUse(
            f"{folder.path} holds another run than the study's {run.title}: {', '.join(different)} differ. "
            "Move it away, or name another folder with --runs."
        )


def _plain(run: StudyRun, plan: RunPlan) -> dict[str, object]:
    """What has to be the same: what was left open has been decided in one of the two plans."""
    settings = registry.find(plan.family).Config.parse(plan.config).model_dump(mode="json")
    named = run.plan.data.model_fields_set - {"path"}
    data = {f"data {key}": value for key, value in plan.data.model_dump(mode="json", include=named).items()}
    steps = {} if run.epochs is not None else {"steps": plan.steps}
    return {"family": plan.family, **settings, **data, **steps, "seed": plan.seed}


def _read(file: Path) -> Study:
    content = read_json(file, "study")
    try:
        return Study.parse(content)
    except WrongUse as error:
        raise UserError(f"{file} is not a study: {error}") from error
