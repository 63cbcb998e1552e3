"""Sprites: one shape whose kind, scale, rotation and place are known, on the grid of dSprites (Matthey et al. 2017)."""

import math

from gen_studio.core.annotations import LayoutClass, category, number
from gen_studio.data.drawing.canvas import Canvas, Downwards, hexed, mixed
from gen_studio.data.drawing.design import Design, Values
from gen_studio.data.drawing.shapes import Block, Ellipse, Shape, Union, circle

SHAPES = ("square", "ellipse", "heart")
ATTRIBUTES = (
    category("shape", SHAPES),
    number("scale", 0.5, 1.0, steps=6),
    number("rotation", 0.0, 2 * math.pi * 39 / 40, steps=40),
    number("x", 0.0, 1.0, steps=32),
    number("y", 0.0, 1.0, steps=32),
)
LAYOUT = (LayoutClass("background", (34, 38, 68)), LayoutClass("sprite", (255, 140, 105)))
BACKGROUND, SPRITE = range(2)

REACH = 0.17  # of the largest sprite, from its middle
EDGE = 0.2  # middles stay so far from the border that no sprite is cut
NIGHT, DUSK = hexed("#262B4D"), hexed("#3B4374")
LIGHT, WARM = hexed("#FFC48A"), hexed("#FF7B6B")
SHADE = hexed("#151833")


def paint(canvas: Canvas, values: Values, details: Values) -> None:
    """The colours are the same for all: nothing but the five factors differs."""
    kind, scale, rotation, x, y = values
    reach = REACH * scale
    cx, cy = EDGE + (1 - 2 * EDGE) * x, EDGE + (1 - 2 * EDGE) * y
    canvas.cover(Downwards(NIGHT, DUSK), BACKGROUND)
    canvas.fill(outline(int(kind), cx, cy + 0.035, reach * 0.98, rotation), SHADE, opacity=0.55, soft=0.07)
    sprite = outline(int(kind), cx, cy, reach, rotation)
    canvas.fill(sprite, Downwards(LIGHT, WARM, cy - reach, cy + reach), SPRITE)
    canvas.fill(circle(cx - 0.3 * reach, cy - 0.35 * reach, 0.42 * reach), mixed(LIGHT, (255.0,) * 3, 0.6),
                within=sprite, opacity=0.35, soft=0.8 * reach)  # fmt: skip


def outline(kind: int, cx: float, cy: float, reach: float, rotation: float) -> Shape:
    if SHAPES[kind] == "square":
        return Block(cx, cy, 0.72 * reach, 0.72 * reach, 0.1 * reach, rotation)
    if SHAPES[kind] == "ellipse":
        return Ellipse(cx, cy, reach, 0.58 * reach, rotation)
    # Its middle lies between the dent and the tip.
    return _heart(cx - 0.1 * reach * math.sin(rotation), cy + 0.1 * reach * math.cos(rotation), reach, rotation)


def _heart(cx: float, cy: float, reach: float, rotation: float) -> Shape:
    """A square on its tip, and a circle on each of its upper sides."""
    half = 0.52 * reach
    cos, sin = math.cos(rotation), math.sin(rotation)
    rise = half / math.sqrt(2)

    def lobe(side: int) -> Shape:
        across, down = side * rise, -rise
        return circle(cx + cos * across - sin * down, cy + sin * across + cos * down, half)

    return Union((Block(cx, cy, half, half, 0.06 * reach, rotation + math.pi / 4), lobe(-1), lobe(1)))


DESIGN = Design("sprites", ATTRIBUTES, LAYOUT, 0, paint)
