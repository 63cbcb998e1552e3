"""Explores what a run has learnt: films of walks through its latents."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypeVar

from gen_studio.commands.looking import Look, Opened, open_model
from gen_studio.commands.output import Answer
from gen_studio.core import enlarging
from gen_studio.core.enlarging import Scaling
from gen_studio.core.errors import WrongUse
from gen_studio.core.latents import Curve, Drawn, LatentPicture
from gen_studio.core.meter import Meter
from gen_studio.core.walks import Easing, Keyframe, Walk
from gen_studio.core.words import one_of
from gen_studio.inference import film, walking
from gen_studio.inference.film import Format
from gen_studio.models.capabilities import HasLatent, IsConditional

LONGEST = 3600.0
E = TypeVar("E", bound=Enum)


@dataclass(frozen=True)
class WalkOptions:
    """A walk as it is asked for: words are not yet known to be right."""

    keyframes: int = 4
    seconds: float = 6.0
    curve: str = Curve.SPHERICAL.value
    easing: str = Easing.SMOOTH.value
    closes: bool = True
    classes: tuple[str, ...] = ()
    truncation: float = 1.0


@dataclass(frozen=True)
class FilmOptions:
    """size: its height, None for a comfortable one. smooth: enlarged smoothly instead of in squares."""

    out: Path
    size: int | None = None
    smooth: bool = False
    fps: int = 30
    force: bool = False


def walk(look: Look, asked: WalkOptions, wanted: FilmOptions) -> Answer:
    """A film from picture to picture, each a seed: those of the look's seed and the ones after it."""
    film.check(wanted.out, wanted.fps)
    if wanted.out.exists() and not wanted.force:
        raise WrongUse(f"{wanted.out} is there already. Name another file, or add --force to write over it.")
    way, easing = chosen(Curve, asked.curve, "curve"), chosen(Easing, asked.easing, "easing")
    opened = open_model(look, HasLatent, "be walked through")
    scaling = Scaling.SMOOTH if wanted.smooth else Scaling.SQUARES
    height = wanted.size or enlarging.comfortable(opened.card.height)
    enlarging.check(opened.card.height, height, scaling)
    keyframes = _keyframes(opened, look.seed, asked)
    planned = Walk(keyframes=keyframes, curve=way, easing=easing, closes=asked.closes)
    count = len(walking.moments(planned, wanted.fps))
    with Meter() as meter:
        made = walking.frames(opened.model, planned, wanted.fps, opened.device)
        film.write(wanted.out, made, count, Format(height, scaling, wanted.fps), meter.report)
    document = {
        "out": str(wanted.out),
        "frames": count,
        "fps": wanted.fps,
        "seconds": count / wanted.fps,
        "height": height,
        "seeds": [look.seed + number for number in range(asked.keyframes)],
        "step": opened.card.step,
    }
    return Answer(document, str(wanted.out))


def chosen(choices: type[E], word: str, what: str) -> E:
    """The choice of that name. Raises WrongUse with all there are."""
    names = [str(choice.value) for choice in choices]
    if word not in names:
        raise WrongUse(f'There is no {what} "{word}". {one_of("There is", names, word)}')
    return choices(word)


def class_weights(opened: Opened, name: str) -> tuple[float, ...]:
    """All weight on the class of that name. Raises WrongUse where the model does not know it."""
    if not isinstance(opened.model, IsConditional):
        raise WrongUse("This model was not told classes, so it has none to choose from. Leave --class out.")
    names = opened.model.class_names
    if name not in names:
        raise WrongUse(f'The model knows no class "{name}". {one_of("Classes", names, name)}')
    return tuple(float(name == other) for other in names)


def _keyframes(opened: Opened, seed: int, asked: WalkOptions) -> tuple[Keyframe, ...]:
    if not 0 < asked.seconds <= LONGEST:
        raise WrongUse(f"A walk takes more than 0 and at most {LONGEST:,.0f} seconds, not {asked.seconds:g}.")
    if not 0 <= asked.truncation <= 2:
        raise WrongUse(f"Truncation goes from 0, the mean picture, to 2, not to {asked.truncation:g}.")
    seconds = asked.seconds / (asked.keyframes if asked.closes else asked.keyframes - 1)
    classes = [class_weights(opened, name) for name in asked.classes] or [()]
    return tuple(
        Keyframe(
            picture=LatentPicture(
                point=Drawn(seed=seed + number),
                truncation=asked.truncation,
                classes=classes[number % len(classes)],
            ),
            seconds=seconds,
        )
        for number in range(asked.keyframes)
    )
