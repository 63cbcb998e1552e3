"""Paints a scene from back to front, each part in its class."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from gen_studio.core.plan import Counterpart
from gen_studio.data.drawing import scenes
from gen_studio.data.drawing.canvas import Canvas, Colour, Downwards, mixed
from gen_studio.data.drawing.design import Design, Values
from gen_studio.data.drawing.scenes import SNOW, WHITE, Light, Scene, Thing, scene_of
from gen_studio.data.drawing.shapes import (
    Below,
    Block,
    Both,
    Convex,
    Ellipse,
    Floats,
    Shape,
    Union,
    Wall,
    Without,
    circle,
)

STARS, FLOWERS = 11, 6
LAMP = (255.0, 214.0, 120.0)
GLASS = (150.0, 196.0, 220.0)
BARK = (112.0, 78.0, 60.0)


def paint(canvas: Canvas, values: Values, details: Values) -> None:
    scene = scene_of(list(values), list(details))
    _sky(canvas, scene)
    _hills(canvas, scene)
    _ground(canvas, scene)
    standing: list[tuple[Thing, Callable[[Canvas, Thing, Light], None]]] = [(one, _house) for one in scene.houses]
    standing += [(one, _tree) for one in scene.trees]
    for thing, draw in sorted(standing, key=lambda item: item[0].base):
        draw(canvas, thing, scene.light)


def _sky(canvas: Canvas, scene: Scene) -> None:
    light = scene.light
    canvas.cover(Downwards(*scene.sky, 0.0, scene.horizon + 0.05), scenes.SKY)
    x, y = scene.sun
    if light.night:
        for place in range(STARS):
            # Spread evenly without a grid, by the golden section.
            star_x = (scene.stars + 0.618034 * place) % 1
            star_y = 0.03 + 0.42 * ((scene.waves[2] + 0.754878 * place) % 1)
            canvas.fill(circle(star_x, star_y, 0.004 + 0.004 * (place % 3 == 0)), (255.0, 246.0, 220.0), opacity=0.85)
    glow = (210.0, 220.0, 255.0) if light.night else (255.0, 240.0, 190.0)
    canvas.fill(circle(x, y, 0.16), glow, opacity=0.35, soft=0.2)
    disc = circle(x, y, 0.075)
    canvas.fill(disc, (238.0, 238.0, 222.0) if light.night else (255.0, 212.0, 92.0), scenes.SUN)
    if light.night:
        for dx, dy, radius in ((-0.02, -0.018, 0.016), (0.026, 0.012, 0.021), (-0.012, 0.034, 0.011)):
            canvas.fill(circle(x + dx, y + dy, radius), (208.0, 209.0, 204.0), within=disc, opacity=0.8)
    for cloud in scene.clouds:
        _cloud(canvas, cloud, light)


def _cloud(canvas: Canvas, cloud: Thing, light: Light) -> None:
    x, y, r = cloud.x, cloud.base, cloud.size
    puffs = Union(
        (
            Block(x, y + 0.35 * r, 1.9 * r, 0.45 * r, 0.45 * r),
            circle(x - 0.75 * r, y, 0.72 * r),
            circle(x + 0.35 * r, y - 0.25 * r, 0.95 * r),
            circle(x + 1.15 * r, y + 0.15 * r, 0.58 * r),
        )
    )
    top = light.on(WHITE, 0.45)
    below = light.on((214.0, 226.0, 238.0), 0.5)
    canvas.fill(puffs, Downwards(top, below, y - 0.6 * r, y + 0.8 * r), scenes.CLOUD)


def _ridge(scene: Scene, height: float, swing: float, x: Floats) -> Floats:
    one, two, three = scene.waves
    turn = 2 * math.pi
    ridge: Floats = (
        scene.horizon
        - height
        - swing
        * (
            np.sin(turn * (0.9 * x + one))
            + 0.5 * np.sin(turn * (1.7 * x + two))
            + 0.3 * np.sin(turn * (3.1 * x + three))
        )
    )
    return ridge


def _hills(canvas: Canvas, scene: Scene) -> None:
    light = scene.light
    far = light.on((196.0, 210.0, 224.0) if light.winter else (132.0, 168.0, 186.0), 0.5)
    near = light.on((222.0, 231.0, 240.0) if light.winter else (112.0, 166.0, 126.0), 0.5)
    mist = mixed(far, scene.sky[1], 0.55)
    canvas.fill(Below(partial(_ridge, scene, 0.1, 0.045), 0.2), Downwards(far, mist, 0.35, scene.horizon), scenes.HILLS)
    other = replace(scene, waves=(scene.waves[1], scene.waves[2], scene.waves[0]))
    curve = partial(_ridge, other, 0.035, 0.022)
    canvas.fill(Below(curve, 0.3), Downwards(near, mixed(near, scene.sky[1], 0.25), 0.45, scene.horizon), scenes.HILLS)


def _bank(scene: Scene, height: float, swing: float, x: Floats) -> Floats:
    bank: Floats = scene.horizon + height + swing * np.sin(2 * math.pi * (0.7 * x + scene.waves[2]))
    return bank


def _ground(canvas: Canvas, scene: Scene) -> None:
    light = scene.light
    meadow = light.ground(scene.meadow)
    pale = mixed(meadow, WHITE, 0.0 if light.night else 0.18)
    deep = mixed(meadow, (30.0, 70.0, 90.0), 0.16)
    canvas.fill(Below(partial(_bank, scene, 0.0, 0.015), 0.4), Downwards(pale, meadow, scene.horizon, 0.85),
                scenes.GROUND)  # fmt: skip
    canvas.fill(Below(partial(_bank, scene, 0.16, -0.05), 0.5), Downwards(meadow, deep, 0.7, 1.0), opacity=0.8)
    for place in range(FLOWERS):
        x = (scene.waves[0] + 0.618034 * place) % 1
        y = scene.horizon + 0.1 + (0.95 - scene.horizon - 0.1) * ((scene.waves[1] + 0.754878 * place) % 1)
        _tuft(canvas, x, y, scene, place)


def _tuft(canvas: Canvas, x: float, y: float, scene: Scene, place: int) -> None:
    light = scene.light
    if light.winter:
        canvas.fill(Ellipse(x, y, 0.03, 0.008), light.on((206.0, 220.0, 238.0), 0.45), opacity=0.8)
        return
    bloom = ((255.0, 236.0, 150.0), (255.0, 255.0, 250.0), (250.0, 150.0, 150.0))[place % 3]
    canvas.fill(circle(x, y, 0.009), light.on(bloom, 0.3))


def _shadow(canvas: Canvas, x: float, y: float, reach: float, light: Light) -> None:
    dark = (20.0, 26.0, 60.0) if light.night or light.winter else (40.0, 84.0, 60.0)
    canvas.fill(Ellipse(x + 0.25 * reach, y, 1.15 * reach, 0.22 * reach), dark, opacity=0.28,
                soft=0.25 * reach)  # fmt: skip


def _tree(canvas: Canvas, tree: Thing, light: Light) -> None:
    x, foot, size = tree.x, tree.base, tree.size
    leaf = light.on(scenes.LEAVES[min(int(5 * tree.a), 4)], 0.5)
    dim = mixed(leaf, (16.0, 40.0, 66.0), 0.3)
    _shadow(canvas, x, foot, 0.22 * size, light)
    canvas.fill(Block(x, foot - 0.12 * size, 0.045 * size, 0.14 * size), light.on(BARK), scenes.TREE)
    if tree.b < 0.5:
        _conifer(canvas, x, foot, size, leaf, dim, light)
    else:
        _round_tree(canvas, x, foot, size, leaf, dim, light)


def _conifer(canvas: Canvas, x: float, foot: float, size: float, leaf: Colour, dim: Colour, light: Light) -> None:
    halves, caps = [], []
    for low, high, reach in ((0.2, 0.62, 0.30), (0.42, 0.82, 0.24), (0.62, 1.02, 0.17)):
        bottom, top, half = foot - low * size, foot - high * size, reach * size
        tier = Convex(((x, top), (x + half, bottom), (x - half, bottom)))
        canvas.fill(tier, Downwards(leaf, mixed(leaf, dim, 0.6), top, bottom), scenes.TREE)
        halves.append(Convex(((x, top), (x + half, bottom), (x, bottom))))
        middle, reach_there = top + 0.45 * (bottom - top), 0.45 * half
        caps.append(Convex(((x, top), (x + reach_there, middle), (x - reach_there, middle))))
    canvas.fill(Union(tuple(halves)), dim, opacity=0.4)
    if light.winter:
        canvas.fill(Union(tuple(caps)), light.snow, opacity=0.92)


def _round_tree(canvas: Canvas, x: float, foot: float, size: float, leaf: Colour, dim: Colour, light: Light) -> None:
    middle = foot - 0.6 * size
    crown = Union(
        (
            circle(x, middle - 0.12 * size, 0.27 * size),
            circle(x - 0.17 * size, middle + 0.06 * size, 0.2 * size),
            circle(x + 0.17 * size, middle + 0.06 * size, 0.2 * size),
        )
    )
    canvas.fill(crown, leaf, scenes.TREE)
    canvas.fill(Without(crown, circle(x - 0.1 * size, middle - 0.12 * size, 0.36 * size)), dim, within=crown,
                opacity=0.5)  # fmt: skip
    if light.winter:
        snow = Without(crown, circle(x, middle + 0.24 * size, 0.4 * size))
        canvas.fill(snow, light.snow, within=crown, opacity=0.95)
    else:
        canvas.fill(circle(x - 0.1 * size, middle - 0.2 * size, 0.09 * size), mixed(leaf, WHITE, 0.3), opacity=0.5)


def _house(canvas: Canvas, house: Thing, light: Light) -> None:
    x, foot, size = house.x, house.base, house.size
    half, wall = 0.56 * size, 0.55 * size
    colour = light.on(scenes.WALLS[min(int(5 * house.a), 4)], 0.5)
    _shadow(canvas, x, foot, 0.75 * half, light)
    front = Block(x, foot - wall / 2, half, wall / 2)
    canvas.fill(Block(x + 0.55 * half, foot - wall - 0.28 * size, 0.09 * size, 0.2 * size),
                light.on((150.0, 92.0, 84.0)), scenes.HOUSE)  # fmt: skip
    canvas.fill(front, Downwards(colour, mixed(colour, (60.0, 40.0, 80.0), 0.14), foot - wall, foot), scenes.HOUSE)
    canvas.fill(Wall(left=x - half, top=foot - wall, right=x + half, bottom=foot - 0.86 * wall), (40.0, 24.0, 50.0),
                within=front, opacity=0.22)  # fmt: skip
    _roof(canvas, house, half, wall, light)
    door = Block(x - 0.08 * size, foot - 0.15 * size, 0.085 * size, 0.16 * size, 0.03 * size)
    canvas.fill(door, light.on((120.0, 72.0, 62.0)), within=front)
    _windows(canvas, house, front, colour, light)


def _windows(canvas: Canvas, house: Thing, front: Shape, frame: Colour, light: Light) -> None:
    size, middle = house.size, house.base - 0.31 * house.size
    places = (house.x - 0.37 * size, house.x + 0.34 * size)
    if light.night:
        glow = Union(tuple(circle(place, middle, 0.2 * size) for place in places))
        canvas.fill(glow, LAMP, within=front, opacity=0.4, soft=0.25 * size)
    panes = Union(tuple(Block(place, middle, 0.1 * size, 0.1 * size, 0.015 * size) for place in places))
    canvas.fill(panes, LAMP if light.night else GLASS)
    bars = [Block(place, middle, 0.012 * size, 0.1 * size) for place in places]
    bars += [Block(place, middle, 0.1 * size, 0.012 * size) for place in places]
    canvas.fill(Union(tuple(bars)), frame, within=panes)


def _roof(canvas: Canvas, house: Thing, half: float, wall: float, light: Light) -> None:
    x, eaves, size = house.x, house.base - wall, house.size
    colour = light.on(scenes.ROOFS[min(int(4 * house.b), 3)], 0.5)
    top, over = eaves - 0.46 * size, half + 0.1 * size
    flat = 0.5 * half if house.b >= 0.5 else 0.0
    top += 0.08 * size if flat else 0.0
    eave_corners = ((x + over, eaves), (x - over, eaves))
    roof = Convex(((x - flat, top), (x + flat, top), *eave_corners) if flat else ((x, top), *eave_corners))
    canvas.fill(roof, Downwards(colour, mixed(colour, (40.0, 20.0, 50.0), 0.22), top, eaves), scenes.ROOF)
    if light.winter:
        snow = Both(roof, Wall(top=top, bottom=eaves - 0.13 * size))
        canvas.fill(snow, Downwards(light.snow, mixed(light.snow, light.on(SNOW), 0.3), top, eaves), within=roof)


DESIGN = Design(
    "scenes",
    scenes.ATTRIBUTES,
    scenes.LAYOUT,
    scenes.DETAILS,
    paint,
    change=((Counterpart.DAY, "night"), (Counterpart.SUMMER, "winter")),
)
