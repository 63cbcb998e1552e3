"""Paints a layout with what a run has learnt."""

from pathlib import Path
from typing import Any

from gen_studio.commands.looking import Look, Opened, open_model
from gen_studio.commands.output import Answer
from gen_studio.commands.target import check_target
from gen_studio.core import sheets
from gen_studio.core.errors import WrongUse
from gen_studio.core.plan import Channels
from gen_studio.data import pictures
from gen_studio.data.layouts import Coding, read_layout
from gen_studio.data.pictures import LARGEST_FILE, Unreadable
from gen_studio.inference import painting
from gen_studio.inference.painting import Picture
from gen_studio.models.capabilities import CanPaint


def synthesise(look: Look, layout: Path, out: Path, style: Path | None = None, *, force: bool = False) -> Answer:
    """One painting of the layout as a PNG, in the look of the picture `style` or in one that the seed decides."""
    check_target(out, [layout, *([style] if style else [])], "painting.png", force)
    opened = open_model(look, CanPaint, "paint layouts")
    if style is not None and not opened.model.takes_style:
        raise WrongUse(f"{look.run} was trained without a style encoder. Leave --style out, or train another run.")
    classes = _read(layout, opened)
    picture = painting.painted(opened.model, classes, look.seed, _look_of(style, opened), opened.device)
    sheets.write(out, picture[None])
    document: dict[str, Any] = {"out": str(out), "layout": str(layout), "style": str(style) if style else None}
    return Answer({**document, "seed": look.seed, "step": opened.card.step}, str(out))


def _read(file: Path, opened: Opened) -> Picture:
    """The classes (H, W) of a layout drawn in the model's palette, or in its numbers."""
    if not file.is_file():
        raise WrongUse(f"There is no layout {file}. Check the path.")
    palette = opened.model.palette
    coding = Coding(palette, tuple(range(len(palette))), tuple(one.colour for one in palette))
    pictures.prepare()
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Unreadable(f"is larger than {LARGEST_FILE // 1_000_000} MB")
        layout = read_layout(file.read_bytes())
        classes: Picture = coding.classes_of(layout)
    except Unreadable as error:
        colours = ", ".join(f"{one.name} {one.code}" for one in palette)
        raise WrongUse(f"{file} {error}. The classes of this run: {colours}.") from error
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror or error}. Check its rights.") from error
    size = (opened.card.height, opened.card.width)
    if classes.shape != size:
        raise WrongUse(
            f"{file} is {classes.shape[1]} × {classes.shape[0]}, and this run paints {size[1]} × {size[0]}. "
            "Draw it in that size, or scale it without smoothing."
        )
    return classes


def _look_of(style: Path | None, opened: Opened) -> Picture | None:
    if style is None:
        return None
    channels = Channels.GREY if opened.card.channels == 1 else Channels.COLOUR
    return pictures.open_picture(style, opened.card.height, channels, opened.data.fit)
