"""Learns a direction from two piles that a command line names: folders, seeds, or what is known of the run's data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from gen_studio.commands.looking import Look, Opened, open_model
from gen_studio.commands.options import MAX_SEED
from gen_studio.commands.output import Answer, table
from gen_studio.core.directions import Method
from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress
from gen_studio.core.latents import Direction, Drawn, LatentPicture, Space
from gen_studio.core.meter import Meter
from gen_studio.core.plan import Channels
from gen_studio.core.words import count
from gen_studio.data import catalog, pictures, traits
from gen_studio.data.spec import ImageSet
from gen_studio.data.traits import Trait
from gen_studio.inference import direction_files, piles
from gen_studio.inference.direction_files import ENDING, Origin, Saved
from gen_studio.inference.directions import Learnt, Piles, cosines, learn
from gen_studio.metrics.attribute_directions import changes, companions, piles_of_traits
from gen_studio.metrics.attribute_reader import Reader, train_reader
from gen_studio.models.capabilities import CanAutoencode, HasCode, HasLatent

METHODS = {"difference": Method.DIFFERENCE, "separator": Method.SEPARATOR}
TRIED = 64
"""Samples on which is tried what else a direction changes."""
NAMED = 6
"""Of what goes along, so much is said; a JSON document has all."""
LARGEST_LIST = 1_000_000
"""Bytes of a file of seeds."""


@dataclass(frozen=True)
class Lesson:
    """What is asked for, in words that are not yet known to be right.

    name: None for the file's. negative: None for the opposite of a positive pile that is known by a word.
    """

    positive: str
    negative: str | None
    out: Path
    name: str | None = None
    method: str = "difference"
    orthogonal_to: tuple[Path, ...] = ()
    compare: tuple[Path, ...] = ()
    side_effects: bool = False
    root: Path | None = None
    force: bool = False


Pile = Trait | tuple[Path, ...] | tuple[int, ...]
"""A word for what is known of the data, files of pictures, or seeds."""


def direction(look: Look, lesson: Lesson) -> Answer:
    """Writes one file. Its numbers mean something with this run alone."""
    _check_target(lesson.out, lesson.force)
    others = [direction_files.load(path).direction for path in lesson.orthogonal_to]
    compared = [direction_files.load(path).direction for path in lesson.compare]
    method = METHODS[_method(lesson.method)]
    opened = open_model(look, HasCode, "learn directions among latents")
    both = _piles(lesson, opened)
    with Meter() as meter:
        teacher = _Teacher(opened, lesson, meter, look.seed)
        learnt = learn(
            teacher.places(both),
            lesson.name or lesson.out.stem,
            method=method,
            space=teacher.space,
            source=teacher.source(both),
            orthogonal_to=others,
        )
        along, kind = teacher.along(learnt.direction, both)
    where = Origin(opened.card.family, look.run.resolve().name, opened.card.step)
    direction_files.save(lesson.out, Saved(learnt.direction, learnt.quality, where))
    document = _document(lesson, learnt, opened, along, cosines(learnt.direction, compared))
    return Answer(document, _text(document, kind))


class _Teacher:
    """What learning one direction needs more than once, made when it is first needed."""

    def __init__(self, opened: Opened, lesson: Lesson, meter: Meter, seed: int) -> None:
        self.model, self.device, self.opened = opened.model, opened.device, opened
        self.lesson, self.meter = lesson, meter
        self.space = piles.natural_space(self.model)
        self.rng = torch.Generator().manual_seed(seed)

    @cached_property
    def pictures(self) -> ImageSet:
        plan, root = self.opened.data, self.lesson.root
        if root is not None and not catalog.source_of(plan.source).info.needs_path:
            # Named data sets may have moved since, or the run may come from another machine.
            plan = plan.model_copy(update={"path": None})
        return catalog.load(plan, report=self.meter.report, root=root).train

    @cached_property
    def reader(self) -> Reader:
        return train_reader(self.pictures, device=self.device, report=self.meter.report)

    def places(self, both: tuple[Pile, Pile]) -> Piles:
        more, less = both
        if isinstance(more, Trait) and isinstance(less, Trait):
            return piles_of_traits(
                self.model,
                self.pictures,
                more,
                less,
                self.space,
                lambda: self.reader,
                self.rng,
                device=self.device,
                report=self.meter.report,
            )
        return Piles(self._of(more), self._of(less))

    def source(self, both: tuple[Pile, Pile]) -> str:
        """In a few words, for whoever finds the file."""
        words = " against ".join(_counted(pile) for pile in both)
        return f"{words}, in samples" if isinstance(both[0], Trait) and not self.encodes else words

    @property
    def encodes(self) -> bool:
        return isinstance(self.model, CanAutoencode) and self.space is Space.LATENT

    def along(self, learnt: Direction, both: tuple[Pile, Pile]) -> tuple[Mapping[str, float], str]:
        """What goes along in the data, or, where asked for or nothing is encoded, what changes in samples; which."""
        is_known = isinstance(both[0], Trait)
        if is_known and self.encodes and not self.lesson.side_effects:
            found = companions(self.model, learnt, self.pictures, device=self.device, report=self.meter.report)
            return found, "correlation in the data"
        if (is_known or self.lesson.side_effects) and isinstance(self.model, HasLatent):
            self.meter.report(Progress("Trying it on samples"))
            samples = [LatentPicture(point=Drawn(seed=seed)) for seed in range(TRIED)]
            changed = changes(self.model, learnt, self.reader, samples, device=self.device)
            return {one.name: one.by for one in changed}, "change from -1 to 1"
        return {}, ""

    def _of(self, pile: Pile) -> NDArray[np.float64]:
        assert not isinstance(pile, Trait)
        seeds = [one for one in pile if isinstance(one, int)]
        if seeds:
            if not isinstance(self.model, HasLatent):
                raise WrongUse("This model cannot sample, so seeds are no pictures of it. Name folders of pictures.")
            samples = [LatentPicture(point=Drawn(seed=seed)) for seed in seeds]
            return piles.of_samples(self.model, samples, self.space, self.device)
        files = [one for one in pile if isinstance(one, Path)]
        return piles.of_pictures(
            self.model, self._read(files), self.space, self.rng, device=self.device, report=self.meter.report
        )

    def _read(self, files: Sequence[Path]) -> NDArray[np.uint8]:
        """(N, H, W, C). One unreadable picture among many is no reason to leave the others out."""
        read = []
        for file in files:
            try:
                read.append(read_picture(file, self.opened))
            except WrongUse as error:
                self.meter.note(f"Left out: {error}")
        if not read:
            raise WrongUse(f"None of the pictures beside {files[0]} can be read. Name another folder.")
        return np.stack(read)


def read_picture(file: Path, opened: Opened) -> NDArray[np.uint8]:
    """A picture file brought to the model's size and colours, (H, W, C)."""
    card = opened.card
    colours = Channels.GREY if card.channels == 1 else Channels.COLOUR
    planes = pictures.open_picture(file, card.height, colours, opened.data.fit)
    return planes.transpose(1, 2, 0).copy()  # what PIL gives cannot be written to, and torch wants that


def _piles(lesson: Lesson, opened: Opened) -> tuple[Pile, Pile]:
    more = _pile(lesson.positive, opened)
    if lesson.negative is not None:
        less = _pile(lesson.negative, opened)
    elif isinstance(more, Trait):
        less = more.opposite
    else:
        raise WrongUse("Only what is known of the data has an opposite. Name the other pile with --negative.")
    if isinstance(more, Trait) is not isinstance(less, Trait):
        raise WrongUse(
            "One pile is known by a word, the other consists of pictures or seeds. Name both in the same way."
        )
    return more, less


def _pile(word: str, opened: Opened) -> Pile:
    path = Path(word).expanduser()
    if path.is_dir():
        found = tuple(sorted(one for one in path.rglob("*") if one.suffix.lower() in pictures.ENDINGS))
        if not found:
            raise WrongUse(f"There are no pictures in {path}. Pictures are {pictures.KINDS} files.")
        return found
    if path.is_file():
        return (path,) if path.suffix.lower() in pictures.ENDINGS else _seeds(path)
    if "=" not in word and (path.parent != Path() or path.suffix):
        raise WrongUse(
            f"There is no folder or file {word}. Name a folder of pictures, a text file of seeds, or what is known of "
            "the data, for example smile=yes."
        )
    return traits.parse(word, opened.card.spec)


def _seeds(path: Path) -> tuple[int, ...]:
    try:
        if path.stat().st_size > LARGEST_LIST:
            raise ValueError
        seeds = tuple(int(word) for word in path.read_text().replace(",", " ").split())
    except (ValueError, OSError) as error:
        raise WrongUse(f"{path} is no picture, and no list of seeds: whole numbers, one to a line.") from error
    if not seeds or not all(0 <= seed <= MAX_SEED for seed in seeds):
        raise WrongUse(f"{path} has no seeds, or some out of range. Seeds are whole numbers from 0 to {MAX_SEED:,}.")
    return seeds


def _counted(pile: Pile) -> str:
    if isinstance(pile, Trait):
        return pile.words
    return count(len(pile), "sample" if isinstance(pile[0], int) else "picture")


def _method(word: str) -> str:
    if word not in METHODS:
        raise WrongUse(f'There is no method "{word}". Methods: {", ".join(METHODS)}.')
    return word


def _check_target(out: Path, force: bool) -> None:
    if out.suffix != ENDING:
        raise WrongUse(f"{out} does not end in {ENDING}. Name it {out.with_suffix(ENDING)}, for example.")
    if out.is_dir():
        raise WrongUse(f"{out} is a folder. Name a file in it, for example {out / ('smile' + ENDING)}.")
    if out.exists() and not force:
        raise WrongUse(f"{out} is there already. Name another file, or add --force to write over it.")


def _document(
    lesson: Lesson, learnt: Learnt, opened: Opened, along: Mapping[str, float], angles: Mapping[str, float]
) -> dict[str, Any]:
    return {
        "out": str(lesson.out),
        "name": learnt.direction.name,
        "space": learnt.direction.space.value,
        "numbers": len(learnt.direction.values),
        "method": METHODS[lesson.method].value,
        "source": learnt.direction.source,
        "quality": None if learnt.quality is None else asdict(learnt.quality),
        "along": dict(sorted(along.items(), key=lambda one: -abs(one[1]))),
        "cosines": dict(angles),
        "step": opened.card.step,
    }


def _text(document: Mapping[str, Any], kind: str) -> str:
    quality = document["quality"]
    told = (
        "not known: a pile has but one picture"
        if quality is None
        else (
            f"{quality['accuracy']:.1%} right, where 50 % is chance; area under the ROC curve {quality['area']:.3f} "
            f"({quality['folds']}-fold cross-validation on {quality['positive']:,} and {quality['negative']:,})"
        )
    )
    rows = [
        ("learnt from", document["source"]),
        ("method", document["method"]),
        ("changes", f"{document['numbers']:,} numbers of the {document['space']}"),
        ("told apart", told),
    ]
    for words, values in ((kind, document["along"]), ("cosine", document["cosines"])):
        if values:
            said = ", ".join(f"{name} {value:+.2f}" for name, value in list(values.items())[:NAMED])
            rows.append((words, said))
    return f"{document['out']}\n\n{table(rows)}"
