"""Edits a sample or anybody's picture along directions, and finds the latent of a picture, for the command line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from gen_studio.commands.exploring import class_weights
from gen_studio.commands.looking import Look, Opened, open_model
from gen_studio.commands.output import Answer, note, table
from gen_studio.commands.target import check_target
from gen_studio.commands.teaching import read_picture
from gen_studio.core import origins
from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import Drawn, Given, LatentPicture, Move
from gen_studio.core.meter import Meter
from gen_studio.core.origins import Origin
from gen_studio.inference import direction_files, saving
from gen_studio.inference.direction_files import Saved
from gen_studio.inference.exploring import explore
from gen_studio.inference.points import latent_size
from gen_studio.inference.projection import Effort, Projection, project
from gen_studio.inference.saving import Sheet
from gen_studio.models.capabilities import HasCode, HasLatent

STRIP = tuple(float(strength) for strength in range(-3, 4))
FARTHEST = 100.0
"""Strengths beyond this are slips of the finger."""


@dataclass(frozen=True)
class Search:
    """How a picture's latent is found: Effort in the words of a command line. class_name: of a conditional model."""

    iterations: int = 300
    starts: int = 4
    every_layer: bool = False
    class_name: str | None = None

    @property
    def effort(self) -> Effort:
        return Effort(steps=self.iterations, starts=self.starts, every_layer=self.every_layer)


@dataclass(frozen=True)
class Edit:
    """image: None for the sample of the look's seed. directions: "FILE" or "FILE=STRENGTH". strip: all strengths from
    -3 to 3 side by side, each times what stands behind a file."""

    image: Path | None
    directions: tuple[str, ...]
    strength: float
    out: Path
    strip: bool = False
    force: bool = False


@dataclass(frozen=True)
class _Way:
    saved: Saved
    strength: float


def edit(look: Look, asked: Edit, search: Search) -> Answer:
    """A PNG that holds what decides its pictures: dropped on the window it can be edited further."""
    ways = [_way(word, 1.0 if asked.strip else asked.strength) for word in asked.directions]
    files = [Path(word.rpartition("=")[0] or word) for word in asked.directions]
    check_target(asked.out, [*files, *([asked.image] if asked.image else [])], "edited.png", asked.force)
    if not ways:
        raise WrongUse("No direction is named. Learn one with gen-studio direction, and name its file: --direction F.")
    opened = open_model(look, HasCode, "be edited in its latents")
    for way in ways:
        _warn_of_strangers(way.saved, look, opened)
    _try_out(opened, ways)
    begin, facts = _begin(look, asked.image, opened, search)
    factors = STRIP if asked.strip else (1.0,)
    edited = tuple(_moved(begin, ways, factor) for factor in factors)
    _save(look, opened, edited, asked.out)
    document = {
        "out": str(asked.out),
        "directions": [{"name": way.saved.direction.name, "strength": way.strength} for way in ways],
        "strengths": list(factors) if asked.strip else None,
        "seed": None if asked.image else look.seed,
        "step": opened.card.step,
        **facts,
    }
    return Answer(document, _text(asked.out, facts))


def project_picture(look: Look, image: Path, out: Path, search: Search, *, force: bool = False) -> Answer:
    """A PNG of what comes nearest to a picture, which holds where that is."""
    check_target(out, [image], "projected.png", force)
    opened = open_model(look, HasCode, "find the latent of a picture")
    found = _found(look, image, opened, search)
    _save(look, opened, (found.picture,), out)
    facts = _facts(found)
    return Answer({"out": str(out), "image": str(image), "step": opened.card.step, **facts}, _text(out, facts))


def _begin(look: Look, image: Path | None, opened: Opened, search: Search) -> tuple[LatentPicture, dict[str, Any]]:
    """What is edited, and how near it is to the picture that was given."""
    if image is None:
        if not isinstance(opened.model, HasLatent):
            raise WrongUse("This model cannot sample, so a seed is no picture of it. Name a picture to edit.")
        return LatentPicture(point=Drawn(seed=look.seed), classes=_classes(opened, search)), {}
    kept = _kept(look, image, opened)
    if kept is not None:
        note(f"{image} was saved from this run, and is edited from its exact place.")
        return kept, {"way": "kept in the picture"}
    found = _found(look, image, opened, search)
    return found.picture, _facts(found)


def _kept(look: Look, image: Path, opened: Opened) -> LatentPicture | None:
    """What decided a picture that this run made; None for any other picture."""
    try:
        origin = origins.read(image)
    except WrongUse:
        return None
    is_ours = (origin.run, origin.family) == (look.run.resolve().name, opened.card.family)
    return origin.pictures[0] if is_ours and len(origin.pictures) == 1 else None


def _found(look: Look, image: Path, opened: Opened, search: Search) -> Projection:
    wanted = read_picture(image, opened)
    rng = torch.Generator().manual_seed(look.seed)
    with Meter() as meter:
        return project(
            opened.model,
            wanted[None],
            rng,
            effort=search.effort,
            classes=_classes(opened, search),
            device=opened.device,
            report=meter.report,
        )[0]


def _classes(opened: Opened, search: Search) -> tuple[float, ...]:
    return class_weights(opened, search.class_name) if search.class_name is not None else ()


def _way(word: str, strength: float) -> _Way:
    """Reads "smile.direction" or "smile.direction=2": a name may hold a "=" of its own."""
    name, equals, number = word.rpartition("=")
    if equals and not Path(word).exists():
        try:
            strength, word = float(number), name
        except ValueError:
            raise WrongUse(f'"{number}" is no strength. Write {name}=1.5, for example.') from None
    if not math.isfinite(strength) or abs(strength) > FARTHEST:
        raise WrongUse(f"A strength of {strength:g} leads nowhere. From -3 to 3 is about all there is.")
    return _Way(direction_files.load(Path(word)), strength)


def _warn_of_strangers(saved: Saved, look: Look, opened: Opened) -> None:
    teacher, name = saved.origin, look.run.resolve().name
    if teacher is not None and (teacher.family, teacher.run) != (opened.card.family, name):
        note(
            f'"{saved.direction.name}" was learnt with the run {teacher.run} ({teacher.family}), not with {name}: '
            "latents of two runs mean different things, unless one was copied from the other."
        )


def _try_out(opened: Opened, ways: Sequence[_Way]) -> None:
    """Raises WrongUse for directions that are not of this model, before a search that takes long."""
    anywhere = LatentPicture(point=Given(values=(0.0,) * latent_size(opened.model)))
    explore(opened.model, [_moved(anywhere, ways, 1.0)], opened.device)


def _moved(picture: LatentPicture, ways: Sequence[_Way], factor: float) -> LatentPicture:
    moves = tuple(Move(direction=way.saved.direction, strength=factor * way.strength) for way in ways)
    return picture.model_copy(update={"moves": (*picture.moves, *moves)})


def _save(look: Look, opened: Opened, pictures: tuple[LatentPicture, ...], out: Path) -> None:
    origin = Origin(
        run=look.run.resolve().name,
        family=opened.card.family,
        step=opened.card.step,
        pictures=pictures,
        version=origins.app_version(),
    )
    saving.save(opened.model, origin, Sheet(out, columns=len(pictures)), opened.device)


def _facts(found: Projection) -> dict[str, Any]:
    return {
        "way": found.way.value,
        "pixel_error": found.pixel_error,
        "feature_error": found.feature_error,
        "features": found.features,
    }


def _text(out: Path, facts: dict[str, Any]) -> str:
    if "pixel_error" not in facts:
        return str(out)
    grey = 127.5 * math.sqrt(facts["pixel_error"])
    rows = [
        ("latent", facts["way"]),
        ("pixels", f"{grey:.1f} grey levels away from the original (root mean square)"),
        ("features", f"{facts['feature_error']:.4g} away, in {facts['features']}"),
    ]
    return f"{out}\n\n{table(rows)}"
