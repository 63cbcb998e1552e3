"""Paints a toy face from back to front, each part in its class."""

import math
from functools import partial

import numpy as np

from gen_studio.data.drawing import faces
from gen_studio.data.drawing.canvas import Canvas, Downwards, mixed
from gen_studio.data.drawing.design import Design, Values
from gen_studio.data.drawing.faces import BALD, BOB, BUN, CURLY, LONG, SHORT, WHITE, Face, face_of
from gen_studio.data.drawing.shapes import (
    Below,
    Block,
    Both,
    Bow,
    Convex,
    Crescent,
    Ellipse,
    Floats,
    Line,
    Ring,
    Shape,
    Union,
    Wall,
    Without,
    circle,
)

EYE_LINE, NOSE_LINE, MOUTH_LINE = 0.468, 0.548, 0.628
DARK = (46.0, 34.0, 40.0)


def paint(canvas: Canvas, values: Values, details: Values) -> None:
    face = face_of(list(values), list(details))
    _background(canvas, face)
    _hair_behind(canvas, face)
    _clothes(canvas, face)
    _head(canvas, face)
    if face.age_lines:
        _age_lines(canvas, face)
    _blush(canvas, face)
    if face.beard:
        _beard(canvas, face)
    _nose(canvas, face)
    _mouth(canvas, face)
    for side in (-1, 1):
        _eye(canvas, face, side)
    _hair_in_front(canvas, face)
    if face.glasses:
        _glasses(canvas, face)
    if face.hat:
        _hat(canvas, face)


def _background(canvas: Canvas, face: Face) -> None:
    above, below = face.backdrop
    canvas.cover(Downwards(above, below), faces.BACKGROUND)
    canvas.fill(circle(0.5, 0.46, 0.4), mixed(below, WHITE, 0.5), opacity=0.45)


def _skull(face: Face, more: float = 0.0) -> Shape:
    """The outline of the head, or one that lies farther out."""
    chin = face.cx + 0.018 * face.turn
    return Union(
        (
            Ellipse(face.cx, 0.43, face.rx + more, 0.235 + more),
            Ellipse(chin, 0.55, face.rx * face.jaw + more, 0.2 + more),
        )
    )


def _clothes(canvas: Canvas, face: Face) -> None:
    garment, cx = face.garment, face.cx
    lit, dim = mixed(garment, WHITE, 0.35), mixed(garment, (30.0, 20.0, 50.0), 0.22)
    body = Block(cx, 1.1, 0.36, 0.26, 0.17)
    canvas.fill(body, Downwards(mixed(garment, WHITE, 0.08), dim, 0.84, 1.05), faces.CLOTHES)
    if face.collar == 3:
        for height in (0.905, 0.965):
            canvas.fill(Block(cx, height, 0.4, 0.014), lit, within=body)
    neck = Block(cx, 0.77, 0.078, 0.13, 0.03)
    if face.collar == 1:
        opening: Shape = Convex(((cx - 0.108, 0.835), (cx + 0.108, 0.835), (cx, 0.968)))
    else:
        opening = Ellipse(cx, 0.853, 0.106, 0.06)
    canvas.fill(opening, lit if face.collar != 2 else WHITE, faces.CLOTHES)
    inner: Shape = Ellipse(cx, 0.846, 0.085, 0.048)
    if face.collar == 1:
        inner = Convex(((cx - 0.078, 0.835), (cx + 0.078, 0.835), (cx, 0.932)))
    canvas.fill(inner, face.skin, faces.SKIN)
    canvas.fill(neck, face.skin, faces.SKIN, within=Wall(bottom=0.846))
    canvas.fill(Ellipse(cx + 0.015, 0.72, 0.15, 0.095), face.shade, within=Union((neck, inner)), opacity=0.85)
    if face.collar == 2:
        for side in (-1, 1):
            flap = ((cx + side * 0.118, 0.825), (cx + side * 0.018, 0.9), (cx + side * 0.1, 0.935))
            canvas.fill(Convex(flap if side < 0 else flap[::-1]), WHITE, faces.CLOTHES)


def _head(canvas: Canvas, face: Face) -> None:
    for side in (-1, 1):
        x = face.cx + side * (face.rx - 0.002) - 0.022 * face.turn
        canvas.fill(Ellipse(x, 0.485, 0.036, 0.055), face.skin if side < 0 else face.shade, faces.SKIN)
        canvas.fill(Ellipse(x + 0.002, 0.487, 0.017, 0.031), face.shade, opacity=0.7)
    skull = _skull(face)
    canvas.fill(skull, Downwards(mixed(face.skin, WHITE, 0.14), face.skin, 0.25, 0.6), faces.SKIN)
    # The light comes from the upper left.
    lit = Ellipse(face.cx - 0.075, 0.42, face.rx + 0.055, 0.325)
    canvas.fill(Without(skull, lit), face.shade, within=skull, opacity=0.4)


def _blush(canvas: Canvas, face: Face) -> None:
    for side, width in ((-1, face.left), (1, face.right)):
        x = face.fx + side * (face.spacing + 0.035) * width
        canvas.fill(circle(x, 0.56, 0.035), faces.BLUSH, within=_skull(face), soft=0.06,
                    opacity=0.12 + 0.2 * face.blush)  # fmt: skip


def _age_lines(canvas: Canvas, face: Face) -> None:
    ink = mixed(face.skin, faces.DEEP, 0.42)
    for height, reach in ((0.325, 0.085), (0.358, 0.105)):
        canvas.fill(Bow(face.fx, height, reach, -0.008, 0.0055), ink, opacity=0.8)
    for side, width in ((-1, face.left), (1, face.right)):
        x = face.fx + side * face.spacing * width
        canvas.fill(Bow(x, EYE_LINE + 0.043, 0.036, 0.014, 0.0055), ink, opacity=0.8)
        canvas.fill(Line(x + side * 0.052, EYE_LINE + 0.006, x + side * 0.072, EYE_LINE - 0.004, 0.004), ink,
                    within=_skull(face), opacity=0.8)  # fmt: skip
        fold = face.fx + side * 0.052 * width
        canvas.fill(Line(fold, 0.572, fold + side * 0.03, 0.612, 0.0055), ink, opacity=0.8)


def _beard_line(face: Face, x: Floats) -> Floats:
    """Where a beard begins: under the nose, lower on the cheeks, and up to the ears."""
    away = np.abs(x - face.fx)
    cheeks = np.exp(-(((away - 0.115) / 0.04) ** 2))
    line: Floats = 0.588 + 0.05 * cheeks - 1.9 * np.maximum(away - 0.12, 0)
    return line


def _beard(canvas: Canvas, face: Face) -> None:
    colour = mixed(face.hair_colour, DARK, 0.18)
    beard = Both(_skull(face, 0.012), Below(partial(_beard_line, face), 0.4))
    canvas.fill(beard, Downwards(mixed(colour, WHITE, 0.12), colour, 0.55, 0.75), faces.BEARD)


def _nose(canvas: Canvas, face: Face) -> None:
    x = face.fx + 0.012 * face.turn
    nose = Union((Ellipse(x, NOSE_LINE, 0.034, 0.022), Line(x - 0.006 * face.turn, 0.49, x, NOSE_LINE, 0.013)))
    canvas.fill(nose, mixed(face.skin, face.shade, 0.75), faces.NOSE)
    canvas.fill(circle(x - 0.009, NOSE_LINE - 0.008, 0.009), mixed(face.skin, WHITE, 0.4), opacity=0.7)


def _mouth(canvas: Canvas, face: Face) -> None:
    x = face.fx + 0.004 * face.turn
    lips = mixed(face.skin, (176.0, 44.0, 66.0), 0.62)
    if not face.smile:
        bend = 0.014 * (face.mood - 0.55)
        canvas.fill(Bow(x, MOUTH_LINE + 0.012 - bend, 0.062 * face.mouth, bend, 0.0115), lips, faces.MOUTH)
        return
    reach, depth = 0.088 * face.mouth, 0.056 + 0.024 * face.mood
    open_mouth = Crescent(x, MOUTH_LINE - 0.012, reach, 0.008, depth)
    canvas.fill(open_mouth, (112.0, 30.0, 46.0), faces.MOUTH)
    tongue = Ellipse(x, MOUTH_LINE - 0.012 + depth, 0.5 * reach, 0.4 * depth)
    canvas.fill(tongue, (232.0, 112.0, 116.0), within=open_mouth)
    teeth = Crescent(x, MOUTH_LINE - 0.012, 0.94 * reach, 0.006, 0.024 + 0.1 * depth)
    canvas.fill(teeth, WHITE, within=open_mouth)


def _eye(canvas: Canvas, face: Face, side: int) -> None:
    width = face.left if side < 0 else face.right
    x, size = face.fx + side * face.spacing * width, face.eye
    white = Ellipse(x, EYE_LINE, 0.041 * size * width, 0.034 * size)
    canvas.fill(white, WHITE, faces.EYES)
    gaze = x + 0.006 * face.turn
    canvas.fill(circle(gaze, EYE_LINE + 0.002, 0.026 * size), face.iris, within=white)
    canvas.fill(circle(gaze, EYE_LINE + 0.002, 0.014 * size), DARK, within=white)
    canvas.fill(circle(gaze - 0.009, EYE_LINE - 0.009, 0.0085 * size), WHITE)
    lash = Bow(x, EYE_LINE - 0.004, 0.05 * size * width, -0.035 * size, 0.0085)
    canvas.fill(lash, DARK, faces.EYES)
    height = EYE_LINE - 0.06 - face.brow_rise
    brow = Bow(x + 0.004 * side, height, 0.053 * width, -0.016, 0.012, rise=side * face.brow_tilt)
    canvas.fill(brow, face.brow, faces.BROWS)


def _cap(face: Face) -> Shape:
    """What hair covers of the top of the head."""
    return Ellipse(face.cx, 0.412, face.rx + 0.026, 0.25)


def _hairline(face: Face, steepness: float, x: Floats) -> Floats:
    line: Floats = np.square(x - (face.cx + face.parting))
    line *= steepness
    line += 0.3 + 0.025 * face.fringe
    return line


def _hair_behind(canvas: Canvas, face: Face) -> None:
    if face.hair in (BALD, SHORT):
        return
    colour, cx = mixed(face.hair_colour, DARK, 0.22), face.cx
    if face.hair == BUN:
        if not face.hat:
            canvas.fill(circle(cx, 0.15, 0.082), face.hair_colour, faces.HAIR)
            canvas.fill(Bow(cx - 0.01, 0.125, 0.05, -0.02, 0.008), mixed(face.hair_colour, WHITE, 0.35), opacity=0.6)
        return
    if face.hair == BOB:
        shape: Shape = Union((Ellipse(cx, 0.44, face.rx + 0.068, 0.285), Block(cx, 0.57, face.rx + 0.068, 0.16, 0.07)))
    elif face.hair == LONG:
        shape = Union((Ellipse(cx, 0.44, face.rx + 0.066, 0.285), Block(cx, 0.66, face.rx + 0.075, 0.26, 0.1)))
    else:
        shape = Union(tuple(circle(x, y, radius) for x, y, radius in _curls(face)))
    canvas.fill(shape, Downwards(colour, mixed(colour, DARK, 0.25), 0.4, 0.9), faces.HAIR)


def _curls(face: Face) -> list[tuple[float, float, float]]:
    """Middles and radii of the curls around the head; under a hat only those at its sides."""
    found = []
    for place in range(11):
        angle = math.pi * (place / 10 * 1.3 - 0.15)
        x, y = face.cx + (face.rx + 0.035) * math.cos(angle), 0.4 - 0.2 * math.sin(angle)
        radius = 0.075 + 0.014 * math.sin(7 * place + 6 * face.curl)
        if not face.hat or y > 0.37:
            found.append((x, y, radius))
    return found


def _hair_in_front(canvas: Canvas, face: Face) -> None:
    if face.hair == BALD:
        return
    colour, cx = face.hair_colour, face.cx
    light = mixed(colour, WHITE, 0.3)
    tint = Downwards(mixed(colour, WHITE, 0.1), colour, 0.2, 0.5)
    steepness = {SHORT: 2.4, BUN: 2.2, BOB: 4.2, LONG: 3.6, CURLY: 3.0}[face.hair]
    cap = Without(_cap(face), Below(partial(_hairline, face, steepness), 0.25))
    canvas.fill(cap, tint, faces.HAIR)
    if face.hair in (BOB, LONG):
        length = 0.155 if face.hair == BOB else 0.235
        for side in (-1, 1):
            lock = Ellipse(cx + side * (face.rx + 0.024), 0.42 + 0.7 * length, 0.046, length)
            canvas.fill(lock, tint, faces.HAIR)
    if face.hair == CURLY and not face.hat:
        ringlets = tuple(circle(cx + 0.075 * k, 0.245 + 0.013 * k * k, 0.062) for k in range(-2, 3))
        canvas.fill(Union(ringlets), tint, faces.HAIR)
    if not face.hat:
        canvas.fill(Bow(cx - 0.05, 0.245, 0.12, -0.045, 0.014), light, within=_cap(face), opacity=0.55)


def _glasses(canvas: Canvas, face: Face) -> None:
    for side, width in ((-1, face.left), (1, face.right)):
        x = face.fx + side * face.spacing * width
        if face.round_frames:
            lens: Shape = Ellipse(x, EYE_LINE, 0.068 * width, 0.066)
        else:
            lens = Block(x, EYE_LINE, 0.067 * width, 0.054, 0.024)
        canvas.fill(lens, WHITE, opacity=0.16)
        outer = x + side * 0.066 * width
        canvas.fill(Line(outer, EYE_LINE - 0.01, face.cx + side * (face.rx - 0.004), EYE_LINE - 0.018, 0.008),
                    face.frame, faces.GLASSES)  # fmt: skip
        canvas.fill(Ring(lens, 0.009), face.frame, faces.GLASSES)
    inner = face.spacing - 0.064
    bridge = Line(face.fx - inner * face.left, EYE_LINE - 0.012, face.fx + inner * face.right, EYE_LINE - 0.012, 0.008)
    canvas.fill(bridge, face.frame, faces.GLASSES)


def _hat(canvas: Canvas, face: Face) -> None:
    colour, cx = face.hat_colour, face.cx
    light, dim = mixed(colour, WHITE, 0.3), mixed(colour, (30.0, 16.0, 50.0), 0.3)
    if face.hat_kind == 0:
        canvas.fill(circle(cx, 0.092, 0.048), light, faces.HAT)
        dome = Both(Ellipse(cx, 0.315, face.rx + 0.045, 0.222), Wall(bottom=0.32))
        canvas.fill(dome, Downwards(mixed(colour, WHITE, 0.12), colour, 0.1, 0.3), faces.HAT)
        canvas.fill(Without(dome, Ellipse(cx - 0.07, 0.32, face.rx + 0.05, 0.24)), dim, within=dome, opacity=0.5)
        fold = Block(cx, 0.325, face.rx + 0.047, 0.04, 0.03)
        canvas.fill(fold, light, faces.HAT)
        for place in range(-4, 5):
            x = cx + place * (face.rx + 0.02) / 4.4
            canvas.fill(Line(x, 0.302, x, 0.348, 0.004), colour, within=fold, opacity=0.7)
        return
    crown = Union((Block(cx, 0.21, face.rx - 0.01, 0.115, 0.075), Block(cx, 0.28, face.rx, 0.045)))
    canvas.fill(crown, Downwards(mixed(colour, WHITE, 0.14), colour, 0.1, 0.32), faces.HAT)
    canvas.fill(Block(cx, 0.287, 0.3, 0.024), dim, within=crown)
    brim = Ellipse(cx, 0.325, face.rx + 0.125, 0.04)
    canvas.fill(brim, Downwards(light, colour, 0.29, 0.36), faces.HAT)


DESIGN = Design("toy_faces", faces.ATTRIBUTES, faces.LAYOUT, faces.DETAILS, paint)
