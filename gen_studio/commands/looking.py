"""Uses what a run has learnt: samples from a seed, and answers to picture files, translated, enlarged or rebuilt."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from gen_studio.commands.output import Answer
from gen_studio.core import atomic, sheets
from gen_studio.core.errors import WrongUse
from gen_studio.core.jobs import Progress, Report, unheard
from gen_studio.core.meter import Meter
from gen_studio.core.plan import Channels, DataPlan, Device
from gen_studio.core.runs import RunFolder
from gen_studio.data import given, pictures
from gen_studio.data.columns import recoloured
from gen_studio.inference import sampling, translation, whole
from gen_studio.inference.translation import Picture
from gen_studio.models import registry
from gen_studio.models.capabilities import (
    CanReconstruct,
    CanSample,
    CanTranslate,
    CanTranslateBothWays,
    CanUpscale,
    Capability,
)
from gen_studio.training import checkpoint
from gen_studio.training.device import choose_device

Say = Callable[[str], None]


@dataclass(frozen=True)
class Look:
    """Which model to look at: a run, one of its checkpoints (None for the newest), a seed for chance, a device."""

    run: Path
    seed: int = 0
    step: int | None = None
    device: str = Device.AUTO.value


@dataclass(frozen=True)
class Opened:
    """A model ready to be used. `model` has the capability that was asked for."""

    model: Any
    card: checkpoint.Card
    data: DataPlan
    device: torch.device


def sample(look: Look, count: int, out: Path) -> Answer:
    """A sheet of samples as one PNG."""
    if out.suffix.lower() != ".png":
        raise WrongUse(f"{out} is not a PNG file. Name one, for example {out.with_suffix('.png')}.")
    if out.is_dir():
        raise WrongUse(f"{out} is a folder. Name a file in it, for example {out / 'samples.png'}.")
    opened = open_model(look, CanSample, "make samples")
    sheets.write(out, sampling.samples(opened.model, count, look.seed, opened.device))
    document = {"out": str(out), "count": count, "seed": look.seed, "step": opened.card.step}
    return Answer(document, str(out))


def translate(
    look: Look,
    files: Sequence[Path],
    out: Path,
    *,
    force: bool = False,
    use_filter: bool = False,
    at_model_size: bool = False,
    back: bool = False,
) -> Answer:
    """Each file as a question; with `use_filter` as a photograph that the run's own filter makes the question from.

    Pictures keep their size, unless the model knows but one or `at_model_size` brings them to it. back: from the
    second of two domains to the first.
    """
    opened = open_model(look, (CanTranslate, CanTranslateBothWays), "translate")
    both_ways = isinstance(opened.model, CanTranslateBothWays)
    pair_filter = None if both_ways else opened.data.pairs
    if use_filter and pair_filter is None:
        raise WrongUse(f"{look.run} was trained without a filter that makes pairs. Leave --filter out.")
    if back and not both_ways:
        raise WrongUse(f"{opened.model.info.title} translates one way only. Leave --back out.")
    model = translation.WayBack(opened.model) if back else opened.model
    asked, size = opened.card.input_channels, opened.card.height
    channels = opened.card.channels if use_filter or both_ways or asked is None else asked
    is_whole = model.stride is not None and not at_model_size

    def answer(file: Path, say: Say, report: Report) -> Picture:
        picture = _open_whole(file, say, channels) if is_whole else _open(file, opened, say, channels)
        if is_whole and picture.shape[1:] != (size, size):
            say(
                f"{file} is {picture.shape[2]} × {picture.shape[1]} and keeps that size; the model learnt at "
                f"{size} × {size}, to which --model-size would bring it."
            )
        question = translation.question_from(picture, pair_filter) if use_filter and pair_filter else picture
        if is_whole:
            return whole.translated(model, question, look.seed, opened.device, report)
        return translation.translated(model, question, look.seed, opened.device)

    return _for_each(files, out, force, "Translating", answer)


def upscale(look: Look, files: Sequence[Path], out: Path, *, force: bool = False) -> Answer:
    """Each file several times as large."""
    opened = open_model(look, CanUpscale, "make pictures larger")

    def answer(file: Path, say: Say, report: Report) -> Picture:
        picture = _open_whole(file, say, opened.card.channels)
        return whole.upscaled(opened.model, picture, look.seed, opened.device, report)

    return _for_each(files, out, force, "Enlarging", answer)


def reconstruct(look: Look, files: Sequence[Path], out: Path, *, force: bool = False) -> Answer:
    """What the model gives back of each file."""
    opened = open_model(look, CanReconstruct, "reconstruct")

    def answer(file: Path, say: Say, report: Report) -> Picture:
        picture = _open(file, opened, say, opened.card.channels)
        return translation.reconstructed(opened.model, picture, look.seed, opened.device)

    return _for_each(files, out, force, "Reconstructing", answer)


def open_model(look: Look, capability: type[Capability] | tuple[type[Capability], ...], verb: str) -> Opened:
    """The model of a run, which has the capability, or one of several. Raises WrongUse where its family cannot do what
    is asked, naming those that can."""
    folder = RunFolder.open(look.run)
    plan = folder.plan()
    family = registry.find(plan.family)
    if not issubclass(family, capability):
        able = [other.info.title for other in registry.families().values() if issubclass(other, capability)]
        raise WrongUse(f"{family.info.title} cannot {verb}. Models that can: {', '.join(able) or 'none yet'}.")
    device = torch.device(choose_device(parse_device(look.device)).value)
    loaded = checkpoint.load_shown(folder, look.step)
    return Opened(loaded.model.to(device), loaded.card, plan.data, device)


def parse_device(word: str) -> Device:
    names = [device.value for device in Device]
    if word not in names:
        raise WrongUse(f'There is no device "{word}". Devices: {", ".join(names)}.')
    return Device(word)


def _open(file: Path, opened: Opened, say: Say, channels: int) -> Picture:
    """(C, size, size) of the model's size."""
    size, pixels = opened.card.height, _given(file, say)
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    if image.size != (size, size):
        say(
            f"{file} is {image.width} × {image.height} and was brought to the model's {size} × {size} "
            f"({opened.data.fit.value})."
        )
    picture: Picture = recoloured(pictures.square(image, size, opened.data.fit)[None], _colours(channels))[0]
    return picture


def _open_whole(file: Path, say: Say, channels: int) -> Picture:
    """(C, H, W) of its own size."""
    planes = np.ascontiguousarray(_given(file, say).transpose(2, 0, 1))
    picture: Picture = recoloured(planes[None], _colours(channels))[0]
    return picture


def _given(file: Path, say: Say) -> Picture:
    found = given.picture(file)
    for remark in found.remarks:
        say(f"{file}: {remark}")
    return found.pixels


def _colours(channels: int) -> Channels:
    return Channels.GREY if channels == 1 else Channels.COLOUR


def _for_each(
    files: Sequence[Path], out: Path, force: bool, what: str, answer: Callable[[Path, Say, Report], Picture]
) -> Answer:
    targets = _targets(files, out, force)
    written: list[dict[str, str]] = []
    failed: list[dict[str, str]] = []
    with Meter() as meter, atomic.disk_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        for place, (file, target) in enumerate(zip(files, targets, strict=True)):
            meter.report(Progress(what, place, len(files)))
            try:
                # Of several, how many are done says enough.
                parts = meter.report if len(files) == 1 else unheard
                atomic.write_bytes(target, _png(answer(file, meter.note, parts)))
                written.append({"input": str(file), "output": str(target)})
            except WrongUse as error:
                # One unreadable picture among many is no reason to leave the others undone.
                meter.note(f"Error: {error}")
                failed.append({"input": str(file), "error": str(error)})
    document = {"out": str(out), "written": written, "failed": failed}
    return Answer(document, "\n".join(entry["output"] for entry in written), 1 if failed else 0)


def _targets(files: Sequence[Path], out: Path, force: bool) -> list[Path]:
    """Where each answer goes. Raises WrongUse before anything is written over."""
    if out.exists() and not out.is_dir():
        raise WrongUse(f"{out} is a file. Name a folder for the answers.")
    targets = [out / f"{file.stem}.png" for file in files]
    sources: dict[str, Path] = {}
    for file, target in zip(files, targets, strict=True):
        other = sources.setdefault(target.name.casefold(), file)
        if other is not file:
            raise WrongUse(
                f"{other} and {file} would both become {target}. Do them one after the other, in two folders."
            )
        if target.exists() and any(one.exists() and target.samefile(one) for one in files):
            raise WrongUse(f"{target} would be written over the picture it is made from. Name another folder.")
        if target.exists() and not force:
            raise WrongUse(f"{target} is there already. Name another folder, or add --force to write over it.")
    return targets


def _png(picture: Picture) -> bytes:
    buffer = io.BytesIO()
    sheets.arrange(picture[None]).save(buffer, "PNG")
    return buffer.getvalue()
